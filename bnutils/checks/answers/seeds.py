"""The exercises of the labs on seeds: how far a mean may be off."""

from math import ceil

import numpy as np

from bnutils.checks.answers.questions import Question, judge, known
from bnutils.checks.calls.calling import Arguments, Array, Function, Signature
from bnutils.checks.ladder import with_hints
from bnutils.checks.mistakes import places
from bnutils.checks.report import Report


@with_hints
def half_width(function: Function) -> Report:
    """Check ``half_width(values) -> number``, of the 95 % interval of their mean."""
    return judge(function, HALF_WIDTH)


@with_hints
def unpaired_half_width(function: Function) -> Report:
    """Check ``unpaired_half_width(a, b) -> number``, for unrelated runs.

    Student's interval, with one variance for both arms, and Welch's are both right.
    """
    report = judge(function, UNPAIRED)
    other = report if report.passed else judge(function, WELCH)
    return other if other.passed else report


@with_hints
def seeds_needed(function: Function) -> Report:
    """Check ``seeds_needed(effect, sd) -> n``, the fewest seeds with a half width below effect."""
    return judge(function, SEEDS_NEEDED)


def quantile(freedom: float, below: float = 0.975) -> float:
    """Return Student's t, of which this share lies below; for both ends of 95 % by default."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, below))


def _half(values: Array, freedom: int = 1) -> float:
    sd = np.std(values, ddof=freedom)
    return float(quantile(len(values) - 1) * sd / np.sqrt(len(values)))


def _samples() -> dict[str, Arguments]:
    rng = np.random.default_rng(2)
    return {f"{n} values": (rng.normal(1.0, 2.0, n),) for n in (10, 3, 6)}


HALF_WIDTH = Question(
    Signature("half_width(values) -> number", ("values",), ("number",)),
    _half,
    _samples,
    "t times the standard deviation, divided by the root of the number of values.",
    places.INTERVAL,
    (
        known(
            "population-deviation",
            "The standard deviation is divided by n instead of n - 1",
            "Look at ddof.",
            "The values are a sample of all seeds. Their distances from their own mean are a "
            "little too small, and n - 1 makes up for it.",
            lambda values: _half(values, 0),
        ),
        known(
            "without-root",
            "The standard deviation is not divided by the root of n",
            "The mean of n values varies less than one value does.",
            "The interval is one of the mean, and not one of the values.",
            lambda values: _half(values) * np.sqrt(len(values)),
        ),
        known(
            "whole-width",
            "This is the whole width of the interval",
            "From the mean to one end only.",
            "Mean plus and minus the whole width covers twice the interval.",
            lambda values: 2 * _half(values),
        ),
        known(
            "normal-quantile",
            "This is the half width for a known standard deviation (1.96 in place of t)",
            "How many values is the standard deviation estimated from?",
            "With few values the standard deviation is uncertain itself; t allows for that.",
            lambda values: _half(values) * 1.96 / quantile(len(values) - 1),
        ),
        known(
            "one-sided",
            "This is t for one side: 0.95 in place of 0.975",
            "How much of the probability lies on each side of the interval?",
            "95 % between two ends leave half of the rest on each side.",
            lambda values: (
                _half(values) * quantile(len(values) - 1, 0.95) / quantile(len(values) - 1)
            ),
        ),
        known(
            "wrong-freedom",
            "t has one degree of freedom too many",
            "The mean is estimated too: what does that leave?",
            "The deviations from their own mean add up to 0, so one of them is not free.",
            lambda values: _half(values) * quantile(len(values)) / quantile(len(values) - 1),
        ),
    ),
)


def _two_samples() -> dict[str, Arguments]:
    rng = np.random.default_rng(3)
    sizes = (10, 4, 7)
    return {f"{n} runs in each arm": (rng.normal(0, 1, n), rng.normal(1, 3, n)) for n in sizes}


def _apart(a: Array, b: Array, freedom: float) -> float:
    return float(
        quantile(freedom) * np.sqrt(np.var(a, ddof=1) / len(a) + np.var(b, ddof=1) / len(b))
    )


def _welch(a: Array, b: Array) -> float:
    v, w = np.var(a, ddof=1) / len(a), np.var(b, ddof=1) / len(b)
    freedom = (v + w) ** 2 / (v**2 / (len(a) - 1) + w**2 / (len(b) - 1))
    return _apart(a, b, float(freedom))


_ARMS = Signature("unpaired_half_width(a, b) -> number", ("a", "b"), ("number",))
_ADD_UP = "The variances of both arms add up; each is divided by its number of runs."
UNPAIRED = Question(
    _ARMS,
    lambda a, b: _apart(a, b, len(a) + len(b) - 2),
    _two_samples,
    _ADD_UP,
    places.INTERVAL,
    (
        known(
            "paired",
            "This is the half width for paired runs",
            "Unrelated runs have no pairs: the difference a - b must not occur.",
            "Runs of unrelated seeds stand beside each other by accident.",
            lambda a, b: _half(a - b),
        ),
        known(
            "half-the-freedom",
            "The variance is right, the degrees of freedom are those of one arm",
            "Both arms estimate the variance: their degrees of freedom add up.",
            "With fewer degrees of freedom t is larger than it need be.",
            lambda a, b: _apart(a, b, len(a) - 1),
        ),
        known(
            "deviations-added",
            "The standard deviations were added",
            "Variances add up; take the root afterwards.",
            "Independent errors cancel in part, so that standard deviations do not add up.",
            lambda a, b: (
                quantile(len(a) + len(b) - 2)
                * (np.std(a, ddof=1) + np.std(b, ddof=1))
                / np.sqrt(len(a))
            ),
        ),
    ),
)
WELCH = Question(_ARMS, _welch, _two_samples, _ADD_UP, places.INTERVAL)


def _seeds(effect: float, sd: float) -> int:
    n = 2
    while quantile(n - 1) * sd / n**0.5 >= effect:
        n += 1
    return n


SEEDS_NEEDED = Question(
    Signature("seeds_needed(effect, sd) -> n", ("effect", "sd"), ("n",)),
    _seeds,
    lambda: {f"({e}, {s})": (e, s) for e, s in ((1.0, 1.0), (0.5, 1.0), (2.0, 1.0), (0.7, 2.0))},
    "Try n = 2, 3, ... with t for n - 1 degrees of freedom, and stop at the first that will do.",
    places.INTERVAL,
    (
        known(
            "normal-quantile",
            "This is the number for a known standard deviation (1.96 in place of t)",
            "t depends on n too.",
            "With few seeds the standard deviation is uncertain itself; t allows for that.",
            lambda effect, sd: ceil((1.96 * sd / effect) ** 2),
        ),
        known(
            "one-too-many",
            "One seed more than needed",
            "Stop at the first n for which the half width is below the effect.",
            "The fewest seeds that will do are asked for.",
            lambda effect, sd: _seeds(effect, sd) + 1,
        ),
    ),
)
