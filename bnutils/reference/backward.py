"""The gradient of batch normalisation in training, twice: compact and in stages."""

import numpy.typing as npt

from bnutils.reference import arguments
from bnutils.reference.arguments import Array
from bnutils.reference.batch import BatchNormCache


def batch_norm_backward(dy: npt.ArrayLike, cache: BatchNormCache) -> tuple[Array, Array, Array]:
    r"""Gradient of batch normalisation in the compact form.

    .. math::

        d\beta = \sum_i dy_i, \qquad
        d\gamma = \sum_i dy_i \hat x_i, \qquad
        dx = \frac{\gamma}{\sqrt{\sigma^2 + \epsilon}}
             \left(dy - \frac{d\beta}{m} - \hat x \frac{d\gamma}{m}\right)

    The second term comes through the mean, the third through the variance. Hence dx sums to
    zero over the batch, and the sum of x_hat dx is of the order of epsilon.

    Parameters
    ----------
    dy : array_like
        Gradient of the loss with respect to y, in the shape of y.
    cache : BatchNormCache
        From :func:`~bnutils.reference.batch_norm_train`.

    Returns
    -------
    dx : ndarray
        In the shape of y. With a mask, an element that does not enter the statistics has the
        first term alone.
    dgamma, dbeta : ndarray
        In the shape of the kept axes.

    Raises
    ------
    ValueError
        If `dy` is not of the shape of y, or not finite.
    TypeError
        If `cache` is not that of such a layer.
    """
    cache = arguments.cache(cache, BatchNormCache, "batch_norm_train")
    dy = arguments.shaped("dy", dy, cache.x_hat.shape, "y")
    dbeta = dy.sum(axis=cache.over, keepdims=True)
    dgamma = (dy * cache.x_hat).sum(axis=cache.over, keepdims=True)
    dx = cache.gamma / cache.std * (dy - cache.share * (dbeta + cache.x_hat * dgamma))
    return dx, dgamma.squeeze(cache.over), dbeta.squeeze(cache.over)


def batch_norm_backward_staged(
    dy: npt.ArrayLike, cache: BatchNormCache
) -> tuple[Array, Array, Array]:
    r"""Gradient of batch normalisation by walking back through the computational graph.

    The forward pass in elementary steps, each of which is undone by one line here, the last
    one first::

        mean     = sum of share * x               (share = 1/m)
        centred  = x - mean
        variance = sum of share * centred**2
        std      = sqrt(variance + epsilon)
        x_hat    = centred / std
        y        = gamma * x_hat + beta

    Where a value is used twice, its gradients add: `centred` feeds both x_hat and the
    variance, and x feeds both `centred` and the mean.

    Parameters
    ----------
    dy : array_like
        Gradient of the loss with respect to y, in the shape of y.
    cache : BatchNormCache
        From :func:`~bnutils.reference.batch_norm_train`.

    Returns
    -------
    dx, dgamma, dbeta : ndarray
        Equal to :func:`batch_norm_backward` up to rounding.

    Raises
    ------
    ValueError
        If `dy` is not of the shape of y, or not finite.
    TypeError
        If `cache` is not that of such a layer.
    """
    cache = arguments.cache(cache, BatchNormCache, "batch_norm_train")
    dy = arguments.shaped("dy", dy, cache.x_hat.shape, "y")

    def total(values: Array) -> Array:
        summed: Array = values.sum(axis=cache.over, keepdims=True)
        return summed

    # y = gamma * x_hat + beta
    dbeta = total(dy)
    dgamma = total(dy * cache.x_hat)
    dx_hat = dy * cache.gamma
    # x_hat = centred / std
    dcentred = dx_hat / cache.std
    dstd = -total(dx_hat * cache.centred) / cache.std**2
    # std = sqrt(variance + epsilon)
    dvariance = dstd / (2 * cache.std)
    # variance = sum of share * centred**2
    dcentred = dcentred + dvariance * 2 * cache.share * cache.centred
    # centred = x - mean
    dmean = -total(dcentred)
    # mean = sum of share * x
    dx = dcentred + dmean * cache.share
    return dx, dgamma.squeeze(cache.over), dbeta.squeeze(cache.over)
