"""What a value is divided by: a root of a spread and epsilon, with the numbers found.

The right divisor is sqrt(variance + epsilon). Its square is a line in the variance and in epsilon,
and so is some power of most wrong ones: a constant instead of epsilon is the intercept of that
line, an epsilon added twice its slope, the standard deviation under the root another spread.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from bnutils.checks.calls.calling import Array
from bnutils.checks.formulas.combinations import solved
from bnutils.checks.formulas.numbers import near, simpler, times, written

ROOTS = {
    2.0: "sqrt({})", 1.0: "({})", -2.0: "(1 / sqrt({}))", -1.0: "(1 / ({}))", 4.0: "sqrt(sqrt({}))",
    0.5: "({}) ** 2", 2 / 3: "sqrt({}) ** 3", -2 / 3: "(1 / sqrt({}) ** 3)",
    -4.0: "(1 / sqrt(sqrt({})))", -0.5: "(1 / ({}) ** 2)", 1 / 3: "({}) ** 3",
}  # fmt: skip
POWERS = tuple(ROOTS)
"""Of the divisor, that may be a line. Negative ones: multiplied where it should be divided."""

SIGNED = (1.0, -1.0)
"""Of numbers without a root, which may be negative."""

SCREEN = 1e-4
"""How far off a line may be, relative to each number, to be looked at in full."""


@dataclass(frozen=True)
class Divisor:
    """(of_spread * spread + of_epsilon * epsilon + constant) ** (1 / power).

    Attributes
    ----------
    spread : str
        Formula of the variance, or of what stands in its place.
    power : float
        2 for a square root.
    of_spread, of_epsilon, constant : float
        The numbers found.
    """

    spread: str
    power: float
    of_spread: float
    of_epsilon: float
    constant: float

    @property
    def factor(self) -> float:
        """A factor of the whole that is better written in front: 2 in sqrt(4 v + 4 epsilon)."""
        if not self.of_spread and not self.of_epsilon:
            return float(self.constant ** (1 / self.power))
        alike = near(self.of_spread, self.of_epsilon) or near(self.of_epsilon, 0)
        return self.of_spread ** (1 / self.power) if alike and self.of_spread > 0 else 1.0

    def text(self) -> str:
        """The formula without its factor."""
        if not self.of_spread and not self.of_epsilon:
            return "1"
        scale = self.factor**self.power
        parts = {
            self.spread: self.of_spread / scale,
            "epsilon": self.of_epsilon / scale,
        }
        terms = [times(number, f"({name})") for name, number in parts.items() if number]
        constant = self.constant / scale
        inner = " + ".join([*terms, *([f"({written(constant)})"] if constant else [])]) or "0"
        return ROOTS.get(self.power, f"({{}}) ** {1 / self.power}").format(inner)


def divisors(
    quotients: Array, spreads: Mapping[str, Array], epsilon: Array, tolerance: float
) -> Iterator[tuple[int, Divisor]]:
    """Find out what quotients are the divisor of which form.

    Parameters
    ----------
    quotients : ndarray
        (n, T): T candidates for the divisor, in n places.
    spreads : mapping of str to ndarray
        Candidates for the variance, each (n,).
    epsilon : ndarray
        (n,).
    tolerance : float
        How far off a number may be, relative to itself.

    Yields
    ------
    tuple of int and Divisor
        The number of the quotient, and what it is.
    """
    finite = (np.isfinite(quotients) & (quotients != 0)).all(axis=0)
    positive = finite & (quotients > 0).all(axis=0)
    for power in POWERS:
        usable = np.flatnonzero(finite if power in SIGNED else positive)
        targets = quotients[:, usable] ** power
        for name, spread in spreads.items():
            table = np.column_stack([spread, epsilon, np.ones_like(epsilon)])
            for place in _promising(targets, table):
                found = _line(targets[:, place], table, tolerance)
                if found is not None:
                    yield int(usable[place]), Divisor(name, power, *found)


def _promising(targets: Array, table: Array) -> Array:
    """Return the places of the targets that are nearly a line, each number weighing the same."""
    with np.errstate(all="ignore"):
        weights = 1 / targets
        squares = (table[:, :, None] * table[:, None, :]).reshape(len(table), -1)
        systems = ((weights**2).T @ squares).reshape(-1, 3, 3)
        sizes = np.sqrt(np.diagonal(systems, axis1=1, axis2=2))
        systems = systems / (sizes[:, :, None] * sizes[:, None, :]) + 1e-12 * np.eye(3)
        due = weights.T @ table / sizes
        usable = np.isfinite(systems).all(axis=(1, 2)) & np.isfinite(due).all(axis=1)
        systems[~usable], due[~usable] = np.eye(3), 0
        numbers = np.linalg.solve(systems, due[..., None])[..., 0] / sizes
        errors = np.abs(table @ numbers.T * weights - 1).max(axis=0)
    return np.flatnonzero(usable & (errors < SCREEN))


def _line(target: Array, table: Array, tolerance: float) -> tuple[float, float, float] | None:
    """Return the numbers of the line, 0 where they do not matter; None if it is none."""
    rows = table / target[:, None]
    kept = [0, 1, 2] if np.ptp(table[:, 1]) else [0, 1]  # one epsilon alone is a constant, too
    while kept:
        numbers, error = solved(np.ones_like(target), rows[:, kept])
        if error > tolerance:
            return None
        shares = np.abs(rows[:, kept] * numbers).max(axis=0)
        idle = [place for place, share in zip(kept, shares, strict=True) if share < tolerance]
        if not idle:
            simple = _simpler(rows[:, kept], numbers, max(error, tolerance / 100))
            found = dict(zip(kept, simple, strict=True))
            return found.get(0, 0.0), found.get(1, 0.0), found.get(2, 0.0)
        kept = [place for place in kept if place not in idle]
    return None


def _simpler(rows: Array, numbers: Array, tolerance: float) -> list[float]:
    return simpler(numbers, lambda tried: bool(np.abs(rows @ tried - 1).max() <= 3 * tolerance))
