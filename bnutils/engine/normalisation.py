"""The rules of the normalisation layers: which axes each takes its means over.

Gamma and beta come first among a layer's weights, each only where the layer has it.
"""

from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from bnutils.engine.axes import Output, Tensor, over_examples, per_channel
from bnutils.layers import ghost_moments


def batch_normalization(
    layer: Any, weights: Sequence[Tensor], x: Tensor, mask: Tensor | None, training: bool
) -> Output:
    """y = gamma (x - mean) / sqrt(variance + epsilon) + beta, per replica and channel.

    In training, mean and variance are those of the batch, and the moving ones follow them:
    moving = momentum * moving + (1 - momentum) * batch. In inference they are the moving ones,
    and in Keras so they are in training, if the layer as a whole is frozen.
    """
    count = layer.scale + layer.center
    own, (moving_mean, moving_variance) = weights[:count], weights[count : count + 2]
    gamma = own[0] if layer.scale else 1.0
    beta = own[-1] if layer.center else 0.0
    if training and layer.trainable and getattr(layer, "renorm", False):
        return _renormalised(layer, own, weights[count:], x)
    if not (training and layer.trainable):
        return _scaled(x, moving_mean, moving_variance, gamma, beta, layer.epsilon), {}
    mean, variance = tf.nn.moments(x, axes=over_examples(x))
    updates = {
        len(own): _following(layer, moving_mean, mean),
        len(own) + 1: _following(layer, moving_variance, variance),
    }
    return _scaled(x, mean, variance, gamma, beta, layer.epsilon), updates


def _renormalised(layer: Any, own: Sequence[Tensor], moving: Sequence[Tensor], x: Tensor) -> Output:
    """y = gamma (x_hat r + d) + beta: batch renormalisation after Ioffe (2017), in training.

    With x_hat, mean and std = sqrt(variance + epsilon) of the batch, and a moving mean and std that
    follow these: r = std / moving std and d = (mean - moving mean) / moving std, which are clipped,
    and which no gradient goes through. Unclipped, y is what the moving statistics make of x.
    """
    moving_mean, _, moving_std, *renorm = moving
    mean, variance = tf.nn.moments(x, axes=over_examples(x))
    std = tf.sqrt(variance + layer.epsilon)
    r, d = _corrections(layer, mean, std, *renorm)
    corrected = (x - per_channel(mean, x)) * per_channel(r / std, x) + per_channel(d, x)
    std_now, share = _following(layer, moving_std, std), 1.0 - layer.renorm_momentum
    used = zip(renorm, (mean, std), strict=True)
    news = [_following(layer, moving_mean, mean), tf.nn.relu(std_now**2 - layer.epsilon), std_now]
    news += [old - share * (old - batch) for old, batch in used]
    return _affine(layer, own, corrected), dict(enumerate(news, len(own)))


def _corrections(
    layer: Any, mean: Tensor, std: Tensor, moving_mean: Tensor, moving_std: Tensor
) -> tuple[Tensor, Tensor]:
    """r and d within the layer's bounds, as numbers that no gradient goes through."""
    given = {name: value for name, value in layer.renorm_clipping.items() if value is not None}
    bounds = {"rmin": 0.0, "rmax": float("inf"), "dmax": float("inf")} | given
    divisor, furthest = tf.maximum(moving_std, layer.epsilon**0.5), bounds["dmax"]
    r = tf.clip_by_value(std / divisor, bounds["rmin"], bounds["rmax"])
    d = tf.clip_by_value((mean - moving_mean) / divisor, -furthest, furthest)
    return tf.stop_gradient(r), tf.stop_gradient(d)


def ghost_batch_normalization(
    layer: Any, weights: Sequence[Tensor], x: Tensor, mask: Tensor | None, training: bool
) -> Output:
    """The same with the mean and variance of each example's ghost batch, in training.

    The moving ones follow the mean of these over the examples.
    """
    if not (training and layer.trainable):
        return batch_normalization(layer, weights, x, mask, training)
    own, moving = weights[:-2], weights[-2:]
    mean, variance = ghost_moments(x, layer.ghost)
    used = [tf.reduce_mean(values, over_examples(x)) for values in (mean, variance)]
    pairs = enumerate(zip(moving, used, strict=True), len(own))
    updates = {index: _following(layer, *pair) for index, pair in pairs}
    return _affine(layer, own, (x - mean) * tf.math.rsqrt(variance + layer.epsilon)), updates


