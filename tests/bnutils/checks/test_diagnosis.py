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


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_a_coarser_precision_is_a_remark_where_the_numbers_are_right(dtype):
    report = checks.batch_norm_forward(scaled(1, dtype))
    assert report.passed
    assert report.remarks[0].startswith(f"your numbers have the precision of {np.dtype(dtype)}")
    assert "Remark: your numbers" in repr(report)
    wrong = checks.batch_norm_forward(scaled(2, dtype))
    assert not wrong.passed
    assert "dtype-loss" not in wrong.names


def test_float32_in_the_clothes_of_float64_is_float32():
    report = checks.batch_norm_forward(
        lambda *arguments: scaled(1, np.float32)(*arguments).astype(np.float64)
    )
    assert report.passed
    assert "float32" in report.remarks[0]


def test_float32_somewhere_on_the_way_is_a_remark():
    def forward(x, gamma, beta, epsilon):
        return gamma * by_the_book(x.astype(np.float32), 1, 0, epsilon) + beta

    report = checks.batch_norm_forward(forward)
    assert report.passed
    assert report.remarks[0].startswith("somewhere on the way")


def test_nearly_right_numbers_in_full_precision_are_not_blamed_on_it():
    report = checks.batch_norm_forward(scaled(1.005))
    assert report.names == ("wrong-factor",)
    assert "1.005" in report.formulas["y"]


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
    assert set(report.names) == set(names.split())
    said = "y is computed where it is square; elsewhere the shapes do not fit."
    assert {one.seen for one in report.mistakes} == {said}


@pytest.mark.parametrize("ddof", [0, 1])
def test_shapes_that_fit_on_a_square_batch_for_another_reason_are_not_explained(ddof):
    def forward(x, gamma, beta, epsilon):
        x_hat = (x - x.mean(0)) / np.sqrt(x.var(0, ddof=ddof) + epsilon)
        return gamma * x_hat @ np.eye(len(x)) + beta

    assert checks.batch_norm_forward(forward).names == ("shapes-do-not-fit",)
