"""Batch normalisation in training: its theorems, over many shapes, axes and numbers."""

import doctest
import importlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bnutils import reference
from tests.bnutils.reference.examples import layers, masks, others

EPSILON = 1e-3


@settings(deadline=None)
@given(layers())
def test_output_has_mean_beta_and_std_gamma_but_for_epsilon(layer):
    x, axis, gamma, beta, _ = layer
    y, cache = reference.batch_norm_train(x, gamma, beta, axis=axis, epsilon=EPSILON)
    np.testing.assert_allclose(y.mean(axis=others(x, axis)), beta, atol=1e-10)
    shrunk = gamma * np.sqrt(cache.variance / (cache.variance + EPSILON))
    np.testing.assert_allclose(y.std(axis=others(x, axis)), shrunk, rtol=1e-9)


@settings(deadline=None)
@given(layers(), st.floats(-100, 100))
def test_shift_of_the_input_cancels(layer, shift):
    x, axis, gamma, beta, _ = layer
    y, _ = reference.batch_norm_train(x, gamma, beta, axis=axis)
    shifted, _ = reference.batch_norm_train(x + shift, gamma, beta, axis=axis)
    np.testing.assert_allclose(shifted, y, atol=1e-9)


@settings(deadline=None)
@given(layers(), st.floats(0.01, 100))
def test_positive_scale_of_the_input_cancels_if_epsilon_scales_too(layer, scale):
    x, axis, gamma, beta, _ = layer
    y, _ = reference.batch_norm_train(x, gamma, beta, axis=axis, epsilon=EPSILON)
    scaled, _ = reference.batch_norm_train(
        scale * x, gamma, beta, axis=axis, epsilon=scale**2 * EPSILON
    )
    np.testing.assert_allclose(scaled, y, atol=1e-9)


def test_negative_scale_turns_the_sign_of_x_hat():
    x = np.random.default_rng(0).normal(size=(6, 2))
    y, _ = reference.batch_norm_train(x, None, None)
    turned, _ = reference.batch_norm_train(-x, None, None)
    np.testing.assert_allclose(turned, -y)


@settings(deadline=None)
@given(layers())
def test_moments_are_numpys(layer):
    x, axis, *_ = layer
    mean, variance = reference.moments(x, axis)
    np.testing.assert_allclose(mean, x.mean(axis=others(x, axis)), atol=1e-12)
    np.testing.assert_allclose(variance, x.var(axis=others(x, axis)), rtol=1e-9)


@settings(deadline=None)
@given(layers())
def test_masked_moments_are_those_of_the_elements_that_count(layer):
    x, *_ = layer
    mask = masks(x, np.random.default_rng(1))
    mean, variance = reference.moments(x, -1, mask)
    np.testing.assert_allclose(mean, x[mask].mean(axis=0), atol=1e-12)
    np.testing.assert_allclose(variance, x[mask].var(axis=0), atol=1e-12)


def test_variance_survives_a_large_mean():
    x = 1e8 + np.array([[-1.0], [1.0], [-1.0], [1.0]])
    np.testing.assert_array_equal(reference.moments(x)[1], [1.0])


def test_several_kept_axes_have_a_statistic_for_each_position():
    x = np.random.default_rng(0).normal(size=(7, 3, 2))
    mean, variance = reference.moments(x, axis=(-1, 1))
    np.testing.assert_allclose(mean, x.mean(axis=0))
    np.testing.assert_allclose(variance, x.var(axis=0))
    y, _ = reference.batch_norm_train(x, np.ones((3, 2)), np.ones((3, 2)), axis=(1, 2))
    np.testing.assert_allclose(y.mean(axis=0), np.ones((3, 2)))


