"""Batch normalisation in training: the moments of a batch, and the transform with them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bnutils.reference import arguments
from bnutils.reference.arguments import Array, Axis, Shape


def moments(
    x: npt.ArrayLike, axis: Axis = -1, mask: npt.ArrayLike | None = None
) -> tuple[Array, Array]:
    r"""Mean and population variance of each position along the axis that is kept.

    .. math:: \mu = \frac1m \sum_i x_i, \qquad \sigma^2 = \frac1m \sum_i (x_i - \mu)^2

    The sums run over all axes but `axis`; m counts their elements. It is the *population*
    variance, which divides by m and not by m - 1.

    Parameters
    ----------
    x : array_like
        The batch: (N, D), or (N, H, W, C), or any other shape.
    axis : int or sequence of int, default -1
        The axis, or axes, to **keep**, as in Keras' ``BatchNormalization``.
    mask : array_like of bool, optional
        Shape of `x` without its last axis. Only elements where it is True are averaged.
        Keras adds 1e-7 to their number; this function does not.

    Returns
    -------
    mean, variance : ndarray
        Of the shape of the kept axes, (D,) or (C,) above.

    Raises
    ------
    ValueError
        If `x` is empty or not finite, `axis` is not one of its axes or leaves none to average
        over, or `mask` has another shape or leaves a mean with nothing to average.

    Examples
    --------
    >>> moments([[1.0, 10.0], [3.0, 10.0]])
    (array([ 2., 10.]), array([1., 0.]))
    """
    batch = arguments.array("x", x)
    kept = arguments.axes(axis, batch.ndim)
    over = arguments.others(kept, batch.ndim)
    counted = arguments.counted(mask, batch.shape, over)
    mean = batch.mean(axis=over, where=counted)
    centred = batch - arguments.spread(mean, kept, batch.ndim)
    return mean, (centred**2).mean(axis=over, where=counted)


@dataclass(frozen=True, eq=False)
class BatchNormCache:
    """What the forward pass leaves for the backward pass.

    Attributes
    ----------
    x_hat : ndarray
        The normalised input, in the shape of x.
    centred : ndarray
        The input less its mean, in the shape of x.
    mean, variance : ndarray
        The statistics of this batch, in the shape of the kept axes. They are what
        :func:`update_moving` takes.
    std : ndarray
        The root of variance + epsilon, shaped to broadcast with x.
    gamma : ndarray
        The scale, shaped to broadcast with x.
    share : ndarray
        The weight of each element in its mean, in the shape of x: 1/m, and 0 where masked.
    axis : tuple of int
        The kept axes.
    """

    x_hat: Array
    centred: Array
    mean: Array
    variance: Array
    std: Array
    gamma: Array
    share: Array
    axis: Shape

    @property
    def over(self) -> Shape:
        """The axes that were averaged over."""
        return arguments.others(self.axis, self.x_hat.ndim)


def batch_norm_train(
    x: npt.ArrayLike,
    gamma: npt.ArrayLike | None,
    beta: npt.ArrayLike | None,
    *,
    axis: Axis = -1,
    epsilon: float = 1e-3,
    mask: npt.ArrayLike | None = None,
) -> tuple[Array, BatchNormCache]:
    r"""Normalise a batch with its own statistics, as a layer does in training.

    .. math:: \hat x = \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}}, \qquad y = \gamma \hat x + \beta

    Parameters
    ----------
    x : array_like
        The batch: (N, D), or (N, H, W, C), or any other shape.
    gamma, beta : array_like or None
        Scale and shift, in the shape of the kept axes. None is 1 and 0, that is Keras'
        ``scale=False`` and ``center=False``.
    axis : int or sequence of int, default -1
        The axis to keep; see :func:`moments`.
    epsilon : float, default 1e-3
        Added to the variance, inside the root. The default is Keras'.
    mask : array_like of bool, optional
        Which elements enter the statistics; see :func:`moments`. All elements are normalised.

    Returns
    -------
    y : ndarray
        In the shape of `x`. A batch of one, or a feature that is constant, has variance 0 and
        gives y = beta (up to rounding), not a division by zero: this is what epsilon is for.
    cache : BatchNormCache
        For the backward pass; its `mean` and `variance` are those of this batch.

    Raises
    ------
    ValueError
        As :func:`moments`; or if gamma or beta have another shape than the kept axes, or
        epsilon is not greater than 0.

    References
    ----------
    Ioffe and Szegedy (2015), Batch Normalization, algorithm 1.
    """
    epsilon = arguments.epsilon(epsilon)
    mean, variance = moments(x, axis, mask)
    x = arguments.array("x", x)
    kept = arguments.axes(axis, x.ndim)
    scale = arguments.parameter("gamma", gamma, mean.shape, 1.0)
    shift = arguments.parameter("beta", beta, mean.shape, 0.0)

    mu, sigma2, g, b = (arguments.spread(v, kept, x.ndim) for v in (mean, variance, scale, shift))
    std = np.sqrt(sigma2 + epsilon)
    centred = x - mu
    x_hat = centred / std
    y = g * x_hat + b

    share = _share(mask, x.shape, kept)
    return y, BatchNormCache(x_hat, centred, mean, variance, std, g, share, kept)


def _share(mask: npt.ArrayLike | None, shape: Shape, kept: Shape) -> Array:
    over = arguments.others(kept, len(shape))
    counted = arguments.counted(mask, shape, over)
    share: Array = counted / counted.sum(axis=over, keepdims=True)
    return share
