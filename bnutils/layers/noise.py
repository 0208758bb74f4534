"""Noise whose distribution changes at every step."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from bnutils.layers.threefry import threefry, uniform
from bnutils.surroundings import import_keras

keras = import_keras()
WIDTH = 0.2  # of the noise within a step, as a share of how far its mean can lie from 0
GROWTH = 0.5  # how far the mean factor can lie above 1, as such a share too
UNITS_FROM = 2**31  # the words from this place on are those of the units


class ActivationNoise(keras.layers.Layer):  # type: ignore[misc, name-defined]
    """y = s x + m in training, with random s and m for each number; y = x in inference.

    At every step each unit (an entry of the last axis) gets a distribution of its own, and each
    of its numbers, over examples and positions, draws from it, all independently and uniformly.
    With n the size of the noise:

        M ~ U(-n, n),            S ~ U(1, 1 + n/2)             a unit's, at this step
        m ~ U(M - n/5, M + n/5), s ~ U(S - n/5, S + n/5)       of each of its numbers

    The idea is that of Santurkar et al. (2018), "How does batch normalization help
    optimization?", section 2.2: after a batch normalisation they put independent noise of a mean
    other than 0 and a variance other than 1, both of which change at each time step, so that what
    the next layer gets is less stable than without normalisation. That there is one size for all,
    and that everything is uniform, is this package's choice.

    What is drawn is a function of ``seed``, of the number of steps that the layer has been
    trained, and of the place in the batch: the same in every program and on every machine.

    Parameters
    ----------
    noise : float
        n, not negative.
    seed : (int, int)
        Two words of 32 bits, its own for each network and layer.
    """

    def __init__(self, noise: float, seed: Sequence[int], **options: Any) -> None:
        super().__init__(**options)
        self.noise, self.seed = noise, tuple(seed)

    def build(self, input_shape: Any) -> None:
        """Make the key and the number of steps, as weights that do not learn.

        Floats, as all other weights: a key is four halves of words, and steps are counted
        exactly up to 2^24.
        """
        halves = lambda *_, **__: halves_of(self.seed)  # noqa: E731
        self.key = self.add_weight((4,), halves, trainable=False, name="noise_key")
        self.steps = self.add_weight((), "zeros", trainable=False, name="noise_steps")

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Multiply and shift, in training."""
        if not training:
            return inputs
        shape = tf.shape(inputs)
        own = factors_and_shifts(self.noise, self.key[None], self.steps[None], shape)
        self.steps.assign(self.steps + 1.0)
        return inputs * own[0][0] + own[1][0]


def halves_of(seed: Sequence[int]) -> np.ndarray:
    """Two words of 32 bits as four of 16, which float32 holds exactly."""
    return np.array([half for word in seed for half in divmod(word, 2**16)], np.float32)


def factors_and_shifts(noise: float, keys: Any, steps: Any, shape: Any) -> tuple[Any, Any]:
    """Return s and m for a batch of each network.

    Parameters
    ----------
    noise : float
        n.
    keys, steps : tf.Tensor
        Of each network, shapes (R, 4) and (R,).
    shape : tf.Tensor
        Of a batch, (examples, ..., units).

    Returns
    -------
    factors, shifts : tf.Tensor
        Shape (R, examples, ..., units), float32.
    """
    numbers = tf.range(tf.reduce_prod(shape))
    whole = tf.concat([tf.shape(steps), shape], 0)
    by_number = [tf.reshape(part, whole) for part in _drawn(keys, steps, numbers)]
    units = tf.range(shape[-1], dtype=tf.int64) + UNITS_FROM
    ones = tf.ones_like(shape[:-1])
    each = tf.concat([tf.shape(steps), ones, shape[-1:]], 0)
    high, mean = (tf.reshape(part, each) for part in _drawn(keys, steps, units))
    factor = 1.0 + GROWTH * noise * (high + 1.0) / 2.0 + WIDTH * noise * by_number[0]
    return factor, noise * mean + WIDTH * noise * by_number[1]


def _drawn(keys: Any, steps: Any, places: Any) -> tuple[Any, Any]:
    """Two numbers of each network at each of these places, (R, places), uniform in [-1, 1)."""
    words = tf.cast(keys, tf.uint32)
    key = [words[:, None, i] * 2**16 + words[:, None, i + 1] for i in (0, 2)]
    place = tf.cast(steps, tf.uint32)[:, None], tf.cast(places, tf.uint32)[None]
    first, second = threefry(key, place)
    return uniform(first), uniform(second)
