"""Several trainings in threads: all results in order, and one that fails ends the others."""

from collections.abc import Callable
from threading import Barrier, Event, current_thread, main_thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bnutils.engine.threads import (
    MOST,
    WORTH_CUTTING,
    StoppedError,
    at_a_time,
    cut,
    side_by_side,
)

PATIENCE = 600  # seconds; only a thread that waits in vain comes to their end


def test_results_come_in_order_and_two_run_at_a_time() -> None:
    meeting, ticks = Barrier(2), []

    def train(item: int, tick: Callable[[int], object]) -> int:
        meeting.wait(PATIENCE)  # passes only if another is there at the same time
        tick(item)
        return 10 * item

    assert side_by_side(train, [1, 2, 3, 4], ticks.append, 2) == [10, 20, 30, 40]
    assert sorted(ticks) == [1, 2, 3, 4]


@pytest.mark.parametrize(("items", "threads"), [([1, 2, 3], 1), ([1], 2)])
def test_one_at_a_time_needs_no_thread(items: list[int], threads: int) -> None:
    def train(item: int, tick: Callable[[int], object]) -> bool:
        return current_thread() is main_thread()

    assert side_by_side(train, items, print, threads) == [True] * len(items)


@pytest.mark.parametrize("problem", [ValueError, KeyboardInterrupt])
def test_a_failure_ends_the_others_and_is_raised(problem: type[BaseException]) -> None:
    begun, stopped, ended = Event(), Event(), []

    def train(item: str, tick: Callable[[int], object]) -> None:
        if item == "fails":
            assert begun.wait(PATIENCE)
            raise problem("why")
        begun.set()
        try:
            while True:
                tick(1)
        except StoppedError:
            ended.append(item)
            stopped.set()
            raise

    with pytest.raises(problem, match="why"):
        side_by_side(train, ["goes on", "fails"], lambda updates: None, 2)
    assert stopped.wait(PATIENCE)
    assert ended == ["goes on"]


@given(st.lists(st.integers(0, 99), min_size=1, max_size=30), st.integers(0, 8))
def test_seeds_are_cut_into_nearly_equal_parts_in_their_order(seeds: list[int], parts: int) -> None:
    pieces = cut(seeds, WORTH_CUTTING, parts)
    assert [seed for piece in pieces for seed in piece] == seeds
    assert len(pieces) <= max(1, parts)
    assert all(len(piece) == len(pieces[0]) for piece in pieces[:-1])
    assert 0 < len(pieces[-1]) <= len(pieces[0])


def test_a_short_training_is_not_cut() -> None:
    assert cut(range(10), WORTH_CUTTING // 10, 2) == [range(5), range(5, 10)]
    assert cut(range(10), WORTH_CUTTING // 10 - 1, 2) == [range(10)]


def test_there_are_as_many_at_a_time_as_joblib_finds_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOKY_MAX_CPU_COUNT", "1")
    assert at_a_time() == 1
    monkeypatch.setattr("joblib.cpu_count", lambda: 64)
    assert at_a_time() == MOST
