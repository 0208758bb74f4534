"""An end to a call in this process: after some seconds an exception reaches the function.

It gets where Python code runs, not into a call of NumPy's or TensorFlow's that never returns;
for these there are :mod:`~bnutils.checks.calls.children`.
"""

import ctypes
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from types import FrameType

from bnutils.checks.calls.terms import TooSlow

AGAIN = 0.1
"""Seconds until a function that swallowed the exception meets it once more."""


def limited(seconds: float) -> AbstractContextManager[None]:
    """Raise :class:`TooSlow` in what runs inside for longer than so many seconds."""
    in_main = threading.current_thread() is threading.main_thread()
    way = _by_alarm if in_main and hasattr(signal, "setitimer") else _by_thread
    return way(seconds)


def ended_after(seconds: float) -> str:
    """Say why a call has no result."""
    return f"it was ended after {seconds:.2g} s."


@contextmanager
def _by_alarm(seconds: float) -> Iterator[None]:
    """Use the system's timer, which interrupts waiting and sleeping too."""

    def ring(number: int, frame: FrameType | None) -> None:
        raise TooSlow(ended_after(seconds))

    started = time.monotonic()
    handler = signal.signal(signal.SIGALRM, ring)
    left, interval = signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)
        if left:  # somebody else's timer goes on
            left = max(left - (time.monotonic() - started), 1e-3)
            signal.setitimer(signal.ITIMER_REAL, left, interval)


@contextmanager
def _by_thread(seconds: float) -> Iterator[None]:
    """Let another thread raise it: on Windows, and where this is not the main thread."""
    caller, over, rang = threading.get_ident(), threading.Event(), threading.Event()
    thread = threading.Thread(target=_watch, args=(caller, over, rang, seconds), daemon=True)
    thread.start()
    try:
        yield
    except TooSlow as error:
        error.args = (ended_after(seconds),)
        raise
    finally:
        over.set()
        thread.join()
        if rang.is_set():  # in Python 3.11 to take back what is not there can hang under a tracer
            _raise_in(caller, None)


def _watch(caller: int, over: threading.Event, rang: threading.Event, seconds: float) -> None:
    while not over.wait(seconds):
        rang.set()
        _raise_in(caller, TooSlow)
        seconds = AGAIN


def _raise_in(thread: int, error: type[BaseException] | None) -> None:
    """Let a thread raise an exception at its next step, or take back that it shall."""
    kind = ctypes.py_object(error) if error else None
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), kind)
