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
    """

    got: Sequence[Array]
    rights: Sequence[Array]
    cases: Mapping[str, Arguments]
    names: tuple[str, ...]
    right: Callable[..., Any]
    tolerance: float

    @property
    def drawn(self) -> bool:
        """Whether chance may have moved the numbers."""
        return self.tolerance > HALF.right  # which the coarsest numbers keep

    def are(self, others: Sequence[Array | float]) -> bool:
        """Whether these are the student's numbers."""
        return alike(self.got, [np.asarray(one, float) for one in others], self.tolerance)


def agree(got: Array, right: Array, tolerance: float) -> bool:
    """Whether all numbers are within the tolerance, relative to the largest."""
    if got.shape != right.shape:
        return False
    with np.errstate(all="ignore"):
        scale = float(np.abs(right).max())
        return bool(np.all(np.abs(got - right) <= max(tolerance * scale, TINY)))


def alike(got: Sequence[Array], rights: Sequence[Array], tolerance: float) -> bool:
    """Whether the answers agree in all cases."""
    return all(agree(one, right, tolerance) for one, right in zip(got, rights, strict=True))


def spoken(value: Array) -> str:
    """Return a number, or what the columns of an array are like, in words."""
    if value.ndim == 0:
        return f"{float(value):.5g}"
    if value.ndim == 2:
        means, deviations = (listed(np.round(one, 3)) for one in (value.mean(0), value.std(0)))
        return f"an array whose columns have means {means} and standard deviations {deviations}"
    if value.ndim == 1:
        return listed(np.round(value[:FEW], 4)) + " and so on" * (len(value) > FEW)
    return f"an array with numbers up to {float(np.abs(value).max()):.5g}"
