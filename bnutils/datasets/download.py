"""Fetching a file with a bounded wait, whatever the network does."""

import socket
import threading
import urllib.request
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
PATIENCE = 3.0  # seconds to wait for a network that may not be there
DEADLINE = 60.0  # seconds for the whole download, from looking up the name to the last byte
LIMIT = 60_000_000  # bytes; MNIST has 11.5 million


def fetch(url: str, deadline: float | None = None) -> bytes:
    """Return the content of a file.

    Parameters
    ----------
    url : str
        Its address.
    deadline : float, optional
        Seconds after which to give up, headers and redirects included.

    Raises
    ------
    OSError
        If it cannot be had; ``TimeoutError`` if not in time or without end.
    http.client.HTTPException
        If the server does not speak HTTP.
    """
    seconds, given_up = DEADLINE if deadline is None else deadline, threading.Event()
    try:
        return within(seconds, lambda: _read(url, given_up))
    finally:
        given_up.set()


def within(seconds: float, task: Callable[[], T]) -> T:
    """Return what a task returns, or raise what it raises, if it ends in time.

    Looking up a name and reading headers have no time limit of their own, so the task is done
    in a thread, which is left behind when it takes too long.

    Raises
    ------
    TimeoutError
        If it takes longer than ``seconds``.
    """
    results: list[T] = []
    problems: list[BaseException] = []

    def attempt() -> None:
        try:
            results.append(task())
        except BaseException as problem:  # noqa: BLE001 - raised again in the caller's thread
            problems.append(problem)

    thread = threading.Thread(target=attempt, daemon=True)
    thread.start()
    thread.join(seconds)
    if problems:
        raise problems[0]
    if not results:
        raise TimeoutError(f"it took more than {seconds:g} s")
    return results[0]


def reachable(host: str, patience: float | None = None) -> bool:
    """Whether a connection to ``host`` opens within ``patience`` seconds."""
    seconds = PATIENCE if patience is None else patience
    try:
        within(seconds, lambda: socket.create_connection((host, 443), timeout=seconds).close())
    except OSError:
        return False
    return True


def _read(url: str, given_up: threading.Event) -> bytes:
    """Read the file piece by piece, until nobody waits for it any more."""
    content = bytearray()
    with urllib.request.urlopen(url, timeout=PATIENCE) as response:
        while not given_up.is_set() and (piece := response.read1(1 << 16)):
            content += piece
            if len(content) > LIMIT:
                raise TimeoutError(f"it has more than {LIMIT} bytes")
    return bytes(content)
