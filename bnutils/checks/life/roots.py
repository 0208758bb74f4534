"""What the centred values may be divided by, and what must then have stood for the variance."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bnutils.checks.calls.calling import Array

Back = Callable[[Array, Array], Array]


@dataclass(frozen=True, eq=False)
class Root:
    """One way to divide.

    Attributes
    ----------
    text : str
        With {0} for the variance.
    back : callable
        From the divisor and epsilon to that variance.
    cost : float
        The higher, the less likely it is to be meant.
    name : str
        The mistake; empty if it is right, or if the formula alone says what is wrong.
    """

    text: str
    back: Back
    cost: float
    name: str = ""


def _real(value: Array) -> Array:
    with np.errstate(invalid="ignore"):
        return np.sqrt(value)


ROOTS = (
    Root("sqrt({0} + epsilon)", lambda r, e: r**2 - e, 0),
    Root("(sqrt({0}) + epsilon)", lambda r, e: (r - e) ** 2, 1, "epsilon-outside-root"),
    Root("sqrt({0})", lambda r, e: r**2, 1, "epsilon-missing"),
    Root("({0} + epsilon)", lambda r, e: r - e, 1, "no-root"),
    Root("({0})", lambda r, e: r, 1.5, "no-root epsilon-missing"),
    Root("(sqrt({0} + epsilon) + epsilon)", lambda r, e: (r - e) ** 2 - e, 2, "epsilon-misplaced"),
    Root("sqrt({0} + 2 * epsilon)", lambda r, e: r**2 - 2 * e, 2, "epsilon-misplaced"),
    Root("sqrt({0} + epsilon**2)", lambda r, e: r**2 - e**2, 2, "epsilon-misplaced"),
    Root("sqrt({0} + sqrt(epsilon))", lambda r, e: r**2 - e**0.5, 2, "epsilon-misplaced"),
    Root("(sqrt({0}) + sqrt(epsilon))", lambda r, e: (r - e**0.5) ** 2, 2, "epsilon-outside-root"),
    Root("sqrt({0} - epsilon)", lambda r, e: r**2 + e, 2, "epsilon-misplaced"),
    Root("sqrt(({0})**2 + epsilon)", lambda r, e: _real(r**2 - e), 2, "wrong-term"),
    Root("(1 / sqrt({0} + epsilon))", lambda r, e: r**-2 - e, 2, "wrong-term"),
    Root("(sqrt({0}) - epsilon)", lambda r, e: (r + e) ** 2, 2.5, "epsilon-outside-root"),
    Root("(1 / (sqrt({0}) + epsilon))", lambda r, e: (1 / r - e) ** 2, 3, "wrong-term"),
    Root("(1 / sqrt({0}))", lambda r, e: r**-2, 3, "wrong-term epsilon-missing"),
    Root("sqrt(sqrt({0}) + epsilon)", lambda r, e: (r**2 - e) ** 2, 2, "wrong-term"),
    Root("sqrt(sqrt({0} + epsilon))", lambda r, e: r**4 - e, 2, "wrong-term"),
    Root("({0} + epsilon)**2", lambda r, e: _real(r) - e, 3, "no-root"),
)
"""The likeliest first."""
