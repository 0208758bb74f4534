"""Normalisations of other books: by the median, by the range, with a floor in place of epsilon."""

import numpy as np
import pytest

from bnutils import checks
from bnutils.checks.exercises import inference
from tests.bnutils.checks.fresh import EXERCISES, fresh, misstated, unstated

CENTRES = {"mean": np.mean, "median": np.median, "min": np.min, "0": lambda x, over: 0}


def _floored(x, over, epsilon):
    return np.sqrt(np.maximum(x.var(over), epsilon))


def _around_median(x, over, epsilon):
    return np.sqrt(((x - np.median(x, over)) ** 2).mean(over) + epsilon)


DIVISORS = {
    "root": lambda x, over, epsilon: np.sqrt(x.var(over) + epsilon),
    "floor": _floored,
    "floor of std": lambda x, over, epsilon: np.maximum(x.std(over), epsilon),
    "sample floor": lambda x, over, epsilon: np.sqrt(np.maximum(x.var(over, ddof=1), epsilon)),
    "range": lambda x, over, epsilon: np.ptp(x, over) + epsilon,
    "bare range": lambda x, over, epsilon: np.ptp(x, over),
    "square of range": lambda x, over, epsilon: np.sqrt(np.ptp(x, over) ** 2 + epsilon),
    "largest": lambda x, over, epsilon: np.abs(x).max(over) + epsilon,
    "around median": _around_median,
}
MADE = [
    ("mean", "floor", ("epsilon-as-floor",)),
    ("mean", "floor of std", ("epsilon-as-floor",)),
    ("mean", "sample floor", ("epsilon-as-floor", "sample-variance")),
    ("median", "root", ("not-the-mean",)),
    ("median", "around median", ("not-the-mean",)),
    ("min", "root", ("not-the-mean",)),
    ("min", "range", ("epsilon-outside-root", "not-the-variance", "not-the-mean")),
    ("min", "bare range", ("not-the-variance", "epsilon-missing", "not-the-mean")),
    ("mean", "range", ("epsilon-outside-root", "not-the-variance")),
    ("mean", "square of range", ("not-the-variance",)),
    ("0", "largest", ("epsilon-outside-root", "not-the-variance", "mean-not-subtracted")),
]


@pytest.mark.parametrize("name", ["forward", "convolution"])
@pytest.mark.parametrize(("centre", "divisor", "names"), MADE)
def test_the_formula_gives_the_numbers_on_new_data(name, centre, divisor, names):
    def function(x, gamma, beta, epsilon):
        over = tuple(range(x.ndim - 1))
        return gamma * (x - CENTRES[centre](x, over)) / DIVISORS[divisor](x, over, epsilon) + beta

    check = checks.batch_norm_forward if name == "forward" else checks.batch_norm_convolution
    report = check(function)
    assert report.names == names
    assert not misstated(report.formulas, function, fresh(EXERCISES[name]))
    assert not unstated(report.formulas, function, fresh(EXERCISES[name]))


def test_a_floor_under_the_moving_variance_is_told():
    def function(x, gamma, beta, mean, variance, epsilon):
        return gamma * (x - mean) / np.sqrt(np.maximum(variance, epsilon)) + beta

    report = checks.batch_norm_inference(function)
    assert report.names == ("epsilon-as-floor",)
    assert "maximum(moving_variance, epsilon)" in report.formulas["y"]
    assert not misstated(report.formulas, function, fresh(lambda: inference.inference(function)))


def test_epsilon_is_not_said_to_be_missing_where_it_is_in_the_spread():
    report = checks.batch_norm_forward(
        lambda x, gamma, beta, epsilon: gamma * (x - x.mean(0)) / np.sqrt(x.var(0) * epsilon) + beta
    )
    assert report.names == ("wrong-factor",)


def test_two_mistakes_in_one_divisor_have_a_term_each():
    def function(x, gamma, beta, epsilon):
        return gamma * (x - x.mean(0)) / (x.std(0, ddof=1) + epsilon) + beta

    report = checks.batch_norm_forward(function)
    assert [one.term for one in report.mistakes] == [
        "it is divided by sqrt(var(x, ddof=1)) + epsilon.",
        "sqrt(var(x, ddof=1)) stands in place of sqrt(var(x)).",
    ]


@pytest.mark.parametrize("rung", [2, 3])
def test_no_term_is_printed_twice(rung):
    def function(x, gamma, beta, epsilon):
        variance = np.maximum(x.var(0, ddof=1), epsilon)
        return gamma * (x - x.mean(0)) / np.sqrt(variance) + beta

    for _ in range(rung):
        report = checks.batch_norm_forward(function)
    assert len({one.term for one in report.mistakes}) < len(report.mistakes) == 2
    assert repr(report).count("Term:") == 1
    assert repr(report).count("Why:") == 1
