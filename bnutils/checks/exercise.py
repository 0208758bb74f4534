"""What an exercise is: its cases, its right results, and the mistakes that can be made."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bnutils.checks.calling import Arguments, Array, Signature
from bnutils.checks.catalogue import mistake
from bnutils.checks.report import Mistake

Values = tuple[Array, ...]
Wrong = frozenset[str]
Slots = tuple[tuple[str, ...], ...]

CLOSE = 1e-4
"""Numbers this close, relative to the largest, are the same: a right float32 result is."""

EXACT = 1e-8
"""What float64 keeps of the largest number, with room for another order of operations."""

COARSE = 1e-2
"""What half precision keeps of the largest number."""


@dataclass(frozen=True, eq=False)
class Case:
    """One call of the student's function.

    Attributes
    ----------
    name : str
        For the report: "a batch of one".
    arguments : tuple
        What the function is called with; empty in the table of :mod:`~bnutils.checks.cases`.
    blame : str
        The mistake to report if the function is right elsewhere and fails here.
    tolerance : float
        Largest difference, relative to the largest expected number.
    may_refuse : bool
        Whether an exception is an acceptable answer.
    needs_float64 : bool
        Whether a function that computes in float32 is excused.
    """

    name: str
    arguments: Arguments = ()
    blame: str = ""
    tolerance: float = CLOSE
    may_refuse: bool = False
    needs_float64: bool = False


@dataclass(frozen=True, eq=False)
class Exercise:
    """What a check knows of its exercise.

    Attributes
    ----------
    name : str
        The check's public name.
    signature : Signature
        How the student's function is called.
    right : callable
        The right results for the arguments, from :mod:`bnutils.reference`.
    variant : callable
        The results with the mistakes in its first argument, a frozenset of their names.
    slots : tuple of tuple of str
        Mistakes that exclude each other stand in one slot.
    cases : tuple of Case
        The first is the plain one, on which mistakes are told apart.
    symptom : callable
        Name of a result, arguments, the student's values and the right ones -> the mistake
        to report where none is recognised.
    square : Case, optional
        A batch on which averaging along the wrong axis goes through unnoticed. It is tried
        where shapes do not fit in the plain case.
    """

    name: str
    signature: Signature
    right: Callable[..., Values]
    variant: Callable[..., Values]
    slots: Slots
    cases: tuple[Case, ...]
    symptom: Callable[[str, Arguments, Array, Array], Mistake]
    square: Case | None = None


def agree(got: Array, expected: Array, tolerance: float = CLOSE) -> bool:
    """Whether all numbers differ by at most `tolerance` times the largest expected one."""
    scale = max(float(np.abs(expected).max()), 1e-2)
    error = np.abs(got.astype(np.float64) - expected)
    return bool((error <= tolerance * scale).all())


def all_agree(got: Values, expected: Values) -> bool:
    """Whether each result agrees with the one in its place."""
    return all(agree(one, other) for one, other in zip(got, expected, strict=True))


def different(name: str, arguments: Arguments, got: Array, expected: Array) -> Mistake:
    """Return the symptom of last resort: where the numbers differ."""
    return mistake("different", difference(name, got, expected))


def difference(name: str, got: Array, expected: Array) -> str:
    """Say where a result differs most, with both numbers."""
    error = np.abs(got.astype(np.float64) - expected)
    place = np.unravel_index(np.nan_to_num(error, nan=np.inf).argmax(), error.shape)
    index = ", ".join(str(int(one)) for one in place)
    return f"{name}[{index}] is {got[place]:.5g}; {expected[place]:.5g} was expected."


def precision_loss(name: str, got: Array, expected: Array) -> str:
    """Say how much precision a result has lost."""
    error = np.abs(got.astype(np.float64) - expected).max()
    return f"{name} is of dtype {got.dtype}, and up to {error:.0e} off, for float64 arguments."
