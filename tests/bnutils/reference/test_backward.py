"""The gradient of batch normalisation: theorems, two forms, finite differences."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bnutils import reference
from bnutils.gradcheck import gradcheck
from tests.bnutils.reference.examples import layers, masks, others

EPSILON = 1e-3


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


@pytest.mark.parametrize(
    "backward", [reference.batch_norm_backward, reference.batch_norm_backward_staged]
)
def test_a_gradient_of_another_shape_is_refused(backward):
    _, cache = reference.batch_norm_train(np.arange(6.0).reshape(3, 2), None, None)
    with pytest.raises(
        ValueError, match=r"`dy` must have the shape of y, \(3, 2\); received \(3,\)"
    ):
        backward(np.ones(3), cache)
