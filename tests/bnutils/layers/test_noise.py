"""Noise behind a normalisation: what is drawn, of what it depends, and of what it does not."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bnutils.models import import_keras

keras = import_keras()
import tensorflow as tf  # noqa: E402

from bnutils.layers import ActivationNoise, factors_and_shifts, halves_of  # noqa: E402

SIZE, SEED = 0.5, (7, 2**32 - 1)
SHAPE = (40, 3, 6)  # examples, positions, units


def drawn(step: int, seed: tuple[int, int] = SEED, shape: Any = SHAPE) -> list[np.ndarray]:
    """Factors and shifts of a batch, from a layer that has taken so many steps."""
    layer = ActivationNoise(SIZE, seed)
    layer.build(shape)
    layer.steps.assign(float(step))
    shift = layer(np.zeros(shape, np.float32), training=True).numpy()
    layer.steps.assign(float(step))
    return [layer(np.ones(shape, np.float32), training=True).numpy() - shift, shift]


def test_in_inference_nothing_happens() -> None:
    layer, x = ActivationNoise(SIZE, SEED), np.ones(SHAPE, np.float32)
    np.testing.assert_array_equal(layer(x, training=False), x)
    np.testing.assert_array_equal(layer(x), x)
    assert layer.steps.numpy() == 0
    assert layer.trainable_weights == []


def test_noise_of_size_0_changes_nothing() -> None:
    x = np.random.default_rng(0).normal(size=SHAPE).astype(np.float32)
    np.testing.assert_array_equal(ActivationNoise(0.0, SEED)(x, training=True), x)


def test_each_unit_has_a_distribution_that_changes_with_the_step() -> None:
    """M in [-n, n] and S in [1, 1 + n/2], with n/5 around them over examples and positions."""
    for part, low, high in ((0, 1.0, 1 + SIZE / 2), (1, -SIZE, SIZE)):
        centres = []
        for step in range(30):
            values = drawn(step)[part].reshape(-1, SHAPE[-1]).astype(float)
            middle = (values.max(axis=0) + values.min(axis=0)) / 2
            assert (np.ptp(values, axis=0) <= 2 * SIZE / 5 + 1e-6).all()
            assert (np.ptp(values, axis=0) > 1.8 * SIZE / 5).all()  # of 120 numbers
            centres.append(middle)
        spread = np.ravel(centres)
        assert low - 0.02 <= spread.min() < low + 0.1 * (high - low)
        assert high - 0.1 * (high - low) < spread.max() <= high + 0.02
        assert np.std(centres, axis=0).min() > 0.15 * (high - low)  # each unit's, step by step
        assert np.std(centres, axis=1).min() > 0.05 * (high - low)  # each step's, unit by unit


def test_numbers_of_a_step_are_independent() -> None:
    """Of factors and shifts, neighbours, units and steps: no correlation beyond chance."""
    shape = (400, 5)
    one, other = drawn(3, shape=shape), drawn(4, shape=shape)
    numbers = [part - part.mean(axis=0) for part in (*one, *other)]
    pairs = [(numbers[i], numbers[j]) for i in range(4) for j in range(i)]
    pairs += [(part[1:], part[:-1]) for part in numbers]
    pairs += [(part[:, 1:], part[:, :-1]) for part in numbers]
    for first, second in pairs:
        correlation = np.corrcoef(first.ravel(), second.ravel())[0, 1]
        assert abs(correlation) < 4 / first.size**0.5


@pytest.mark.parametrize("seed", [(8, 2**32 - 1), (7, 2**32 - 2), (2**32 - 1, 7)])
def test_another_seed_draws_other_numbers(seed: tuple[int, int]) -> None:
    for ours, others in zip(drawn(0), drawn(0, seed), strict=True):
        assert (ours != others).mean() > 0.99


def test_a_smaller_batch_gets_the_same_numbers() -> None:
    for whole, part in zip(drawn(5), drawn(5, shape=(7, *SHAPE[1:])), strict=True):
        np.testing.assert_array_equal(whole[:7], part)


def test_networks_side_by_side_draw_what_each_draws_alone() -> None:
    seeds, steps = [SEED, (1, 2), (3, 4)], [5, 0, 9]
    keys = tf.constant(np.stack([halves_of(seed) for seed in seeds]))
    parts = factors_and_shifts(SIZE, keys, tf.constant(steps, tf.float32), tf.constant(SHAPE))
    for network, (seed, step) in enumerate(zip(seeds, steps, strict=True)):
        for together, alone in zip(parts, drawn(step, seed), strict=True):
            np.testing.assert_allclose(together[network], alone, atol=1e-6)


def test_fit_goes_on_where_it_was() -> None:
    """Each step of training counts, in whatever program; its gradient is the factor."""
    layer, x = ActivationNoise(SIZE, SEED), np.ones(SHAPE, np.float32)
    after = [keras.layers.Flatten(), keras.layers.Dense(1)]
    model = keras.Sequential([keras.Input(SHAPE[1:]), layer, *after])
    model.compile("sgd", "mse")
    model.fit(x, np.zeros(40), 20, epochs=2, verbose=0)
    assert layer.steps.numpy() == 4
    inputs = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        total = tf.reduce_sum(layer(inputs, training=True))
    np.testing.assert_allclose(tape.gradient(total, inputs), drawn(4)[0], atol=1e-6)


def test_a_copy_draws_the_same() -> None:
    layer = ActivationNoise.from_config(ActivationNoise(SIZE, SEED).get_config())
    x = np.ones(SHAPE, np.float32)
    np.testing.assert_array_equal(layer(x, training=True), sum(drawn(0)))


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
def test_a_seed_is_kept_whole(first: int, second: int) -> None:
    high, low, other_high, other_low = (int(half) for half in halves_of((first, second)))
    assert (high * 2**16 + low, other_high * 2**16 + other_low) == (first, second)
