"""Checks of the backward pass, for vectors and for images."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from bnutils import reference
from bnutils.checks import batches
from bnutils.checks.batches import Batch
from bnutils.checks.calls.calling import Arguments, Array, Function, Signature
from bnutils.checks.cases import IN_TRAINING, plain, special
from bnutils.checks.catalogue import mistake
from bnutils.checks.differences import different
from bnutils.checks.exercise import Exercise, Values
from bnutils.checks.formulas import gradients, known, parameters, paths
from bnutils.checks.formulas.explanation import Explanation
from bnutils.checks.formulas.language import Numbers
from bnutils.checks.formulas.terms import GRADIENT
from bnutils.checks.ladder import with_hints
from bnutils.checks.mistakes import backward as mistakes
from bnutils.checks.nodes.steps import with_steps
from bnutils.checks.report import Mistake, Report
from bnutils.checks.running import check

SIGNATURE = Signature(
    "backward(dy, x, gamma, epsilon) -> (dx, dgamma, dbeta)",
    ("dy", "x", "gamma", "epsilon"),
    ("dx", "dgamma", "dbeta"),
)


@with_hints
def batch_norm_backward(function: Function) -> Report:
    """Check a backward pass on vectors.

    Parameters
    ----------
    function : callable
        ``backward(dy, x, gamma, epsilon) -> (dx, dgamma, dbeta)`` with dy, x and dx (N, D),
        gamma, dgamma and dbeta (D,), and epsilon a float. It may return a dictionary of these
        together with its steps, or one of its steps as a fourth result: see `backward_nodes`.

    Returns
    -------
    Report
    """
    exercise = gradients_of("batch_norm_backward")
    return with_steps(function, lambda one: check(one, exercise))


@with_hints
def batch_norm_convolution_backward(function: Function) -> Report:
    """Check a backward pass on images, channels last.

    Parameters
    ----------
    function : callable
        ``backward(dy, x, gamma, epsilon) -> (dx, dgamma, dbeta)`` with dy, x and dx
        (N, H, W, C), gamma, dgamma and dbeta (C,), and epsilon a float.

    Returns
    -------
    Report
    """
    return check(function, gradients_of("batch_norm_convolution_backward", (4, 3)))


def gradients_of(name: str, middle: tuple[int, ...] = ()) -> Exercise:
    """Return the exercise; `middle` are the axes of an image."""
    several = batches.several(*middle)
    return Exercise(
        name,
        SIGNATURE,
        _right,
        plain(several, _arguments),
        special(IN_TRAINING, several[0], _arguments),
        {
            "dx": partial(_input_gradient, images=bool(middle)),
            "dgamma": partial(_scale_gradient, images=bool(middle)),
            "dbeta": parameters.dbeta,
        },
        _symptom,
        alike={("dy", "x"): "arguments-swapped"},
        formulas={"dx": mistakes.DX, "dgamma": mistakes.DGAMMA, "dbeta": "sum(dy)"},
    )


def _input_gradient(
    several: Sequence[Numbers], results: Sequence[Array], tolerance: float, *, images: bool
) -> Explanation | None:
    """Return what dx is: the three paths, or one of the known formulas over wrong axes."""
    found = gradients.explained(several, results, tolerance)
    stds = parameters.stds(several, [one["own_dgamma"] for one in several], tolerance)
    candidates = known.image_gradients() if images else known.vector_gradients()
    return (
        found
        or known.explained(several, results, candidates, tolerance)
        or paths.explained(several, results, GRADIENT, tolerance, stds)
    )


def _scale_gradient(
    several: Sequence[Numbers], results: Sequence[Array], tolerance: float, *, images: bool
) -> Explanation | None:
    """Return what dgamma is: a sum over the batch, or with x_hat over wrong axes."""
    axes = [(1, 2), (1, 2, 3), (0,), (0, 1, 2, 3)] if images else [(1,), (0, 1)]
    candidates = known.parameter_gradients(axes)
    found = parameters.dgamma(several, results, tolerance)
    return found or known.explained(several, results, candidates, tolerance)


def _right(dy: Array, x: Array, gamma: Array, epsilon: float) -> Values:
    _, cache = reference.batch_norm_train(x, gamma, None, epsilon=epsilon)
    return reference.batch_norm_backward(dy, cache)


def _arguments(batch: Batch) -> Arguments:
    return batch.dy, batch.x, batch.gamma, batch.epsilon


def _symptom(name: str, arguments: Arguments, got: Array, expected: Array) -> Mistake:
    if name == "dx":
        over = tuple(range(got.ndim - 1))
        sums = np.abs(got.sum(axis=over))
        if sums.max() > 1e-3 * np.abs(got).max():
            worst = int(sums.argmax())
            seen = f"dx of feature {worst} adds up to {got.sum(axis=over)[worst]:.4g}."
            return mistake("dx-does-not-sum-to-zero", seen)
    return different(name, arguments, got, expected)
