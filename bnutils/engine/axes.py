"""How replicas lie: activations (R, batch, ..., channels), weights with a leading axis R."""

from typing import Any

import tensorflow as tf

Tensor = Any
Output = tuple[Tensor, dict[int, Tensor]]  # y, {index of a weight: its new value}


def over_examples(x: Tensor) -> list[int]:
    """The axes of batch and positions: those over which batch normalisation takes its means."""
    return list(range(1, x.shape.rank - 1))


def per_channel(values: Tensor, x: Tensor) -> Tensor:
    """(R, channels) to a shape that broadcasts against ``x``."""
    ones = [1] * (x.shape.rank - 2)
    return tf.reshape(values, [values.shape[0], *ones, values.shape[1]])
