"""Results that are a line in x, feature by feature: slope * x + shift.

So is every normalisation whose statistics belong to the feature, right or wrong. What the line's
slope is made of and what its shift is made of can then be found one after the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bnutils.checks.calls.calling import Array
from bnutils.checks.formulas.columns import Columns, joined
from bnutils.checks.formulas.explanation import Explanation
from bnutils.checks.formulas.language import Numbers, tidy
from bnutils.checks.formulas.numbers import added, times
from bnutils.checks.formulas.quotients import Quotient, quotient
from bnutils.checks.formulas.straight import straight
from bnutils.checks.formulas.weighed import compared, weighed

SLOPE = "slope"


@dataclass(frozen=True)
class Lines:
    """What stands where in a normalisation.

    Attributes
    ----------
    centre : str
        Formula of the mean.
    spreads : mapping of str to str
        What may be the variance, each with its mistake's name; the right one first.
    shifts : mapping of str to str
        What may be added that is not beta, with its mistake's name. "slope" stands for what x
        is multiplied by.
    """

    centre: str
    spreads: Mapping[str, str]
    shifts: Mapping[str, str]


def explained(
    batches: Sequence[Numbers], results: Sequence[Array], lines: Lines, tolerance: float
) -> Explanation | None:
    """Return what is computed, if it is a line in x whose parts are known.

    Parameters
    ----------
    batches : sequence of mapping
        The arguments of each call, by name.
    results : sequence of ndarray
        What came back, in the shape of x.
    lines : Lines
        What is looked for.
    tolerance : float
        How far off a number may be, relative to the largest of its kind.
    """
    found = [_line(batch["x"], y, tolerance) for batch, y in zip(batches, results, strict=True)]
    fits = [one for one in found if one is not None]
    if len(fits) < len(found):
        return None
    own = [{**batch, SLOPE: slope} for batch, (slope, _) in zip(batches, fits, strict=True)]
    columns = Columns(own, [(np.shape(batch["x"])[-1],) for batch in batches])
    terms = _shift(joined([shift for _, shift in fits]), columns, lines, tolerance)
    if terms is None:
        return None
    spreads = {**lines.spreads, **_around_own_centre(terms, lines)}
    slope = quotient(columns[SLOPE], columns, spreads, tolerance)
    if slope is None:
        return None
    mean = f"{SLOPE} * {lines.centre}"
    missing = {mean: "mean-not-subtracted", "beta": "beta-ignored"}
    wrong = compared(terms, {mean: -1.0, "beta": 1.0}, missing, lines.shifts)
    whole = Explanation.of(_text(slope, terms), [*slope.deviations, *wrong])
    return whole.without({SLOPE: tidy(slope.text())})


def _around_own_centre(terms: Mapping[str, float], lines: Lines) -> dict[str, str]:
    """Return the variance around a wrong mean: who uses the same twice makes one mistake."""
    prefix = f"{SLOPE} * "
    own = [(text, number) for text, number in terms.items() if text.startswith(prefix)]
    parts = {text.removeprefix(prefix): -number for text, number in own}
    if lines.centre != "mean(x)" or parts == {lines.centre: 1}:
        return {}
    distance = f"({tidy(f'x - ({added(parts)})')})" if parts else "x"
    return {f"mean({distance} ** 2)": "", f"sum({distance} ** 2)": "batch-size-missing"}


def _line(x: Array, y: Array, tolerance: float) -> tuple[Array, Array] | None:
    """Return slope and value at 0 of each feature, or None if some feature is no line."""
    if not np.isfinite(y).all():
        return None
    slope, shift, error = straight(x, y)
    largest = np.abs(y).max(axis=tuple(range(np.ndim(y) - 1)))
    fits = error <= tolerance * np.maximum(largest, 1e-300)
    return (slope, shift) if fits.all() and (slope != 0).all() else None


def _shift(
    shifts: Array, columns: Columns, lines: Lines, tolerance: float
) -> dict[str, float] | None:
    """Return the terms of the value at x = 0: right are -slope * mean and beta."""
    right = columns.of([f"{SLOPE} * {lines.centre}", "beta"])
    others = columns.of(text for text in lines.shifts if text not in right)
    return weighed(shifts, right, others, 100 * tolerance)


def _text(slope: Quotient, found: Mapping[str, float]) -> str:
    """Write slope * (x - mean) + beta, with what was found."""
    before, prefix = [], f"{SLOPE} * "
    after = {text: number for text, number in found.items() if not text.startswith(prefix)}
    for text, number in found.items():
        if text.startswith(prefix):
            before.append(times(number, f"({text.removeprefix(prefix)})"))
    number = slope.sign / slope.divisor.factor
    centred = " + ".join(["x", *before])
    top = f"{times(number, f'({slope.scale})')} * ({centred}) / {slope.divisor.text()}"
    return f"{top} + {added(after)}" if after else top
