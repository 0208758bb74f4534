"""Folding: a trained batch normalisation merged into the layer before it."""

import math

import numpy as np
import numpy.typing as npt

from bnutils.reference import arguments
from bnutils.reference.arguments import Array, Axis
from bnutils.reference.inference import MovingStatistics


def fold(
    kernel: npt.ArrayLike,
    bias: npt.ArrayLike | None,
    gamma: npt.ArrayLike | None,
    beta: npt.ArrayLike | None,
    moving_mean: npt.ArrayLike,
    moving_variance: npt.ArrayLike,
    epsilon: float = 1e-3,
    *,
    output_axis: Axis = -1,
) -> tuple[Array, Array]:
    r"""Kernel and bias of one layer that does the work of a linear layer and its BN.

    In inference batch normalisation is an affine map per channel, and so is what precedes it:

    .. math::

        s = \frac{\gamma}{\sqrt{\mathrm{moving\_variance} + \epsilon}}, \qquad
        kernel' = s \cdot kernel, \qquad
        bias' = s \cdot (bias - \mathrm{moving\_mean}) + \beta

    This holds if nothing nonlinear stands between the two, and in inference only.

    Parameters
    ----------
    kernel : array_like
        Weights of a dense layer, (inputs, C), or a convolution, (h, w, inputs, C).
    bias : array_like or None
        (C,); None for a layer without bias.
    gamma, beta : array_like or None
        (C,); None is 1 and 0.
    moving_mean, moving_variance : array_like
        (C,).
    epsilon : float, default 1e-3
        That of the batch normalisation. Another one gives other numbers.
    output_axis : int or sequence of int, default -1
        Where the kernel has its output channels: -1 for Keras' ``Dense`` and ``Conv2D``, -2
        for ``Conv2DTranspose``, (-2, -1) for ``DepthwiseConv2D``.

    Returns
    -------
    kernel : ndarray
        In the shape of `kernel`.
    bias : ndarray
        (C,).

    Raises
    ------
    ValueError
        If a vector is not of length C, a variance is negative or epsilon is not above 0.
    """
    epsilon = arguments.epsilon(epsilon)
    weights = arguments.array("kernel", kernel)
    outputs = arguments.axes(output_axis, weights.ndim)
    sizes = tuple(weights.shape[one] for one in outputs)
    shape = (math.prod(sizes),)
    state = MovingStatistics(moving_mean, moving_variance)
    arguments.shaped("moving_mean", state.mean, shape, "the outputs of `kernel`")
    scale = arguments.parameter("gamma", gamma, shape, 1.0) / np.sqrt(state.variance + epsilon)
    shift = arguments.parameter("beta", beta, shape, 0.0)
    offset = arguments.parameter("bias", bias, shape, 0.0)
    folded = weights * arguments.spread(scale.reshape(sizes), outputs, weights.ndim)
    return folded, scale * (offset - state.mean) + shift
