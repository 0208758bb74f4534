"""All calls of one check: bounded in time, ended where one hangs, heard, and left without a trace.

A session is called as the plain :func:`~bnutils.checks.calls.calling.call` is::

    with session() as call:
        outcome = call(function, signature, arguments, shapes)
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from bnutils.checks.calls.failures import slow
from bnutils.checks.calls.limits import ended_after
from bnutils.checks.calls.output import Heard
from bnutils.checks.calls.rooms import Room
from bnutils.checks.calls.terms import Arguments, Function, Outcome, Shape, Signature
from bnutils.checks.report import Report

SECONDS = 5.0
"""What a call may take."""

CALLS = 4
"""How many such calls all of a check may take together."""


@contextmanager
def session(seconds: float | None = None) -> Iterator["Session"]:
    """Open a way to call a student's functions, for one check.

    Parameters
    ----------
    seconds : float, optional
        What a call may take, by default ``SECONDS``.

    Yields
    ------
    Session
    """
    opened = Session(SECONDS if seconds is None else seconds)
    try:
        yield opened
    finally:
        opened.close()


class Session:
    """Calls functions; what one remembers between its calls lasts as long as the session.

    Parameters
    ----------
    seconds : float
        What a call may take.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds, self._left = seconds, CALLS * seconds
        self._heard = Heard()
        self._rooms: dict[int, tuple[Function, Room]] = {}
        self._last: Outcome | None = None

    def __call__(
        self,
        function: Function,
        signature: Signature,
        arguments: Arguments,
        shapes: tuple[Shape, ...],
    ) -> Outcome:
        """Call a function with copies of `arguments` and look at what comes back."""
        if self._last is not None:
            return self._last
        room, started = self._room(function), time.monotonic()
        outcome = room.call(signature, arguments, shapes, min(self._seconds, self._left))
        self._left -= (time.monotonic() - started) / room.patience
        if not outcome.final and self._left <= 0:
            outcome = slow(ended_after(CALLS * self._seconds), [])
        self._last = outcome if outcome.final else None
        return outcome

    @property
    def ended(self) -> bool:
        """Whether a call hung or died; from then on its outcome is that of all others."""
        return self._last is not None

    def heard(self, report: Report) -> Report:
        """Return the report with what was printed in the calls as a remark, if anything was."""
        return replace(report, remarks=(*report.remarks, *self._heard.remarks()))

    def close(self) -> None:
        """End what is left of the calls."""
        for _, room in self._rooms.values():
            room.close()
        self._heard.close()

    def _room(self, function: Function) -> Room:
        """Return the function's room; the function is kept, so that its number is its own."""
        if id(function) not in self._rooms:
            known = any(room.needs_threads for _, room in self._rooms.values())
            self._rooms[id(function)] = function, Room(function, self._heard, known)
        return self._rooms[id(function)][1]
