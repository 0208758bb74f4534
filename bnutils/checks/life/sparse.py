"""Few terms that give some numbers exactly: a regression that accepts no remainder.

The search is that of functions, :func:`~bnutils.checks.formulas.combinations.promising`. There the
first of what fits is taken. A layer's terms have costs instead: those of its states, updates and
divisors are added, and the whole that costs least is taken.
"""

from dataclasses import dataclass

import numpy as np

from bnutils.checks.calls.calling import Array
from bnutils.checks.formulas.combinations import Chosen, promising

EXACT = 1e-7
WIDE, ANCHORS, MOST = 220, 24, 400
"""So many columns are tried in threes, one of so many among them; so many fits are looked at."""


@dataclass(frozen=True, eq=False)
class Column:
    """A term that may stand in a formula.

    Attributes
    ----------
    text : str
        In the language of the formulas.
    values : ndarray
        Its numbers, one for each observation.
    cost : float
        The higher, the less likely it is to be meant.
    """

    text: str
    values: Array
    cost: float = 1.0


@dataclass(frozen=True)
class Sum:
    """Terms with their factors.

    Attributes
    ----------
    terms : tuple of (float, str)
        May be empty: 0.
    cost : float
        The higher, the less likely it is to be meant.
    """

    terms: tuple[tuple[float, str], ...]
    cost: float = 0.0

    def __str__(self) -> str:
        parts = [_product(factor, text) for factor, text in self.terms]
        return " + ".join(parts).replace("+ -", "- ") or "0"


def _product(factor: float, text: str) -> str:
    if text == "1":
        return number(factor)
    if abs(factor) == 1:
        return text if factor > 0 else f"-{text}"
    return f"{number(factor)} * {text}"


def number(value: float) -> str:
    """Write a number with the digits that it needs; a repeating one as a fraction."""
    for divisor in (1, 3, 6, 7, 9, 11):
        times = value * divisor
        if abs(times - round(times, 6)) < 1e-9 * max(1.0, abs(times)):
            text = repr(float(round(times, 6))).removesuffix(".0")
            return text if divisor == 1 else f"{text} / {divisor}"
    return f"{value:.12g}"


def explain(
    target: Array, columns: list[Column], most: int = 3, exact: float = EXACT
) -> Sum | None:
    """Return the fewest and likeliest terms whose sum is the target.

    Parameters
    ----------
    target : ndarray
        One number for each observation.
    columns : list of Column
        The likeliest first.
    most : int, default 3
        The largest number of terms.
    exact : float
        What may remain, relative to the largest number.

    Returns
    -------
    Sum or None
        None if nothing gives the target.
    """
    if not np.isfinite(target).all():
        return None
    size = float(np.abs(target).max())
    finite = [one for one in columns if np.isfinite(one.values).all()]
    if size < exact:
        return _of_zeros(finite, exact)
    usable = [one for one in finite if np.abs(one.values).max() > exact]
    for count in range(1, min(most, len(usable)) + 1):
        chosen = _promising(target, usable, count)
        fits = [_fit([usable[i] for i in places], target, exact * size) for places in chosen]
        best = min((one for one in fits if one), key=lambda one: one.cost, default=None)
        if best is not None:
            return best
    return None


def _promising(target: Array, columns: list[Column], count: int) -> Chosen:
    """Return the places of columns to look at in full: of threes, one is a likely one."""
    searched = columns if count < 3 else columns[:WIDE]
    table = np.stack([one.values for one in searched], axis=1)
    return promising(target, table, count, ANCHORS)[:MOST]


def _of_zeros(columns: list[Column], exact: float) -> Sum:
    """Zeros are the plainest term that is zero throughout, if there is one."""
    same = [one.text for one in columns if np.abs(one.values).max() < exact]
    return Sum(((1.0, min(same, key=len)),)) if same else Sum((), 1.0)


def _fit(columns: list[Column], target: Array, room: float) -> Sum | None:
    """Return the terms with their factors, tidy where the numbers allow it."""
    matrix = np.stack([one.values for one in columns], axis=1)
    factors, _, rank, _ = np.linalg.lstsq(matrix, target, rcond=1e-10)
    tidy = np.array([_tidied(factor) for factor in factors])
    best = tidy if np.abs(matrix @ tidy - target).max() <= room else factors
    if rank < len(columns) or np.abs(matrix @ best - target).max() > room or not best.all():
        return None
    cost = sum(one.cost + _oddness(f) for one, f in zip(columns, best, strict=True))
    terms = [(float(f), one.text) for one, f in zip(columns, best, strict=True)]
    return Sum(tuple(sorted(terms, key=lambda term: _place(term[1]))), cost)


def _place(text: str) -> tuple[bool, str]:
    """The state comes first, a constant last."""
    kind = "moving" in text and "x" not in text
    return not kind, "~" if text in ("1", "epsilon") else text


def _tidied(factor: float) -> float:
    """Return the number that was probably written."""
    for digits in range(1, 7):
        rounded = round(factor, digits)
        if rounded and abs(rounded - factor) <= 1e-6 * abs(factor):
            return rounded
    return factor


def _oddness(factor: float) -> float:
    """Say how unlikely a factor is to be meant: 1 is what stands there when none does."""
    for factors, cost in (((1.0,), 0.0), ((-1.0,), 1.0), ((2.0, 0.5, -2.0, -0.5), 1.5)):
        if min(abs(factor - one) for one in factors) < 1e-9:
            return cost
    return 2.0
