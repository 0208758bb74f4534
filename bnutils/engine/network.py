"""Networks as functions of their weights, for what is read of them.

The layers' rules are called with tensors, and the new moving statistics that they return are
dropped: nothing is changed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import tensorflow as tf

from bnutils.engine.examples import as_floats
from bnutils.engine.layers import learners
from bnutils.engine.replicas import Replicas, cross_entropy, drops

Tensor = Any
Weights = list[list[Tensor]]  # of each layer, with a leading axis R


@dataclass(frozen=True)
class Point:
    """What the probe batch makes of a set of weights; empty where it was not asked for."""

    weights: Weights
    activations: list[Tensor] = field(default_factory=list)  # the data, then each layer's output
    loss: Tensor = None  # (R,)
    gradients: Weights = field(default_factory=list)  # of the loss; 0 of what does not learn
    signals: list[Tensor] = field(default_factory=list)  # with respect to what each layer gets


@dataclass(frozen=True)
class Network:
    """Replicas on a fixed batch, as a function of their weights."""

    replicas: Replicas
    x: Tensor  # (R, batch, ...)
    y: Tensor  # (R, batch)
    rate: Tensor  # of the update that comes next, float64

    @classmethod
    def on(cls, replicas: Replicas, rows: Tensor, rate: Tensor) -> "Network":
        """Each replica on its row of examples, or all on the same one."""
        rows = tf.broadcast_to(rows, [replicas.count, tf.shape(rows)[1]])
        x, y = as_floats(tf.gather(replicas.x, rows)), tf.gather(replicas.y, rows)
        return cls(replicas, x, y, rate)

    def layers(self) -> list[tuple[Any, str]]:
        """Each Keras layer with its name among the readings."""
        return list(zip(self.replicas.layers, names(self.replicas.layers), strict=True))

    def weights(self) -> Weights:
        """The weights of the moment."""
        return [[tf.convert_to_tensor(weight) for weight in own] for own in self.replicas.weights]

    def forward(self, weights: Weights) -> tuple[list[Tensor], Tensor]:
        """Activations, the data first, and mean losses, in training mode without dropout."""
        values, replicas = [self.x], self.replicas
        parts = zip(replicas.layers, replicas.rules, weights, strict=True)
        for place, (layer, rule, own) in enumerate(parts):
            extra, training = replicas.extra(place, values, iter(())), not drops(layer)
            values.append(rule(layer, own, values[-1], extra, training)[0])
        return values, tf.reduce_mean(cross_entropy(self.y, values[-1]), axis=1)

    def point(self, weights: Weights) -> Point:
        """One forward and one backward pass."""
        with tf.GradientTape() as tape:
            tape.watch([self.x, learners(self.replicas.layers, weights)])
            values, loss = self.forward(weights)
            total = tf.reduce_sum(loss)  # replicas share nothing: gradients stay apart
        # What is not watched has a zero: the moving statistics, and all that is frozen.
        gradients, signals = tape.gradient(
            total, [weights, values[:-1]], unconnected_gradients=tf.UnconnectedGradients.ZERO
        )
        return Point(weights, values, loss, gradients, signals)


def names(layers: Sequence[Any]) -> list[str]:
    """Kind and number of each layer: "dense 1", "batch_normalization 1", "dense 2", ..."""
    kinds = [type(layer).__name__ for layer in layers]
    return [
        f"{re.sub(r'(?<!^)(?=[A-Z][a-z])', '_', kind).lower()} {kinds[: index + 1].count(kind)}"
        for index, kind in enumerate(kinds)
    ]
