"""Checks of inference and of the update of the moving statistics."""

from functools import partial

import numpy as np

from bnutils import reference
from bnutils.checks import batches, variants
from bnutils.checks.calling import Arguments, Array, Function, Signature, call
from bnutils.checks.catalogue import mistake
from bnutils.checks.diagnosis import check
from bnutils.checks.exercise import Case, Exercise, Values, Wrong, agree, different
from bnutils.checks.report import Mistake, Report

EPSILON = 0.1
MOMENTUM = 0.8
LARGE_TOLERANCE = 0.05
INFERENCE = Signature(
    "inference(x, gamma, beta, moving_mean, moving_variance, epsilon) -> y",
    ("x", "gamma", "beta", "moving_mean", "moving_variance", "epsilon"),
    ("y",),
)
UPDATE = Signature(
    "update(moving_mean, moving_variance, x, momentum) -> (moving_mean, moving_variance)",
    ("moving_mean", "moving_variance", "x", "momentum"),
    ("moving_mean", "moving_variance"),
)
MIXUPS = (
    "train-inference-mixup",
    "train-inference-mixup=mean",
    "train-inference-mixup=variance",
)
MOMENTUM_MISTAKES = (
    "momentum-reversed",
    "statistics-not-updated",
    "no-average",
    "weights-do-not-add-up",
    "momentum-ignored=0.9",
    "momentum-ignored=0.99",
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
    return Exercise(
        "batch_norm_inference", INFERENCE, _infer, _infer_variant, slots, _infer_cases(), symptom
    )


def _infer_symptom(
    function: Function, name: str, arguments: Arguments, got: Array, expected: Array
) -> Mistake:
    """Say whether the first example comes out differently without the others."""
    x, *rest = arguments
    alone = call(function, INFERENCE, (x[:1], *rest), ((1, x.shape[1]),)).values
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


def _infer_cases() -> tuple[Case, ...]:
    plain = batches.batch(6, 4)
    rest = (plain.gamma, plain.beta, plain.mean, plain.variance)
    never = (*rest[:3], np.where(np.arange(4) == 0, 0.0, plain.variance))
    return (
        Case(batches.PLAIN, (plain.x, *rest, EPSILON)),
        Case(batches.SINGLE, (plain.x[:1], *rest, EPSILON), "fails-on-batch-of-one"),
        Case("a moving variance of 0", (plain.x, *never, 1e-3), "fails-on-constant-feature"),
        Case(
            batches.INTEGERS,
            (batches.pixels(6, 4), *rest, EPSILON),
            "integer-input",
            may_refuse=True,
        ),
    )


def moving_update(function: Function) -> Report:
    """Check one update of the moving statistics, in Keras' convention.

    Parameters
    ----------
    function : callable
        ``update(moving_mean, moving_variance, x, momentum) -> (moving_mean, moving_variance)``
        with x (N, D), all statistics (D,), and momentum the weight of the old value.

    Returns
    -------
    Report
    """
    return check(function, update())


def update() -> Exercise:
    """Return the exercise."""
    slots = (
        MOMENTUM_MISTAKES,
        (*variants.VARIANCE, "std-instead-of-variance"),
        ("results-swapped",),
        ("wrong-axis=(0, 1)",),
    )
    return Exercise(
        "moving_update", UPDATE, _update, _update_variant, slots, _update_cases(), different
    )


def _update(mean: Array, variance: Array, x: Array, momentum: float) -> Values:
    state = reference.MovingStatistics(mean, variance)
    state = state.updated(*reference.moments(x), momentum=momentum)
    return state.mean, state.variance


def _update_variant(
    wrong: Wrong, mean: Array, variance: Array, x: Array, momentum: float
) -> Values:
    new_mean, new_variance = batch_statistics(wrong, x)
    results = (
        averaged(wrong, mean, new_mean, momentum),
        averaged(wrong, variance, new_variance, momentum),
    )
    return results[::-1] if "results-swapped" in wrong else results


def batch_statistics(wrong: Wrong, x: Array) -> tuple[Array, Array]:
    """Return mean and variance of a batch of vectors with the mistakes in `wrong`."""
    mean, variance = (np.squeeze(one) for one in variants.statistics(wrong, x, (0,)))
    return mean, np.sqrt(variance) if "std-instead-of-variance" in wrong else variance


def averaged(wrong: Wrong, old: Array, new: Array, momentum: float) -> Array:
    """Return the moving average with the mistakes in `wrong`."""
    own = variants.detail(wrong, "momentum-ignored")
    kept = momentum if own is None else float(own)
    kept = 1 - kept if "momentum-reversed" in wrong else kept
    kept = 0.0 if "no-average" in wrong else kept
    kept = 1.0 if "statistics-not-updated" in wrong else kept
    added = 1.0 if "weights-do-not-add-up" in wrong else 1 - kept
    return np.asarray(kept * old + added * new)


def _update_cases() -> tuple[Case, ...]:
    plain = batches.batch(6, 4)
    state = (plain.mean, plain.variance)
    far, far32 = batches.batch(32, 4, centre=1e8), batches.batch(32, 4, centre=1e3, spread=1e-2)
    small = (far32.x.mean(axis=0), far32.x.var(axis=0))
    return (
        Case(batches.PLAIN, (*state, plain.x, MOMENTUM)),
        Case(batches.SINGLE, (*state, plain.x[:1], MOMENTUM), "fails-on-batch-of-one"),
        Case(
            batches.CONSTANT,
            (*state, batches.with_constant_feature(plain.x), MOMENTUM),
            "fails-on-constant-feature",
        ),
        Case(
            batches.LARGE,
            (far.x.mean(axis=0), state[1], far.x, 0.5),
            "cancelling-variance",
            needs_float64=True,
        ),
        Case(
            batches.LARGE32,
            (*batches.as_float32(*small, far32.x), 0.5),
            "cancelling-variance",
            tolerance=LARGE_TOLERANCE,
        ),
        Case(
            batches.INTEGERS,
            (*state, batches.pixels(6, 4), MOMENTUM),
            "integer-input",
            may_refuse=True,
        ),
    )
