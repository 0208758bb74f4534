"""Nothing that a function sets or prints reaches the process that calls it."""

import builtins
import os
import random
import sys
import warnings

import numpy as np
import pytest

from bnutils import checks
from bnutils.checks.calls import rooms
from bnutils.checks.calls.calling import Signature, call
from bnutils.checks.calls.sessions import session

SIGNATURE = Signature("function(x) -> y", ("x",), ("y",))
X = np.arange(3.0)


def seen_from_outside():
    return (
        np.geterr(),
        np.get_printoptions(),
        np.random.get_state()[1].tolist(),  # noqa: NPY002
        random.getstate(),
        list(warnings.filters),
        os.getcwd(),
        sys.getrecursionlimit(),
        (sys.stdin, sys.stdout, sys.stderr, builtins.input, sys.breakpointhook),
        dict(os.environ),
    )


def disturbs(x):
    np.seterr(all="raise")
    np.set_printoptions(precision=1)
    np.random.seed(1)  # noqa: NPY002
    random.seed(1)
    warnings.simplefilter("error")
    os.chdir("/")
    sys.setrecursionlimit(5000)
    sys.stdout = sys.stderr = sys.stdin = None
    builtins.input = None
    os.environ["DISTURBED"] = "1"
    os.environ.pop("PATH", None)
    if len(x) == 2:
        raise ValueError("after all that")
    return x


@pytest.mark.parametrize("count", [3, 2])
@pytest.mark.parametrize("possible", [True, False])
def test_nothing_that_is_set_stays(monkeypatch, count, possible):
    monkeypatch.setattr(rooms, "POSSIBLE", possible)
    before = seen_from_outside()
    with session() as calls:
        outcome = calls(disturbs, SIGNATURE, (X[:count],), ((3,),))
    assert (outcome.values is None) == (count == 2)
    call(disturbs, SIGNATURE, (X[:count],), ((3,),))
    assert seen_from_outside() == before


def test_a_function_draws_what_it_would_draw_here():
    def function(x):
        return np.array([random.random(), np.random.random(), 0])  # noqa: NPY002

    with session() as calls:
        first, second = (
            calls(function, SIGNATURE, (X,), ((3,),)).values[0].tolist() for _ in range(2)
        )
    assert first == second == function(X).tolist()


def test_a_folder_that_is_gone_is_no_obstacle(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    tmp_path.rmdir()
    assert call(lambda x: x, SIGNATURE, (X,), ((3,),)).values


@pytest.mark.parametrize("possible", [True, False])
def test_prints_are_a_short_remark_and_nothing_else(monkeypatch, capfd, possible):
    monkeypatch.setattr(rooms, "POSSIBLE", possible)

    def forward(x, gamma, beta, epsilon):
        for i in range(20):
            print(f"\x1b[31mx {i}\x1b[0m")
            print("careful", file=sys.stderr)
        return gamma * (x - x.mean(0)) / np.sqrt(x.var(0) + epsilon) + beta

    report = checks.batch_norm_forward(forward)
    assert report.passed
    (remark,) = report.remarks
    assert remark == ("The function itself printed this in the check:\nx 0\ncareful\nx 1 ...")
    assert str(report).endswith("   x 0\n   careful\n   x 1 ...")
    assert "\x1b" not in str(report)
    assert capfd.readouterr() == ("", "")


def test_one_long_line_is_cut():
    def function(x):
        print("word " * 10**6)
        return x

    with session() as calls:
        calls(function, SIGNATURE, (X,), ((3,),))
        (remark,) = calls.heard(checks.Report("function", (), ())).remarks
    assert len(remark) < 400
    assert remark.endswith(" ...")


@pytest.mark.parametrize("possible", [True, False])
def test_bytes_and_other_files_can_be_written(monkeypatch, capfd, possible):
    monkeypatch.setattr(rooms, "POSSIBLE", possible)

    def function(x):
        sys.stdout.buffer.write("grün\n".encode())
        sys.stdout.write("")
        print(b"\xff", "\ud800", end="", flush=True)
        return x

    with session() as calls:
        assert calls(function, SIGNATURE, (X,), ((3,),)).values
        (remark,) = calls.heard(checks.Report("function", (), ())).remarks
    assert "grün" in remark


@pytest.mark.skipif(not rooms.POSSIBLE, reason="no process can be forked here")
def test_what_c_code_prints_in_a_child_is_not_seen(capfd):
    def function(x):
        os.write(1, b"from below\n")
        return x

    with session() as calls:
        assert calls(function, SIGNATURE, (X,), ((3,),)).values
    assert capfd.readouterr().out == ""


def test_nobody_is_asked_and_no_debugger_waits():
    def asks(x):
        return float(input("How many? "))

    def stops(x):
        breakpoint()
        return x

    (found,) = call(asks, SIGNATURE, (X,), ((3,),)).mistakes
    assert "EOFError: input() has nobody to ask" in found.seen
    assert call(stops, SIGNATURE, (X,), ((3,),)).values


def test_warnings_are_not_shown(recwarn):
    def function(x):
        warnings.warn("look out", stacklevel=1)
        return x / 0

    assert call(function, SIGNATURE, (X,), ((3,),)).values
    assert not recwarn.list


def test_inputs_are_copies_and_a_change_of_them_is_told():
    def function(x):
        x += 1
        return x

    mine = X.copy()
    outcome = call(function, SIGNATURE, (mine,), ((3,),))
    assert [one.name for one in outcome.mistakes] == ["changes-its-input"]
    np.testing.assert_array_equal(mine, X)


def test_two_calls_draw_the_same_numbers_from_a_generator():
    mine = np.random.default_rng(5)
    first, second = (
        call(lambda rng: rng.normal(size=3), SIGNATURE, (mine,), ((3,),)).values[0]
        for _ in range(2)
    )
    np.testing.assert_array_equal(first, second)


def test_results_are_copies_too():
    kept = np.zeros(3)

    def function(x):
        kept[:] = x
        return kept

    first = call(function, SIGNATURE, (X,), ((3,),)).values[0]
    call(function, SIGNATURE, (X + 1,), ((3,),))
    np.testing.assert_array_equal(first, X)
