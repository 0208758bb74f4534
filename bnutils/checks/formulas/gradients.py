"""The gradient with respect to x, taken apart: its three paths, and what each is multiplied with.

Feature by feature dx is a sum of dy, of a constant and of x - mean, whatever the mistake::

    dx = first * dy  +  second  +  third * (x - mean(x))

and right is first = gamma / sqrt(var(x) + epsilon), second = -first * mean(dy), third = -first *
mean(dy * (x - mean(x))) / (var(x) + epsilon).
"""

from collections.abc import Mapping, Sequence

import numpy as np

from bnutils.checks.calls.calling import Array
from bnutils.checks.formulas.columns import Columns, joined
from bnutils.checks.formulas.divisors import Divisor, divisors
from bnutils.checks.formulas.explanation import Deviation, Explanation
from bnutils.checks.formulas.language import Numbers, tidy
from bnutils.checks.formulas.numbers import near, times, written
from bnutils.checks.formulas.quotients import Quotient, divisor_deviations, quotient
from bnutils.checks.formulas.spreads import all_spreads
from bnutils.checks.formulas.weighed import compared, weighed

FIRST, THIRD = "first", "third"
STD = "sqrt(var(x) + epsilon)"
CENTRED = "mean(dy * (x - mean(x)))"
MEANS = {
    f"{FIRST} * sum(dy)": "batch-size-missing",
    "mean(dy)": "wrong-factor",
    "sum(dy)": "wrong-factor",
    "gamma * mean(dy)": "wrong-factor",
    f"mean(dy) / {STD}": "wrong-factor",
    f"gamma * mean(dy) / {STD}": "wrong-factor",
    f"gamma * sum(dy) / {STD}": "batch-size-missing",
    f"gamma * mean(dy) / {STD} ** 2": "wrong-factor",
    f"{FIRST} * mean(dy) / N": "wrong-factor",
    f"gamma * mean(dy) * {STD}": "wrong-factor",
    f"{FIRST} * sum(dy) / (N - 1)": "wrong-factor",
    f"{THIRD} * mean(x)": "mean-not-subtracted",
    f"{THIRD} * sum(x)": "batch-size-missing",
    f"{FIRST} * max(dy)": "not-the-mean",
    f"{FIRST} * {CENTRED} / {STD}": "extra-term",
    f"{FIRST} * mean(dy * x)": "extra-term",
    f"{FIRST} * mean(x)": "extra-term",
    f"{FIRST} * mean(x) / {STD}": "extra-term",
    FIRST: "extra-term",
    "1": "extra-term",
    f"{FIRST} * gamma * mean(dy)": "wrong-factor",
    f"{FIRST} * mean(dy) * mean(x)": "extra-term",
    f"{FIRST} * mean(abs(dy))": "wrong-factor",
    f"{FIRST} ** 2 * mean(dy)": "wrong-factor",
}
THIRDS = {
    FIRST: "",
    "gamma": "wrong-factor",
    "1": "wrong-factor",
    f"gamma / {STD}": "",
    f"N * {FIRST}": "batch-size-missing",
    f"{FIRST} / N": "wrong-factor",
    f"{FIRST} * N / (N - 1)": "sample-variance",
    f"{FIRST} * (N - 1) / N": "wrong-factor",
    f"{FIRST} * gamma": "wrong-factor",
    f"{FIRST} / gamma": "gamma-ignored",
    "N * gamma": "batch-size-missing",
    "gamma / N": "wrong-factor",
    f"N * gamma / {STD}": "batch-size-missing",
    f"{FIRST} ** 2": "wrong-factor",
    f"N ** 2 * {FIRST}": "batch-size-missing",
    f"{FIRST} / N ** 2": "wrong-factor",
}
"""What mean(dy * (x - mean)) may be multiplied with."""
POWERS = ("no-root", "root-twice", "times-std", "not-divided")
"""What a wrong power of the divisor is called elsewhere."""
STATISTICS = {
    CENTRED: "",
    "mean(dy * x)": "mean-not-subtracted",
    "mean(dy * (x + mean(x)))": "sign-error",
    "mean(dy * (x - sum(x)))": "batch-size-missing",
    "mean(dy)": "not-the-path",
    "mean(dy) * mean(x)": "not-the-path",
    "mean(abs(dy * (x - mean(x))))": "not-the-path",
    "mean(x)": "not-the-path",
}


def explained(
    batches: Sequence[Numbers], results: Sequence[Array], tolerance: float
) -> Explanation | None:
    """Return what dx is computed from, if it is made of the three paths."""
    parts = [_parts(b["dy"], b["x"], dx, tolerance) for b, dx in zip(batches, results, strict=True)]
    found = [one for one in parts if one is not None]
    if len(found) < len(parts):
        return None
    own = [{**b, FIRST: one[0], THIRD: one[2]} for b, one in zip(batches, found, strict=True)]
    columns = Columns(own, [one[0].shape for one in found])
    second = joined([one[1] for one in found])
    first = quotient(columns[FIRST], columns, all_spreads(), tolerance)
    if first is None:
        return None
    mean = _through_mean(second, columns, tolerance)
    variance = _through_variance(columns, tolerance)
    if mean is None or variance is None:
        return None
    return _together(first, mean, variance)


