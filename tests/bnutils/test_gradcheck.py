"""Gradient check: finds right gradients right and wrong ones wrong, and says where."""

import doctest
import importlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bnutils.gradcheck import gradcheck, numeric_gradient

POINT = np.random.default_rng(0).normal(size=(3, 2))


def sum_of_squares(x):
    return np.sum(x**2)


def test_passes_a_right_gradient_given_as_array_or_function():
    assert gradcheck(sum_of_squares, 2 * POINT, POINT).passed
    assert gradcheck(sum_of_squares, lambda x: 2 * x, POINT).passed


def test_finds_the_one_wrong_entry():
    wrong = 2 * POINT
    wrong[2, 1] += 1e-4
    report = gradcheck(sum_of_squares, wrong, POINT)
    assert not report.passed
    assert report.index == (2, 1)
    assert report.max_relative_error == pytest.approx(1e-4 / np.abs(2 * POINT).max(), rel=1e-3)


def test_repr_says_verdict_place_and_both_values():
    text = repr(gradcheck(sum_of_squares, 2 * POINT, POINT))
    assert "gradcheck passed" in text
    assert "tolerance 1e-07" in text
    text = repr(gradcheck(sum_of_squares, 0 * POINT, POINT))
    assert "gradcheck FAILED" in text
    assert "analytic 0" in text


@settings(deadline=None)
@given(st.floats(-1e4, 1e4), st.floats(-3, 3))
def test_upstream_weights_the_values_of_an_array_function(at, weight):
    x = np.array([at, 1.0])
    upstream = np.array([weight, 1.0])
    report = gradcheck(np.sin, upstream * np.cos(x), x, upstream=upstream, tolerance=1e-6)
    assert report.passed, report


def test_gradient_of_a_constant_is_zero_and_passes():
    report = gradcheck(lambda _: np.float64(5.0), np.zeros_like(POINT), POINT)
    assert report.max_relative_error == 0


def test_step_of_the_default_scale_beats_larger_and_smaller_ones():
    def error(step):
        return np.abs(numeric_gradient(np.exp, x, upstream=[1.0], step=step) - np.exp(x)).max()

    x = np.array([1.0])
    best = error(6e-6)
    assert best < 1e-9
    assert error(1e-2) > 1e3 * best
    assert error(1e-11) > 1e3 * best


def test_leaves_its_arguments_alone():
    before = POINT.copy()

    def careless(x):
        x -= 1
        return np.sum((x + 1) ** 2)

    assert gradcheck(careless, 2 * POINT, POINT).passed
    np.testing.assert_array_equal(POINT, before)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"x": POINT.astype(np.float32)}, "`x` must be float64; received float32"),
        ({"x": np.array([1, 2])}, "`x` must be float64; received int64"),
        ({"x": np.array([np.nan])}, "`x` must hold finite numbers"),
        ({"gradient": POINT.astype(np.float32)}, "`gradient` must be float64; received float32"),
        ({"gradient": np.zeros(3)}, r"`gradient` must have the shape of `x`, \(3, 2\)"),
        ({"function": lambda x: x}, r"one number, the loss, .* received the shape \(3, 2\)"),
        ({"function": lambda x: np.float32(x.sum())}, "`function.x.` must be float64"),
        ({"function": lambda x: x.sum() * np.nan}, "`function.x.` must hold finite numbers"),
        ({"upstream": np.ones(2)}, "`upstream` must have the shape of the function's value"),
        ({"x": 1e9 + POINT}, "`step` must be well above the spacing"),
        ({"step": 0.0}, "`step` must be a positive, finite number; received 0.0"),
        ({"tolerance": -1.0}, "`tolerance` must be a positive, finite number; received -1.0"),
    ],
)
def test_bad_input_is_refused_with_rule_value_and_remedy(change, message):
    arguments = {"function": sum_of_squares, "gradient": 2 * POINT, "x": POINT} | change
    with pytest.raises(ValueError, match=message):
        gradcheck(**arguments)


def test_the_examples_in_the_documentation_are_what_comes_out():
    results = doctest.testmod(importlib.import_module("bnutils.gradcheck"))
    assert results.attempted
    assert not results.failed
