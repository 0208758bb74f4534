"""Several trainings in threads: all results in order, and one that fails ends the others."""

from collections.abc import Callable
from threading import Barrier, Event, current_thread, main_thread

import pytest

from bnutils.engine.threads import StoppedError, side_by_side

PATIENCE = 30  # seconds after which a thread that waits in vain gives up


def test_results_come_in_order_and_two_run_at_a_time() -> None:
    meeting, ticks = Barrier(2), []

    def train(item: int, tick: Callable[[int], object]) -> int:
        meeting.wait(PATIENCE)  # passes only if another is there at the same time
        tick(item)
        return 10 * item

    assert side_by_side(train, [1, 2, 3, 4], ticks.append, 2) == [10, 20, 30, 40]
    assert sorted(ticks) == [1, 2, 3, 4]


@pytest.mark.parametrize(("items", "at_a_time"), [([1, 2, 3], 1), ([1], 2)])
def test_one_at_a_time_needs_no_thread(items: list[int], at_a_time: int) -> None:
    def train(item: int, tick: Callable[[int], object]) -> bool:
        return current_thread() is main_thread()

    assert side_by_side(train, items, print, at_a_time) == [True] * len(items)


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