def batch_centering(
    layer: Any, weights: Sequence[Tensor], x: Tensor, mask: Tensor | None, training: bool
) -> Output:
    """y = x - mean + beta, with the mean of the batch in training; not divided by anything."""
    *own, mean = weights
    beta, updates = own[0] if layer.center else 0.0, {}
    if training and layer.trainable:
        moving, (mean, _) = mean, tf.nn.moments(x, axes=over_examples(x))
        updates = {len(own): _following(layer, moving, mean)}
    return x - per_channel(mean - beta, x), updates


def batch_scaling(
    layer: Any, weights: Sequence[Tensor], x: Tensor, mask: Tensor | None, training: bool
) -> Output:
    """y = gamma x / sqrt(variance + epsilon), with mean((x - mean)^2) of the batch; not centred."""
    *own, variance = weights
    gamma, updates = own[0] if layer.scale else 1.0, {}
    if training and layer.trainable:
        moving, (_, variance) = variance, tf.nn.moments(x, axes=over_examples(x))
        updates = {len(own): _following(layer, moving, variance)}
    return x * per_channel(gamma * tf.math.rsqrt(variance + layer.epsilon), x), updates


def _following(layer: Any, moving: Tensor, batch: Tensor) -> Tensor:
    """momentum * moving + (1 - momentum) * batch."""
    return moving - (1.0 - layer.momentum) * (moving - batch)


def layer_normalization(layer: Any, weights: Sequence[Tensor], x: Tensor, *_: Any) -> Output:
    """Like batch normalisation, over the channels of each example instead of the batch."""
    return _affine(layer, weights, _normalised(x, [-1], layer.epsilon)), {}


def group_normalization(layer: Any, weights: Sequence[Tensor], x: Tensor, *_: Any) -> Output:
    """Over all positions of an example and the channels of one group.

    With as many groups as channels, Keras' ``groups=-1``, it is instance normalisation.
    """
    shape, channels, groups = tf.shape(x), x.shape[-1], layer.groups
    outer = [shape[0], shape[1], *x.shape[2:-1]]  # replicas, examples, positions
    over = [*range(2, x.shape.rank - 1), -1]
    x_hat = _normalised(tf.reshape(x, [*outer, groups, channels // groups]), over, layer.epsilon)
    return _affine(layer, weights, tf.reshape(x_hat, [*outer, channels])), {}


def rms_normalization(layer: Any, weights: Sequence[Tensor], x: Tensor, *_: Any) -> Output:
    """Over the channels of each example, without the mean: y = scale x / sqrt(mean(x^2) + eps)."""
    square = tf.reduce_mean(tf.square(x), axis=-1, keepdims=True)
    return x * tf.math.rsqrt(square + layer.epsilon) * per_channel(weights[0], x), {}


def unknown(layer: Any) -> str:
    """Return what a normalisation layer has that its rule does not know, or ''."""
    last = len(layer.input.shape) - 1
    axis = [layer.axis] if isinstance(layer.axis, int) else list(layer.axis)
    if axis not in ([-1], [last]):
        return "must work on the last axis"
    if getattr(layer, "rms_scaling", False):
        return "must have no rms_scaling"
    if getattr(layer, "renorm", False) and type(layer).__name__ != "BatchNormalization":
        return "must have no renorm"
    return ""


def _normalised(x: Tensor, axes: Sequence[int], epsilon: float) -> Tensor:
    """(x - mean) / sqrt(variance + epsilon), over these axes."""
    mean, variance = tf.nn.moments(x, axes=axes, keepdims=True)
    return (x - mean) * tf.math.rsqrt(variance + epsilon)


def _affine(layer: Any, weights: Sequence[Tensor], x_hat: Tensor) -> Tensor:
    """gamma x_hat + beta, as far as the layer has them."""
    if layer.scale:
        x_hat = x_hat * per_channel(weights[0], x_hat)
    return x_hat + per_channel(weights[-1], x_hat) if layer.center else x_hat


def _scaled(
    x: Tensor, mean: Tensor, variance: Tensor, gamma: Any, beta: Any, epsilon: float
) -> Tensor:
    """gamma (x - mean) / sqrt(variance + epsilon) + beta as one product and one sum."""
    scale = gamma * tf.math.rsqrt(variance + epsilon)
    return x * per_channel(scale, x) + per_channel(beta - mean * scale, x)
