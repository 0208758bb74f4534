"""The exercises of the lab on batch mates: clipped gradients, clients' variances, real and fake."""

import numpy as np

from bnutils.checks.answers.questions import Question, judge, known
from bnutils.checks.calls.calling import Arguments, Array, Function, Signature
from bnutils.checks.ladder import with_hints
from bnutils.checks.mistakes import places
from bnutils.checks.report import Report


@with_hints
def clipped_sum(function: Function) -> Report:
    """Check ``clipped_sum(gradients, bound) -> array``: what DP-SGD adds its noise to.

    Parameters
    ----------
    function : callable
        ``gradients`` has a row for each example, (m, d); none may count for more than ``bound``.
        The result is (d,).

    Returns
    -------
    Report
    """
    return judge(function, CLIPPED_SUM)


@with_hints
def pooled_variance(function: Function) -> Report:
    """Check ``pooled_variance(means, variances) -> number``: of the images of all clients.

    Parameters
    ----------
    function : callable
        ``means`` and ``variances`` are those of a unit on each client, (K,); all clients have as
        many images.

    Returns
    -------
    Report
    """
    return judge(function, POOLED_VARIANCE)


@with_hints
def together_mean(function: Function) -> Report:
    """Check ``together_mean(gap, spread) -> number``: where fake examples end, seen with real.

    Parameters
    ----------
    function : callable
        As many real as fake examples in a batch, whose means are ``gap`` apart, fake above real;
        each half has the standard deviation ``spread``. No epsilon.

    Returns
    -------
    Report
    """
    return judge(function, TOGETHER_MEAN)


def _gradients() -> dict[str, Arguments]:
    rng = np.random.default_rng(12)
    return {
        "some long, some short": (rng.normal(size=(6, 3)) * np.c_[[0.1, 3, 0.4, 5, 1, 2]], 1.0),
        "another bound": (rng.normal(size=(5, 4)), 1.5),
        "all short": (0.1 * rng.normal(size=(4, 2)), 2.0),
    }


def _lengths(gradients: Array) -> Array:
    lengths: Array = np.linalg.norm(gradients, axis=1, keepdims=True)
    return lengths


def _clipped(gradients: Array, bound: float) -> Array:
    shorter: Array = gradients * np.minimum(1, bound / _lengths(gradients))
    return shorter


def _whole(gradients: Array, bound: float) -> Array:
    total = gradients.sum(axis=0)
    shorter: Array = total * min(1.0, bound / np.linalg.norm(total))
    return shorter


CLIPPED_SUM = Question(
    Signature("clipped_sum(gradients, bound) -> sum (d,)", ("gradients", "bound"), ("sum",)),
    lambda gradients, bound: _clipped(gradients, bound).sum(axis=0),
    _gradients,
    "Shorten each row that is longer than the bound to the bound, leave the others, and add.",
    places.PRIVACY,
    (
        known(
            "sum-clipped",
            "The sum is clipped here, and not each example's gradient",
            "How much of a clipped sum can come from one example?",
            "One long gradient can turn the whole sum, however short that is afterwards.",
            _whole,
        ),
        known(
            "entries-clipped",
            "Each entry is clipped here, and not the length of the row",
            "How long is a row all of whose entries are at the bound?",
            "It is as many times too long as the root of the number of entries.",
            lambda gradients, bound: np.clip(gradients, -bound, bound).sum(axis=0),
        ),
        known(
            "short-ones-stretched",
            "Short gradients are stretched to the bound",
            "What is to happen to a gradient that is shorter than the bound?",
            "It stays: the bound is a ceiling.",
            lambda gradients, bound: (bound * gradients / _lengths(gradients)).sum(axis=0),
        ),
        known(
            "mean",
            "This is the mean, not the sum",
            "What is asked for?",
            "By how much one example counts is bounded for the sum; the mean is divided later.",
            lambda gradients, bound: _clipped(gradients, bound).mean(axis=0),
        ),
        known(
            "not-clipped",
            "Nothing is clipped",
            "How much may the longest row count for?",
            "Without a bound no amount of noise can hide a single example.",
            lambda gradients, bound: gradients.sum(axis=0),
        ),
    ),
)


