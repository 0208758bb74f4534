"""Normalisations whose statistics do not belong to a feature: those over wrong axes.

Element by element, what x - mean was divided by is (x - mean) * scale / (y - shift).
"""

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np

from bnutils.checks.calls.calling import Array
from bnutils.checks.formulas.columns import Columns, joined
from bnutils.checks.formulas.divisors import Divisor, divisors
from bnutils.checks.formulas.explanation import Deviation, Explanation
from bnutils.checks.formulas.language import Numbers
from bnutils.checks.formulas.numbers import times
from bnutils.checks.formulas.quotients import divisor_deviations
from bnutils.checks.formulas.spreads import Statistics

SCALES = {"gamma": "", "1": "gamma-ignored", "beta": "gamma-beta-swapped"}
SHIFTS = {"beta": "", "0": "beta-ignored", "gamma": "gamma-beta-swapped"}


def explained(
    batches: Sequence[Numbers],
    results: Sequence[Array],
    statistics: Sequence[Statistics],
    tolerance: float,
) -> Explanation | None:
    """Return what is computed if it is a normalisation with one of the statistics."""
    columns = Columns(batches, [np.shape(batch["x"]) for batch in batches])
    y = joined(results)
    for one in statistics:
        found = list(_with(one, y, columns, tolerance))
        if found:
            return min(found, key=lambda explanation: len(explanation.deviations))
    return None


def _with(one: Statistics, y: Array, columns: Columns, tolerance: float) -> Iterator[Explanation]:
    centres = columns.of(one.centres)
    choices = list(product(SCALES, centres, SHIFTS, (1, -1)))
    with np.errstate(all="ignore"):
        quotients = np.column_stack(
            [
                sign * columns[scale] * (columns["x"] - centres[centre]) / (y - columns[shift])
                for scale, centre, shift, sign in choices
            ]
        )
    spreads = columns.of(one.spreads)
    for place, divisor in divisors(quotients, spreads, columns["epsilon"], tolerance):
        scale, centre, shift, sign = choices[place]
        named = [
            (SCALES[scale], scale, "gamma"),
            (one.centres[centre], centre, "mean(x)"),
            (SHIFTS[shift], shift, "beta"),
        ]
        wrong: list[Deviation] = [
            (name, f"{text} stands in place of {due}") for name, text, due in named if name
        ]
        wrong += [("sign-error", "the sign in front is the opposite one")] * (sign < 0)
        wrong += divisor_deviations(divisor, one.spreads)
        yield Explanation.of(_text(scale, centre, shift, sign, divisor), wrong)


def _text(scale: str, centre: str, shift: str, sign: int, divisor: Divisor) -> str:
    number = sign / divisor.factor
    top = f"{times(number, f'({scale})')} * (x - {centre}) / {divisor.text()}"
    return top if shift == "0" else f"{top} + {shift}"
