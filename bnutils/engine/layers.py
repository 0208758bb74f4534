"""What each Keras layer computes when R copies of it run side by side.

Every rule takes activations of shape ``(R, batch, ...)`` (or ``(1, batch, ...)`` for data that
all replicas share) and weights with a leading axis R, and never mixes replicas.
"""

from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf

from bnutils.errors import UnsupportedLayer
from bnutils.models import import_keras

Tensor = Any
Output = tuple[Tensor, dict[int, Tensor]]  # y, {index of a weight: its new value}
# rule(layer, weights, x, mask, training) -> output
Rule = Callable[[Any, Sequence[Tensor], Tensor, Tensor | None, bool], Output]


def dense(layer: Any, weights: Sequence[Tensor], x: Tensor, *_: Any) -> Output:
    """y = activation(x W + b), one matrix product for each replica."""
    y = tf.matmul(x, weights[0])
    if layer.use_bias:
        y += weights[1][:, None, :]
    return layer.activation(y), {}


def conv2d(
    layer: Any, weights: Sequence[Tensor], x: Tensor, mask: Tensor | None, training: bool
) -> Output:
    """A convolution is a matrix product of patches and kernel.

    In training it is computed so, since the gradients of a matrix product are fast everywhere;
    in inference, where there are no gradients, by one ordinary convolution for each replica.
    """
    kernel = weights[0]
    if training:
        y = tf.matmul(patches(layer, x), tf.reshape(kernel, [kernel.shape[0], -1, layer.filters]))
        y = tf.reshape(y, [kernel.shape[0], -1, *layer.output.shape[1:]])
    else:
        images = tf.unstack(tf.broadcast_to(x, [kernel.shape[0], *tf.unstack(tf.shape(x))[1:]]))
        outputs = [
            tf.nn.conv2d(image, part, layer.strides, layer.padding.upper())
            for image, part in zip(images, tf.unstack(kernel), strict=True)
        ]
        y = tf.stack(outputs)
    if layer.use_bias:
        y += _per_channel(weights[1], y)
    return layer.activation(y), {}


def patches(layer: Any, x: Tensor) -> Tensor:
    """What lies under the kernel at each position, (R, batch * positions, kernel size).

    Each place of the kernel looks at every ``stride``-th pixel from an offset of its own.
    """
    (high, wide), (down, right) = layer.kernel_size, layer.strides
    rows, columns = layer.output.shape[1:3]
    if layer.padding == "same":
        x = _padded(x, (rows, columns), layer.kernel_size, layer.strides)
    views = [
        x[:, :, i : i + down * (rows - 1) + 1 : down, j : j + right * (columns - 1) + 1 : right]
        for i in range(high)
        for j in range(wide)
    ]
    return tf.reshape(tf.concat(views, axis=-1), [x.shape[0], -1, high * wide * x.shape[-1]])


def batch_normalization(
    layer: Any, weights: Sequence[Tensor], x: Tensor, mask: Tensor | None, training: bool
) -> Output:
    """y = gamma (x - mean) / sqrt(variance + epsilon) + beta, per replica and channel.

    In training, mean and variance are those of the batch, and the moving ones follow them:
    moving = momentum * moving + (1 - momentum) * batch. In inference they are the moving ones.
    """
    gamma, beta, moving_mean, moving_variance = weights
    if not training:
        return _affine(x, moving_mean, moving_variance, gamma, beta, layer.epsilon), {}
    mean, variance = tf.nn.moments(x, axes=list(range(1, x.shape.rank - 1)))
    decay = 1.0 - layer.momentum
    updates = {
        2: moving_mean - decay * (moving_mean - mean),
        3: moving_variance - decay * (moving_variance - variance),
    }
    return _affine(x, mean, variance, gamma, beta, layer.epsilon), updates


