"""Batch normalisation of the reference: its theorems, over many shapes, axes and numbers."""

import doctest
import importlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from bnutils import reference
from bnutils.gradcheck import gradcheck

EPSILON = 1e-3


@st.composite
def layers(draw, least=2):
    """A batch, its kept axis, gamma, beta and an upstream gradient; seeded, never degenerate."""
    shape = draw(hnp.array_shapes(min_dims=2, max_dims=4, min_side=least, max_side=4))
    axis = draw(st.integers(-len(shape), len(shape) - 1))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    x = draw(st.floats(-10, 10)) + draw(st.floats(0.1, 10)) * rng.normal(size=shape)
    gamma, beta = rng.uniform(0.5, 2, shape[axis]), rng.normal(size=shape[axis])
    return x, axis, gamma, beta, rng.normal(size=shape)


def others(x, axis):
    return tuple(i for i in range(x.ndim) if i != axis % x.ndim)


def spread(values, x, axis):
    return np.expand_dims(values, others(x, axis))


def masks(x, rng):
    """A mask under which every kept position of the last axis keeps something."""
    mask = rng.random(x.shape[:-1]) < 0.6
    mask.flat[0] = True
    return mask


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


@settings(deadline=None)
@given(layers())
def test_dx_sums_to_zero_and_dx_times_x_hat_to_order_epsilon(layer):
    x, axis, gamma, beta, dy = layer
    _, cache = reference.batch_norm_train(x, gamma, beta, axis=axis, epsilon=EPSILON)
    dx, dgamma, _ = reference.batch_norm_backward(dy, cache)
    over = others(x, axis)
    np.testing.assert_allclose(dx.sum(axis=over), 0, atol=1e-10)
    left = gamma * dgamma * EPSILON / (cache.variance + EPSILON) ** 1.5
    np.testing.assert_allclose((cache.x_hat * dx).sum(axis=over), left, atol=1e-9)


@settings(deadline=None)
@given(layers(), st.booleans())
def test_compact_and_staged_backward_are_equal(layer, masked):
    x, axis, gamma, beta, dy = layer
    mask = masks(x, np.random.default_rng(2)) if masked else None
    axis = -1 if masked else axis
    gamma, beta = (None, None) if masked else (gamma, beta)
    _, cache = reference.batch_norm_train(x, gamma, beta, axis=axis, mask=mask)
    compact = reference.batch_norm_backward(dy, cache)
    staged = reference.batch_norm_backward_staged(dy, cache)
    for one, other in zip(compact, staged, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-11)


@settings(deadline=None)
@given(layers(least=3), st.booleans())
def test_gradients_agree_with_finite_differences(layer, masked):
    x, axis, gamma, beta, dy = layer
    mask = masks(x, np.random.default_rng(3)) if masked else None
    axis = -1 if masked else axis
    size = x.shape[axis]
    gamma, beta = np.resize(gamma, size), np.resize(beta, size)

    def forward(x, gamma, beta):
        return reference.batch_norm_train(x, gamma, beta, axis=axis, epsilon=0.1, mask=mask)[0]

    _, cache = reference.batch_norm_train(x, gamma, beta, axis=axis, epsilon=0.1, mask=mask)
    dx, dgamma, dbeta = reference.batch_norm_backward(dy, cache)
    for report in (
        gradcheck(lambda x: forward(x, gamma, beta), dx, x, upstream=dy),
        gradcheck(lambda gamma: forward(x, gamma, beta), dgamma, gamma, upstream=dy),
        gradcheck(lambda beta: forward(x, gamma, beta), dbeta, beta, upstream=dy),
    ):
        assert report.max_relative_error < 1e-7, report


def test_weights_before_the_layer_have_a_gradient_orthogonal_to_them():
    rng = np.random.default_rng(0)
    inputs, weights, dy = (rng.normal(size=s) for s in ((50, 4), (4, 3), (50, 3)))
    _, cache = reference.batch_norm_train(inputs @ weights, None, None, epsilon=1e-12)
    gradient = inputs.T @ reference.batch_norm_backward(dy, cache)[0]
    np.testing.assert_allclose((gradient * weights).sum(axis=0), 0, atol=1e-9)


@settings(deadline=None)
@given(layers())
def test_with_momentum_0_inference_after_one_update_equals_training(layer):
    x, axis, gamma, beta, _ = layer
    y, cache = reference.batch_norm_train(x, gamma, beta, axis=axis)
    state = reference.MovingStatistics.initial(x.shape[axis])
    state = state.updated(cache.mean, cache.variance, momentum=0)
    inferred = reference.batch_norm_infer(x, gamma, beta, state.mean, state.variance, axis=axis)
    np.testing.assert_allclose(inferred, y, atol=1e-10)


@settings(deadline=None)
@given(st.floats(-10, 10), st.floats(-10, 10), st.floats(0, 1), st.integers(1, 50))
def test_moving_average_forgets_its_start_geometrically(start, batch, momentum, steps):
    moving = np.array([start])
    for _ in range(steps):
        moving = reference.update_moving(moving, [batch], momentum)
    np.testing.assert_allclose(moving, batch + momentum**steps * (start - batch), atol=1e-9)


def test_state_goes_in_and_comes_out_and_the_old_one_stays():
    old = reference.MovingStatistics.initial(2)
    new = old.updated([1.0, 2.0], [3.0, 4.0], momentum=0.5)
    np.testing.assert_array_equal(old.mean, [0, 0])
    np.testing.assert_array_equal(old.variance, [1, 1])
    np.testing.assert_array_equal(new.mean, [0.5, 1])
    np.testing.assert_array_equal(new.variance, [2, 2.5])
    with pytest.raises(AttributeError):
        old.mean = new.mean


