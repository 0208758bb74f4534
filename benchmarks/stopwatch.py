"""The stopwatch of what is measured in a process."""

import time
from collections.abc import Callable


def seconds(work: Callable[[], object]) -> float:
    """By the clock on the wall."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
