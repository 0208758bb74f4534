"""From wrong numbers to the mistake: where one explanation ends and another begins."""

import numpy as np
import pytest

from bnutils import checks
from tests.bnutils.checks.students.forward import by_the_book


def scaled(factor, dtype=np.float64):
    """A forward pass that is off by a factor, in a dtype of its own."""

    def forward(x, gamma, beta, epsilon):
        return (factor * by_the_book(x, gamma, beta, epsilon)).astype(dtype)

    return forward


def test_half_precision_is_blamed_only_where_the_numbers_are_right():
    assert checks.batch_norm_forward(scaled(1, np.float16)).names == ("dtype-loss",)
    assert checks.batch_norm_forward(scaled(2, np.float16)).names == ("mean-is-not-beta",)


def test_nearly_right_numbers_in_full_precision_are_not_blamed_on_it():
    assert checks.batch_norm_forward(scaled(1.005)).names == ("mean-is-not-beta",)


def test_integers_are_blamed_only_where_they_are_the_right_numbers_cut():
    assert checks.batch_norm_forward(scaled(1, np.int64)).names == ("cut-to-integers",)
    assert checks.batch_norm_forward(scaled(3, np.int64)).names == ("mean-is-not-beta",)


def per_example(x, gamma, beta, root, shift=1.0):
    """Statistics of the examples laid along the features, which fits a square batch alone."""
    return gamma * (x - shift * x.mean(1)) / root + beta


FLAT = {
    "wrong-axis": lambda x, g, b, e: per_example(x, g, b, np.sqrt(x.var(1) + e)),
    "wrong-axis sample-variance": lambda x, g, b, e: per_example(
        x, g, b, np.sqrt(x.var(1, ddof=1) + e)
    ),
    "wrong-axis epsilon-outside-root": lambda x, g, b, e: per_example(x, g, b, x.std(1) + e),
    "wrong-axis gamma-ignored": lambda x, g, b, e: per_example(x, 1, b, np.sqrt(x.var(1) + e)),
    "wrong-axis beta-ignored": lambda x, g, b, e: per_example(x, g, 0, np.sqrt(x.var(1) + e)),
    "wrong-axis mean-not-subtracted": lambda x, g, b, e: per_example(
        x, g, b, np.sqrt(x.var(1) + e), shift=0
    ),
}


@pytest.mark.parametrize("names", FLAT)
def test_one_mean_per_example_is_found_on_a_square_batch_with_any_second_mistake(names):
    report = checks.batch_norm_forward(FLAT[names])
    assert report.names == tuple(names.split())
    assert {one.seen for one in report.mistakes} == {"there is one mean per example."}


@pytest.mark.parametrize("ddof", [0, 1])
def test_shapes_that_fit_on_a_square_batch_for_another_reason_are_not_explained(ddof):
    def forward(x, gamma, beta, epsilon):
        x_hat = (x - x.mean(0)) / np.sqrt(x.var(0, ddof=ddof) + epsilon)
        return gamma * x_hat @ np.eye(len(x)) + beta

    assert checks.batch_norm_forward(forward).names == ("shapes-do-not-fit",)