@pytest.mark.parametrize("x", [np.full((1, 3), 7.0), np.full((8, 3), 0.1), [[3, 3, 3]]])
def test_a_batch_of_one_or_a_constant_feature_gives_beta(x):
    beta = np.array([1.0, 2.0, 3.0])
    y, cache = reference.batch_norm_train(x, [5.0, 5.0, 5.0], beta)
    np.testing.assert_allclose(y, np.broadcast_to(beta, y.shape), atol=1e-12)
    np.testing.assert_allclose(cache.variance, 0, atol=1e-30)
    dx, dgamma, dbeta = reference.batch_norm_backward(np.ones_like(y), cache)
    np.testing.assert_allclose(dx, 0, atol=1e-10)
    np.testing.assert_allclose(dgamma, 0, atol=1e-10)
    np.testing.assert_allclose(dbeta, len(y))


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.float16, np.float32, np.float64])
def test_any_real_dtype_is_computed_in_float64_and_left_as_it_is(dtype):
    x = np.arange(12).reshape(4, 3).astype(dtype)
    before = x.copy()
    y, _ = reference.batch_norm_train(x, None, None)
    assert y.dtype == np.float64
    np.testing.assert_allclose(y, reference.batch_norm_train(x.tolist(), None, None)[0])
    np.testing.assert_array_equal(x, before)
    assert x.dtype == dtype


POSITIVE = "`epsilon` must be a positive, finite number"
X = np.arange(6.0).reshape(3, 2)
ONES, ZEROS = np.ones(2), np.zeros(2)
TRAIN = reference.batch_norm_train


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: TRAIN(np.ones((0, 2)), ONES, ZEROS), r"`x` .* at least one number; .*\(0, 2\)"),
        (lambda: TRAIN([[1, np.nan]], ONES, ZEROS), r"`x` must be finite; .*nan at index \(0, 1\)"),
        (lambda: TRAIN([[np.inf, 1]], ONES, ZEROS), r"`x` must be finite; .*inf at index \(0, 0\)"),
        (lambda: TRAIN([[1, 2], [3]], ONES, ZEROS), "`x` must be an array of real numbers"),
        (lambda: TRAIN("abc", ONES, ZEROS), "`x` must be an array of real numbers; received 'abc'"),
        (lambda: TRAIN(X + 1j, ONES, ZEROS), "`x` must be an array of real numbers"),
        (lambda: TRAIN(X, ONES, ZEROS, axis=2), "`axis` must lie between -2 and 1 .* received 2"),
        (lambda: TRAIN(X, ONES, ZEROS, axis=(0, 0)), "`axis` must name each axis once"),
        (lambda: TRAIN(X, ONES, ZEROS, axis=()), "`axis` must be an int or several"),
        (lambda: TRAIN(X, ONES, ZEROS, axis=(0, 1)), "`axis` must leave an axis to average"),
        (lambda: TRAIN(ONES, ONES, ZEROS), "`axis` must leave an axis to average over"),
        (lambda: TRAIN(X, np.ones(3), ZEROS), r"`gamma` must have the shape .*\(2,\); .*\(3,\)"),
        (lambda: TRAIN(X, ONES, 0.0), r"`beta` must have the shape .*\(2,\); received \(\)"),
        (lambda: TRAIN(X, ONES, ZEROS, epsilon=0), f"{POSITIVE}; received 0. Keras' default"),
        (lambda: TRAIN(X, ONES, ZEROS, epsilon=-1e-3), f"{POSITIVE}; received -0.001"),
        (lambda: TRAIN(X, ONES, ZEROS, epsilon=None), f"{POSITIVE}; received None"),
        (lambda: TRAIN(X, ONES, ZEROS, epsilon=np.nan), f"{POSITIVE}; received nan"),
        (lambda: TRAIN(X, ONES, ZEROS, mask=[True]), r"`mask` must have the shape .*\(3,\)"),
        (lambda: TRAIN(X, ONES, ZEROS, mask=[False] * 3), "`mask` must leave at least one"),
    ],
)
def test_bad_input_is_refused_with_rule_value_and_remedy(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_the_examples_in_the_documentation_are_what_comes_out():
    results = doctest.testmod(importlib.import_module("bnutils.reference.batch"))
    assert results.attempted
    assert not results.failed