def layer_normalization(layer: Any, weights: Sequence[Tensor], x: Tensor, *_: Any) -> Output:
    """Like batch normalisation, over the channels of each example instead of the batch."""
    mean, variance = tf.nn.moments(x, axes=[-1], keepdims=True)
    x_hat = (x - mean) * tf.math.rsqrt(variance + layer.epsilon)
    return x_hat * _per_channel(weights[0], x) + _per_channel(weights[1], x), {}


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


def reshape(layer: Any, weights: Sequence[Tensor], x: Tensor, *_: Any) -> Output:
    """(R, batch, ...) to (R, batch, *output); Flatten is a case of it."""
    shape = tf.shape(x)
    return tf.reshape(x, [shape[0], shape[1], *layer.output.shape[1:]]), {}


def global_average(layer: Any, weights: Sequence[Tensor], x: Tensor, *_: Any) -> Output:
    """Mean over height and width."""
    return tf.reduce_mean(x, axis=[2, 3]), {}


RULES: dict[str, Rule] = {
    "Dense": dense,
    "Conv2D": conv2d,
    "BatchNormalization": batch_normalization,
    "LayerNormalization": layer_normalization,
    "Dropout": dropout,
    "Activation": activation,
    "Flatten": reshape,
    "Reshape": reshape,
    "GlobalAveragePooling2D": global_average,
}


def rule_for(layer: Any) -> Rule:
    """Return the rule of a Keras layer.

    Raises
    ------
    UnsupportedLayer
        If there is none, or the layer has a setting that the rule does not know.
    """
    kind = type(layer).__name__
    ours = kind in RULES and type(layer) is getattr(import_keras().layers, kind)
    problem = _unknown_setting(layer) if ours else "is not one of these Keras layers"
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
    if layer.weights and not layer.trainable:
        return "is frozen (trainable=False)"
    return _unknown_shape(layer)


def _unknown_shape(layer: Any) -> str:
    """Return what is unusual about the axes on which a layer works, or ''."""
    kind, rank = type(layer).__name__, len(layer.input.shape)
    if kind in ("BatchNormalization", "LayerNormalization"):
        axis = [layer.axis] if isinstance(layer.axis, int) else list(layer.axis)
        known = layer.center and layer.scale and axis in ([-1], [rank - 1])
        return "" if known else "must have gamma and beta and work on the last axis"
    if kind == "Conv2D":
        known = layer.groups == 1 and layer.data_format == "channels_last"
        known = known and set(layer.dilation_rate) == {1}
        return "" if known else "must have no groups, no dilation, and channels last"
    if kind == "Dropout" and layer.noise_shape is not None:
        return "must have no noise_shape"
    return "must have inputs of rank 2" if kind == "Dense" and rank != 2 else ""


def _affine(
    x: Tensor, mean: Tensor, variance: Tensor, gamma: Tensor, beta: Tensor, epsilon: float
) -> Tensor:
    """gamma (x - mean) / sqrt(variance + epsilon) + beta as one product and one sum."""
    scale = gamma * tf.math.rsqrt(variance + epsilon)
    return x * _per_channel(scale, x) + _per_channel(beta - mean * scale, x)


def _padded(
    x: Tensor, output: tuple[int, ...], kernel: tuple[int, ...], strides: tuple[int, ...]
) -> Tensor:
    """Zeros around the image for padding "same"; the odd one goes below and to the right."""
    around = []
    for given, wanted, size, stride in zip(x.shape[2:4], output, kernel, strides, strict=True):
        missing = max(stride * (wanted - 1) + size - given, 0)
        around.append([missing // 2, missing - missing // 2])
    return tf.pad(x, [[0, 0], [0, 0], *around, [0, 0]])


def _per_channel(values: Tensor, x: Tensor) -> Tensor:
    """(R, channels) to a shape that broadcasts against ``x``."""
    ones = [1] * (x.shape.rank - 2)
    return tf.reshape(values, [values.shape[0], *ones, values.shape[1]])
