"""Check of the update of the moving statistics."""

import numpy as np

from bnutils import reference
from bnutils.checks import batches, variants
from bnutils.checks.batches import Batch
from bnutils.checks.calling import Arguments, Array, Function, Signature
from bnutils.checks.cases import IN_TRAINING, cases
from bnutils.checks.exercise import Exercise, Values, Wrong, different
from bnutils.checks.report import Report
from bnutils.checks.running import check

SIGNATURE = Signature(
    "update(moving_mean, moving_variance, x, momentum) -> (moving_mean, moving_variance)",
    ("moving_mean", "moving_variance", "x", "momentum"),
    ("moving_mean", "moving_variance"),
)
MISTAKES = (
    "momentum-reversed",
    "statistics-not-updated",
    "no-average",
    "weights-do-not-add-up",
    "momentum-ignored=0.9",
    "momentum-ignored=0.99",
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
        MISTAKES,
        (*variants.VARIANCE, "std-instead-of-variance"),
        ("results-swapped",),
        ("wrong-axis=(0, 1)",),
    )
    tried = cases(IN_TRAINING, batches.batch(6, 4), _arguments)
    return Exercise("moving_update", SIGNATURE, _update, _update_variant, slots, tried, different)


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


def _arguments(batch: Batch) -> Arguments:
    return batch.mean, batch.variance, batch.x, batch.momentum