def test_inference_of_an_example_does_not_depend_on_its_mates():
    rng = np.random.default_rng(0)
    x, mean, variance = rng.normal(size=(5, 3)), rng.normal(size=3), rng.uniform(size=3)
    together = reference.batch_norm_infer(x, None, None, mean, variance)
    alone = reference.batch_norm_infer(x[:1], None, None, mean, variance)
    np.testing.assert_array_equal(together[:1], alone)


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


KERNELS = [((3, 4), -1, 4), ((3, 4), 0, 3), ((2, 2, 3, 4), -1, 4), ((2, 2, 3, 4), (-2, -1), 12)]


@pytest.mark.parametrize(("shape", "output_axis", "channels"), KERNELS)
def test_folding_scales_each_output_channel(shape, output_axis, channels):
    rng = np.random.default_rng(0)
    kernel, bias, gamma, beta, mean = (
        rng.normal(size=s) for s in (shape, channels, channels, channels, channels)
    )
    variance = rng.uniform(0.1, 2, channels)
    folded, new_bias = reference.fold(
        kernel, bias, gamma, beta, mean, variance, output_axis=output_axis
    )
    assert folded.shape == shape
    scale = reference.batch_norm_infer(np.ones((1, channels)), gamma, None, 0 * mean, variance)
    full = np.ones(shape) * scale.reshape(
        [n if i in np.atleast_1d(output_axis) % len(shape) else 1 for i, n in enumerate(shape)]
    )
    np.testing.assert_allclose(folded, kernel * full)
    expected = reference.batch_norm_infer(bias[np.newaxis], gamma, beta, mean, variance)[0]
    np.testing.assert_allclose(new_bias, expected)


@settings(deadline=None)
@given(st.integers(1, 5), st.integers(1, 5), st.booleans(), st.integers(0, 2**32 - 1))
def test_folded_equals_unfolded(inputs, units, biased, seed):
    rng = np.random.default_rng(seed)
    x, kernel = rng.normal(size=(7, inputs)), rng.normal(size=(inputs, units))
    bias = rng.normal(size=units) if biased else None
    gamma, beta, mean = rng.normal(size=(3, units))
    variance = rng.uniform(0, 2, units)
    before = x @ kernel + (0 if bias is None else bias)
    unfolded = reference.batch_norm_infer(before, gamma, beta, mean, variance)
    folded, new_bias = reference.fold(kernel, bias, gamma, beta, mean, variance)
    np.testing.assert_allclose(x @ folded + new_bias, unfolded, atol=1e-9)


POSITIVE = "`epsilon` must be a positive, finite number"
SHARE = r"`momentum` must be in \[0, 1\]"
X = np.arange(6.0).reshape(3, 2)
ONES, ZEROS = np.ones(2), np.zeros(2)
TRAIN, INFER, UPDATE = (
    reference.batch_norm_train,
    reference.batch_norm_infer,
    reference.update_moving,
)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: TRAIN(np.ones((0, 2)), ONES, ZEROS), r"`x` .* at least one number; .*\(0, 2\)"),
        (lambda: TRAIN([[1, np.nan]], ONES, ZEROS), r"`x` must be finite; .*nan at index \(0, 1\)"),
        (lambda: TRAIN([[np.inf, 1]], ONES, ZEROS), r"`x` must be finite; .*inf at index \(0, 0\)"),
        (lambda: TRAIN([[1, 2], [3]], ONES, ZEROS), "`x` must be an array of real numbers"),
        (lambda: TRAIN("abc", ONES, ZEROS), "`x` must be an array of real numbers; received str"),
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
        (lambda: INFER(X, ONES, ZEROS, np.zeros(3), np.ones(3)), "`moving_mean` must have the"),
        (lambda: INFER(X, ONES, ZEROS, ZEROS, np.ones(3)), "`moving_variance` must have the"),
        (lambda: INFER(X, ONES, ZEROS, ZEROS, -ONES), "must not be negative; received -1.0"),
        (lambda: INFER(X, ONES, ZEROS, ZEROS, ONES, epsilon=0), POSITIVE),
        (lambda: UPDATE(ONES, ONES, 1.5), rf"{SHARE}; received 1.5\. It is the weight of the old"),
        (lambda: UPDATE(ONES, ONES, -0.1), f"{SHARE}; received -0.1"),
        (lambda: UPDATE(ONES, ONES, "high"), f"{SHARE}; received 'high'"),
        (lambda: UPDATE(ONES, np.ones(3)), r"`batch` must have the shape of `moving`, \(2,\)"),
        (
            lambda: reference.batch_norm_backward(np.ones(3), TRAIN(X, ONES, ZEROS)[1]),
            r"`dy` must have the shape of y, \(3, 2\); received \(3,\)",
        ),
        (
            lambda: reference.batch_norm_backward_staged(np.ones(3), TRAIN(X, ONES, ZEROS)[1]),
            "`dy` must have the shape of y",
        ),
        (
            lambda: reference.fold(np.ones((3, 2)), np.ones(3), ONES, ZEROS, ZEROS, ONES),
            r"`bias` must have the shape of the parameters, \(2,\); received \(3,\)",
        ),
        (
            lambda: reference.fold(X, None, ONES, ZEROS, ZEROS, ONES, -1.0),
            f"{POSITIVE}; received -1.0",
        ),
    ],
)
def test_bad_input_is_refused_with_rule_value_and_remedy(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_the_examples_in_the_documentation_are_what_comes_out():
    results = doctest.testmod(importlib.import_module("bnutils.reference.batch"))
    assert results.attempted
    assert not results.failed
