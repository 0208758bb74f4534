"""What the outputs of a layer say beyond mean and spread: how flat, and in how many directions."""

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from bnutils.engine.axes import over_examples
from bnutils.engine.network import Network, Point, Tensor
from bnutils.engine.readings import MOVERS, Readings, all_but_first, share
from bnutils.models import import_keras
from bnutils.probes import LITTLE

# The slope of an activation as a share of its largest, from its output y.
SLOPES: dict[str, Callable[[Tensor], Tensor]] = {
    "tanh": lambda y: 1.0 - y**2,
    "sigmoid": lambda y: 4.0 * y * (1.0 - y),
}


def saturation(network: Network, here: Point, *_: Any) -> Readings:
    """Which outputs lie where the activation is flat, and which units always do."""
    readings: Readings = {}
    for (layer, name), value in zip(network.layers(), here.activations[1:], strict=True):
        slope = _slope_of(layer)
        if slope is not None:
            flat, known = slope(value) < LITTLE, _known(value)
            units = tf.reduce_all(flat, over_examples(value))
            readings[f"saturated outputs/{name}"] = share(flat) + known
            readings[f"saturated units/{name}"] = share(units) + known
    return readings


def _slope_of(layer: Any) -> Callable[[Tensor], Tensor] | None:
    """The slope of what a layer ends with, if that is flat on both sides."""
    activations, own = import_keras().activations, getattr(layer, "activation", None)
    found = [slope for name, slope in SLOPES.items() if own is getattr(activations, name)]
    return found[0] if found else None


def rank(network: Network, here: Point, *_: Any) -> Readings:
    """In how many directions outputs lie, seen from zero and from their mean."""
    readings: Readings = {}
    for (layer, name), value in zip(network.layers(), here.activations[1:], strict=True):
        if type(layer).__name__ not in MOVERS:
            shape = tf.shape(value)
            rows = tf.reshape(tf.cast(value, tf.float64), [shape[0], -1, shape[-1]])
            centred = rows - tf.reduce_mean(rows, axis=1, keepdims=True)
            readings[f"stable rank/{name}"] = stable_rank(rows)
            readings[f"centred stable rank/{name}"] = stable_rank(centred)
    return readings


def stable_rank(a: Tensor) -> Tensor:
    """Sum of the squared singular values over the largest of them.

    The squares are the eigenvalues of ``A A^T``, and of ``A^T A``: the smaller one is taken.

    Parameters
    ----------
    a : tf.Tensor
        Shape ``(R, rows, columns)``, float64.

    Returns
    -------
    tf.Tensor
        Shape ``(R,)``, at least 1; NaN of a matrix that is zero or not finite.
    """
    wide, known = tf.shape(a)[1] < tf.shape(a)[2], _known(a)
    short = tf.cond(wide, lambda: a, lambda: tf.linalg.matrix_transpose(a))
    gram = tf.matmul(short, short, transpose_b=True)
    anything = tf.eye(tf.shape(gram)[-1], dtype=gram.dtype)  # that can be decomposed
    sound = tf.math.is_finite(known)[:, None, None]
    squares = tf.linalg.eigvalsh(tf.where(sound, gram, anything))  # ascending
    return tf.linalg.trace(gram) / squares[:, -1] + known


def _known(value: Tensor) -> Tensor:
    """0 for each replica whose numbers are all finite, NaN for the others: to be added."""
    sound = tf.reduce_all(tf.math.is_finite(value), all_but_first(value))
    nan = tf.constant(float("nan"), value.dtype)
    return tf.where(sound, tf.zeros_like(nan), nan)
