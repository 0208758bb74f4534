"""The formulas of :mod:`bnutils.probes`, for R replicas at once."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from bnutils.engine.angles import angles
from bnutils.engine.layers import learning
from bnutils.engine.network import Network, Point, Tensor, Weights, names
from bnutils.engine.replicas import Replicas
from bnutils.probes import Probes

Readings = dict[str, Tensor]  # each of shape (R,)
MOVERS = ("Flatten", "Reshape", "Dropout")  # they put out what they get


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
    """

    def __init__(self, probes: Probes, replicas: Replicas) -> None:
        self._probes, self._replicas = probes, replicas
        self._before: dict[str, np.ndarray] = {}
        self._program = tf.function(
            lambda rows, rate: read(probes, replicas, rows, rate), autograph=False
        )

    def read(self, rows: np.ndarray) -> dict[str, np.ndarray]:
        """Read all networks on the first of their training examples.

        Parameters
        ----------
        rows : numpy.ndarray
            Numbers of these examples, shape ``(R, examples)``, or ``(1, examples)`` for the same.

        Returns
        -------
        dict of str to numpy.ndarray
            ``"<statistic>/<where>"`` -> float64 of shape (R,); see :mod:`bnutils.probes`.
        """
        rate = self._replicas.optimizer.rates(self._replicas.done)
        readings = self._program(tf.constant(rows[:, : self._probes.examples]), tf.constant(rate))
        found = {name: values.numpy().astype(float) for name, values in readings.items()}
        return found | (self._angles() if "angle" in self._probes.statistics else {})

    def remember(self) -> None:
        """Keep the kernels as they are: the next reading says how far they have turned since."""
        self._before = self._kernels()

    def forget(self) -> None:
        """Begin anew: other weights will be read, which have not turned yet."""
        self._before = {}

    def _kernels(self) -> dict[str, np.ndarray]:
        """Copies of all kernels, by layer, with a leading axis R."""
        found = kernels(self._replicas, self._replicas.weights)
        return {name: value.numpy().copy() for name, value in found}

    def _angles(self) -> dict[str, np.ndarray]:
        """The angle by which each kernel has turned; NaN where nothing was remembered."""
        unknown = np.full(self._replicas.count, np.nan)
        return {
            f"angle/{name}": angles(self._before[name], now) if self._before else unknown
            for name, now in self._kernels().items()
        }


def read(probes: Probes, replicas: Replicas, rows: Tensor, rate: Tensor) -> Readings:
    """Return all that the probes ask for, but what compares two moments.

    Parameters
    ----------
    probes : Probes
        What to read.
    replicas : Replicas
        The networks; they stay as they are.
    rows : tf.Tensor
        Numbers of the examples on which they are read, shape ``(R or 1, examples)``.
    rate : tf.Tensor
        The learning rate of the update that comes next, float64.
    """
    network = Network.on(replicas, rows, rate)
    here = _point(network, *probes.passes())
    readings: Readings = {}
    for statistic in filter(FORMULAS.get, probes.statistics):
        readings |= FORMULAS[statistic](network, here, probes)
    return readings


def _point(network: Network, forward: int, backward: int) -> Point:
    """The network as it is, after no more passes than are needed."""
    weights = network.weights()
    if backward:
        return network.point(weights)
    return Point(weights, *network.forward(weights)) if forward else Point(weights)


def activations(network: Network, here: Point, *_: Any) -> Readings:
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
    return tf.sqrt(tf.add_n([tf.reduce_sum(square, _all_but_first(square)) for square in squares]))


def share(true: Tensor) -> Tensor:
    """Share of what is true, for each replica."""
    return tf.reduce_mean(tf.cast(true, tf.float32), _all_but_first(true))


def _all_but_first(value: Tensor) -> list[int]:
    return list(range(1, value.shape.rank))


# formula(network, here, probes) -> readings
FORMULAS: dict[str, Callable[[Network, Point, Probes], Readings]] = {
    "activations": activations,
    "gradients": gradients,
    "landscape": landscape,
    "rate": rate,
}
