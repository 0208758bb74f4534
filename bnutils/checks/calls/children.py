"""A process of its own for a student's function: it may hang there, exhaust memory, or die.

The child is a fork of this process, so that it has the function as it is, whatever it refers to.
It gets arguments and sends back outcomes. The system's timer ends it if a call takes too long,
also inside NumPy; then :mod:`faulthandler` has written down where it was.
"""

import faulthandler
import gc
import os
import random
import signal
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOBase
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO, Any, NoReturn

from bnutils.checks.calls.calling import call
from bnutils.checks.calls.failures import dead, slow, stopped
from bnutils.checks.calls.limits import ended_after
from bnutils.checks.calls.lines import Place, dumped
from bnutils.checks.calls.output import Heard
from bnutils.checks.calls.terms import Arguments, Function, Outcome, Shape, Signature
from bnutils.checks.catalogue import mistake

GRACE = 5.0
"""Seconds beyond its time that a child has to end itself."""

SILENT = 70
"""How a child ends that cannot answer."""

ROOM = 2 * 2**30
"""Bytes that a function may take beside what there is already."""

POSSIBLE = hasattr(os, "fork") and sys.platform != "darwin"
"""Apple's libraries, NumPy's among them, may hang in a forked process."""


class Child:
    """The process, and the way to it.

    Parameters
    ----------
    function : callable
        The student's.
    heard : Heard
        Where its prints go.

    Attributes
    ----------
    inside : bool
        Of the class: whether this process is such a child. It has no children of its own.
    hung_in : list of Place
        Where it was when its time was over, the deepest first; empty before.
    """

    inside = False

    def __init__(self, function: Function, heard: Heard) -> None:
        self.hung_in: list[Place] = []
        self._trace = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        self._connection, theirs = Pipe()
        with theirs:
            self._pid = self._fork()
            if not self._pid:
                self._connection.close()
                _live(function, theirs, heard, self._trace)

    def call(
        self, signature: Signature, arguments: Arguments, shapes: tuple[Shape, ...], seconds: float
    ) -> Outcome:
        """Call the function in the child; whatever happens there is an outcome."""
        with suppress(EOFError, ConnectionError):
            self._connection.send((signature, arguments, shapes, seconds))
            if self._connection.poll(seconds + GRACE):
                outcome: Outcome | None = self._connection.recv()
                if outcome is None:
                    raise KeyboardInterrupt
                return outcome
            return self._ended(seconds, signal.SIGALRM)
        return self._ended(seconds)

    def _fork(self) -> int:
        """Return the child's number, and in the child 0."""
        state = random.getstate()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # other threads are not needed in the child
                pid = os.fork()
        except OSError:
            self._forget()
            raise
        random.setstate(state)  # Python sets another one in the child
        return pid

    def _ended(self, seconds: float, cause: int | None = None) -> Outcome:
        """Say why there is no answer."""
        status = self._end()
        cause = cause or (os.WTERMSIG(status) if os.WIFSIGNALED(status) else None)
        self._trace.seek(0)
        places = dumped(self._trace.read().decode("ascii", "replace"))
        if cause == signal.SIGALRM:
            self.hung_in = places
            return slow(ended_after(seconds), places)
        if cause is None and os.WEXITSTATUS(status) != SILENT:
            return stopped(os.WEXITSTATUS(status))
        return dead(f"{signal.strsignal(cause)}." if cause else "", places)

    def _end(self) -> int:
        """Kill the child with all that it started, and return how it ended."""
        for kill in (os.killpg, os.kill):
            with suppress(ProcessLookupError, PermissionError):
                kill(self._pid, signal.SIGKILL)
        pid, self._pid = self._pid, 0  # after the next line another process may have it
        with suppress(ChildProcessError):
            return os.waitpid(pid, 0)[1]
        return 0

    def close(self) -> None:
        """End the child and forget what it left."""
        if self._pid:
            self._end()
        self._forget()

    def _forget(self) -> None:
        self._connection.close()
        self._trace.close()


def _live(function: Function, connection: Connection, heard: Heard, trace: IO[bytes]) -> NoReturn:
    """Be the child: answer until nobody asks any more, and never return."""
    try:
        Child.inside = True
        _settle(trace)
        stream = heard.stream()
        while True:
            connection.send(_answer(function, connection.recv(), stream))
    finally:
        os._exit(SILENT)


def _answer(function: Function, request: tuple[Any, ...], stream: TextIOBase) -> Outcome | None:
    """Return the outcome of a call, None where the function wants the user's interruption."""
    signature, arguments, shapes, seconds = request
    try:
        return call(function, signature, arguments, shapes, limit=_deadly(seconds), stream=stream)
    except MemoryError:  # on the way to a message
        return Outcome(None, (mistake("too-much-memory"),))
    except KeyboardInterrupt:
        return None


def _settle(trace: IO[bytes]) -> None:
    """Part from the process that this is a copy of, and say beforehand how to end."""
    os.setsid()  # its interruptions are its own
    gc.freeze()  # and so are its objects
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    faulthandler.enable(trace)
    faulthandler.register(signal.SIGALRM, trace, all_threads=True, chain=True)
    _limit_memory()


@contextmanager
def _deadly(seconds: float) -> Iterator[None]:
    """Die if what runs inside takes longer."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _limit_memory() -> None:
    """Bound the memory, where the system says how much there is already."""
    import resource

    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        most, hard = resource.getrlimit(resource.RLIMIT_AS)
        wanted = pages * resource.getpagesize() + ROOM
        least = wanted if most == resource.RLIM_INFINITY else min(most, wanted)
        resource.setrlimit(resource.RLIMIT_AS, (least, hard))
