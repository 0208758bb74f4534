"""Which few of many terms add up to given numbers, and with which coefficients.

Students' numbers are exact, so this is no statistics: a combination explains them to the last
digits, on several batches at once, or it does not.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from bnutils.checks.calls.calling import Array
from bnutils.checks.formulas.numbers import simpler

SCREEN = 1e-8
"""Share of the squares that a combination may leave over when it is first looked at."""

SMALL = 1e-4
"""What is left of a column beside another one, where the two are nearly the same."""

NEAR = 3e-4
"""So near columns come to each other, in a direction, that are parallel but for rounding."""

LOOKED_AT = 60
"""How many of the combinations that pass the first look are computed in full."""

Terms = Mapping[str, Array]
Chosen = list[tuple[int, ...]]
"""Places of columns."""


def fewest(
    target: Array, terms: Terms, most: int = 3, tolerance: float = 1e-8
) -> dict[str, float] | None:
    """Return the fewest terms that add up to the target, with their coefficients.

    Parameters
    ----------
    target : ndarray
        (n,).
    terms : mapping of str to ndarray
        Each (n,), the likeliest first.
    most : int, default 3
        How many terms at most.
    tolerance : float
        How far off a number may be, relative to the largest.

    Returns
    -------
    dict of str to float or None
        Empty for a target of zeros; None if no such combination gives the target.
    """
    usable = {text: column for text, column in terms.items() if np.isfinite(column).all()}
    usable = {text: column for text, column in usable.items() if column.any()}
    if not np.isfinite(target).all():
        return None
    if np.abs(target).max(initial=0) <= tolerance * 1e-3:
        return {}
    for size in range(1, min(most, len(usable)) + 1):
        found = _of_size(target, usable, size, tolerance)
        if found:
            return found
    return None


def _of_size(target: Array, terms: Terms, size: int, tolerance: float) -> dict[str, float] | None:
    names, columns = list(terms), np.column_stack(list(terms.values()))
    found = []
    for places in promising(target, columns, size)[:LOOKED_AT]:
        coefficients, error = solved(target, columns[:, list(places)])
        if error <= tolerance:
            used = columns[:, list(places)]
            simple = simplest(target, used, coefficients, max(error, tolerance / 100))
            plain = sum(abs(abs(one) - 1) > 1e-6 for one in simple)
            found.append((plain, places, simple))
    if not found:
        return None
    _, best, numbers = min(found, key=lambda one: one[:2])
    return {names[i]: number for i, number in zip(best, numbers, strict=True)}


def promising(target: Array, columns: Array, size: int, anchors: int | None = None) -> Chosen:
    """Return the places of those columns that nearly give the target, in their order.

    Parameters
    ----------
    target : ndarray
        (n,), not all zeros.
    columns : ndarray
        (n, T), none of them all zeros.
    size : int
        How many columns together: 1, 2 or 3.
    anchors : int, optional
        Of three columns, one is among the first so many; by default there is no such bound.
    """
    unit, goal = columns / np.linalg.norm(columns, axis=0), target / np.linalg.norm(target)
    if size == 1:
        return [(int(place),) for place in np.flatnonzero(1 - (goal @ unit) ** 2 < SCREEN)]
    return _pairs(unit, goal) if size == 2 else list(_threes(unit, goal, anchors))


def _threes(unit: Array, goal: Array, anchors: int | None) -> Iterator[tuple[int, ...]]:
    """Yield threes: where one column is taken out of all, two of the rest give what is left."""
    for place in range(unit.shape[1])[:anchors]:
        first, rest = unit[:, place], unit[:, place + 1 :]
        rest, left = rest - np.outer(first, first @ rest), goal - first * (first @ goal)
        sizes = np.linalg.norm(rest, axis=0)
        others = np.flatnonzero(sizes > SMALL)
        if left @ left > SCREEN and len(others) > 1:
            pairs = _pairs(rest[:, others] / sizes[others], left / np.linalg.norm(left))
            shifted = place + 1 + others
            yield from ((place, int(shifted[one]), int(shifted[other])) for one, other in pairs)


def _pairs(unit: Array, goal: Array) -> Chosen:
    """Return the pairs whose plane holds the goal.

    What is left of the two, where the goal is taken out of them, is then parallel. So they meet
    in whatever direction one looks along, and few others do: quick for thousands of columns.
    """
    flat = unit - np.outer(goal, goal @ unit)
    sizes = np.maximum(np.linalg.norm(flat, axis=0), 1e-300)
    seen, again = np.abs(_directions(len(goal)) @ flat) / sizes
    one, other = _meeting(seen)
    one, other = np.stack([one, other])[:, np.abs(again[one] - again[other]) < NEAR]
    apart = 1 - (unit[:, one] * unit[:, other]).sum(axis=0) ** 2
    both = (sizes[one] * sizes[other]) ** 2 - (flat[:, one] * flat[:, other]).sum(axis=0) ** 2
    fits = (apart > SCREEN) & (both < SCREEN * apart)
    return sorted(zip(one[fits].tolist(), other[fits].tolist(), strict=True))


def _directions(length: int) -> Array:
    """Return two directions that no column has a reason to know."""
    found = np.random.default_rng(length).normal(size=(2, length))
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True))


def _meeting(values: Array) -> tuple[Array, Array]:
    """Return the places of all pairs of values that are nearly the same, the first one first."""
    order = np.argsort(values)
    ordered, found = values[order], [np.zeros((2, 0), int)]
    for apart in range(1, len(values)):
        near = np.flatnonzero(ordered[apart:] - ordered[:-apart] < NEAR)
        if not len(near):
            break
        found.append(np.sort([order[near], order[near + apart]], axis=0))
    one, other = np.concatenate(found, axis=1)
    return one, other


def simplest(target: Array, columns: Array, coefficients: Array, tolerance: float) -> list[float]:
    """Return coefficients without the rounding of the numbers that they were found from."""
    largest = 3 * tolerance * np.abs(target).max()
    return simpler(
        coefficients, lambda tried: bool(np.abs(columns @ tried - target).max() <= largest)
    )


def solved(target: Array, columns: Array) -> tuple[Array, float]:
    """Return the coefficients of the columns, and the largest error relative to the target."""
    scales = np.abs(columns).max(axis=0)
    coefficients = np.linalg.lstsq(columns / scales, target, rcond=None)[0] / scales
    error = np.abs(columns @ coefficients - target).max()
    return coefficients, float(error / np.abs(target).max())
