"""The gradients of gamma and beta: sums over the batch."""

from collections.abc import Sequence

import numpy as np

from bnutils.checks.calls.calling import Array
from bnutils.checks.formulas import features
from bnutils.checks.formulas.columns import Columns, joined
from bnutils.checks.formulas.explanation import Deviation, Explanation
from bnutils.checks.formulas.language import Numbers
from bnutils.checks.formulas.numbers import added
from bnutils.checks.formulas.quotients import quotient
from bnutils.checks.formulas.spreads import all_spreads
from bnutils.checks.formulas.terms import PARAMETERS
from bnutils.checks.formulas.weighed import compared, weighed

STD = "sqrt(var(x) + epsilon)"
TOPS = {
    "sum(dy * (x - mean(x)))": "",
    "mean(dy * (x - mean(x)))": "mean-instead-of-sum",
    "sum(gamma * dy * (x - mean(x)))": "wrong-factor",
    "mean(gamma * dy * (x - mean(x)))": "mean-instead-of-sum+wrong-factor",
    "sum(dy * x)": "mean-not-subtracted",
    "mean(dy * x)": "mean-instead-of-sum+mean-not-subtracted",
    "sum(dy * (x + mean(x)))": "sign-error",
    "sum(x - mean(x))": "not-the-path",
    "sum(dy * (x - mean(x))) / (N - 1)": "mean-instead-of-sum",
    "N * sum(dy * (x - mean(x)))": "wrong-factor",
    "sum(dy * (x - mean(x)) ** 2)": "wrong-power",
    "sum(dy) * mean(x)": "not-the-path",
    "sum(dy * gamma * x)": "mean-not-subtracted+wrong-factor",
    "sum(dy)": "not-the-path",
    "mean(dy)": "not-the-path",
}
OTHERS = {
    "sum(dy * x)": "dgamma-from-x",
    "mean(dy * x)": "dgamma-from-x",
    "sum(dy * (x - mean(x)))": "extra-term",
    "mean(dy * (x - mean(x)))": "extra-term",
    f"sum(gamma * dy * (x - mean(x))) / {STD}": "wrong-factor",
    f"mean(x) * sum(dy) / {STD}": "extra-term",
    "mean(x) * sum(dy)": "extra-term",
    "sum(dy)": "extra-term",
    "mean(dy)": "extra-term",
    "gamma * sum(dy)": "extra-term",
    "beta": "extra-term",
    "1": "extra-term",
    "N": "extra-term",
}
BETA = {
    "mean(dy)": "mean-instead-of-sum",
    "gamma * sum(dy)": "wrong-factor",
    "gamma * mean(dy)": "mean-instead-of-sum+wrong-factor",
    f"sum(dy) / {STD}": "wrong-factor",
    f"gamma * sum(dy) / {STD}": "wrong-factor",
    "sum(dy) / (N - 1)": "mean-instead-of-sum",
    "N * sum(dy)": "wrong-factor",
    "sum(dy * x)": "not-the-path",
    "sum(abs(dy))": "wrong-factor",
    "sum(dy ** 2)": "wrong-power",
    f"sum(dy * (x - mean(x))) / {STD}": "not-the-path",
    "sum(dy, axis=(0, 1))": "wrong-axis=(0, 1)",
    "mean(dy, axis=(0, 1))": "wrong-axis=(0, 1)",
    "1": "extra-term",
    "N": "extra-term",
    "gamma": "extra-term",
}


def dgamma(
    batches: Sequence[Numbers], results: Sequence[Array], tolerance: float
) -> Explanation | None:
    """Return what dgamma is: sum(dy * x_hat), or a sum over another divisor."""
    columns = Columns(batches, [np.shape(one) for one in results])
    target = joined(results)
    found = quotient(target, columns, all_spreads(), 100 * tolerance, TOPS)
    if found is not None:
        return Explanation.of(found.text(), _of_x_itself(found.deviations))
    right = f"sum(dy * (x - mean(x))) / {STD}"
    return _sum(target, columns, right, OTHERS, "not-the-path", tolerance)


def _of_x_itself(deviations: Sequence[Deviation]) -> list[Deviation]:
    """Give what lacks both the mean and the division its own name."""
    raw = any("mean-not-subtracted" in name for name, _ in deviations)
    return [
        ("dgamma-from-x" if raw and name == "not-divided" else name, said)
        for name, said in deviations
    ]


def dbeta(
    batches: Sequence[Numbers], results: Sequence[Array], tolerance: float
) -> Explanation | None:
    """Return what dbeta is: sum(dy), or something else that is added up."""
    columns = Columns(batches, [np.shape(one) for one in results])
    return _sum(joined(results), columns, "sum(dy)", BETA, "not-the-path", tolerance)


def _sum(
    target: Array,
    columns: Columns,
    right: str,
    others: dict[str, str],
    missing: str,
    tolerance: float,
) -> Explanation | None:
    found = weighed(target, columns.of([right]), columns.of(others), 100 * tolerance)
    if found is not None:
        wrong = compared(found, {right: 1.0}, {right: missing}, others)
        return Explanation.of(added(found), wrong)
    return features.whole(columns, target, {right: 1.0}, PARAMETERS, (), tolerance)


def stds(batches: Sequence[Numbers], results: Sequence[Array], tolerance: float) -> tuple[str, ...]:
    """Return the divisor of dgamma, which that of dx may be as well; none if it is unknown."""
    columns = Columns(batches, [np.shape(one) for one in results])
    found = quotient(joined(results), columns, all_spreads(), 100 * tolerance, TOPS)
    return (found.divisor.text(),) if found and found.divisor.of_spread else ()
