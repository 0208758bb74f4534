"""The formulas of :mod:`bnutils.probes`, for R replicas at once.

The network is a function of its weights here: the layers' rules are called with tensors, and
the new moving statistics that they return are dropped.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import tensorflow as tf

from bnutils.datasets import Dataset
from bnutils.engine.replicas import Replicas, cross_entropy
from bnutils.probes import Probes

Tensor = Any
Weights = list[list[Tensor]]  # of each layer, with a leading axis R
Readings = dict[str, Tensor]  # each of shape (R,)
MOVERS = ("Flatten", "Reshape", "Dropout")  # they put out what they get


@dataclass(frozen=True)
class Point:
    """What the probe batch makes of a set of weights."""

    weights: Weights
    activations: list[Tensor]  # the data, then what each layer puts out
    loss: Tensor  # (R,)
    gradients: Weights  # of the loss, like the weights; [] if not asked for
    signals: list[Tensor]  # gradients with respect to what each layer gets


@dataclass(frozen=True)
class Network:
    """Replicas on a fixed batch, as a function of their weights."""

    replicas: Replicas
    x: Tensor  # (R, batch, ...)
    y: Tensor  # (R, batch)

    def layers(self) -> list[tuple[Any, str]]:
        """Each Keras layer with its name among the readings."""
        return list(zip(self.replicas.layers, names(self.replicas.layers), strict=True))

    def forward(self, weights: Weights) -> tuple[list[Tensor], Tensor]:
        """Activations, the data first, and mean losses, in training mode without dropout."""
        values, replicas = [self.x], self.replicas
        for layer, rule, own in zip(replicas.layers, replicas.rules, weights, strict=True):
            training = type(layer).__name__ != "Dropout"
            values.append(rule(layer, own, values[-1], None, training)[0])
        return values, tf.reduce_mean(cross_entropy(self.y, values[-1]), axis=1)

    def point(self, weights: Weights, backward: bool) -> Point:
        """One forward pass and, if asked for, one backward pass."""
        if not backward:
            return Point(weights, *self.forward(weights), [], [])
        with tf.GradientTape() as tape:
            tape.watch([self.x, weights])
            values, loss = self.forward(weights)
            total = tf.reduce_sum(loss)  # replicas share nothing: gradients stay apart
        # In training mode nothing depends on the moving statistics: their gradient is zero.
        gradients, signals = tape.gradient(
            total, [weights, values[:-1]], unconnected_gradients=tf.UnconnectedGradients.ZERO
        )
        return Point(weights, values, loss, gradients, signals)


def read(probes: Probes, replicas: Replicas, x: Tensor, y: Tensor) -> Readings:
    """Return all that the probes ask for.

    Parameters
    ----------
    probes : Probes
        What to read.
    replicas : Replicas
        The networks; they stay as they are.
    x, y : tf.Tensor
        Images and labels, shared by all replicas.
    """
    shapes = (replicas.count, *x.shape), (replicas.count, *y.shape)
    network = Network(replicas, *map(tf.broadcast_to, (x, y), shapes))
    weights = [[tf.convert_to_tensor(weight) for weight in own] for own in replicas.weights]
    forward, backward = probes.passes()
    here = Point(weights, [], None, [], [])
    if forward:
        here = network.point(weights, backward > 0)
    parts: dict[str, Callable[[Network, Point], Readings]] = {
        "activations": activations,
        "gradients": gradients,
        "landscape": partial(landscape, probes),
        "rate": rate,
    }
    readings: Readings = {}
    for statistic in probes.statistics:
        readings |= parts[statistic](network, here)
    return readings


def activations(network: Network, here: Point) -> Readings:
    """Mean, standard deviation and zeros of what each layer puts out."""
    readings: Readings = {}
    for (layer, name), value in zip(network.layers(), here.activations[1:], strict=True):
        if type(layer).__name__ not in MOVERS:
            examples = list(range(1, value.shape.rank - 1))  # batch and positions
            mean, variance = tf.nn.moments(value, examples)
            zero = value == 0
            readings |= {
                f"activation mean/{name}": tf.reduce_mean(mean, axis=1),
                f"activation sd/{name}": tf.reduce_mean(tf.sqrt(variance), axis=1),
                f"zero outputs/{name}": share(zero),
                f"dead units/{name}": share(tf.reduce_all(zero, examples)),
            }
    return readings


def gradients(network: Network, here: Point) -> Readings:
    """Norms of the gradient with respect to each layer's weights and input."""
    readings: Readings = {}
    parts = zip(network.layers(), here.gradients, here.signals, strict=True)
    for (layer, name), own, signal in parts:
        for weight, gradient in zip(layer.weights, own, strict=True):
            if weight.trainable:
                readings[f"{weight.name} gradient/{name}"] = norm([gradient])
        if layer.weights:
            readings[f"input gradient/{name}"] = norm([signal])
    return readings


