"""The exercise on dropout before a normalisation: the variance in training beside inference."""

import numpy as np

from bnutils.checks.answers.questions import Question, judge, known
from bnutils.checks.calls.calling import Arguments, Array, Function, Signature
from bnutils.checks.ladder import with_hints
from bnutils.checks.mistakes import places
from bnutils.checks.report import Report


@with_hints
def variance_shift(function: Function) -> Report:
    """Check ``variance_shift(x, keep) -> number``: variance in training by that in inference.

    Parameters
    ----------
    function : callable
        ``x`` are the values of one unit, and ``keep`` is the probability with which inverted
        dropout keeps one of them. Variances are those of the values as they are, over all masks.

    Returns
    -------
    Report
    """
    return judge(function, VARIANCE_SHIFT)


def _square(x: Array) -> float:
    return float((x**2).mean())


def _training(x: Array, keep: float) -> float:
    """Return the variance of inverted dropout's output, over values and masks."""
    return _square(x) / keep - float(x.mean()) ** 2


def _not_inverted(x: Array, keep: float) -> float:
    return keep * _square(x) - (keep * float(x.mean())) ** 2


def _units() -> dict[str, Arguments]:
    rng = np.random.default_rng(22)
    return {
        "a ReLU's outputs, keep 0.8": (np.maximum(rng.normal(0.3, 1.0, 40), 0.0), 0.8),
        "values from 0 to 1, keep 0.5": (rng.uniform(size=25), 0.5),
        "values around 3, keep 0.9": (rng.normal(3.0, 2.0, 12), 0.9),
    }


VARIANCE_SHIFT = Question(
    Signature("variance_shift(x, keep) -> number", ("x", "keep"), ("number",)),
    lambda x, keep: _training(x, keep) / x.var(),
    _units,
    "A value is x / keep with probability keep, else 0. What are the mean of that and the mean of "
    "its square, over the values and all masks? No mask has to be drawn.",
    places.SHIFTED_VARIANCE,
    (
        known(
            "one-over-keep",
            "This is 1 / keep, which is right only where the mean is 0",
            "Does the mean of x change what a mask adds to the variance?",
            "A mask moves a value that is far from 0 by much, whether it is far from the mean or "
            "not. The mean square grows by 1 / keep, and the mean stays.",
            lambda x, keep: 1 / keep,
        ),
        known(
            "not-inverted",
            "What is kept is not divided by keep",
            "What does inverted dropout do in training to the values that it keeps?",
            "It scales them up, so that the mean is that of inference, where nothing is dropped.",
            lambda x, keep: _not_inverted(x, keep) / x.var(),
        ),
        known(
            "drop-rate-for-keep",
            "The share that is dropped stands where the share that is kept belongs",
            "What happens to the variance as keep comes close to 1?",
            "Keras' `rate` is the share that is dropped, 1 - keep.",
            lambda x, keep: _training(x, 1 - keep) / x.var(),
        ),
        known(
            "mean-not-subtracted",
            "A mean square stands where a variance belongs",
            "What is to be taken from the mean of the squares?",
            "Dropout leaves the mean of x where it was; it belongs to neither variance.",
            lambda x, keep: _square(x) / keep / x.var(),
            lambda x, keep: _training(x, keep) / _square(x),
        ),
        known(
            "mean-of-what-is-dropped",
            "The mean in training is multiplied by keep, or divided by it",
            "A value is x / keep with probability keep. What is its mean over the masks?",
            "Inverted dropout is scaled for this purpose: its mean over the masks is x itself.",
            lambda x, keep: (_square(x) / keep - (keep * x.mean()) ** 2) / x.var(),
            lambda x, keep: (_square(x) / keep - (x.mean() / keep) ** 2) / x.var(),
        ),
        known(
            "keep-squared",
            "The mean square is divided by keep twice",
            "With which probability is the square of x / keep there?",
            "The square is divided by keep twice, and stands there with probability keep only.",
            lambda x, keep: (_square(x) / keep**2 - x.mean() ** 2) / x.var(),
        ),
        known(
            "turned-over",
            "This is the variance in inference by that in training",
            "Which of the two is asked for as a share of the other?",
            "The statistics are from training, where the variance is larger: the ratio is above 1.",
            lambda x, keep: x.var() / _training(x, keep),
        ),
        known(
            "deviation-for-variance",
            "This is the ratio of standard deviations",
            "Which of the two is asked for?",
            "The moving statistics keep variances; a layer divides by their root.",
            lambda x, keep: np.sqrt(_training(x, keep) / x.var()),
        ),
        known(
            "sample-variance",
            "A variance is divided by n - 1 instead of n",
            "Look at the ddof that you use.",
            "The values are described as they are, as batch normalisation describes its batch.",
            lambda x, keep: _training(x, keep) / x.var(ddof=1),
        ),
    ),
)
