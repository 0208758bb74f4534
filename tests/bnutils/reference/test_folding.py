"""Folding: the folded layer gives what the two layers gave."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bnutils import reference

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


ONES, ZEROS = np.ones(2), np.zeros(2)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: reference.fold(np.ones((3, 2)), np.ones(3), ONES, ZEROS, ZEROS, ONES),
            r"`bias` must have the shape of the parameters, \(2,\); received \(3,\)",
        ),
        (
            lambda: reference.fold(np.ones((3, 2)), None, ONES, ZEROS, ZEROS, ONES, -1.0),
            "`epsilon` must be a positive, finite number; received -1.0",
        ),
    ],
)
def test_bad_input_is_refused_with_rule_value_and_remedy(call, message):
    with pytest.raises(ValueError, match=message):
        call()