def landscape(probes: Probes, network: Network, here: Point) -> Readings:
    """Losses along the gradient, and how far the gradient can be trusted."""
    ahead = direction(here, network.replicas.optimizer.rate, probes.normalised)

    def after(length: Tensor) -> Weights:
        moved: Weights = tf.nest.map_structure(lambda w, d: w - length * d, here.weights, ahead)
        return moved

    lengths = probes.lengths or ()
    near = tf.map_fn(
        lambda length: network.forward(after(length))[1],
        tf.constant(lengths[:-1], here.loss.dtype),
        parallel_iterations=1,  # memory for one is enough
        fn_output_signature=tf.TensorSpec(here.loss.shape, here.loss.dtype),
    )
    far = network.point(after(lengths[-1]), backward=True)
    losses = tf.concat([here.loss[None], near, far.loss[None]], axis=0)
    curve = zip((0.0, *lengths), tf.unstack(losses), strict=True)
    return {f"loss along gradient/{length}": loss for length, loss in curve} | {
        "loss range/network": tf.reduce_max(losses, axis=0) - tf.reduce_min(losses, axis=0),
        **change(here, far),
    }


def change(here: Point, far: Point) -> Readings:
    """How long the gradient is, and how much of it is another one at the other point."""
    old, new = tf.nest.flatten(here.gradients), tf.nest.flatten(far.gradients)
    length = norm(old)
    distance = norm([after - before for after, before in zip(new, old, strict=True)])
    return {
        "gradient norm/network": length,
        "gradient change/network": distance,
        "relative gradient change/network": distance / length,
    }


def direction(here: Point, rate: float, normalised: bool) -> Weights:
    """What each weight loses in a step of length 1."""

    def ahead(weight: Tensor, gradient: Tensor) -> Tensor:
        if not normalised:
            return rate * gradient
        stretch = tf.math.divide_no_nan(norm([weight]), norm([gradient]))
        shape = [-1] + [1] * (weight.shape.rank - 1)
        return tf.reshape(tf.cast(stretch, weight.dtype), shape) * gradient

    steps: Weights = tf.nest.map_structure(ahead, here.weights, here.gradients)
    return steps


def rate(network: Network, here: Point) -> Readings:
    """Norm of each kernel, and the learning rate over its square."""
    readings: Readings = {}
    for (layer, name), own in zip(network.layers(), here.weights, strict=True):
        for weight, value in zip(layer.weights, own, strict=True):
            if weight.name == "kernel":
                size = norm([value])
                readings[f"kernel norm/{name}"] = size
                readings[f"effective rate/{name}"] = network.replicas.optimizer.rate / size**2
    return readings


def names(layers: Sequence[Any]) -> list[str]:
    """Kind and number of each layer: "dense 1", "batch_normalization 1", "dense 2", ..."""
    kinds = [type(layer).__name__ for layer in layers]
    return [
        f"{re.sub(r'(?<!^)(?=[A-Z][a-z])', '_', kind).lower()} {kinds[: index + 1].count(kind)}"
        for index, kind in enumerate(kinds)
    ]


def norm(parts: Sequence[Tensor]) -> Tensor:
    """Euclidean norm over all but the leading axis of all parts together, shape (R,).

    In float64, where squares of vanishing and exploding gradients are still in range.
    """
    squares = [tf.square(tf.cast(part, tf.float64)) for part in parts]
    return tf.sqrt(tf.add_n([tf.reduce_sum(square, _all_but_first(square)) for square in squares]))


def share(true: Tensor) -> Tensor:
    """Share of what is true, for each replica."""
    return tf.reduce_mean(tf.cast(true, tf.float32), _all_but_first(true))


def _all_but_first(value: Tensor) -> list[int]:
    return list(range(1, value.shape.rank))


class Reader:
    """Reads replicas as they are at the moment.

    Its program is built at the first reading and serves for all later ones, also after
    the replicas have begun anew with other weights.

    Parameters
    ----------
    probes : Probes
        What to read.
    replicas : Replicas
        The networks.
    data : Dataset
        What they learn.

    Raises
    ------
    ValueError
        If the training split has too few examples for the probes.
    """

    def __init__(self, probes: Probes, replicas: Replicas, data: Dataset) -> None:
        self._batch = [tf.constant(part) for part in probes.batch(data)]
        self._program = tf.function(lambda x, y: read(probes, replicas, x, y), autograph=False)

    def read(self) -> dict[str, np.ndarray]:
        """Return ``"<statistic>/<where>"`` -> float64 of shape (R,); see the module."""
        readings = self._program(*self._batch)
        return {name: values.numpy().astype(float) for name, values in readings.items()}
