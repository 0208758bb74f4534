"""Check of the forward pass in inference."""

from functools import partial

import numpy as np

from bnutils import reference
from bnutils.checks import batches, variants
from bnutils.checks.batches import Batch
from bnutils.checks.calling import Arguments, Array, Function, Signature, call
from bnutils.checks.cases import IN_INFERENCE, cases
from bnutils.checks.catalogue import mistake
from bnutils.checks.exercise import Exercise, Values, Wrong, agree, different
from bnutils.checks.report import Mistake, Report
from bnutils.checks.running import check

SIGNATURE = Signature(
    "inference(x, gamma, beta, moving_mean, moving_variance, epsilon) -> y",
    ("x", "gamma", "beta", "moving_mean", "moving_variance", "epsilon"),
    ("y",),
)
MIXUPS = (
    "train-inference-mixup",
    "train-inference-mixup=mean",
    "train-inference-mixup=variance",
)


def batch_norm_inference(function: Function) -> Report:
    """Check a forward pass in inference, on vectors.

    Parameters
    ----------
    function : callable
        ``inference(x, gamma, beta, moving_mean, moving_variance, epsilon) -> y`` with x (N, D),
        four vectors (D,), epsilon a float, and y (N, D).

    Returns
    -------
    Report
    """
    return check(function, inference(function))


def inference(function: Function) -> Exercise:
    """Return the exercise; its symptom looks at the student's function once more."""
    slots = (MIXUPS, variants.EPSILON, *variants.AFFINE, ("mean-not-subtracted",))
    symptom = partial(_infer_symptom, function)
    tried = cases(IN_INFERENCE, batches.batch(6, 4), _arguments)
    return Exercise(
        "batch_norm_inference", SIGNATURE, _infer, _infer_variant, slots, tried, symptom
    )


def _infer_symptom(
    function: Function, name: str, arguments: Arguments, got: Array, expected: Array
) -> Mistake:
    """Say whether the first example comes out differently without the others."""
    x, *rest = arguments
    alone = call(function, SIGNATURE, (x[:1], *rest), ((1, x.shape[1]),)).values
    if alone is not None and not agree(alone[0], got[:1]):
        seen = f"y[0, 0] is {got[0, 0]:.4g} with its batch and {alone[0][0, 0]:.4g} alone."
        return mistake("depends-on-batch", seen)
    return different(name, arguments, got, expected)


def _infer(
    x: Array, gamma: Array, beta: Array, mean: Array, variance: Array, epsilon: float
) -> Values:
    return (reference.batch_norm_infer(x, gamma, beta, mean, variance, epsilon=epsilon),)


def _infer_variant(
    wrong: Wrong,
    x: Array,
    gamma: Array,
    beta: Array,
    mean: Array,
    variance: Array,
    epsilon: float,
) -> Values:
    mixed = variants.detail(wrong, "train-inference-mixup")
    if mixed in ("", "mean"):
        mean = x.mean(axis=0)
    if mixed in ("", "variance"):
        variance = x.var(axis=0)
    if "mean-not-subtracted" in wrong:
        mean = np.zeros_like(mean)
    x_hat = variants.normalised(wrong, x, mean, variance, epsilon)
    return (variants.affine(wrong, x_hat, gamma, beta),)


def _arguments(batch: Batch) -> Arguments:
    return batch.x, batch.gamma, batch.beta, batch.mean, batch.variance, batch.epsilon
