"""The exercise on averaging the weights of a network along its training."""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from bnutils.checks.answers.questions import Question, judge, known
from bnutils.checks.calls.calling import Arguments, Array, Function, Signature
from bnutils.checks.ladder import with_hints
from bnutils.checks.mistakes import places
from bnutils.checks.report import Report

Weights = Sequence[Array]


@with_hints
def running_average(function: Function) -> Report:
    """Check ``running_average(average, weights, count) -> average``, all lists of arrays.

    Parameters
    ----------
    function : callable
        ``average`` is the mean of ``count`` sets of weights, and ``weights`` is one more; what
        comes back is the mean of all, in new arrays.

    Returns
    -------
    Report
    """
    return judge(function, RUNNING_AVERAGE)


def _each(
    average: Weights, weights: Weights, count: int, *, rule: Callable[[Array, Array, int], Array]
) -> list[Array]:
    return [rule(old, new, count) for old, new in zip(average, weights, strict=True)]


def _mean(old: Array, new: Array, count: int) -> Array:
    mean: Array = (old * count + new) / (count + 1)
    return mean


def _weighed(average: Weights, weights: Weights, count: int, *, momentum: float) -> list[Array]:
    return _each(
        average, weights, count, rule=lambda old, new, _: momentum * old + (1 - momentum) * new
    )


def _kernels_only(average: Weights, weights: Weights, count: int, *, old: bool) -> list[Array]:
    """Average what is a matrix, and leave the rest as it was, or take it as it is now."""
    right = _each(average, weights, count, rule=_mean)
    rest = average if old else weights
    return [one if one.ndim > 1 else other for one, other in zip(right, rest, strict=True)]


def _sets() -> dict[str, Arguments]:
    rng = np.random.default_rng(23)
    shapes = (4, 3), (3,), (3,)

    def drawn() -> list[Array]:
        return [rng.normal(1.0, 2.0, shape) for shape in shapes]

    return {f"the mean of {count}, and one more": (drawn(), drawn(), count) for count in (4, 1, 9)}


RUNNING_AVERAGE = Question(
    Signature(
        "running_average(average, weights, count) -> average, a list of arrays",
        ("average", "weights", "count"),
        ("kernel", "gamma", "moving_variance"),
    ),
    partial(_each, rule=_mean),
    _sets,
    "How much of the sum of all sets is in the average, and by how many is the new sum divided?",
    places.AVERAGED_WEIGHTS,
    (
        known(
            "half-and-half",
            "The average and the new weights count half each",
            "How many sets are in the average, and how many in the new weights?",
            "Each set should count as much as any other. This way the last one counts as much as "
            "all others together.",
            partial(_weighed, momentum=0.5),
        ),
        known(
            "exponential",
            "This is an exponential average",
            "Does the share of the new weights depend on how many there were?",
            "With a fixed momentum what is old fades. In the mean of all, every set has one share.",
            *(partial(_weighed, momentum=kept) for kept in (0.9, 0.99, 0.999, 0.95, 0.1, 0.01)),
        ),
        known(
            "count-too-large",
            "The average counts for one set too many",
            "Of how many sets is `average` the mean: with the new one, or without?",
            "`count` sets are in the average before, and one more after it.",
            partial(_each, rule=lambda old, new, count: (old * (count + 1) + new) / (count + 2)),
            partial(_each, rule=lambda old, new, count: (old * count + new) / (count + 2)),
            partial(_each, rule=lambda old, new, count: (old * (count + 1) + new) / (count + 1)),
        ),
        known(
            "count-too-small",
            "The average counts for one set too few",
            "Of how many sets is `average` the mean: with the new one, or without?",
            "`count` sets are in the average before, and one more after it.",
            partial(_each, rule=lambda old, new, count: (old * (count - 1) + new) / count),
            partial(_each, rule=lambda old, new, count: (old * count + new) / count),
        ),
        known(
            "not-divided",
            "This is the sum of all sets, not their mean",
            "How large is the mean of equal sets?",
            "The average times its count is the sum; divided by the new count it is a mean again.",
            partial(_each, rule=lambda old, new, count: old * count + new),
            partial(_each, rule=lambda old, new, count: old + new),
        ),
        known(
            "average-not-weighed",
            "The average counts for a single set",
            "How many sets does the average stand for in the sum?",
            "It is a mean; the sum that it stands for is `count` times as large.",
            partial(_each, rule=lambda old, new, count: (old + new) / (count + 1)),
        ),
        known(
            "old-and-new-swapped",
            "The new weights count as all sets before, and the average as one",
            "Which of the two stands for `count` sets?",
            "The shares belong to each other's arrays.",
            partial(_each, rule=lambda old, new, count: (old + count * new) / (count + 1)),
        ),
        known(
            "kernels-only",
            "Only the kernels are averaged",
            "Which arrays has a network besides its kernels?",
            "Whoever averages some of the weights puts together arrays of different networks.",
            partial(_kernels_only, old=False),
            partial(_kernels_only, old=True),
        ),
        known(
            "one-of-both",
            "The average comes back as it was, or the new weights do",
            "What of the sets before, and what of the new one, is in your result?",
            "The mean of all sets has a share of each.",
            partial(_each, rule=lambda old, new, count: old),
            partial(_each, rule=lambda old, new, count: new),
        ),
    ),
)
