"""Group and instance normalisation: the statistics of some channels of one example."""

import numpy.typing as npt

from bnutils.reference import arguments
from bnutils.reference.arguments import Array
from bnutils.reference.per_example import NormCache, backward, normalise
from bnutils.utils.scalars import plain, whole
from bnutils.utils.wording import shown


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
    kept = arguments.axes(axis, x.ndim)
    if len(kept) > 1 or kept == (0,):
        raise ValueError(
            f"`axis` must not be the batch axis, nor several; received {shown(axis)} for {x.ndim} "
            "dimensions. Pass the channel axis of a batch of shape (N, ..., C)."
        )
    (channel,) = kept
    size = _group_size(groups, x.shape[channel])
    split = (*x.shape[:channel], x.shape[channel] // size, size, *x.shape[channel + 1 :])
    over = tuple(one for one in range(1, len(split)) if one != channel)
    pair = (channel, channel + 1)
    return normalise(x, x.reshape(split), gamma, beta, over, pair, (x.shape[channel],), epsilon)


def _group_size(groups: int, channels: int) -> int:
    given = whole(plain(groups))
    count = channels if given == -1 else given
    if count is None or count < 1 or channels % count:
        raise ValueError(
            f"`groups` must divide the {channels} channels, or be -1; received {shown(groups)}. "
            "Choose a divisor; -1 makes each channel a group of its own."
        )
    return channels // count


def group_norm_backward(dy: npt.ArrayLike, cache: NormCache) -> tuple[Array, Array, Array]:
    """Gradient of :func:`group_norm`.

    Parameters
    ----------
    dy : array_like
        Gradient of the loss with respect to y, in the shape of y.
    cache : NormCache
        From :func:`group_norm`.

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
    ``GroupNormalization(groups=-1)``.

    Parameters
    ----------
    x : array_like
        Axis 0 counts the examples: (N, H, W, C), or any other shape.
    gamma, beta : array_like or None
        (C,); None is 1 and 0.
    axis : int, default -1
        The channel axis; any but 0.
    epsilon : float, default 1e-3
        Added to the variance, inside the root.

    Returns
    -------
    y : ndarray
        In the shape of `x`.
    cache : NormCache
        For :func:`instance_norm_backward`.

    Raises
    ------
    ValueError
        If an argument has the wrong shape or range.

    References
    ----------
    Ulyanov, Vedaldi and Lempitsky (2016), Instance Normalization.
    """
    return group_norm(x, gamma, beta, groups=-1, axis=axis, epsilon=epsilon)


def instance_norm_backward(dy: npt.ArrayLike, cache: NormCache) -> tuple[Array, Array, Array]:
    """Gradient of :func:`instance_norm`.

    Parameters
    ----------
    dy : array_like
        Gradient of the loss with respect to y, in the shape of y.
    cache : NormCache
        From :func:`instance_norm`.

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