def _parts(dy: Array, x: Array, dx: Array, tolerance: float) -> tuple[Array, Array, Array] | None:
    """Return the three coefficients of each feature, or None if something else is in dx."""
    features = np.shape(x)[-1]
    dy, x, dx = (np.asarray(one, float).reshape(-1, features) for one in (dy, x, dx))
    found = np.empty((3, features))
    for place in range(features):
        centred = x[:, place] - x[:, place].mean()
        size = np.abs(centred).max()
        table = np.column_stack([dy[:, place], np.ones(len(x)), centred / size])
        numbers, *_ = np.linalg.lstsq(table, dx[:, place], rcond=None)
        error = np.abs(table @ numbers - dx[:, place]).max()
        if error > tolerance * np.abs(dx[:, place]).max(initial=1e-300):
            return None
        found[:, place] = numbers[0], numbers[1], numbers[2] / size
    first, second, third = found
    return (first, second, third) if (first != 0).all() else None


def _through_mean(
    second: Array, columns: Columns, tolerance: float
) -> tuple[dict[str, float], list[Deviation]] | None:
    """Return the terms of the path through the mean."""
    right = f"{FIRST} * mean(dy)"
    found = weighed(second, columns.of([right]), columns.of(MEANS), 100 * tolerance)
    if found is None:
        return None
    return found, compared(found, {right: -1.0}, {right: "detached-mean"}, MEANS)


def _through_variance(columns: Columns, tolerance: float) -> tuple[str, list[Deviation]] | None:
    """Return the path through the variance, "" if it is missing."""
    third = columns[THIRD]
    scale = np.abs(columns[FIRST]) / np.sqrt(columns["var(x)"])
    if (np.abs(third) <= 1e3 * tolerance * scale).all():
        return "", [("detached-variance", "the term with x_hat * mean(dy * x_hat) is missing")]
    choices = [(top, one, sign) for top in THIRDS for one in STATISTICS for sign in (-1, 1)]
    with np.errstate(all="ignore"):
        quotients = np.column_stack(
            [sign * columns[top] * columns[one] / third for top, one, sign in choices]
        )
    found = []
    known = all_spreads()
    for place, divisor in divisors(
        quotients, columns.of(known), columns["epsilon"], 100 * tolerance
    ):
        top, one, sign = choices[place]
        wrong = _third_deviations(top, one, sign, divisor, known)
        number = sign / divisor.factor
        text = f"{times(number, f'({top})')} * {one} / {divisor.text()} * (x - mean(x))"
        found.append((text, wrong))
    return min(found, key=lambda pair: len(pair[1]), default=None)


def _third_deviations(
    top: str, one: str, sign: int, divisor: Divisor, known: Mapping[str, str]
) -> list[Deviation]:
    """Name what is wrong with the third path: right is -first * mean(...) / (var + epsilon)."""
    wrong: list[Deviation] = []
    path = "x_hat * mean(dy * x_hat)"
    if THIRDS[top]:
        wrong.append((THIRDS[top], f"{top} stands before {path}"))
    if STATISTICS[one]:
        wrong.append((STATISTICS[one], f"{one} stands in place of another mean"))
    if sign > 0:
        wrong.append(("sign-error", f"the term with {path} has the opposite sign"))
    if not near(divisor.factor, 1):
        said = f"the term with {path} counts {written(1 / divisor.factor)} times"
        wrong.append(("wrong-factor", said))
    unit = Divisor(
        divisor.spread, 2 * divisor.power, divisor.of_spread / divisor.factor**divisor.power,
        divisor.of_epsilon / divisor.factor**divisor.power,
        divisor.constant / divisor.factor**divisor.power,
    )  # fmt: skip
    said = f"the term with {path} is divided by {tidy(divisor.text())}"
    if not divisor.of_spread:
        said = f"the term with {path} lacks a division"
    others = dict(divisor_deviations(unit, known))
    powers = [("wrong-power", said)] if others.keys() & set(POWERS) else []
    return [*wrong, *powers, *(one for one in others.items() if one[0] not in POWERS)]


def _together(
    first: Quotient,
    mean: tuple[dict[str, float], list[Deviation]],
    variance: tuple[str, list[Deviation]],
) -> Explanation:
    """Write the three paths as one formula, and say what is wrong with them together."""
    head = first.text()
    terms = [times(number, f"({text})") for text, number in mean[0].items()]
    parts = [f"{head} * dy", *terms, *([variance[0]] if variance[0] else [])]
    # the third coefficient is named in the second where x was not centred
    slope = variance[0].removesuffix(" * (x - mean(x))")
    names = [*first.deviations, *mean[1], *variance[1]]
    found = {name for name, _ in names}
    if {"detached-mean", "detached-variance"} <= found:
        others = [one for one in names if not one[0].startswith("detached-")]
        names = [
            ("detached-statistics", "of its three terms only the one with dy is there"),
            *others,
        ]
    whole = Explanation.of(" + ".join(parts), names)
    if whole.formula == "dy":
        return Explanation("dy", (("detached-statistics", "dx is dy, passed on as it is"),))
    return whole.without({THIRD: slope or "0", FIRST: tidy(head)})
