"""From wrong numbers to the mistake behind them.

An exercise brings a function that computes its results *with chosen mistakes*, and slots, each
with the mistakes of which at most one can be made. The diagnosis tries them, one, then two at
a time, until the results are the student's.
"""

from collections.abc import Iterator
from itertools import combinations, product

import numpy as np

from bnutils.checks.calling import Arguments, Array
from bnutils.checks.catalogue import mistake
from bnutils.checks.exercise import (
    COARSE,
    Exercise,
    Slots,
    Values,
    agree,
    all_agree,
    difference,
    precision_loss,
)
from bnutils.checks.report import Mistake

ROUNDING = 1e-6
"""Differences below this do not tell one mistake from another."""

MIXED_UP = {
    "mean": "the mean is that of the batch",
    "variance": "the variance is that of the batch",
    "updated": "the moving statistics, just updated, normalise the batch",
}

Candidate = tuple[tuple[str, ...], Values]


def diagnose(
    exercise: Exercise, arguments: Arguments, got: Values, right: Values
) -> tuple[Mistake, ...]:
    """Return the mistakes behind wrong results of the plain case.

    Parameters
    ----------
    exercise : Exercise
        Which mistakes can be made.
    arguments : tuple
        What the student's function was called with.
    got, right : tuple of ndarray
        Its results and the right ones, of the same shapes.

    Returns
    -------
    tuple of Mistake
        The fewest that explain all results together; else, for each wrong result by itself,
        the fewest that explain it, or a symptom.
    """
    candidates = [
        (wrong, exercise.variant(frozenset(wrong), *arguments))
        for wrong in combined(exercise.slots)
    ]
    wrong = _closest(got, candidates)
    if wrong:
        return tuple(_named(exercise, wrong))
    found: list[Mistake] = []
    for place, (name, value, expected) in enumerate(
        zip(exercise.signature.results, got, right, strict=True)
    ):
        if not agree(value, expected):
            options: list[Candidate] = [(wrong, (values[place],)) for wrong, values in candidates]
            found.extend(_diagnose_one(exercise, arguments, name, value, expected, options))
    return tuple(found)


def _diagnose_one(
    exercise: Exercise,
    arguments: Arguments,
    name: str,
    got: Array,
    expected: Array,
    options: list[Candidate],
) -> list[Mistake]:
    wrong = _closest((got,), options)
    if wrong:
        return _named(exercise, wrong, f"in {name}")
    if got.dtype.kind in "biu" and (np.abs(got - expected) <= 1).all():
        return [mistake("cut-to-integers", precision_loss(name, got, expected))]
    if got.dtype == np.float16 and agree(got, expected, COARSE):
        return [mistake("dtype-loss", precision_loss(name, got, expected))]
    if not np.isfinite(got).all():
        return [mistake("not-a-number", difference(name, got, expected))]
    return [exercise.symptom(name, arguments, got, expected)]


def _closest(got: Values, candidates: list[Candidate]) -> tuple[str, ...]:
    """Return the fewest mistakes that give these results; of several, the nearest ones."""
    matching = [
        (len(wrong), max(map(_distance, got, values)), wrong)
        for wrong, values in candidates
        if all_agree(got, values)
    ]
    return min(matching, key=lambda match: match[:2], default=(0, 0.0, ()))[2]


def _distance(got: Array, expected: Array) -> float:
    """Return the largest difference; below what rounding makes of it, 0."""
    error = float(np.abs(got.astype(np.float64) - expected).max())
    return error if error > ROUNDING * float(np.abs(expected).max()) else 0.0


def combined(slots: Slots, most: int = 2) -> Iterator[tuple[str, ...]]:
    """Yield every way to make one mistake, then two (up to `most`) from different slots."""
    for count in range(1, most + 1):
        for chosen in combinations(slots, count):
            yield from product(*chosen)


def _named(exercise: Exercise, wrong: tuple[str, ...], where: str = "") -> list[Mistake]:
    several = len(exercise.signature.results) > 1
    return [mistake(name, _detail(name, where if several else "")) for name in wrong]


def _detail(name: str, where: str) -> str:
    plain, _, detail = name.partition("=")
    said = {
        "wrong-axis": f"your numbers are those of averaging over axes {detail}",
        "epsilon-ignored": f"your numbers are those of epsilon = {detail}",
        "momentum-ignored": f"your numbers are those of momentum = {detail}",
        "train-inference-mixup": MIXED_UP.get(detail, ""),
    }.get(plain, "")
    parts = [part for part in (said, where) if part]
    return f"{' '.join(parts)}." if parts else ""
