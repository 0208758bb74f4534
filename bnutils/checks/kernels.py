"""Check of folding: batch normalisation merged into the kernel before it."""

from functools import partial

import numpy as np

from bnutils import reference
from bnutils.checks import batches, variants
from bnutils.checks.batches import Batch
from bnutils.checks.calling import Arguments, Array, Function, Signature
from bnutils.checks.cases import ZERO_VARIANCE, cases
from bnutils.checks.exercise import Case, Exercise, Values, Wrong, different
from bnutils.checks.report import Report
from bnutils.checks.running import check

SIGNATURE = Signature(
    "fold(kernel, bias, gamma, beta, moving_mean, moving_variance, epsilon) -> (kernel, bias)",
    ("kernel", "bias", "gamma", "beta", "moving_mean", "moving_variance", "epsilon"),
    ("kernel", "bias"),
)
SLOTS = (
    ("bias-forgotten", "bias-not-scaled", "mean-not-subtracted", "sign-error"),
    variants.ROOT,
    *variants.AFFINE,
    ("kernel-not-scaled", "wrong-kernel-axis"),
    ("results-swapped",),
)


def folding(function: Function) -> Report:
    """Check the folding of batch normalisation into a dense or convolution kernel.

    Parameters
    ----------
    function : callable
        ``fold(kernel, bias, gamma, beta, moving_mean, moving_variance, epsilon) ->
        (kernel, bias)`` with kernel (inputs, C) or (h, w, inputs, C), five vectors (C,), and
        epsilon a float.

    Returns
    -------
    Report
    """
    return check(function, exercise())


def exercise() -> Exercise:
    """Return the exercise."""
    return Exercise("folding", SIGNATURE, _right, _variant, SLOTS, _cases(), different)


def _right(
    kernel: Array,
    bias: Array,
    gamma: Array,
    beta: Array,
    mean: Array,
    variance: Array,
    epsilon: float,
) -> Values:
    return reference.fold(kernel, bias, gamma, beta, mean, variance, epsilon)


def _variant(
    wrong: Wrong,
    kernel: Array,
    bias: Array,
    gamma: Array,
    beta: Array,
    mean: Array,
    variance: Array,
    epsilon: float,
) -> Values:
    if "gamma-beta-swapped" in wrong:
        gamma, beta = beta, gamma
    scale = 1 / variants.root(wrong, variance, epsilon)
    scale = scale if "gamma-ignored" in wrong else gamma * scale
    shift = np.zeros_like(beta) if "beta-ignored" in wrong else beta
    folded = _kernel(wrong, kernel, scale), _bias(wrong, bias, mean, scale) + shift
    return folded[::-1] if "results-swapped" in wrong else folded


def _kernel(wrong: Wrong, kernel: Array, scale: Array) -> Array:
    if "kernel-not-scaled" in wrong:
        return kernel
    if "wrong-kernel-axis" in wrong:
        return np.asarray((kernel.T * scale).T)
    return np.asarray(kernel * scale)


def _bias(wrong: Wrong, bias: Array, mean: Array, scale: Array) -> Array:
    mean = np.zeros_like(mean) if "mean-not-subtracted" in wrong else mean
    mean = -mean if "sign-error" in wrong else mean
    if "bias-forgotten" in wrong:
        return np.asarray(-scale * mean)
    if "bias-not-scaled" in wrong:
        return np.asarray(bias - scale * mean)
    return np.asarray(scale * (bias - mean))


def _cases() -> tuple[Case, ...]:
    layer, other = batches.batch(4, 4), batches.batch(4, 4, seed=1)
    convolution = np.random.default_rng(2).normal(size=(3, 3, 2, 4))

    def arguments(kernel: Array, layer: Batch) -> Arguments:
        statistics = layer.mean, layer.variance
        return kernel, other.beta, layer.gamma, layer.beta, *statistics, layer.epsilon

    return (
        Case("a square dense kernel", arguments(layer.x, layer)),
        Case("a dense kernel", arguments(other.x[:3], layer), "wrong-kernel-axis"),
        Case("a convolution kernel", arguments(convolution, layer), "wrong-kernel-axis"),
        *cases((ZERO_VARIANCE,), layer, partial(arguments, layer.x)),
    )
