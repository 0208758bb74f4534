"""Two arms at a time: while one compiles or draws, the other computes."""

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from threading import Event, Lock
from typing import TypeVar

from bnutils.utils.progress import Tick

Item = TypeVar("Item")
Result = TypeVar("Result")
ARMS_AT_A_TIME = 2


class StoppedError(Exception):
    """Another arm failed, or the user interrupted."""


def side_by_side(
    train: Callable[[Item, Tick], Result], items: Sequence[Item], tick: Tick, at_a_time: int
) -> list[Result]:
    """Return ``[train(item, tick) for item in items]``, computed by several threads.

    Threads are enough, since TensorFlow computes outside Python's lock; and they share the
    data. If one fails or the user interrupts, the others end at their next tick.
    """
    stop, lock = Event(), Lock()

    def tick_or_stop(updates: int) -> None:
        with lock:
            if stop.is_set():
                raise StoppedError
            tick(updates)

    if min(at_a_time, len(items)) < 2:
        return [train(item, tick) for item in items]
    with ThreadPoolExecutor(at_a_time, thread_name_prefix="arm") as pool:
        futures = [pool.submit(train, item, tick_or_stop) for item in items]
        try:
            for future in wait(futures, return_when=FIRST_EXCEPTION).done:
                future.result()  # raises what the thread raised
        except BaseException:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [future.result() for future in futures]
