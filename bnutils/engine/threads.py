"""Trainings side by side, each in a thread and on a core of its own.

Several small operations at once keep the cores busier than one small operation that is split
between them: the parts of a split operation have to wait for each other.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from threading import Lock
from typing import TypeVar

from bnutils.utils.progress import Tick

Item = TypeVar("Item")
Result = TypeVar("Result")
MOST = 4  # threads; more than that wait for Python's lock, and for memory
WORTH_CUTTING = 5_000  # updates: a second program of the same arm costs most of a second


class StoppedError(Exception):
    """Another arm failed, or the user interrupted."""


class StoppableTick:
    """A tick for several threads, which ends each of them once it has been stopped."""

    def __init__(self, tick: Tick) -> None:
        self.tick, self.lock, self.stopped = tick, Lock(), False

    def __call__(self, updates: int) -> None:
        """Tell the number of updates done, one thread at a time."""
        with self.lock:
            if self.stopped:
                raise StoppedError
            self.tick(updates)

    def stop(self) -> None:
        """Let every call from now on raise."""
        self.stopped = True


def at_a_time() -> int:
    """How many trainings there are room for: one for each core, within reason.

    The number of cores is that which joblib finds: containers and ``LOKY_MAX_CPU_COUNT`` limit it.
    """
    from joblib import cpu_count

    return min(MOST, int(cpu_count()))


def cut(seeds: Sequence[int], updates: int, parts: int) -> list[Sequence[int]]:
    """Cut the seeds of an arm into nearly equal parts, if its training is long enough for that.

    Parameters
    ----------
    seeds : sequence of int
        What is to be trained.
    updates : int
        Of each seed.
    parts : int
        How many there are at most.
    """
    if updates * len(seeds) < WORTH_CUTTING or parts < 2:
        return [seeds]
    size = -(-len(seeds) // parts)
    return [seeds[start : start + size] for start in range(0, len(seeds), size)]


def side_by_side(
    train: Callable[[Item, Tick], Result], items: Sequence[Item], tick: Tick, threads: int
) -> list[Result]:
    """Return ``[train(item, tick) for item in items]``, computed by several threads.

    Threads are enough, since TensorFlow computes outside Python's lock; and they share the
    data. If one fails or the user interrupts, the others end at their next tick.
    """
    if min(threads, len(items)) < 2:
        return [train(item, tick) for item in items]
    shared = StoppableTick(tick)
    with ThreadPoolExecutor(threads, thread_name_prefix="arm") as pool:
        futures = [pool.submit(train, item, shared) for item in items]
        try:
            for future in wait(futures, return_when=FIRST_EXCEPTION).done:
                future.result()  # raises what the thread raised
        except BaseException:
            shared.stop()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [future.result() for future in futures]
