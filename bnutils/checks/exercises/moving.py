"""Check of the update of the moving statistics."""

from collections.abc import Sequence
from functools import partial

from bnutils import reference
from bnutils.checks import batches
from bnutils.checks.batches import Batch
from bnutils.checks.calls.calling import Arguments, Array, Function, Signature
from bnutils.checks.cases import IN_TRAINING, plain, special
from bnutils.checks.differences import different
from bnutils.checks.exercise import Exercise, Values
from bnutils.checks.formulas import averages
from bnutils.checks.formulas.explanation import Explanation
from bnutils.checks.formulas.language import Numbers
from bnutils.checks.ladder import with_hints
from bnutils.checks.mistakes import inference
from bnutils.checks.report import Report
from bnutils.checks.running import check

SIGNATURE = Signature(
    "update(moving_mean, moving_variance, x, momentum) -> (moving_mean, moving_variance)",
    ("moving_mean", "moving_variance", "x", "momentum"),
    ("moving_mean", "moving_variance"),
)
MOVED = "(momentum * moving_mean + (1 - momentum) * mean(x))"
MEANS = {
    "mean(x)": "",
    "sum(x)": "batch-size-missing",
    "mean(x, axis=(0, 1))": "wrong-axis=(0, 1)",
    "var(x)": "not-the-mean",
    "sum(x) / (N - 1)": "not-the-mean",
    "mean(abs(x))": "not-the-mean",
    "mean(x ** 2)": "not-the-mean",
    "moving_variance": "not-the-mean",
    "sqrt(var(x))": "not-the-mean",
}
VARIANCES = {
    "var(x)": "",
    "var(x, ddof=1)": "sample-variance",
    "sqrt(var(x))": "std-instead-of-variance",
    "sqrt(var(x, ddof=1))": "std-instead-of-variance+sample-variance",
    "sum((x - mean(x)) ** 2)": "batch-size-missing",
    "mean(x ** 2)": "mean-not-subtracted",
    "mean((x - moving_mean) ** 2)": "around-moving-mean",
    f"mean((x - {MOVED}) ** 2)": "around-moving-mean",
    f"sum((x - {MOVED}) ** 2) / (N - 1)": "around-moving-mean+sample-variance",
    "var(x, axis=(0, 1))": "wrong-axis=(0, 1)",
    "var(x, axis=(0, 1), ddof=1)": "wrong-axis=(0, 1)+sample-variance",
    "mean(x)": "not-the-variance",
    "moving_mean": "not-the-variance",
    "mean(abs(x - mean(x)))": "not-the-variance",
    "var(x) ** 2": "not-the-variance",
    "mean(x) ** 2": "not-the-variance",
}


@with_hints
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
    several = batches.several()
    return Exercise(
        "moving_update",
        SIGNATURE,
        _update,
        plain(several, _arguments),
        special(IN_TRAINING, several[0], _arguments),
        {
            "moving_mean": partial(_averaged, "moving_mean"),
            "moving_variance": partial(_averaged, "moving_variance"),
        },
        different,
        alike={("moving_mean", "moving_variance"): "arguments-swapped"},
        formulas={"moving_mean": inference.AVERAGED, "moving_variance": inference.SPREAD},
    )


def _averaged(
    name: str, several: Sequence[Numbers], results: Sequence[Array], tolerance: float
) -> Explanation | None:
    new = MEANS if name == "moving_mean" else VARIANCES
    return averages.explained(several, results, name, new, tolerance)


def _update(mean: Array, variance: Array, x: Array, momentum: float) -> Values:
    state = reference.MovingStatistics(mean, variance)
    state = state.updated(*reference.moments(x), momentum=momentum)
    return state.mean, state.variance


def _arguments(batch: Batch) -> Arguments:
    return batch.mean, batch.variance, batch.x, batch.momentum
