"""A convolution of R networks as one matrix product."""

from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from bnutils.engine.axes import Output, Tensor, per_channel


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
        y += per_channel(weights[1], y)
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


def unknown(layer: Any) -> str:
    """Return what a convolution has that its rule does not know, or ''."""
    known = layer.groups == 1 and layer.data_format == "channels_last"
    known = known and set(layer.dilation_rate) == {1}
    return "" if known else "must have no groups, no dilation, and channels last"


def _padded(
    x: Tensor, output: tuple[int, ...], kernel: tuple[int, ...], strides: tuple[int, ...]
) -> Tensor:
    """Zeros around the image for padding "same"; the odd one goes below and to the right."""
    around = []
    for given, wanted, size, stride in zip(x.shape[2:4], output, kernel, strides, strict=True):
        missing = max(stride * (wanted - 1) + size - given, 0)
        around.append([missing // 2, missing - missing // 2])
    return tf.pad(x, [[0, 0], [0, 0], *around, [0, 0]])
