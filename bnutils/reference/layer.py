"""Layer normalisation: the statistics of one example over the axes of its parameters."""

import numpy.typing as npt

from bnutils.reference import arguments
from bnutils.reference.arguments import Array, Axis
from bnutils.reference.per_example import NormCache, backward, normalise


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
    return normalise(x, x, gamma, beta, over, over, shape, epsilon)


def layer_norm_backward(dy: npt.ArrayLike, cache: NormCache) -> tuple[Array, Array, Array]:
    """Gradient of :func:`layer_norm`.

    Parameters
    ----------
    dy : array_like
        Gradient of the loss with respect to y, in the shape of y.
    cache : NormCache
        From :func:`layer_norm`.

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
    return backward(dy, cache)
