"""What each Keras layer computes when R copies of it run side by side.

Every rule takes activations of shape ``(R, batch, ...)`` (or ``(1, batch, ...)`` for data that
all replicas share) and weights with a leading axis R, and never mixes replicas.
"""

from collections.abc import Callable, Sequence
from itertools import chain, compress
from typing import Any, TypeVar

import tensorflow as tf

from bnutils import layers as own_layers
from bnutils.engine import convolution, normalisation
from bnutils.engine.axes import Output, Tensor
from bnutils.errors import UnsupportedLayer
from bnutils.models import import_keras

T = TypeVar("T")
# rule(layer, weights, x, extra, training) -> output; extra is a mask, or what lies on a shortcut
Rule = Callable[[Any, Sequence[Tensor], Tensor, Tensor | None, bool], Output]


def dense(layer: Any, weights: Sequence[Tensor], x: Tensor, *_: Any) -> Output:
    """y = activation(x W + b), one matrix product for each replica."""
    y = tf.matmul(x, weights[0])
    if layer.use_bias:
        y += weights[1][:, None, :]
    return layer.activation(y), {}


def dropout(
    layer: Any, weights: Sequence[Tensor], x: Tensor, mask: Tensor | None, training: bool
) -> Output:
    """Keep the units that the mask says, scaled up so that the mean stays."""
    if not training:
        return x, {}
    return x * tf.cast(mask, x.dtype) / (1.0 - layer.rate), {}


def activation(layer: Any, weights: Sequence[Tensor], x: Tensor, *_: Any) -> Output:
    """Any elementwise function."""
    return layer.activation(x), {}


def add(layer: Any, weights: Sequence[Tensor], x: Tensor, shortcut: Tensor, *_: Any) -> Output:
    """What lies on the shortcut, and the branch."""
    return shortcut + x, {}


def skip_init(layer: Any, weights: Sequence[Tensor], x: Tensor, *_: Any) -> Output:
    """y = alpha x, one number for each replica."""
    return x * tf.reshape(weights[0], [-1] + [1] * (x.shape.rank - 1)), {}


def activation_noise(
    layer: Any, weights: Sequence[Tensor], x: Tensor, mask: Tensor | None, training: bool
) -> Output:
    """y = s x + m with the s and m of this step, and one step more done."""
    if not training:
        return x, {}
    keys, steps = weights
    factors, shifts = own_layers.factors_and_shifts(layer.noise, keys, steps, tf.shape(x)[1:])
    return factors * x + shifts, {1: steps + 1.0}


def reshape(layer: Any, weights: Sequence[Tensor], x: Tensor, *_: Any) -> Output:
    """(R, batch, ...) to (R, batch, *output); Flatten is a case of it."""
    shape = tf.shape(x)
    return tf.reshape(x, [shape[0], shape[1], *layer.output.shape[1:]]), {}


def global_average(layer: Any, weights: Sequence[Tensor], x: Tensor, *_: Any) -> Output:
    """Mean over height and width."""
    return tf.reduce_mean(x, axis=[2, 3]), {}


RULES: dict[str, Rule] = {
    "Dense": dense,
    "Conv2D": convolution.conv2d,
    "BatchNormalization": normalisation.batch_normalization,
    "GhostBatchNormalization": normalisation.ghost_batch_normalization,
    "LayerNormalization": normalisation.layer_normalization,
    "GroupNormalization": normalisation.group_normalization,
    "RMSNormalization": normalisation.rms_normalization,
    "BatchCentering": normalisation.batch_centering,
    "BatchScaling": normalisation.batch_scaling,
    "ActivationNoise": activation_noise,
    "SkipInit": skip_init,
    "Dropout": dropout,
    "Activation": activation,
    "Add": add,
    "Flatten": reshape,
    "Reshape": reshape,
    "GlobalAveragePooling2D": global_average,
}


def learning(layer: Any) -> list[bool]:
    """For each of a layer's weights: whether the optimiser changes it."""
    changed = {id(weight) for weight in layer.trainable_weights}
    return [id(weight) in changed for weight in layer.weights]


def learners(layers: Sequence[Any], weights: Sequence[Sequence[T]]) -> list[T]:
    """Of what belongs to the weights of each layer, that of those which the optimiser changes."""
    return list(compress(chain(*weights), chain(*map(learning, layers))))


def rule_for(layer: Any) -> Rule:
    """Return the rule of a Keras layer.

    Raises
    ------
    UnsupportedLayer
        If there is none, or the layer has a setting that the rule does not know.
    """
    kind = type(layer).__name__
    homes = (import_keras().layers, own_layers)
    ours = kind in RULES and type(layer) in [getattr(home, kind, None) for home in homes]
    problem = _unknown_setting(layer) if ours else "is not one of these layers"
    if problem:
        raise UnsupportedLayer(
            f"The engine trains models made of {', '.join(RULES)}; the layer "
            f"{layer.name!r} ({kind}) {problem}. Use engine='keras', which loops over plain "
            "Keras, or replace the layer."
        )
    return RULES[kind]


def _unknown_setting(layer: Any) -> str:
    """Return what a supported kind of layer has that its rule does not know, or ''."""
    held = [name for name in vars(layer) if name.endswith(("_regularizer", "_constraint"))]
    for name in held:
        if getattr(layer, name) is not None:
            return f"has a {name}, which it does not apply"
    kind = type(layer).__name__
    return UNKNOWN[kind](layer) if kind in UNKNOWN else ""


def _unknown_to_dense(layer: Any) -> str:
    return "" if len(layer.input.shape) == 2 else "must have inputs of rank 2"


def _unknown_to_dropout(layer: Any) -> str:
    return "" if layer.noise_shape is None else "must have no noise_shape"


# what a layer of this kind has that its rule does not know, in words
UNKNOWN: dict[str, Callable[[Any], str]] = {
    "Dense": _unknown_to_dense,
    "Conv2D": convolution.unknown,
    **dict.fromkeys((kind for kind in RULES if "Normalization" in kind), normalisation.unknown),
    "Dropout": _unknown_to_dropout,
}
