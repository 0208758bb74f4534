"""Layer, group, instance and RMS normalisation of the reference: properties and errors."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bnutils import reference
from bnutils.gradcheck import gradcheck

SEEDS = st.integers(0, 2**32 - 1)
AXES = st.sampled_from([-1, 1, (1, 2), (-2, -1), (1, 2, 3), (0, 3)])
SHAPE = (2, 3, 2, 4)


def batch(seed, shape=SHAPE):
    return np.random.default_rng(seed).normal(2, 3, size=shape)


def sizes(axis):
    return tuple(SHAPE[one % 4] for one in sorted(i % 4 for i in np.atleast_1d(axis)))


def check_gradients(forward, gradients, values, dy):
    """Compare each gradient with differences of `forward` in the argument of its place."""
    for place, gradient in enumerate(gradients):

        def moved(value, place=place):
            return forward(*values[:place], value, *values[place + 1 :])[0]

        report = gradcheck(moved, gradient, values[place], upstream=dy)
        assert report.max_relative_error < 1e-7, (place, report)


@settings(deadline=None)
@given(SEEDS, AXES)
def test_layer_norm_normalises_over_its_axes(seed, axis):
    x = batch(seed)
    y, _ = reference.layer_norm(x, None, None, axis=axis, epsilon=1e-12)
    np.testing.assert_allclose(y.mean(axis=axis), 0, atol=1e-9)
    spread = np.square(x - x.mean(axis=axis, keepdims=True)).mean(axis=axis)
    np.testing.assert_allclose(y.std(axis=axis), 1, atol=1e-9 + 1e-12 / spread.min())


@settings(deadline=None, max_examples=30)
@given(SEEDS, AXES)
def test_layer_norm_gradients_agree_with_finite_differences(seed, axis):
    values = batch(seed), batch(seed + 1, sizes(axis)), batch(seed + 2, sizes(axis))
    dy = batch(seed + 3)

    def forward(*values):
        return reference.layer_norm(*values, axis=axis, epsilon=0.1)

    gradients = reference.layer_norm_backward(dy, forward(*values)[1])
    check_gradients(forward, gradients, values, dy)


@settings(deadline=None, max_examples=30)
@given(SEEDS, st.sampled_from([1, 2, 4, -1]), st.sampled_from([(-1, 4), (1, 4), (2, 4)]))
def test_group_norm_gradients_agree_with_finite_differences(seed, groups, place):
    axis, channels = place
    shape = np.insert([2, 3, 2], axis % 4, channels)
    x, dy = batch(seed, shape), batch(seed + 3, shape)
    values = x, batch(seed + 1, channels), batch(seed + 2, channels)

    def forward(*values):
        return reference.group_norm(*values, groups=groups, axis=axis, epsilon=0.1)

    gradients = reference.group_norm_backward(dy, forward(*values)[1])
    check_gradients(forward, gradients, values, dy)


@settings(deadline=None, max_examples=30)
@given(SEEDS, AXES)
def test_rms_norm_gradients_agree_with_finite_differences(seed, axis):
    values, dy = (batch(seed), batch(seed + 1, sizes(axis))), batch(seed + 3)

    def forward(*values):
        return reference.rms_norm(*values, axis=axis, epsilon=0.1)

    gradients = reference.rms_norm_backward(dy, forward(*values)[1])
    check_gradients(forward, gradients, values, dy)


def test_groups_are_neighbouring_channels_averaged_with_all_positions():
    x = batch(0)
    y, _ = reference.group_norm(x, None, None, groups=2)
    for group in (slice(0, 2), slice(2, 4)):
        alone, _ = reference.layer_norm(x[..., group], None, None, axis=(1, 2, 3))
        np.testing.assert_allclose(y[..., group], alone)


def test_instance_norm_is_batch_norm_of_each_example_alone():
    x, gamma, beta, dy = batch(0), batch(1, 4), batch(2, 4), batch(3)
    y, cache = reference.instance_norm(x, gamma, beta)
    dx, dgamma, dbeta = reference.instance_norm_backward(dy, cache)
    singles = [reference.batch_norm_train(one[np.newaxis], gamma, beta) for one in x]
    pairs = zip(dy, singles, strict=True)
    backs = [reference.batch_norm_backward(d[np.newaxis], c) for d, (_, c) in pairs]
    np.testing.assert_allclose(y, np.concatenate([one for one, _ in singles]))
    np.testing.assert_allclose(dx, np.concatenate([one for one, _, _ in backs]))
    np.testing.assert_allclose(dgamma, sum(one for _, one, _ in backs))
    np.testing.assert_allclose(dbeta, sum(one for _, _, one in backs))


def test_layer_norm_is_group_norm_with_one_group_on_vectors_and_not_on_images():
    vectors, images = batch(0, (5, 4)), batch(0)
    one, _ = reference.group_norm(vectors, None, None, groups=1)
    np.testing.assert_allclose(one, reference.layer_norm(vectors, None, None)[0])
    one, _ = reference.group_norm(images, None, None, groups=1)
    np.testing.assert_allclose(one, reference.layer_norm(images, None, None, axis=(1, 2, 3))[0])
    assert np.abs(one - reference.layer_norm(images, None, None)[0]).max() > 0.1


@settings(deadline=None)
@given(SEEDS, st.floats(0.1, 10))
def test_layer_norm_cancels_a_positive_scale_and_keeps_the_sign_of_a_negative_one(seed, scale):
    x = batch(seed)
    y, _ = reference.layer_norm(x, None, None, epsilon=1e-3)
    scaled, _ = reference.layer_norm(scale * x, None, None, epsilon=scale**2 * 1e-3)
    turned, _ = reference.layer_norm(-scale * x, None, None, epsilon=scale**2 * 1e-3)
    np.testing.assert_allclose(scaled, y, atol=1e-9)
    np.testing.assert_allclose(turned, -y, atol=1e-9)


def test_rms_norm_keeps_the_mean_and_makes_the_mean_square_one():
    x = batch(0)
    y, _ = reference.rms_norm(x, None)
    np.testing.assert_allclose((y**2).mean(axis=-1), 1, rtol=1e-4)
    assert np.abs(y.mean(axis=-1)).max() > 0.1


def test_epsilon_is_added_under_the_root():
    x = np.array([[3.0, -3.0]])
    np.testing.assert_allclose(reference.rms_norm(x, None, epsilon=16)[0], [[0.6, -0.6]])
    for norm in (reference.layer_norm, partial(reference.group_norm, groups=1)):
        np.testing.assert_allclose(norm(x, None, None, epsilon=16)[0], [[0.6, -0.6]])


@pytest.mark.parametrize("norm", [reference.layer_norm, reference.instance_norm])
def test_constant_input_gives_beta(norm):
    y, cache = norm(np.full((2, 3, 2), 0.1), [5.0, 5.0], [1.0, 2.0])
    np.testing.assert_allclose(y, np.broadcast_to([1.0, 2.0], y.shape), atol=1e-12)
    assert np.isfinite(reference.layer_norm_backward(np.ones_like(y), cache)[0]).all()


IMAGES = batch(0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: reference.group_norm(IMAGES, None, None), "`groups` must divide the 4 .* 32"),
        (lambda: reference.group_norm(IMAGES, None, None, groups=0), "`groups` must divide"),
        (lambda: reference.group_norm(IMAGES, None, None, groups=1.5), "`groups` .* 1.5"),
        (
            lambda: reference.group_norm(IMAGES, None, None, groups=1, axis=0),
            "`axis` must not be the batch axis",
        ),
        (lambda: reference.instance_norm(IMAGES, np.ones(3), None), "`gamma` must have the shape"),
        (lambda: reference.layer_norm(IMAGES, np.ones(3), None), r"`gamma` .*\(4,\); .*\(3,\)"),
        (lambda: reference.layer_norm(IMAGES, None, None, axis=4), "`axis` must lie between"),
        (lambda: reference.layer_norm(IMAGES, None, None, epsilon=0), "`epsilon` must be a"),
        (lambda: reference.rms_norm(IMAGES, np.ones(3)), "`scale` must have the shape"),
        (lambda: reference.rms_norm([], None), "`x` must hold at least one number"),
        (
            lambda: reference.rms_norm_backward([1.0], reference.rms_norm(IMAGES, None)[1]),
            "`dy` must have the shape of y",
        ),
        (
            lambda: reference.group_norm_backward(
                [1.0], reference.group_norm(IMAGES, None, None, groups=2)[1]
            ),
            "`dy` must have the shape of y",
        ),
    ],
)
def test_bad_input_is_refused_with_rule_value_and_remedy(call, message):
    with pytest.raises(ValueError, match=message):
        call()
