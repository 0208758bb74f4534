"""The formulas of :mod:`bnutils.probes`, for R replicas at once."""

from collections.abc import Iterator, Sequence
from typing import Any

import tensorflow as tf

from bnutils.engine.axes import over_examples
from bnutils.engine.layers import learning
from bnutils.engine.network import Network, Point, Tensor, Weights, names
from bnutils.engine.replicas import Replicas
from bnutils.probes import Probes

Readings = dict[str, Tensor]  # each of shape (R,)
MOVERS = ("Flatten", "Reshape", "Dropout")  # they put out what they get


def activations(network: Network, here: Point, *_: Any) -> Readings:
    """Mean, standard deviation and zeros of what each layer puts out."""
    readings: Readings = {}
    for (layer, name), value in zip(network.layers(), here.activations[1:], strict=True):
        if type(layer).__name__ not in MOVERS:
            examples = over_examples(value)
            mean, variance = tf.nn.moments(value, examples)
            zero = value == 0
            readings |= {
                f"activation mean/{name}": tf.reduce_mean(mean, axis=1),
                f"activation sd/{name}": tf.reduce_mean(tf.sqrt(variance), axis=1),
                f"zero outputs/{name}": share(zero),
                f"dead units/{name}": share(tf.reduce_all(zero, examples)),
            }
    return readings


def gradients(network: Network, here: Point, *_: Any) -> Readings:
    """Norms of the gradient with respect to each layer's weights and input."""
    readings: Readings = {}
    parts = zip(network.layers(), here.gradients, here.signals, strict=True)
    for (layer, name), own, signal in parts:
        for weight, gradient, learns in zip(layer.weights, own, learning(layer), strict=True):
            if learns:
                readings[f"{weight.name} gradient/{name}"] = norm([gradient])
        if layer.weights:
            readings[f"input gradient/{name}"] = norm([signal])
    return readings


def landscape(network: Network, here: Point, probes: Probes) -> Readings:
    """Losses along the gradient, and how far the gradient can be trusted."""
    ahead = direction(here, network.rate, probes.normalised)
    *lengths, longest = probes.lengths or ()
    near = losses_ahead(network, here, ahead, lengths)
    far = network.point(moved(here.weights, ahead, longest))
    losses = tf.concat([here.loss[None], near, far.loss[None]], axis=0)
    curve = zip((0.0, *lengths, longest), tf.unstack(losses), strict=True)
    return {f"loss along gradient/{length}": loss for length, loss in curve} | {
        "loss range/network": tf.reduce_max(losses, axis=0) - tf.reduce_min(losses, axis=0),
        **change(here, far),
    }


def losses_ahead(network: Network, here: Point, ahead: Weights, lengths: Sequence[float]) -> Tensor:
    """The loss after a step of each length, shape (lengths, R)."""
    return tf.map_fn(
        lambda length: network.forward(moved(here.weights, ahead, length))[1],
        tf.constant(lengths, here.loss.dtype),
        parallel_iterations=1,  # memory for one is enough
        fn_output_signature=tf.TensorSpec(here.loss.shape, here.loss.dtype),
    )


def moved(weights: Weights, ahead: Weights, length: Tensor) -> Weights:
    """The weights after a step of some length."""
    after: Weights = tf.nest.map_structure(lambda w, d: w - length * d, weights, ahead)
    return after


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


def direction(here: Point, rate: Tensor, normalised: bool) -> Weights:
    """What each weight loses in a step of length 1."""

    def ahead(weight: Tensor, gradient: Tensor) -> Tensor:
        if not normalised:
            return tf.cast(rate, gradient.dtype) * gradient
        stretch = tf.math.divide_no_nan(norm([weight]), norm([gradient]))
        shape = [-1] + [1] * (weight.shape.rank - 1)
        return tf.reshape(tf.cast(stretch, weight.dtype), shape) * gradient

    steps: Weights = tf.nest.map_structure(ahead, here.weights, here.gradients)
    return steps


def rate(network: Network, here: Point, *_: Any) -> Readings:
    """Norm of each kernel, and the learning rate over its square."""
    readings: Readings = {}
    for name, kernel in kernels(network.replicas, here.weights):
        size = norm([kernel])
        readings[f"kernel norm/{name}"] = size
        readings[f"effective rate/{name}"] = network.rate / size**2
    return readings


def kernels(replicas: Replicas, weights: Weights) -> Iterator[tuple[str, Tensor]]:
    """Yield the kernel of each layer that has one, with the layer's name among the readings."""
    layers = replicas.layers
    for layer, name, own in zip(layers, names(layers), weights, strict=True):
        for weight, value in zip(layer.weights, own, strict=True):
            if weight.name == "kernel":
                yield name, value


def norm(parts: Sequence[Tensor]) -> Tensor:
    """Euclidean norm over all but the leading axis of all parts together, shape (R,).

    In float64, where squares of vanishing and exploding gradients are still in range.
    """
    squares = [tf.square(tf.cast(part, tf.float64)) for part in parts]
    return tf.sqrt(tf.add_n([tf.reduce_sum(square, all_but_first(square)) for square in squares]))


def share(true: Tensor) -> Tensor:
    """Share of what is true, for each replica."""
    return tf.reduce_mean(tf.cast(true, tf.float32), all_but_first(true))


def all_but_first(value: Tensor) -> list[int]:
    """All axes but that of the replicas."""
    return list(range(1, value.shape.rank))
