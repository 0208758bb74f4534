"""Whether results are right, at the precision in which they were computed."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from bnutils.checks.calls.calling import Array
from bnutils.checks.exercise import Values, error


@dataclass(frozen=True)
class Precision:
    """How exactly a function computes.

    Attributes
    ----------
    name : str
        For a remark: "float32".
    right : float
        By how much of the largest number a right result may be off: of its feature in the
        exercises on arrays, of all in the others.
    exact : float
        By how much a formula may miss a result that it explains.
    """

    name: str
    right: float
    exact: float


DOUBLE = Precision("float64", 1e-8, 1e-8)
SINGLE = Precision("float32", 1e-4, 3e-5)
HALF = Precision("float16", 2e-2, 5e-3)
INSIDE = Precision("float32 on the way", 1e-5, 3e-5)
"""Single precision somewhere on the way to a result in double precision."""


def precision(values: Values) -> Precision:
    """Return the precision of results: that of the coarsest, however they are stored."""
    return max(map(_of_one, values), key=lambda one: one.right)


def by_type(values: Iterable[Array]) -> Precision:
    """Return the precision of the coarsest type in which results are stored."""
    kinds = {one.dtype.name for one in values}
    return next((one for one in (HALF, SINGLE) if one.name in kinds), DOUBLE)


def _of_one(value: Array) -> Precision:
    if by_type([value]) is not DOUBLE:
        return by_type([value])
    finite = value[np.isfinite(value)]
    if value.dtype.kind == "f" and finite.size and (finite != np.round(finite)).any():
        with np.errstate(all="ignore"):
            if (finite.astype(np.float32) == finite).all():
                return SINGLE
    return DOUBLE


def is_right(got: Array, expected: Array, tolerance: float) -> bool:
    """Whether all numbers are right within the tolerance."""
    return bool((error(got, expected) <= tolerance).all())


def rounded(value: Array) -> int | None:
    """Return to how many decimals numbers were rounded; None if they were not."""
    finite = value[np.isfinite(value)].astype(float)
    for decimals in range(7):
        if finite.size > 3 and (np.abs(np.round(finite, decimals) - finite) < 1e-12).all():
            return decimals
    return None
