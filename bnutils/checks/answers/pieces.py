"""The exercises of the lab on batches in pieces."""

import numpy as np

from bnutils.checks.answers.questions import Question, judge, known
from bnutils.checks.calls.calling import Arguments, Array, Function, Signature
from bnutils.checks.ladder import with_hints
from bnutils.checks.mistakes import places
from bnutils.checks.report import Report

Pair = tuple[Array, Array]


@with_hints
def momentum_of_pieces(function: Function) -> Report:
    """Check ``momentum_of_pieces(momentum, pieces) -> momentum``.

    Parameters
    ----------
    function : callable
        Returns the momentum that leaves as much of the old moving value after ``pieces`` updates
        as ``momentum`` leaves after one.

    Returns
    -------
    Report
    """
    return judge(function, MOMENTUM_OF_PIECES)


@with_hints
def pooled_statistics(function: Function) -> Report:
    """Check ``pooled_statistics(means, variances) -> (mean, variance)``.

    Parameters
    ----------
    function : callable
        From the means and variances of equal pieces, shape (pieces, features), the mean and the
        population variance of all together, shape (features,).

    Returns
    -------
    Report
    """
    return judge(function, POOLED_STATISTICS)


MOMENTUM_OF_PIECES = Question(
    Signature("momentum_of_pieces(momentum, pieces) -> momentum", ("momentum", "pieces"), ("m",)),
    lambda momentum, pieces: momentum ** (1 / pieces),
    lambda: {f"{m} in {k} pieces": (m, k) for m, k in ((0.99, 4), (0.9, 2), (0.8, 16), (0.6, 3))},
    "Each update keeps the share m of the old value. What share is kept by several, one after "
    "the other?",
    places.MOVING_IN_PIECES,
    (
        known(
            "power-for-root",
            "This is what is left after the pieces, not what makes up for it",
            "Is the momentum that you look for larger or smaller than the given one?",
            "momentum ** pieces is left if nothing is corrected. The correction is the other way.",
            lambda momentum, pieces: momentum**pieces,
        ),
        known(
            "momentum-divided",
            "The momentum is divided by the number of pieces",
            "Several updates multiply what is left, they do not add it up.",
            "Shares that are kept multiply: the root of the momentum is asked for.",
            lambda momentum, pieces: momentum / pieces,
        ),
        known(
            "first-order",
            "This is right only for a momentum close to 1",
            "Try it with 0.6 and 3 pieces: what is left after the third?",
            "Dividing 1 - momentum by the pieces is the first term of the root's series.",
            lambda momentum, pieces: 1 - (1 - momentum) / pieces,
        ),
    ),
)


def _pooled(means: Array, variances: Array) -> Pair:
    return means.mean(axis=0), variances.mean(axis=0) + means.var(axis=0)


def _pieces() -> dict[str, Arguments]:
    rng = np.random.default_rng(31)
    shapes = ((4, 3), (2, 1), (5, 2))
    return {
        f"{count} pieces, features: {features}": (
            rng.normal(1.0, 2.0, (count, features)),
            rng.uniform(0.2, 3.0, (count, features)),
        )
        for count, features in shapes
    }


POOLED_STATISTICS = Question(
    Signature(
        "pooled_statistics(means, variances) -> (mean, variance)",
        ("means", "variances"),
        ("mean", "variance"),
    ),
    _pooled,
    _pieces,
    "The examples of a piece scatter around its own mean. Around what do they scatter in the "
    "whole batch?",
    places.SYNCHRONISED,
    (
        known(
            "spread-of-means-forgotten",
            "The variance is the mean of the variances alone",
            "Two pieces with no spread and different means: has the whole a spread?",
            "The means of the pieces scatter too, and that belongs to the variance of the whole.",
            lambda means, variances: (means.mean(0), variances.mean(0)),
        ),
        known(
            "spread-within-forgotten",
            "The variance is that of the means alone",
            "Two pieces with the same mean: has the whole no spread?",
            "What scatters within a piece scatters in the whole as well.",
            lambda means, variances: (means.mean(0), means.var(0)),
        ),
        known(
            "sample-variance-of-means",
            "The variance of the means is divided by one less than their number",
            "Look at the ddof of the variance over the pieces.",
            "The pieces are the whole batch, not a sample of it: divide by their number.",
            lambda means, variances: (means.mean(0), variances.mean(0) + means.var(0, ddof=1)),
        ),
        known(
            "variances-added-up",
            "The variances are added up where their mean is asked for",
            "How large is the whole's variance if all pieces are alike?",
            "Equal pieces that are alike have the variance of one of them.",
            lambda means, variances: (means.mean(0), variances.sum(0) + means.var(0)),
        ),
    ),
)
