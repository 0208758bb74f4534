"""The exercise on equivalence: whether an effect is known to be small."""

from collections.abc import Callable
from functools import partial

import numpy as np

from bnutils.checks.answers.questions import Question, judge, known
from bnutils.checks.answers.seeds import quantile
from bnutils.checks.calls.calling import Arguments, Array, Function, Signature
from bnutils.checks.ladder import with_hints
from bnutils.checks.mistakes import places
from bnutils.checks.report import Report


@with_hints
def within_margin(function: Function) -> Report:
    """Check ``within_margin(differences, margin) -> answer``, whether two arms are equivalent.

    Parameters
    ----------
    function : callable
        ``within_margin(differences, margin) -> True or False``: whether the 95 % Student interval
        of the mean of the paired differences lies between -margin and margin.

    Returns
    -------
    Report
    """
    return judge(function, WITHIN_MARGIN)


def _ends(
    differences: Array,
    *,
    t: Callable[[int], float] = quantile,
    freedom: int = 1,
    of_the_mean: bool = True,
) -> tuple[float, float]:
    """Return the ends of the interval; by default rightly."""
    n, mean = len(differences), float(differences.mean())
    error = differences.std(ddof=freedom) / (np.sqrt(n) if of_the_mean else 1)
    half = t(n - 1) * error
    return mean - half, mean + half


def _within(
    differences: Array,
    margin: float,
    *,
    t: Callable[[int], float] = quantile,
    freedom: int = 1,
    of_the_mean: bool = True,
    sides: tuple[bool, bool] = (True, True),
) -> float:
    """Return whether the interval lies inside; by default rightly, else with other ends."""
    low, high = _ends(differences, t=t, freedom=freedom, of_the_mean=of_the_mean)
    below, above = sides
    return float((low > -margin or not below) and (high < margin or not above))


def _not_significant(differences: Array, margin: float) -> float:
    low, high = _ends(differences)
    return float(low <= 0 <= high)


def _drawn(n: int, mean: float, half: float) -> Array:
    """Return n differences with this mean, and this half of the interval."""
    z = np.random.default_rng(n).normal(size=n)
    z = (z - z.mean()) / z.std(ddof=1)
    differences: Array = mean + z * half * np.sqrt(n) / quantile(n - 1)
    return differences


def _cases() -> dict[str, Arguments]:
    """Return differences by the interval of their mean; the margins differ in unit only."""
    return {
        "0.02 +- 0.1, margin 0.2": (_drawn(12, 0.02, 0.10), 0.2),
        "0.1 +- 0.5, margin 0.2": (_drawn(6, 0.10, 0.50), 0.2),
        "0.1 +- 0.05, margin 0.2": (_drawn(16, 0.10, 0.05), 0.2),
        "0 +- 0.01, margin 0.2": (_drawn(11, 0.0, 0.01), 0.2),
        "3 +- 0.5, margin 2": (_drawn(8, 3.0, 0.5), 2.0),
        "1.5 +- 1, margin 2": (_drawn(10, 1.5, 1.0), 2.0),
        "-1.5 +- 1, margin 2": (_drawn(9, -1.5, 1.0), 2.0),
        "0 +- 0.21, margin 0.2": (_drawn(20, 0.0, 0.21), 0.2),
        "0.1 +- 2.1, margin 2": (_drawn(5, 0.1, 2.1), 2.0),
        "0.1 +- 2.8, margin 2": (_drawn(4, 0.1, 2.8), 2.0),
        "0 +- 0.95, margin 1": (_drawn(30, 0.0, 0.95), 1.0),
        "-0.1 +- 0.05, margin 0.2": (_drawn(7, -0.10, 0.05), 0.2),
    }


WITHIN_MARGIN = Question(
    Signature(
        "within_margin(differences, margin) -> True or False",
        ("differences", "margin"),
        ("answer",),
    ),
    _within,
    _cases,
    "Where are the two ends of the interval, and where is each of them beside the margin?",
    places.MARGIN,
    (
        known(
            "no-difference-found",
            "This says whether the interval contains 0",
            "Two seeds give a wide interval around 0. Do you know then that the effect is small?",
            "Not to have found a difference is not to have found that there is none: a wide "
            "interval contains 0, and much else.",
            _not_significant,
            lambda differences, margin: float(
                _not_significant(differences, margin) and abs(differences.mean()) < margin
            ),
        ),
        known(
            "mean-only",
            "Only the mean is compared with the margin",
            "Which means are compatible with these seeds, besides the one that was seen?",
            "The mean of all seeds may lie anywhere in the interval, and so outside the margin.",
            lambda differences, margin: float(abs(differences.mean()) < margin),
        ),
        known(
            "one-sided",
            "One end of the interval is compared with the margin only",
            "An effect may be too large in two directions. What does the other end say?",
            "To be equivalent is to be neither better by the margin nor worse by it.",
            partial(_within, sides=(False, True)),
            partial(_within, sides=(True, False)),
        ),
        known(
            "without-root",
            "The standard deviation is not divided by the root of n",
            "The mean of n differences varies less than one difference does.",
            "The interval is one of the mean, and not one of the differences.",
            partial(_within, of_the_mean=False),
        ),
        known(
            "every-seed",
            "Every seed must lie within the margin here",
            "Is the claim about single seeds, or about their mean?",
            "Seeds scatter whatever the effect is; the more there are, the further the furthest.",
            lambda differences, margin: float(abs(differences).max() < margin),
        ),
        known(
            "normal-quantile",
            "This is the interval for a known standard deviation (1.96 in place of t)",
            "How many differences is the standard deviation estimated from?",
            "With few seeds the standard deviation is uncertain itself; t allows for that.",
            partial(_within, t=lambda freedom: 1.96),
            partial(_within, t=lambda freedom: 2.0),
        ),
        known(
            "ninety-percent",
            "This is the interval of 90 %: t for 0.95 in place of 0.975",
            "How much of the probability lies on each side of an interval of 95 %?",
            "95 % between two ends leave half of the rest on each side. (Two one-sided tests at "
            "5 % use the interval of 90 %; here that of 95 % is asked for.)",
            partial(_within, t=partial(quantile, below=0.95)),
        ),
        known(
            "population-deviation",
            "The standard deviation is divided by n instead of n - 1",
            "Look at ddof: what is NumPy's default?",
            "The differences are a sample of all seeds. Their distances from their own mean are a "
            "little too small, and n - 1 makes up for it.",
            partial(_within, freedom=0),
        ),
        known(
            "turned-round",
            "True and False are in each other's place",
            "What should come back where the whole interval lies within the margin?",
            "The question is whether the arms are equivalent, not whether they may differ.",
            lambda differences, margin: 1 - _within(differences, margin),
        ),
    ),
)
