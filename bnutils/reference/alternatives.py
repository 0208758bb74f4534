"""Layer, group and instance normalisation: the statistics of one example alone.

None of them looks at other examples, so there are no moving statistics, and training and
inference are the same.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bnutils.reference import arguments
from bnutils.reference.arguments import Array, Axis, Shape


@dataclass(frozen=True, eq=False)
class NormCache:
    """What the forward pass of layer, group or instance normalisation leaves behind.

    Attributes
    ----------
    x_hat, std : ndarray
        The normalised input and the root of variance + epsilon. For groups the channel axis
        stands split in two, (groups, channels per group).
    gamma : ndarray
        The scale, shaped to broadcast with `x_hat`.
    over : tuple of int
        The axes of `x_hat` that were averaged over.
    parameter_axes : tuple of int
        The axes of `x_hat` along which gamma and beta differ.
    shape, parameter_shape : tuple of int
        The shapes of x and of gamma, as the caller has them.
    """

    x_hat: Array
    std: Array
    gamma: Array
    over: Shape
    parameter_axes: Shape
    shape: Shape
    parameter_shape: Shape


def layer_norm(
    x: npt.ArrayLike,
    gamma: npt.ArrayLike | None,
    beta: npt.ArrayLike | None,
    *,
    axis: Axis = -1,
    epsilon: float = 1e-3,
) -> tuple[Array, NormCache]:
    """Normalise over `axis`, which also carries gamma and beta (Keras' LayerNormalization).

    On images, (N, H, W, C), Keras' default ``axis=-1`` averages over the channels of *each
    pixel*. That is neither group normalisation with one group, which averages over H, W and C
    together, nor is ``axis=(1, 2, 3)``: it averages as GN(1) does, but has a gamma for each
    (h, w, c), where GN(1) has one for each c.

    Parameters
    ----------
    x : array_like
        Any shape.
    gamma, beta : array_like or None
        In the shape of the axes in `axis`, in their order in x; None is 1 and 0.
    axis : int or sequence of int, default -1
        The axes to average **over**: the opposite of batch normalisation's `axis`.
    epsilon : float, default 1e-3
        Added to the variance, inside the root.

    Returns
    -------
    y : ndarray
        In the shape of `x`.
    cache : NormCache
        For :func:`layer_norm_backward`.

    Raises
    ------
    ValueError
        If an argument has the wrong shape or range.

    References
    ----------
    Ba, Kiros and Hinton (2016), Layer Normalization.
    """
    x = arguments.array("x", x)
    over = arguments.axes(axis, x.ndim)
    shape = tuple(x.shape[one] for one in over)
    return _normalise(x, x, gamma, beta, over, over, shape, epsilon)


def layer_norm_backward(dy: npt.ArrayLike, cache: NormCache) -> tuple[Array, Array, Array]:
    """Gradient of :func:`layer_norm`: dx, dgamma, dbeta for the upstream gradient `dy`."""
    return _backward(dy, cache)


def group_norm(
    x: npt.ArrayLike,
    gamma: npt.ArrayLike | None,
    beta: npt.ArrayLike | None,
    *,
    groups: int = 32,
    axis: int = -1,
    epsilon: float = 1e-3,
) -> tuple[Array, NormCache]:
    """Normalise each example over all positions and the channels of one group.

    Parameters
    ----------
    x : array_like
        Axis 0 counts the examples: (N, H, W, C), or (N, C), or any other shape.
    gamma, beta : array_like or None
        (C,), one for each channel whatever the groups; None is 1 and 0.
    groups : int, default 32
        How many groups of neighbouring channels; must divide C. -1 makes every channel a
        group: instance normalisation, as in Keras.
    axis : int, default -1
        The channel axis; any but 0.
    epsilon : float, default 1e-3
        Added to the variance, inside the root.

    Returns
    -------
    y : ndarray
        In the shape of `x`.
    cache : NormCache
        For :func:`group_norm_backward`.

    Raises
    ------
    ValueError
        If `groups` does not divide C, or another argument has the wrong shape or range.

    References
    ----------
    Wu and He (2018), Group Normalization.
    """
    x = arguments.array("x", x)
    (channel,) = arguments.axes((axis,), x.ndim)
    if channel == 0:
        raise ValueError(
            f"`axis` must not be the batch axis; received {axis!r} for {x.ndim} dimensions. "
            "Pass the channel axis of a batch of shape (N, ..., C)."
        )
    size = _group_size(groups, x.shape[channel])
    split = (*x.shape[:channel], x.shape[channel] // size, size, *x.shape[channel + 1 :])
    over = tuple(one for one in range(1, len(split)) if one != channel)
    pair = (channel, channel + 1)
    return _normalise(x, x.reshape(split), gamma, beta, over, pair, (x.shape[channel],), epsilon)


def _group_size(groups: int, channels: int) -> int:
    count = channels if groups == -1 else groups
    if not isinstance(count, int | np.integer) or count < 1 or channels % count:
        raise ValueError(
            f"`groups` must divide the {channels} channels, or be -1; received {groups!r}. "
            "Choose a divisor; -1 makes each channel a group of its own."
        )
    return channels // int(count)


def group_norm_backward(dy: npt.ArrayLike, cache: NormCache) -> tuple[Array, Array, Array]:
    """Gradient of :func:`group_norm`: dx, dgamma, dbeta for the upstream gradient `dy`."""
    return _backward(dy, cache)


def instance_norm(
    x: npt.ArrayLike,
    gamma: npt.ArrayLike | None,
    beta: npt.ArrayLike | None,
    *,
    axis: int = -1,
    epsilon: float = 1e-3,
) -> tuple[Array, NormCache]:
    """Normalise each channel of each example over its positions.

    It is :func:`group_norm` with as many groups as channels; Keras writes
    ``GroupNormalization(groups=-1)``. Parameters, results and errors are those of
    :func:`group_norm`.

    References
    ----------
    Ulyanov, Vedaldi and Lempitsky (2016), Instance Normalization.
    """
    return group_norm(x, gamma, beta, groups=-1, axis=axis, epsilon=epsilon)


def instance_norm_backward(dy: npt.ArrayLike, cache: NormCache) -> tuple[Array, Array, Array]:
    """Gradient of :func:`instance_norm`: dx, dgamma, dbeta for the upstream gradient `dy`."""
    return _backward(dy, cache)


def _normalise(
    x: Array,
    split: Array,
    gamma: npt.ArrayLike | None,
    beta: npt.ArrayLike | None,
    over: Shape,
    parameter_axes: Shape,
    parameter_shape: Shape,
    epsilon: float,
) -> tuple[Array, NormCache]:
    """Normalise `split`, which is `x` in the shape that suits the averages."""
    epsilon = arguments.epsilon(epsilon)
    sizes = tuple(split.shape[one] for one in parameter_axes)
    g, b = (
        arguments.spread(values.reshape(sizes), parameter_axes, split.ndim)
        for values in (
            arguments.parameter("gamma", gamma, parameter_shape, 1.0),
            arguments.parameter("beta", beta, parameter_shape, 0.0),
        )
    )
    centred = split - split.mean(axis=over, keepdims=True)
    std = np.sqrt((centred**2).mean(axis=over, keepdims=True) + epsilon)
    x_hat = centred / std
    y = (g * x_hat + b).reshape(x.shape)
    return y, NormCache(x_hat, std, g, over, parameter_axes, x.shape, parameter_shape)


def _backward(dy: npt.ArrayLike, cache: NormCache) -> tuple[Array, Array, Array]:
    """Differentiate; gamma stays inside the means, for it may differ along them."""
    dy = arguments.shaped("dy", dy, cache.shape, "y").reshape(cache.x_hat.shape)
    elsewhere = arguments.rest(cache.parameter_axes, dy.ndim)
    dgamma = (dy * cache.x_hat).sum(axis=elsewhere).reshape(cache.parameter_shape)
    dbeta = dy.sum(axis=elsewhere).reshape(cache.parameter_shape)

    def mean(values: Array) -> Array:
        averaged: Array = values.mean(axis=cache.over, keepdims=True)
        return averaged

    dx_hat = dy * cache.gamma
    dx = (dx_hat - mean(dx_hat) - cache.x_hat * mean(dx_hat * cache.x_hat)) / cache.std
    return dx.reshape(cache.shape), dgamma, dbeta
