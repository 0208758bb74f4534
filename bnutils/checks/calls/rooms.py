"""Where one function is called: in a process of its own, or here.

A child process takes the calls where a process can be forked and the function does not need a
framework's threads. Elsewhere they are made here, and end where Python gets to.
"""

from bnutils.checks.calls.calling import call
from bnutils.checks.calls.children import POSSIBLE, Child
from bnutils.checks.calls.frameworks import in_framework, reaches_framework
from bnutils.checks.calls.limits import limited
from bnutils.checks.calls.output import Heard
from bnutils.checks.calls.terms import Arguments, Function, Outcome, Shape, Signature

PATIENCE = 4
"""How many times as long a framework may take: it loads and compiles."""


class Room:
    """The place of one function.

    Parameters
    ----------
    function : callable
        The student's.
    heard : Heard
        Where its prints go.
    needs_threads : bool
        Whether it is known already that a child would wait for a framework's threads.

    Attributes
    ----------
    needs_threads : bool
        Whether the function needs them, as far as is known.
    """

    def __init__(self, function: Function, heard: Heard, needs_threads: bool = False) -> None:
        self._function, self._heard = function, heard
        self.needs_threads = needs_threads or reaches_framework(function)
        forks = POSSIBLE and not Child.inside and not self.needs_threads and callable(function)
        self._child = _child(function, heard) if forks else None

    @property
    def patience(self) -> int:
        """How many times as long its calls may take."""
        return PATIENCE if self.needs_threads else 1

    def call(
        self, signature: Signature, arguments: Arguments, shapes: tuple[Shape, ...], seconds: float
    ) -> Outcome:
        """Call the function, for no longer than so many seconds times the patience."""
        if self._child:
            outcome = self._child.call(signature, arguments, shapes, seconds)
            if not in_framework(self._child.hung_in):
                return outcome
            self.close()  # it waited for threads that it does not have
            self.needs_threads = True
        limit, stream = limited(seconds * self.patience), self._heard.stream()
        return call(self._function, signature, arguments, shapes, limit=limit, stream=stream)

    def close(self) -> None:
        """End the child, if there is one."""
        if self._child:
            self._child.close()
        self._child = None


def _child(function: Function, heard: Heard) -> Child | None:
    try:
        return Child(function, heard)
    except OSError:  # too many processes, or too little memory
        return None
