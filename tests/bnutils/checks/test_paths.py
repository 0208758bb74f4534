"""What is found by taking results apart: powers, roots of nothing, numbers as they were meant."""

import numpy as np
import pytest

from bnutils import checks
from bnutils.checks.formulas.language import evaluate
from bnutils.checks.formulas.monomials import monomials
from bnutils.checks.formulas.numbers import simpler, written
from tests.bnutils.checks.fresh import EXERCISES, fresh, misstated, unstated
from tests.bnutils.checks.students.shared import parts


def test_powers_are_found_on_a_logarithmic_scale():
    rng = np.random.default_rng(0)
    gamma, mean, std, other = rng.normal(size=(4, 16))
    std, other = np.abs(std), np.abs(other)
    target = -2.5 * gamma**3 * mean / std**6
    groups = [{"other": other, "std": std}, {"mean": mean, "gamma": gamma}]
    (found, *_) = monomials(target, {"gamma": gamma}, groups, 1e-8)
    assert found.number == pytest.approx(-2.5)
    assert found.powers == {"gamma": 3, "std": -6, "mean": 1}
    numbers = {"gamma": gamma, "mean": mean, "std": std}
    assert found.number * evaluate(found.text(), numbers) == pytest.approx(target)


def test_sums_are_no_products():
    gamma, mean, std, other = np.random.default_rng(0).uniform(1, 2, size=(4, 16))
    groups = [{"std": std}, {"mean": mean}]
    assert not list(monomials(gamma + other, {"gamma": gamma}, groups, 1e-8))


def named(exercise, report, function):
    """The formulas give the function's numbers on batches that the check has not seen."""
    assert not report.passed
    other = fresh(EXERCISES[exercise])
    assert not misstated(report.formulas, function, other)
    assert not unstated(report.formulas, function, other)


def test_a_result_below_the_line_is_taken_apart_from_there():
    def backward(dy, x, gamma, epsilon):
        x_hat, std = parts(x, epsilon)
        dx = gamma / std[0] / (dy - dy.mean(0) - x_hat * (dy * x_hat).mean(0))
        return dx, (dy * x_hat).sum(0), dy.sum(0)

    report = checks.batch_norm_backward(backward)
    assert report.names == ("times-std",)
    named("backward", report, backward)


def test_a_slope_that_is_a_sum_is_found():
    def forward(x, gamma, beta, epsilon):
        scale = gamma / np.sqrt(x.var(0) + epsilon)
        shift = beta - scale * x.mean(0)
        return shift * x + shift

    report = checks.batch_norm_forward(forward)
    assert report.names == ("another-formula",)
    named("forward", report, forward)


def test_a_formula_is_found_although_some_features_are_not_numbers():
    def forward(x, gamma, beta, epsilon):
        return gamma * (x - x.mean(0)) / np.sqrt(x.var(0) - epsilon) + beta

    report = checks.batch_norm_forward(forward)
    assert report.names == ("sign-error",)
    assert report.formulas == {"y": "gamma * (x - mean(x)) / sqrt(var(x) - epsilon) + beta"}
    assert "is nan" in report.mistakes[0].seen


def test_single_precision_leaves_no_trace_in_the_numbers_of_a_formula():
    def forward(x, gamma, beta, epsilon):
        x, gamma, beta = (one.astype(np.float32) for one in (x, gamma, beta))
        return gamma * (x - x.mean(0)) / np.sqrt(x.var(0) + np.float32(2 * epsilon)) + beta

    report = checks.batch_norm_forward(forward)
    assert report.formulas == {"y": "gamma * (x - mean(x)) / sqrt(var(x) + 2 * epsilon) + beta"}


def test_numbers_are_simple_where_they_may_be():
    assert simpler([0.33334, 0.012345], lambda _: True) == [1 / 3, 0.0123]
    assert simpler([0.33334], lambda tried: tried == [0.33334]) == [0.33334]
    assert [written(one) for one in (0.5**0.5, 3**0.5, 1 / 3, 0.0123)] == [
        "sqrt(1/2)", "sqrt(3)", "1/3", "0.0123",
    ]  # fmt: skip


def test_a_column_is_no_row_where_there_are_as_many_examples_as_features():
    square = np.arange(9.0).reshape(3, 3)
    assert evaluate("mean(x)", {"x": square}, (3,)).tolist() == [3, 4, 5]
    with pytest.raises(ValueError, match="more dimensions"):
        evaluate("mean(x, axis=1)", {"x": square}, (3,))
