"""Check of the backward pass."""

import numpy as np

from bnutils import reference
from bnutils.checks import batches, variants
from bnutils.checks.batches import Batch
from bnutils.checks.calling import Arguments, Array, Function, Signature
from bnutils.checks.cases import IN_TRAINING, cases
from bnutils.checks.catalogue import mistake
from bnutils.checks.exercise import Exercise, Values, Wrong, different
from bnutils.checks.report import Mistake, Report
from bnutils.checks.running import check

SIGNATURE = Signature(
    "backward(dy, x, gamma, epsilon) -> (dx, dgamma, dbeta)",
    ("dy", "x", "gamma", "epsilon"),
    ("dx", "dgamma", "dbeta"),
)
SLOTS = (
    (
        "detached-statistics",
        "detached-mean",
        "detached-variance",
        "batch-size-missing",
        "batch-size-missing=mean",
        "batch-size-missing=variance",
        "sign-error=mean",
        "sign-error=variance",
    ),
    (*variants.VARIANCE, "sample-variance=mixed"),
    variants.EPSILON,
    ("gamma-ignored",),
    ("mean-instead-of-sum", "dgamma-from-x"),
    ("results-swapped",),
    ("wrong-axis=(1,)", "wrong-axis=(0, 1)"),
)


def batch_norm_backward(function: Function) -> Report:
    """Check a backward pass on vectors.

    Parameters
    ----------
    function : callable
        ``backward(dy, x, gamma, epsilon) -> (dx, dgamma, dbeta)`` with dy, x and dx (N, D),
        gamma, dgamma and dbeta (D,), and epsilon a float.

    Returns
    -------
    Report
    """
    return check(function, gradients())


def gradients() -> Exercise:
    """Return the exercise."""
    tried = cases(IN_TRAINING, batches.batch(6, 4), _arguments)
    return Exercise("batch_norm_backward", SIGNATURE, _right, _variant, SLOTS, tried, _symptom)


def _right(dy: Array, x: Array, gamma: Array, epsilon: float) -> Values:
    _, cache = reference.batch_norm_train(x, gamma, None, epsilon=epsilon)
    return reference.batch_norm_backward(dy, cache)


def _variant(wrong: Wrong, dy: Array, x: Array, gamma: Array, epsilon: float) -> Values:
    mean, variance = variants.statistics(wrong, x, (0,))
    x_hat = variants.normalised(wrong, x, mean, variance, epsilon)
    scale = 1.0 if "gamma-ignored" in wrong else gamma
    inner = dy - _through_mean(wrong, dy) - _through_variance(wrong, dy, x_hat)
    dx = scale * inner / variants.root(wrong, variance, epsilon)
    dgamma = (dy * (x if "dgamma-from-x" in wrong else x_hat)).sum(axis=0)
    dbeta = dy.sum(axis=0)
    if "mean-instead-of-sum" in wrong:
        dgamma, dbeta = dgamma / len(x), dbeta / len(x)
    return (dx, dbeta, dgamma) if "results-swapped" in wrong else (dx, dgamma, dbeta)


def _through_mean(wrong: Wrong, dy: Array) -> Array:
    if wrong & {"detached-statistics", "detached-mean"}:
        return np.zeros_like(dy)
    sign = -1 if "sign-error=mean" in wrong else 1
    return sign * _averaged(wrong, dy, "mean", 0)


def _through_variance(wrong: Wrong, dy: Array, x_hat: Array) -> Array:
    if wrong & {"detached-statistics", "detached-variance"}:
        return np.zeros_like(dy)
    sign = -1 if "sign-error=variance" in wrong else 1
    fewer = int(bool(wrong & {"sample-variance", "sample-variance=mixed"}))
    return sign * x_hat * _averaged(wrong, dy * x_hat, "variance", fewer)


def _averaged(wrong: Wrong, values: Array, term: str, fewer: int) -> Array:
    over = variants.axes(wrong, (0,))
    total = values.sum(axis=over, keepdims=True)
    if wrong & {"batch-size-missing", f"batch-size-missing={term}"}:
        return np.asarray(total)
    return np.asarray(total / (values.size / total.size - fewer))


def _arguments(batch: Batch) -> Arguments:
    return batch.dy, batch.x, batch.gamma, batch.epsilon


def _symptom(name: str, arguments: Arguments, got: Array, expected: Array) -> Mistake:
    if name == "dx":
        sums = np.abs(got.sum(axis=0))
        if sums.max() > 1e-3 * np.abs(got).max():
            worst = int(sums.argmax())
            seen = f"dx of feature {worst} adds up to {got.sum(axis=0)[worst]:.4g}."
            return mistake("dx-does-not-sum-to-zero", seen)
    return different(name, arguments, got, expected)
