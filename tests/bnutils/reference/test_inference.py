"""Batch normalisation in inference: moving statistics, and the transform with them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bnutils import reference
from tests.bnutils.reference.examples import layers


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


SHARE = r"`momentum` must be in \[0, 1\]"
X = np.arange(6.0).reshape(3, 2)
ONES, ZEROS = np.ones(2), np.zeros(2)
INFER, UPDATE = reference.batch_norm_infer, reference.update_moving


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: INFER(X, ONES, ZEROS, np.zeros(3), np.ones(3)), "`moving_mean` must have the"),
        (lambda: INFER(X, ONES, ZEROS, ZEROS, np.ones(3)), "`moving_variance` must have the"),
        (lambda: INFER(X, ONES, ZEROS, ZEROS, -ONES), "must not be negative; received -1.0"),
        (
            lambda: INFER(X, ONES, ZEROS, ZEROS, ONES, epsilon=0),
            "`epsilon` must be a positive, finite number",
        ),
        (lambda: UPDATE(ONES, ONES, 1.5), rf"{SHARE}; received 1.5\. It is the weight of the old"),
        (lambda: UPDATE(ONES, ONES, -0.1), f"{SHARE}; received -0.1"),
        (lambda: UPDATE(ONES, ONES, "high"), f"{SHARE}; received 'high'"),
        (lambda: UPDATE(ONES, np.ones(3)), r"`batch` must have the shape of `moving`, \(2,\)"),
    ],
)
def test_bad_input_is_refused_with_rule_value_and_remedy(call, message):
    with pytest.raises(ValueError, match=message):
        call()
