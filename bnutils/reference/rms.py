"""RMS normalisation: layer normalisation without the mean, and without beta."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bnutils.reference import arguments
from bnutils.reference.arguments import Array, Axis, Shape


@dataclass(frozen=True, eq=False)
class RMSCache:
    """What the forward pass of RMS normalisation leaves behind.

    Attributes
    ----------
    x_hat, rms : ndarray
        The normalised input, and the root of mean square + epsilon, shaped to broadcast.
    scale : ndarray
        Shaped to broadcast.
    over : tuple of int
        The axes that were averaged over.
    """

    x_hat: Array
    rms: Array
    scale: Array
    over: Shape


def rms_norm(
    x: npt.ArrayLike,
    scale: npt.ArrayLike | None,
    *,
    axis: Axis = -1,
    epsilon: float = 1e-6,
) -> tuple[Array, RMSCache]:
    r"""Divide by the root mean square: no mean is subtracted and no beta added.

    .. math:: y = scale \cdot \frac{x}{\sqrt{\frac1m \sum_i x_i^2 + \epsilon}}

    Parameters
    ----------
    x : array_like
        Any shape.
    scale : array_like or None
        In the shape of the axes in `axis`; None is 1. (Keras' name for its gamma.)
    axis : int or sequence of int, default -1
        The axes to average **over**, as for :func:`.layer_norm`. Keras 3.15 lines its scale up
        with the last axes of x, whatever its `axis`; the two agree where `axis` is the last.
    epsilon : float, default 1e-6
        Added to the mean square, inside the root. The default is that of Keras'
        ``RMSNormalization``, smaller than its other layers' 1e-3.

    Returns
    -------
    y : ndarray
        In the shape of `x`.
    cache : RMSCache
        For :func:`rms_norm_backward`.

    Raises
    ------
    ValueError
        If an argument has the wrong shape or range.

    References
    ----------
    Zhang and Sennrich (2019), Root Mean Square Layer Normalization.
    """
    epsilon = arguments.epsilon(epsilon)
    x = arguments.array("x", x)
    over = arguments.axes(axis, x.ndim)
    shape = tuple(x.shape[one] for one in over)
    factor = arguments.spread(arguments.parameter("scale", scale, shape, 1.0), over, x.ndim)
    rms = np.sqrt((x**2).mean(axis=over, keepdims=True) + epsilon)
    x_hat = x / rms
    return factor * x_hat, RMSCache(x_hat, rms, factor, over)


def rms_norm_backward(dy: npt.ArrayLike, cache: RMSCache) -> tuple[Array, Array]:
    """Gradient of :func:`rms_norm`.

    Parameters
    ----------
    dy : array_like
        Gradient of the loss with respect to y, in the shape of y.
    cache : RMSCache
        From :func:`rms_norm`.

    Returns
    -------
    dx : ndarray
        In the shape of y.
    dscale : ndarray
        In the shape of `scale`.

    Raises
    ------
    ValueError
        If `dy` is not of the shape of y, or not finite.
    TypeError
        If `cache` is not that of such a layer.
    """
    cache = arguments.cache(cache, RMSCache, "rms_norm")
    dy = arguments.shaped("dy", dy, cache.x_hat.shape, "y")
    dscale = (dy * cache.x_hat).sum(axis=arguments.rest(cache.over, dy.ndim))
    dx_hat = dy * cache.scale
    along = (dx_hat * cache.x_hat).mean(axis=cache.over, keepdims=True)
    return (dx_hat - cache.x_hat * along) / cache.rms, dscale
