"""Two arms at a time: while one compiles or draws, the other computes."""

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from threading import Lock
from typing import TypeVar

from bnutils.utils.progress import Tick

Item = TypeVar("Item")
Result = TypeVar("Result")
ARMS_AT_A_TIME = 2


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


def side_by_side(
    train: Callable[[Item, Tick], Result], items: Sequence[Item], tick: Tick, at_a_time: int
) -> list[Result]:
    """Return ``[train(item, tick) for item in items]``, computed by several threads.

    Threads are enough, since TensorFlow computes outside Python's lock; and they share the
    data. If one fails or the user interrupts, the others end at their next tick.
    """
    if min(at_a_time, len(items)) < 2:
        return [train(item, tick) for item in items]
    shared = StoppableTick(tick)
    with ThreadPoolExecutor(at_a_time, thread_name_prefix="arm") as pool:
        futures = [pool.submit(train, item, shared) for item in items]
        try:
            for future in wait(futures, return_when=FIRST_EXCEPTION).done:
                future.result()  # raises what the thread raised
        except BaseException:
            shared.stop()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [future.result() for future in futures]
