"""What never comes to an end comes to one, in a process of its own and in this one."""

import contextlib
import itertools
import os
import re
import signal
import sys
import threading
import time

import numpy as np
import pytest

from bnutils import checks
from bnutils.checks.calls import rooms, sessions
from bnutils.checks.calls.calling import Signature
from bnutils.checks.calls.children import POSSIBLE
from bnutils.checks.calls.limits import limited
from bnutils.checks.calls.sessions import session
from bnutils.checks.calls.terms import TooSlow

SIGNATURE = Signature("function(x) -> y", ("x",), ("y",))
X = np.arange(3.0)
SHORT = 0.5  # seconds, for what never ends; what ends has the usual time
needs_child = pytest.mark.skipif(not POSSIBLE, reason="no process can be forked here")


def loops(x):
    while True:
        x = x + 1


def swallows_exceptions(x):
    while True:
        with contextlib.suppress(Exception):
            sum(range(10**5))


def swallows_everything(x):
    while True:
        try:
            while True:
                pass
        except BaseException:  # noqa: BLE001
            pass


def adds_for_ever(x):
    return sum(itertools.repeat(1))


def takes_a_power(x):
    return len(str(3**10**8 + len(x)))


def backtracks(x):
    return re.match(r"(a+)+$", "a" * 60 + "b")


def sorts(x):
    values = np.random.default_rng(0).random(10**6)
    while True:
        np.sort(np.concatenate([values] * 20))


def prints_for_ever(x):
    while True:
        print("again", x)


def sleeps(x):
    time.sleep(1000000)


@pytest.fixture
def in_this_process(monkeypatch):
    monkeypatch.setattr(rooms, "POSSIBLE", False)


def called(function, seconds=SHORT):
    with session(seconds) as calls:
        outcome = calls(function, SIGNATURE, (X,), ((3,),))
        assert calls.ended
        assert calls(function, SIGNATURE, (X,), ((3,),)) is outcome  # nothing hangs a second time
    (found,) = outcome.mistakes
    return found


@needs_child
@pytest.mark.parametrize(
    "function",
    [
        loops,
        swallows_exceptions,
        swallows_everything,
        adds_for_ever,
        takes_a_power,
        backtracks,
        sorts,
        prints_for_ever,
        sleeps,
    ],
)
def test_a_child_is_ended_wherever_it_is(function):
    found = called(function)
    assert found.name == "too-slow"
    assert re.search(r"^it was ended after 0\.5 s\.\nin line \d+: ", found.seen), found.seen


@pytest.mark.parametrize("function", [loops, swallows_exceptions, prints_for_ever, sleeps])
@pytest.mark.usefixtures("in_this_process")
def test_a_call_in_this_process_ends_where_python_runs_or_waits(function):
    found = called(function)
    assert found.name == "too-slow"
    assert re.search(r"^it was ended after 0\.5 s\.\nin line \d+: ", found.seen), found.seen


@pytest.mark.skipif(
    sys.gettrace() is not None and sys.version_info < (3, 12),
    reason="in Python 3.11 an exception from another thread hangs under coverage's tracer",
)
@pytest.mark.usefixtures("in_this_process")
@pytest.mark.parametrize("function", [loops, swallows_exceptions])
def test_so_it_does_in_another_thread(function):
    found = []
    thread = threading.Thread(target=lambda: found.append(called(function)))
    thread.start()
    thread.join()
    assert [one.name for one in found] == ["too-slow"]
    assert "in line" in found[0].seen


@needs_child
def test_a_child_can_be_forked_from_another_thread_too():
    found = []
    thread = threading.Thread(target=lambda: found.append(called(adds_for_ever)))
    thread.start()
    thread.join()
    assert [one.name for one in found] == ["too-slow"]


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timer on this system")
def test_handler_and_timer_of_others_are_what_they_were():
    def theirs(number, frame):
        raise AssertionError

    handler = signal.signal(signal.SIGALRM, theirs)
    timer = signal.setitimer(signal.ITIMER_REAL, 1000, 7)
    try:
        with pytest.raises(TooSlow), limited(0.05):
            time.sleep(100)
        assert signal.getsignal(signal.SIGALRM) is theirs
        left, interval = signal.getitimer(signal.ITIMER_REAL)
        assert 0 < left < 1000
        assert interval == 7
    finally:
        signal.signal(signal.SIGALRM, handler)
        signal.setitimer(signal.ITIMER_REAL, *timer)


def test_what_ends_in_time_meets_no_exception_afterwards():
    def quick(thread):
        for _ in range(20):
            with limited(60):
                pass
        thread.append(True)

    done = []
    quick(done)
    thread = threading.Thread(target=quick, args=(done,))
    thread.start()
    thread.join()
    assert done == [True, True]


def test_all_calls_of_a_check_have_one_bound(monkeypatch):
    """Also where each call for itself is quick enough."""
    monkeypatch.setattr(sessions, "CALLS", 1e-6)
    with session(100) as calls:
        outcome = calls(lambda x: x, SIGNATURE, (X,), ((3,),))
    assert [one.name for one in outcome.mistakes] == ["too-slow"]
    assert outcome.final


def test_a_check_ends_at_the_first_call_that_hangs(monkeypatch):
    monkeypatch.setattr(sessions, "SECONDS", SHORT)

    def forward(x, gamma, beta, epsilon):
        while len(x) == 1:
            pass
        return gamma * (x - x.mean(0)) / np.sqrt(x.var(0) + epsilon) + beta

    def half_width(values):
        return sum(itertools.repeat(1)) if POSSIBLE else sleeps(values)

    for report in (checks.batch_norm_forward(forward), checks.half_width(half_width)):
        assert report.names == ("too-slow",)
        assert "in line" in report.mistakes[0].seen
        assert max(map(len, str(report).splitlines())) <= 79


@needs_child
@pytest.mark.usefixtures("in_this_process")
def test_no_child_where_none_is_wanted():
    with session() as calls:
        outcome = calls(lambda x: x + os.getpid(), SIGNATURE, (X,), ((3,),))
    np.testing.assert_array_equal(outcome.values[0], X + os.getpid())


@needs_child
def test_several_functions_of_a_check_have_a_child_each_and_one_end():
    def right(x):
        return x + os.getpid()

    def other(x):
        return x + os.getpid()

    with session(SHORT) as calls:
        first, again, second = (
            int(calls(one, SIGNATURE, (X,), ((3,),)).values[0][0]) for one in (right, right, other)
        )
        assert first == again
        assert len({first, second, os.getpid()}) == 3
        calls(loops, SIGNATURE, (X,), ((3,),))
        assert [one.name for one in calls(right, SIGNATURE, (X,), ((3,),)).mistakes] == ["too-slow"]
