"""Initial kernels: of a seed and a layer, whatever stands between."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bnutils.models import convnet, import_keras, initial_weights, mlp
from tests.bnutils.models.samples import ARCHITECTURES

keras = import_keras()
HIDDEN = (30, 20)


def kernels(architecture: Any, seed: int = 3) -> list[np.ndarray]:
    model = architecture.build((8, 8), 10, seed)
    return [weight.numpy() for weight in model.weights if weight.name == "kernel"]


@pytest.mark.parametrize("architecture", ARCHITECTURES.values(), ids=ARCHITECTURES)
def test_weights_for_another_seed_are_those_that_it_builds(architecture: Any) -> None:
    drawn = initial_weights(architecture.build((8, 8), 10, seed=3), seed=11)
    built = architecture.build((8, 8), 10, seed=11).get_weights()
    for ours, theirs in zip(drawn, built, strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("seed", [0, 7, 2**32 - 1])
def test_kernels_start_as_keras_draws_them_by_default(seed: int) -> None:
    for architecture in (mlp(HIDDEN), convnet((4, 6))):
        for index, kernel in enumerate(kernels(architecture, seed)):
            state = int(np.random.SeedSequence([seed, index]).generate_state(1)[0]) % 2**31
            drawn = keras.initializers.GlorotUniform(seed=state)(kernel.shape)
            np.testing.assert_array_equal(kernel, drawn)


@settings(max_examples=20, deadline=None)
@given(st.floats(1e-9, 1e9), st.integers(0, 50))
def test_a_gain_is_a_factor_on_the_hidden_kernels(gain: float, seed: int) -> None:
    one, scaled = kernels(mlp(HIDDEN), seed), kernels(mlp(HIDDEN, "batch", gain=gain), seed)
    for start, kernel in zip(one[:-1], scaled[:-1], strict=True):
        np.testing.assert_allclose(kernel, gain * start, rtol=1e-5, atol=1e-7 * gain)
    np.testing.assert_array_equal(scaled[-1], one[-1])


@pytest.mark.parametrize("make", [lambda **o: mlp(HIDDEN, **o), lambda **o: convnet((12, 8), **o)])
def test_he_is_glorot_but_for_a_factor_and_keeps_a_signal_through_relus(make: Any) -> None:
    """Its variance is 2 / fan-in (He et al. 2015), with the same signs and ratios."""
    glorot, he = kernels(make()), kernels(make(initial="he"))
    for start, kernel in zip(glorot[:-1], he[:-1], strict=True):
        fan_in, fan_out = np.prod(kernel.shape[:-1]), kernel.shape[-1] * np.prod(kernel.shape[:-2])
        factor = np.sqrt((fan_in + fan_out) / fan_in)
        np.testing.assert_allclose(kernel, factor * start, rtol=1e-5, atol=1e-7)
        assert np.abs(kernel).max() == pytest.approx(np.sqrt(6 / fan_in), rel=0.05)
    np.testing.assert_array_equal(he[-1], glorot[-1])


@pytest.mark.parametrize(
    "arm",
    [
        {"norm": "layer"},
        {"norm": "group", "groups": 2, "placement": "after"},
        {"norm": "batch", "affine": False, "trained": "hidden"},
        {"bias": False, "dropout": 0.5, "dropout_at": "last"},
    ],
)
def test_a_seed_starts_from_the_same_kernels_in_every_arm(arm: dict[str, Any]) -> None:
    for make in (mlp, convnet):
        for one, other in zip(kernels(make((8, 6))), kernels(make((8, 6), **arm)), strict=True):
            np.testing.assert_array_equal(one, other)


def test_noise_belongs_to_a_seed_and_a_layer() -> None:
    """Its keys are neither each other's nor another seed's, and kernels are as without it."""
    quiet, noisy = mlp((8, 6), "batch"), mlp((8, 6), "batch", noise=0.5)
    for one, other in zip(kernels(quiet), kernels(noisy), strict=True):
        np.testing.assert_array_equal(one, other)
    found = set()
    for seed in (0, 1, 2**32 - 1):
        weights = noisy.build((8, 8), 10, seed).weights
        found |= {tuple(w.numpy().tolist()) for w in weights if w.name == "noise_key"}
    assert len(found) == 6
    assert all(0 <= half < 2**16 and half == int(half) for key in found for half in key)
