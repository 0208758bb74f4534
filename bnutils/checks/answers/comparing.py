"""A student's answers beside the right ones."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bnutils.checks.calls.calling import Arguments, Array
from bnutils.checks.judging import HALF
from bnutils.checks.reading import listed

TINY = 1e-12
"""Beside 0 only rounding is let through."""

NOTHING = -1e9
"""Stands for None among the numbers of an exercise in which None is an answer."""

FEW = 6
"""So many numbers of a list are shown."""


@dataclass(frozen=True, eq=False)
class Answers:
    """All that is known of a student's answers.

    Attributes
    ----------
    got, rights : sequence of ndarray
        What came back in each case, and what is right.
    cases : mapping of str to tuple
        The arguments, by the name of the case.
    names : tuple of str
        The arguments' names.
    right : callable
        The right function.
    tolerance : float
        Relative to the largest number.
    floor : float
        So much is let through beside 0.
    """

    got: Sequence[Array]
    rights: Sequence[Array]
    cases: Mapping[str, Arguments]
    names: tuple[str, ...]
    right: Callable[..., Any]
    tolerance: float
    floor: float = TINY

    @property
    def drawn(self) -> bool:
        """Whether chance may have moved the numbers."""
        return self.tolerance > HALF.right  # which the coarsest numbers keep

    def are(self, others: Sequence[Array | float]) -> bool:
        """Whether these are the student's numbers."""
        arrays = [np.asarray(one, float) for one in others]
        return alike(self.got, arrays, self.tolerance, self.floor)

    def agree(self, got: Array, right: Array) -> bool:
        """Whether the numbers of one case are these."""
        return agree(got, right, self.tolerance, self.floor)


def agree(got: Array, right: Array, tolerance: float, floor: float = TINY) -> bool:
    """Whether numbers are within the tolerance, relative to the largest, or alike not finite."""
    if got.shape != right.shape:
        return False
    with np.errstate(all="ignore"):
        scale = float(np.abs(right[np.isfinite(right)]).max(initial=0))
        near = np.abs(got - right) <= max(tolerance * scale, floor)
        return bool(np.all(near | (got == right) | (np.isnan(got) & np.isnan(right))))


def alike(
    got: Sequence[Array], rights: Sequence[Array], tolerance: float, floor: float = TINY
) -> bool:
    """Whether the answers agree in all cases."""
    return all(agree(one, right, tolerance, floor) for one, right in zip(got, rights, strict=True))


def spoken(value: Array) -> str:
    """Return a number, or what the columns of an array are like, in words."""
    if value.ndim == 0 and value == NOTHING:
        return "None"
    if value.ndim == 0:
        return f"{float(value):.5g}"
    if value.ndim == 2:
        means, deviations = (listed(np.round(one, 3)) for one in (value.mean(0), value.std(0)))
        return f"an array whose columns have means {means} and standard deviations {deviations}"
    if value.ndim == 1:
        return listed(np.round(value[:FEW], 4)) + " and so on" * (len(value) > FEW)
    return f"an array with numbers up to {float(np.abs(value).max()):.5g}"
