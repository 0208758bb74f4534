"""The search for the manner in which a function is right, or runs at least."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bnutils.checks.calls.calling import Arguments, Function, Outcome
from bnutils.checks.exercise import Exercise, Values
from bnutils.checks.fitting.binding import infers
from bnutils.checks.fitting.constants import constant, nearly, probe
from bnutils.checks.fitting.manners import Manner, arrays, layouts, returned
from bnutils.checks.fitting.observing import Caller
from bnutils.checks.fitting.results import only

_RESULTS = {"wrong-shape", "not-numbers", "wrong-number-of-results"}
"""After these mistakes the results are looked for elsewhere."""

_FITS_PERHAPS = {*_RESULTS, "raises", "shapes-do-not-fit", "wrong-signature"}
"""After these another manner is tried; not after a function that never ends."""

_ELSEWHERE = ("OSError", "MemoryError", "RecursionError", "ImportError", "ModuleNotFoundError")
"""These errors have nothing to do with it."""

Trial = tuple[Manner, Outcome]


@dataclass(frozen=True, eq=False)
class Search:
    """What a function is tried on.

    Attributes
    ----------
    written : callable
        The student's own.
    exercise : Exercise
        On all of whose plain cases it has to run.
    caller : callable
        What the student's code is run by.
    missing : str
        "epsilon" or "momentum", if the function does not take it.
    """

    written: Function
    exercise: Exercise
    caller: Caller
    missing: str = ""

    @cached_property
    def batches(self) -> tuple[Arguments, ...]:
        """What the function is called with; one probe if it has a constant to find."""
        if self.missing:
            return (probe(self.exercise, self.missing),)
        return tuple(case.arguments for case in self.exercise.plain)

    @cached_property
    def due(self) -> tuple[Values, ...]:
        """The right results, for each batch."""
        return tuple(self.exercise.right(*arguments) for arguments in self.batches)

    def manner(self, function: Function) -> Trial:
        """Return the first manner that runs; else the first in which it is right; else the plain.

        A function that runs is not called with other layouts, in which some mistakes are right:
        averaging over the wrong axis is right for a batch that is transposed.
        """
        infer = infers(self.exercise.signature.arguments)
        plain = list(arrays(function, self.written, infer))
        tried: list[Trial] = []
        for trial in self._tried(plain):
            tried.append(trial)
            if trial[1].values is not None or not of_the_call(trial[1]):
                return trial
        return next(self.laid_out(plain), tried[0])

    def adapter(self, manner: Manner) -> str:
        """Return the name of the adapter with which a function that runs would be right."""
        return next((one.adapter for one, _ in self.laid_out([manner])), "")

    def behind(self, manner: Manner) -> str:
        """Say behind how many others the right result stands, if one is asked for."""
        if len(self.exercise.signature.results) > 1:
            return ""
        places = {"second": 1, "third": 2}
        return next((said for said, i in places.items() if self._right_at(manner.function, i)), "")

    def _right_at(self, function: Function, place: int) -> bool:
        return self.right(self._called(only(function, place)))

    def right(self, outcome: Outcome) -> bool:
        """Whether the results are right: for the function's own constant, if it has one."""
        if outcome.values is None:
            return False
        if self.missing:
            return self.constant(outcome) is not None
        return nearly(outcome.values, sum(self.due, ()))

    def constant(self, outcome: Outcome) -> float | None:
        """Return what a function has in the place of the argument that it does not take."""
        if outcome.values is None:
            return None
        return constant(self.exercise, self.missing, self.batches[0], outcome.values)

    def laid_out(self, starts: Iterable[Manner]) -> Iterator[Trial]:
        """Yield the layouts in which a function is right."""
        given = dict(zip(self.exercise.signature.arguments, self.batches[0], strict=True))
        axes = np.ndim(given.get("x", 0))
        manners = (other for one in starts for other in layouts(one, axes))
        yield from (trial for trial in self._tried(manners) if self.right(trial[1]))

    def _tried(self, manners: Iterable[Manner]) -> Iterator[Trial]:
        """Call each; where results are not as they should be, look for them elsewhere."""
        shapes = tuple(one.shape for one in self.due[0])
        for manner in manners:
            for one in returned(manner, self.exercise.signature.results, shapes):
                outcome = self._called(one.function)
                yield one, outcome
                if not {found.name for found in outcome.mistakes} & _RESULTS:
                    break

    def _called(self, function: Function) -> Outcome:
        """Return the results of all batches in one row, or why there are none."""
        values: Values = ()
        for arguments, due in zip(self.batches, self.due, strict=True):
            shapes = tuple(one.shape for one in due)
            outcome = self.caller(function, self.exercise.signature, arguments, shapes)
            if outcome.values is None:
                return outcome
            values += outcome.values
        return Outcome(values)


def of_the_call(outcome: Outcome) -> bool:
    """Whether what went wrong may be due to how the function was called."""
    found = outcome.mistakes
    elsewhere = any(one.seen.startswith(_ELSEWHERE) for one in found)
    return {one.name for one in found} <= _FITS_PERHAPS and not elsewhere
