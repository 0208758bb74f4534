"""The exercises of the lab on small batches."""

import numpy as np

from bnutils.checks.answers.questions import Question, judge, known
from bnutils.checks.calls.calling import Arguments, Function, Signature
from bnutils.checks.ladder import with_hints
from bnutils.checks.mistakes import places
from bnutils.checks.report import Report


@with_hints
def true_variance(function: Function) -> Report:
    """Check ``true_variance(variances, m) -> number``, an estimate that is right on average.

    Parameters
    ----------
    function : callable
        Gets the variances of some batches, each divided by its m examples.

    Returns
    -------
    Report
    """
    return judge(function, TRUE_VARIANCE)


@with_hints
def correction(function: Function) -> Report:
    """Check ``correction(std, moving_std, rmax) -> r``, the factor of batch renormalisation.

    Parameters
    ----------
    function : callable
        Gets the standard deviation of the batch, the moving one, and the upper bound of r, whose
        lower bound is 1 / rmax.

    Returns
    -------
    Report
    """
    return judge(function, CORRECTION)


def _batches() -> dict[str, Arguments]:
    rng = np.random.default_rng(5)
    sizes = {"two batches of 2": (2, 2), "nine of 8": (9, 8), "five of 3": (5, 3)}
    return {name: (rng.uniform(1, 5, count), m) for name, (count, m) in sizes.items()}


TRUE_VARIANCE = Question(
    Signature("true_variance(variances, m) -> number", ("variances", "m"), ("number",)),
    lambda variances, m: np.mean(variances) * m / (m - 1),
    _batches,
    "On average the variance of a batch is (m - 1) / m of the true one.",
    places.OF_TWO,
    (
        known(
            "not-corrected",
            "This is the mean of the variances, which is too small",
            "What is the variance of a batch of one?",
            "The mean of a batch follows its examples, so they lie too near to it.",
            lambda variances, m: np.mean(variances),
        ),
        known(
            "corrected-downwards",
            "The variances are made smaller, and they are too small already",
            "Is the variance of a batch larger or smaller than the true one?",
            "What came out is (m - 1) / m of the true one: divide by that.",
            lambda variances, m: np.mean(variances) * (m - 1) / m,
        ),
        known(
            "number-of-batches",
            "The number of batches stands where the size of a batch belongs",
            "Which of the two makes a variance too small?",
            "More batches make the estimate less noisy, and no larger.",
            lambda variances, m: np.mean(variances) * len(variances) / (len(variances) - 1),
        ),
    ),
)


def _clipped(ratio: float, most: float) -> float:
    return float(np.clip(ratio, 1 / most, most))


CORRECTION = Question(
    Signature("correction(std, moving_std, rmax) -> r", ("std", "moving_std", "rmax"), ("r",)),
    lambda std, moving_std, rmax: _clipped(std / moving_std, rmax),
    lambda: {
        str(c): c for c in ((8.0, 2.0, 3.0), (1.0, 5.0, 4.0), (2.4, 2.0, 3.0), (1.7, 2.0, 3.0))
    },
    "r makes of x_hat, which was divided by the batch's standard deviation, what the moving one "
    "would have made; then the bounds.",
    places.RENORM,
    (
        known(
            "unbounded",
            "The bounds are missing",
            "How large may r be, and how small?",
            "A batch that is very unlike the moving statistics would make the gradient as large.",
            lambda std, moving_std, rmax: std / moving_std,
        ),
        known(
            "not-bounded-below",
            "The lower bound, 1 / rmax, is missing",
            "How small may r be?",
            "A batch that is much narrower than usual would lose its gradient.",
            lambda std, moving_std, rmax: min(std / moving_std, rmax),
        ),
        known(
            "turned-over",
            "This is one over the ratio",
            "By what has x_hat been divided, and by what should it have been?",
            "x_hat times r is x, less its mean, over the moving standard deviation.",
            lambda std, moving_std, rmax: _clipped(moving_std / std, rmax),
            lambda std, moving_std, rmax: moving_std / std,
        ),
    ),
)
