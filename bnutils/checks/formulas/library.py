"""The last resort: a sum of few products out of a library of all that could be multiplied.

Some of the right terms may be there, and at most two others.
"""

from collections.abc import Iterable, Mapping
from itertools import combinations, product

import numpy as np

from bnutils.checks.calls.calling import Array
from bnutils.checks.formulas.columns import Columns
from bnutils.checks.formulas.combinations import fewest, simplest, solved
from bnutils.checks.formulas.explanation import Deviation
from bnutils.checks.formulas.language import tidy
from bnutils.checks.formulas.numbers import added
from bnutils.checks.formulas.weighed import compared

Factors = tuple[str, ...]


def products(*groups: Iterable[str]) -> dict[str, Factors]:
    """Return every product of one factor from each group, as text and by its factors."""
    found = {}
    for chosen in product(*groups):
        factors = tuple(one for one in chosen if one != "1") or ("1",)
        found[" * ".join(f"({one})" for one in factors)] = factors
    return found


def named(found: Mapping[str, float], right: Mapping[str, float], said: str) -> list[Deviation]:
    """Name what is wrong with a sum: its coefficients, or that it is another one, as `said`."""
    missing = dict.fromkeys(right, "another-formula")
    extra = dict.fromkeys(found, "another-formula")
    wrong = compared(found, right, missing, extra)
    if any(name == "another-formula" for name, _ in wrong):
        return [("another-formula", said.format(tidy(added(found))))]
    return wrong


def found(
    target: Array,
    columns: Columns,
    right: Iterable[str],
    terms: Mapping[str, Factors],
    most: int,
    tolerance: float,
) -> dict[str, float] | None:
    """Return the terms that add up to the target.

    Parameters
    ----------
    target : ndarray
        (n,).
    columns : Columns
        What formulas come to.
    right : iterable of str
        The terms of the right formula.
    terms : mapping of str to tuple of str
        All others, from :func:`products`.
    most : int
        How many others there may be.
    tolerance : float
        How far off a number may be, relative to the largest.
    """
    if not np.isfinite(target).all():
        return None
    sizes = np.abs(target) + 1e-3 * np.abs(target).max(initial=1e-300)
    own = {text: columns[text] / sizes for text in right}
    others = {text: one / sizes for text, one in columns.products(terms).items()}
    return added_up(target / sizes, own, others, most, tolerance)


def added_up(
    target: Array,
    right: Mapping[str, Array],
    others: Mapping[str, Array],
    most: int,
    tolerance: float,
) -> dict[str, float] | None:
    """Return the fewest terms that give the target: some right ones and at most `most` others."""
    usable = _distinct({t: c for t, c in others.items() if np.isfinite(c).all() and c.any()})
    for count in range(most + 1):
        for size in range(len(right), -1, -1):
            for kept in combinations(right, size):
                found = _besides(
                    target, {text: right[text] for text in kept}, usable, count, tolerance
                )
                if found is not None:
                    return found
    return None


def _distinct(terms: Mapping[str, Array]) -> dict[str, Array]:
    """Return the first of all terms that are multiples of each other."""
    columns = np.array(list(terms.values()))
    columns /= columns[np.arange(len(columns)), np.abs(columns).argmax(axis=1)][:, None]
    first: dict[tuple[float, ...], str] = {}
    for text, row in zip(terms, np.round(columns, 9).tolist(), strict=True):
        first.setdefault(tuple(row), text)
    return {text: terms[text] for text in first.values()}


def _besides(
    target: Array,
    kept: Mapping[str, Array],
    others: Mapping[str, Array],
    most: int,
    tolerance: float,
) -> dict[str, float] | None:
    """Return what gives the target if the kept terms are in it, and `most` others."""
    if not kept and not most:
        return None
    base = np.column_stack(list(kept.values())) if kept else np.zeros((len(target), 0))
    chosen: list[str] = []
    if most:
        rest = _without(base, target[:, None])[:, 0]
        left = _without(base, np.column_stack(list(others.values())))
        matters = np.abs(left).max(axis=0) > 1e-9 * np.abs(base).max(initial=1)
        terms = {t: left[:, i] for i, t in enumerate(others) if matters[i]}
        found = fewest(rest, terms, most, tolerance)
        if not found or len(found) != most:
            return None
        chosen = list(found)
    texts = [*kept, *chosen]
    table = np.column_stack([*kept.values(), *(others[text] for text in chosen)])
    numbers, error = solved(target, table)
    if error > tolerance:
        return None
    shares = np.abs(table * numbers).max(axis=0) / np.abs(target).max()
    simple = simplest(target, table, numbers, max(error, tolerance / 100))
    pairs = zip(texts, simple, shares, strict=True)
    return {text: number for text, number, share in pairs if share > tolerance}


def _without(base: Array, columns: Array) -> Array:
    """Return what is left of columns when the base is taken out of them."""
    if not base.shape[1]:
        return columns
    directions, _ = np.linalg.qr(base / np.abs(base).max(axis=0))
    return np.asarray(columns - directions @ (directions.T @ columns))
