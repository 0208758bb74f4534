"""Internal covariate shift, in its two senses: of a layer's inputs, and of its gradient."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from bnutils.engine.axes import over_examples
from bnutils.engine.layers import learning
from bnutils.engine.network import Network, Point, Tensor, Weights
from bnutils.engine.readings import Readings, all_but_first, direction, moved, norm
from bnutils.engine.replicas import Replicas

ROUNDING = 1e-6  # of a unit's mean: float32 has not much more
DIFFERENCES = ("gradient shift", "relative gradient shift", "gradient cosine")


def input_moments(replicas: Replicas, rows: Tensor) -> dict[str, Tensor]:
    """Mean and standard deviation of each unit that goes into a layer with weights.

    Parameters
    ----------
    replicas : Replicas
        The networks; they stay as they are.
    rows : tf.Tensor
        Numbers of the examples, shape ``(R or 1, examples)``.

    Returns
    -------
    dict of str to tf.Tensor
        By layer: shape ``(R, 2, units)``, float64.
    """
    network = Network.on(replicas, rows, tf.zeros([], tf.float64))
    values, _ = network.forward(network.weights())
    return {
        name: _moments(value)
        for (layer, name), value in zip(network.layers(), values[:-1], strict=True)
        if layer.weights
    }


def _moments(value: Tensor) -> Tensor:
    """Over batch and positions."""
    mean, variance = tf.nn.moments(tf.cast(value, tf.float64), over_examples(value))
    return tf.stack([mean, tf.sqrt(variance)], axis=1)


def input_shifts(before: np.ndarray, now: np.ndarray) -> Mapping[str, np.ndarray]:
    """Return how far the distributions of a layer's inputs have moved.

    Parameters
    ----------
    before, now : numpy.ndarray
        Mean and standard deviation of each unit, shape ``(R, 2, units)``.

    Returns
    -------
    mapping of str to numpy.ndarray
        Each of shape ``(R,)``: the mean over those units that vary in both moments; NaN where
        there is none, or one is not finite.
    """
    (mean_before, sd_before), (mean, sd) = before.swapaxes(0, 1), now.swapaxes(0, 1)
    constant = _is_constant(mean_before, sd_before) | _is_constant(mean, sd)
    with np.errstate(divide="ignore", invalid="ignore"):
        shifts = {
            "input mean shift": np.abs(mean - mean_before) / sd_before,
            "input sd shift": np.abs(np.log(sd / sd_before)),
        }
        return {
            name: np.where(constant, 0, shift).sum(axis=1) / (~constant).sum(axis=1)
            for name, shift in shifts.items()
        }


def _is_constant(mean: np.ndarray, sd: np.ndarray) -> np.ndarray:
    """Which units do not vary, or by no more than the rounding of their outputs."""
    return np.asarray(sd <= ROUNDING * np.abs(mean))


def gradient_shift(network: Network, here: Point, *_: Any) -> Readings:
    """How a layer's gradient changes when all layers before it take a step, and it does not."""
    places = shifted(network.replicas.layers)
    if not places:
        return {}
    after = moved(here.weights, direction(here, network.rate, normalised=False), 1.0)

    def shift(number: Tensor) -> Tensor:
        weights = _joined(after, here.weights, tf.gather(places, number))
        far = network.point(weights).gradients
        shifts = [_difference(here.gradients[place], far[place]) for place in places]
        return tf.gather(tf.stack(shifts), number)

    found = tf.map_fn(
        shift,
        tf.range(len(places)),
        parallel_iterations=1,  # memory for one is enough
        fn_output_signature=tf.TensorSpec([len(DIFFERENCES), here.loss.shape[0]], tf.float64),
    )
    where = [network.layers()[place][1] for place in places]
    return {
        f"{statistic}/{name}": found[number, row]
        for number, name in enumerate(where)
        for row, statistic in enumerate(DIFFERENCES)
    }


def shifted(layers: Sequence[Any]) -> list[int]:
    """Return the numbers of the layers whose kernel learns, and before which something does."""
    learns = [number for number, layer in enumerate(layers) if any(learning(layer))]
    return [
        number
        for number in learns[1:]
        if any(weight.name == "kernel" for weight in layers[number].trainable_weights)
    ]


def _joined(first: Weights, then: Weights, place: Tensor) -> Weights:
    """The first weights before a layer, the others from there on."""
    return [
        [tf.where(number < place, *pair) for pair in zip(*pairs, strict=True)]
        for number, pairs in enumerate(zip(first, then, strict=True))
    ]


def _difference(old: Sequence[Tensor], new: Sequence[Tensor]) -> Tensor:
    """Of a layer's gradient from another one, shape (differences, R)."""
    distance = norm([after - before for before, after in zip(old, new, strict=True)])
    return tf.stack([distance, distance / norm(old), product(old, new) / (norm(old) * norm(new))])


def product(first: Sequence[Tensor], second: Sequence[Tensor]) -> Tensor:
    """Inner product over all but the leading axis of all parts together, shape (R,), float64."""
    pairs = zip(first, second, strict=True)
    parts = [tf.cast(a, tf.float64) * tf.cast(b, tf.float64) for a, b in pairs]
    return tf.add_n([tf.reduce_sum(part, all_but_first(part)) for part in parts])
