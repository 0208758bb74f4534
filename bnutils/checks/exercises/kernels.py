"""Checks of folding: batch normalisation merged into the kernel before it."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from bnutils import reference
from bnutils.checks import batches
from bnutils.checks.batches import Batch
from bnutils.checks.calls.calling import Arguments, Array, Function, Signature
from bnutils.checks.cases import FLOAT32, ZERO_VARIANCE, special
from bnutils.checks.differences import different
from bnutils.checks.exercise import Case, Exercise, Values
from bnutils.checks.formulas import folds
from bnutils.checks.ladder import with_hints
from bnutils.checks.mistakes import folding as mistakes
from bnutils.checks.report import Report
from bnutils.checks.running import check

VECTORS = ("gamma", "beta", "moving_mean", "moving_variance", "epsilon")
RESULTS = ("kernel", "bias")


@with_hints
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
    return check(function, exercise("folding", ("kernel", "bias", *VECTORS)))


@with_hints
def folding_without_bias(function: Function) -> Report:
    """Check the folding of batch normalisation into a kernel that has no bias.

    Parameters
    ----------
    function : callable
        ``fold(kernel, gamma, beta, moving_mean, moving_variance, epsilon) -> (kernel, bias)``
        with kernel (inputs, C) or (h, w, inputs, C), four vectors (C,), and epsilon a float.

    Returns
    -------
    Report
    """
    return check(function, exercise("folding_without_bias", ("kernel", *VECTORS)))


def exercise(name: str, arguments: tuple[str, ...]) -> Exercise:
    """Return the exercise, with a bias among the arguments or without."""
    signature = Signature(f"fold({', '.join(arguments)}) -> (kernel, bias)", arguments, RESULTS)
    right = partial(_right, arguments)
    several = batches.several()
    first, *_ = several
    features = [len(one.gamma) for one in several]
    kernels = _kernels(features)
    squares = [np.random.default_rng(3).normal(size=(one, one)) for one in features]
    plain = tuple(
        Case(_words(kernel), _arguments(arguments, kernel, one))
        for kernel, one in zip(kernels, several, strict=True)
    )
    return Exercise(
        name,
        signature,
        right,
        plain,
        special((ZERO_VARIANCE, FLOAT32), first, partial(_arguments, arguments, kernels[0])),
        {"kernel": folds.kernel, "bias": folds.bias},
        different,
        tuple(
            Case(_words(one), _arguments(arguments, one, batch))
            for one, batch in zip(squares, several, strict=True)
        ),
        folds.kernel_turned,
        alike={
            ("moving_mean", "moving_variance"): "arguments-swapped",
            ("gamma", "beta"): "gamma-beta-swapped",
        },
        formulas=_formulas("bias" in arguments),
    )


def _formulas(has_bias: bool) -> dict[str, str]:
    before = "bias - moving_mean" if has_bias else "-moving_mean"
    return {"kernel": mistakes.KERNEL, "bias": f"{mistakes.SCALE} * ({before}) + beta"}


def _right(arguments: tuple[str, ...], *values: Any) -> Values:
    given = dict(zip(arguments, values, strict=True))
    bias = given.get("bias", np.zeros_like(given["beta"]))
    return reference.fold(given["kernel"], bias, *(given[name] for name in VECTORS))


def _kernels(features: Sequence[int]) -> list[Array]:
    """Return kernels of dense layers, one of them square, and of a convolution."""
    rng = np.random.default_rng(2)
    square, wide, narrow, convolution = features
    shapes = ((square, square), (wide + 2, wide), (narrow - 2, narrow), (3, 3, 2, convolution))
    return [rng.normal(size=shape) for shape in shapes]


def _words(kernel: Array) -> str:
    kind = "dense" if kernel.ndim == 2 else "convolution"
    return f"a {kind} kernel {kernel.shape}"


def _arguments(names: tuple[str, ...], kernel: Array, batch: Batch) -> Arguments:
    known = {
        "kernel": kernel.astype(batch.x.dtype),
        "bias": batch.dy.reshape(-1, batch.dy.shape[-1])[0],
        "gamma": batch.gamma,
        "beta": batch.beta,
        "moving_mean": batch.mean,
        "moving_variance": batch.variance,
        "epsilon": batch.epsilon,
    }
    return tuple(known[name] for name in names)
