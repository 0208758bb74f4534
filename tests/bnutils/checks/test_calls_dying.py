"""What ends Python, or takes all memory, is a finding; the user's interruption is the user's."""

import contextlib
import ctypes
import multiprocessing
import os
import signal
import subprocess
import sys
import threading

import numpy as np
import pytest

from bnutils import checks
from bnutils.checks.calls import children, rooms
from bnutils.checks.calls.calling import Signature, call
from bnutils.checks.calls.children import POSSIBLE, Child
from bnutils.checks.calls.output import Heard
from bnutils.checks.calls.sessions import session

pytestmark = pytest.mark.skipif(not POSSIBLE, reason="no process can be forked here")
SIGNATURE = Signature("function(x) -> y", ("x",), ("y",))
X = np.arange(3.0)


def found_in(function):
    with session() as calls:
        outcome = calls(function, SIGNATURE, (X,), ((3,),))
        (found,) = outcome.mistakes
        assert calls.ended == outcome.final
    return found


def leaves_by_exception(x):
    sys.exit("Error: x should be a list")


def leaves_at_once(x):
    os._exit(3)


def crashes(x):
    return ctypes.string_at(0)


def kills_itself(x):
    os.kill(os.getpid(), signal.SIGKILL)


def recurses(x):
    return recurses(x + 1)


def recurses_in_c(x):
    sys.setrecursionlimit(10**9)
    return max([x], key=recurses_in_c)


def collects(x):
    values = []
    while True:
        values.append(np.ones(10**6))


def allocates(x):
    return np.zeros((10**6, 10**6))


def test_sys_exit_is_a_finding_in_both_ways_of_calling():
    found = found_in(leaves_by_exception)
    assert found.name == "stops-python"
    assert found.seen.startswith("SystemExit: Error: x should be a list\nin line ")
    (other,) = call(leaves_by_exception, SIGNATURE, (X,), ((3,),)).mistakes
    assert other == found


@pytest.mark.parametrize(
    ("function", "name", "said"),
    [
        (leaves_at_once, "stops-python", "os._exit(3)"),
        (crashes, "dies", "ctypes.string_at(0)"),
        (kills_itself, "dies", "Killed"),
        (recurses, "calls-itself", "return recurses(x + 1)"),
        (allocates, "too-much-memory", "TiB for an array with shape (1000000, 1000000)"),
    ],
)
def test_other_ends_are_findings_with_the_line(function, name, said):
    found = found_in(function)
    assert found.name == name
    assert said in found.seen


def test_memory_is_bounded_in_a_child(monkeypatch):
    monkeypatch.setattr(children, "ROOM", 2**28)
    found = found_in(collects)
    assert found.name == "too-much-memory"
    assert "in line" in found.seen


def test_a_stack_that_overflows_is_a_finding():
    assert found_in(recurses_in_c).name in {"dies", "calls-itself"}  # it depends on Python's age


def test_recursion_is_told_by_one_line():
    report = checks.batch_norm_forward(lambda *given: recurses(given[0]))
    assert report.names == ("calls-itself",)
    assert str(report).count("recurses(x + 1)") == 1


def test_an_exception_leaves_the_child_alive():
    def function(x):
        if x[0] == 0:
            raise ValueError("zero")
        return x

    with session() as calls:
        first, second = (calls(function, SIGNATURE, (X + i,), ((3,),)) for i in (0, 1))
    assert [one.name for one in first.mistakes] == ["raises"]
    np.testing.assert_array_equal(second.values[0], X + 1)


def test_what_a_function_remembers_it_remembers_within_a_check():
    seen = []

    def function(x):
        seen.append(len(x))
        return x * len(seen)

    with session() as calls:
        values = [calls(function, SIGNATURE, (X,), ((3,),)).values[0][1] for _ in range(3)]
    assert values == [1, 2, 3]
    assert seen == []  # and nobody else does


@pytest.mark.parametrize("possible", [True, False])
def test_an_interruption_in_the_function_is_the_users(monkeypatch, possible):
    monkeypatch.setattr(rooms, "POSSIBLE", possible)

    def function(x):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), session() as calls:
        calls(function, SIGNATURE, (X,), ((3,),))


def test_an_interruption_of_the_user_ends_check_and_child():
    heard = Heard()
    pids = []

    def function(x):
        while True:
            pass

    class Known(Child):
        def __init__(self, *arguments):
            super().__init__(*arguments)
            pids.append(self._pid)
            interrupted = os.getpid(), signal.SIGINT
            threading.Timer(0.3, os.kill, interrupted).start()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rooms, "Child", Known)
        with pytest.raises(KeyboardInterrupt), session(100) as calls:
            calls(function, SIGNATURE, (X,), ((3,),))
    heard.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pids[0], 0)


def test_what_the_function_started_ends_with_it():
    def function(x):
        process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"])
        return np.full(3, process.pid)

    with session() as calls:
        pid = int(calls(function, SIGNATURE, (X,), ((3,),)).values[0][0])
    assert not _runs(pid)


def _runs(pid):
    """Whether a process is more than a name that nobody has collected yet."""
    for _ in range(10**4):
        try:
            with open(f"/proc/{pid}/stat") as file:
                if file.read().rpartition(")")[2].split()[0] == "Z":
                    return False
        except OSError:
            return False
    return True


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="needs Linux' list of processes")
def test_no_process_and_no_file_stays_behind():
    files, processes = os.listdir("/proc/self/fd"), _children()
    for function in (lambda x: x, leaves_at_once, crashes):
        with session() as calls:
            calls(function, SIGNATURE, (X,), ((3,),))
    assert len(os.listdir("/proc/self/fd")) == len(files)
    assert _children() <= processes


def _children():
    """Those of this process, among them what other tests' libraries have started."""
    found = set()
    for entry in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError), open(f"/proc/{entry}/stat") as file:
            parent = file.read().rpartition(")")[2].split()[1]
            found |= {entry} if int(parent) == os.getpid() else set()
    return found


def test_random_numbers_and_functions_without_a_name_reach_the_child():
    def function(x):
        return x + rng.normal(size=3)

    rng = np.random.default_rng(3)
    with session() as calls:
        values = calls(function, SIGNATURE, (X,), ((3,),)).values[0]
    np.testing.assert_array_equal(values, X + np.random.default_rng(3).normal(size=3))


def test_where_no_process_can_be_started_the_call_is_made_here(monkeypatch):
    def refuse():
        raise OSError("Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", refuse)
    with session() as calls:
        np.testing.assert_array_equal(
            calls(lambda x: x + os.getpid(), SIGNATURE, (X,), ((3,),)).values[0],
            X + multiprocessing.current_process().pid,
        )
