"""What layer, group and instance normalisation share: the statistics of one example alone.

None of them looks at other examples, so there are no moving statistics, and training and
inference are the same.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bnutils.reference import arguments
from bnutils.reference.arguments import Array, Shape


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


def normalise(
    x: Array,
    split: Array,
    gamma: npt.ArrayLike | None,
    beta: npt.ArrayLike | None,
    over: Shape,
    parameter_axes: Shape,
    parameter_shape: Shape,
    epsilon: float,
) -> tuple[Array, NormCache]:
    r"""Normalise x over some axes of one example, and give it gamma and beta.

    .. math:: \hat x = \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}}, \qquad y = \gamma \hat x + \beta

    Parameters
    ----------
    x, split : ndarray
        The input as the caller has it, and in the shape that suits the averages: for groups
        with the channel axis split in two.
    gamma, beta : array_like or None
        In `parameter_shape`; None is 1 and 0.
    over, parameter_axes : tuple of int
        The axes of `split` to average over, and those along which gamma and beta differ.
    parameter_shape : tuple of int
        The shape of gamma and beta as the caller has them.
    epsilon : float
        Added to the variance, inside the root.

    Returns
    -------
    y : ndarray
        In the shape of `x`.
    cache : NormCache

    Raises
    ------
    ValueError
        If gamma or beta have another shape, or epsilon is not greater than 0.
    """
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


def backward(dy: npt.ArrayLike, cache: NormCache) -> tuple[Array, Array, Array]:
    r"""Gradient of :func:`normalise`.

    .. math::

        d\hat x = \gamma \, dy, \qquad
        dx = \frac{1}{\sqrt{\sigma^2 + \epsilon}}
             \left(d\hat x - \overline{d\hat x} - \hat x \, \overline{d\hat x \hat x}\right)

    Unlike in batch normalisation gamma stays inside the means, for it may differ along them.

    Parameters
    ----------
    dy : array_like
        Gradient of the loss with respect to y, in the shape of y.
    cache : NormCache
        From :func:`normalise`.

    Returns
    -------
    dx : ndarray
        In the shape of y.
    dgamma, dbeta : ndarray
        In the shape of gamma.

    Raises
    ------
    ValueError
        If `dy` is not of the shape of y, or not finite.
    TypeError
        If `cache` is not that of such a layer.
    """
    cache = arguments.cache(cache, NormCache, "layer_norm, group_norm or instance_norm")
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
