"""Batch normalisation in inference: the moving statistics, and the transform with them."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from bnutils.reference import arguments
from bnutils.reference.arguments import Array, Axis, Shape
from bnutils.utils.validation import counts

LARGEST = 10**7  # of an axis that a state is made for


def update_moving(moving: npt.ArrayLike, batch: npt.ArrayLike, momentum: float = 0.99) -> Array:
    r"""One step of the exponential moving average of a statistic.

    .. math:: \mathrm{moving} \leftarrow
              \mathrm{momentum} \cdot \mathrm{moving} + (1 - \mathrm{momentum}) \cdot \mathrm{batch}

    This is Keras' meaning of `momentum`: it weights the **old** value, so that 0 takes the
    batch alone and 1 never changes. (In PyTorch the argument of that name weights the new
    value: Keras' 0.99 is PyTorch's 0.01.)

    Parameters
    ----------
    moving, batch : array_like
        The statistic so far and that of the new batch, of one shape.
    momentum : float, default 0.99
        Between 0 and 1.

    Returns
    -------
    ndarray
        The new value; `moving` is left as it is.

    Raises
    ------
    ValueError
        If the shapes differ or `momentum` is outside 0 to 1.
    """
    momentum = arguments.momentum(momentum)
    old = arguments.array("moving", moving)
    new = arguments.shaped("batch", batch, old.shape, "`moving`")
    return momentum * old + (1 - momentum) * new


@dataclass(frozen=True, eq=False)
class MovingStatistics:
    """Moving mean and variance: the state that a layer carries from training to inference.

    Parameters
    ----------
    mean, variance : array_like
        Of one shape; no variance may be negative.

    Raises
    ------
    ValueError
        If the shapes differ or a variance is negative.
    """

    mean: Array
    variance: Array

    def __init__(self, mean: npt.ArrayLike, variance: npt.ArrayLike) -> None:
        centre = arguments.array("moving_mean", mean)
        width = arguments.shaped("moving_variance", variance, centre.shape, "`moving_mean`")
        if (width < 0).any():
            raise ValueError(
                f"`moving_variance` must not be negative; received {width.min()}. "
                "Check that mean and variance are not in each other's place."
            )
        object.__setattr__(self, "mean", centre)
        object.__setattr__(self, "variance", width)

    @classmethod
    def initial(cls, shape: int | Shape) -> Self:
        """Return the state of a layer that has seen nothing, as in Keras.

        Parameters
        ----------
        shape : int or tuple of int
            That of the kept axes, (D,) or (C,); an int is the one number in it.

        Returns
        -------
        MovingStatistics
            Mean 0 and variance 1.

        Raises
        ------
        ValueError, TypeError
            If `shape` is not one or more sizes of at least 1.
        """
        sizes = counts("`shape`", shape, 1, LARGEST)
        return cls(np.zeros(sizes), np.ones(sizes))

    def updated(self, mean: npt.ArrayLike, variance: npt.ArrayLike, momentum: float = 0.99) -> Self:
        """Return the state after one more batch; this one stays as it is.

        Parameters
        ----------
        mean, variance : array_like
            Those of the batch, in the shape of the state; from :func:`.moments`.
        momentum : float, default 0.99
            The weight of the old value; see :func:`update_moving`.

        Returns
        -------
        MovingStatistics

        Raises
        ------
        ValueError
            As :func:`update_moving`; or if the variance is negative.
        """
        return type(self)(
            update_moving(self.mean, mean, momentum),
            update_moving(self.variance, variance, momentum),
        )

    def require_shape(self, shape: Shape) -> Self:
        """Return this state if it fits the layer's input.

        Parameters
        ----------
        shape : tuple of int
            That of the kept axes of x.

        Returns
        -------
        MovingStatistics
            This state itself.

        Raises
        ------
        ValueError
            If it is of another shape.
        """
        sizes = counts("`shape`", shape, 1)
        arguments.shaped("moving_mean", self.mean, sizes, "the kept axes of `x`")
        return self


def batch_norm_infer(
    x: npt.ArrayLike,
    gamma: npt.ArrayLike | None,
    beta: npt.ArrayLike | None,
    moving_mean: npt.ArrayLike,
    moving_variance: npt.ArrayLike,
    *,
    axis: Axis = -1,
    epsilon: float = 1e-3,
) -> Array:
    r"""Normalise with the moving statistics, as a layer does in inference.

    .. math:: y = \gamma \frac{x - \mathrm{moving\_mean}}
                  {\sqrt{\mathrm{moving\_variance} + \epsilon}} + \beta

    Each example is treated alone: no output depends on the other examples of the batch.

    Parameters
    ----------
    x : array_like
        The batch: (N, D), or (N, H, W, C), or any other shape.
    gamma, beta : array_like or None
        Scale and shift, in the shape of the kept axes; None is 1 and 0.
    moving_mean, moving_variance : array_like
        In the shape of the kept axes; no variance may be negative.
    axis, epsilon
        As for :func:`batch_norm_train`.

    Returns
    -------
    ndarray
        In the shape of `x`.

    Raises
    ------
    ValueError
        As :func:`batch_norm_train`; or if a moving variance is negative.
    """
    epsilon = arguments.epsilon(epsilon)
    x = arguments.array("x", x)
    kept = arguments.axes(axis, x.ndim)
    shape = tuple(x.shape[one] for one in kept)
    state = MovingStatistics(moving_mean, moving_variance).require_shape(shape)
    scale = arguments.parameter("gamma", gamma, shape, 1.0)
    shift = arguments.parameter("beta", beta, shape, 0.0)
    mu, sigma2, g, b = (
        arguments.spread(v, kept, x.ndim) for v in (state.mean, state.variance, scale, shift)
    )
    y: Array = g * (x - mu) / np.sqrt(sigma2 + epsilon) + b
    return y