def _clients() -> dict[str, Arguments]:
    return {
        "two clients": (np.array([-1.0, 3.0]), np.array([1.0, 2.5])),
        "five clients": (np.array([0.2, 4.0, -3.0, 1.0, 0.5]), np.array([1.0, 0.3, 2.0, 4.0, 0.6])),
        "means alike": (np.array([2.0, 2.0, 2.0]), np.array([0.5, 1.5, 3.0])),
    }


POOLED_VARIANCE = Question(
    Signature("pooled_variance(means, variances) -> number", ("means", "variances"), ("number",)),
    lambda means, variances: variances.mean() + means.var(),
    _clients,
    "The variance of all images has two parts: within the clients, and between their means.",
    places.FEDERATED,
    (
        known(
            "within-alone",
            "This is the mean of the variances, as federated averaging has it",
            "Two clients whose images do not vary, at 0 and at 10: what is the variance of all?",
            "Averaged variances miss how far apart the clients' means are.",
            lambda means, variances: variances.mean(),
        ),
        known(
            "between-alone",
            "This is the variance of the means alone",
            "What if all clients have the same mean?",
            "The images of each client vary too.",
            lambda means, variances: means.var(),
        ),
        known(
            "sample-variance",
            "The squares of the means are divided by K - 1",
            "Are these a sample of clients, or all there are?",
            "The population variance divides by K.",
            lambda means, variances: variances.mean() + means.var(ddof=1),
        ),
        known(
            "mean-of-squares",
            "The squared mean of all is missing",
            "What does the variance say if all means are moved by 10?",
            "Nothing: distances are from the common mean.",
            lambda means, variances: (variances + means**2).mean(),
        ),
        known(
            "summed",
            "The variances are added up where their mean belongs",
            "Twice as many clients of the same kind: does the variance double?",
            "Every image counts once, whatever the number of clients.",
            lambda means, variances: variances.sum() + means.var(),
        ),
    ),
)


def _half(gap: float) -> float:
    return gap / 2


TOGETHER_MEAN = Question(
    Signature("together_mean(gap, spread) -> number", ("gap", "spread"), ("number",)),
    lambda gap, spread: _half(gap) / np.sqrt(spread**2 + _half(gap) ** 2),
    lambda: {f"({g}, {s})": (g, s) for g, s in ((2.0, 1.0), (1.0, 0.5), (6.0, 2.0), (0.3, 1.5))},
    "The batch's mean lies in the middle. Its variance is that within the halves, and that of the "
    "two means around the middle.",
    places.REAL_AND_FAKE,
    (
        known(
            "within-alone",
            "Divided is by the spread of one half, not by that of the batch",
            "Two halves that do not vary, at -1 and 1: what is the batch's standard deviation?",
            "The distance of the means is part of the batch's spread, so no gap gets above 1.",
            lambda gap, spread: _half(gap) / spread,
        ),
        known(
            "whole-gap",
            "The whole gap stands where its half belongs",
            "How far is each mean from the middle?",
            "By half the gap, and so it is in the variance.",
            lambda gap, spread: gap / np.sqrt(spread**2 + gap**2),
        ),
        known(
            "not-squared",
            "The spread is not squared, or the gap is not",
            "Which of the two is a variance?",
            "Variances add up; standard deviations do not.",
            lambda gap, spread: _half(gap) / np.sqrt(spread + _half(gap) ** 2),
            lambda gap, spread: _half(gap) / (spread + _half(gap)),
        ),
        known(
            "no-root",
            "Divided is by the variance",
            "What does a normalisation divide by?",
            "By the root of the variance.",
            lambda gap, spread: _half(gap) / (spread**2 + _half(gap) ** 2),
        ),
        known(
            "apart",
            "This is the mean where each half has statistics of its own",
            "Whose mean is subtracted?",
            "Here both halves share one mean, which is neither's.",
            lambda gap, spread: 0.0,
        ),
    ),
)
