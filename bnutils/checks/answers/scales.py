"""The exercises of the lab on scale."""

from math import ceil

import numpy as np

from bnutils.checks.answers.powers import ROUNDED, one_less, quotient, smallest
from bnutils.checks.answers.questions import Question, judge, known
from bnutils.checks.calls.calling import Arguments, Array, Function, Signature
from bnutils.checks.ladder import with_hints
from bnutils.checks.mistakes import places
from bnutils.checks.report import Report


@with_hints
def condition_number(function: Function) -> Report:
    """Check ``condition_number(x) -> number``, of the second moments of the features."""
    return judge(function, CONDITION_NUMBER)


@with_hints
def standardise(function: Function) -> Report:
    """Check ``standardise(x) -> x``, every column with mean 0 and standard deviation 1."""
    return judge(function, STANDARDISE)


@with_hints
def layers_until(function: Function) -> Report:
    """Check ``layers_until(factor, growth) -> n``, the smallest n with growth**n >= factor."""
    return judge(function, LAYERS_UNTIL)


def _features() -> dict[str, Arguments]:
    rng = np.random.default_rng(1)
    plain = rng.normal(size=(500, 3)) * [1.0, 5.0, 1.0]
    return {
        "three features": (plain,),
        "two, far from 0": (rng.normal(3.0, 2.0, (40, 2)),),
        "four, small": (rng.normal(0.5, [0.01, 0.02, 0.05, 0.1], (20, 4)),),
    }


def _eigenvalues(x: Array) -> Array:
    return np.linalg.eigvalsh(x.T @ x / len(x))


CONDITION_NUMBER = Question(
    Signature("condition_number(x) -> number", ("x",), ("number",)),
    lambda x: _eigenvalues(x)[-1] / _eigenvalues(x)[0],
    _features,
    "Look at the eigenvalues of x.T @ x / len(x): the largest over the smallest.",
    places.STEP_SIZE,
    (
        known(
            "not-squared",
            "This is the condition number of x, not of its second moments",
            "The eigenvalues of x.T @ x are the squares of the singular values of x.",
            "Steps of gradient descent grow with the condition number of the second moments, which "
            "is the square of that of x.",
            np.linalg.cond,
        ),
        known(
            "turned-over",
            "This is the smallest eigenvalue over the largest",
            "np.linalg.eigvalsh sorts from small to large.",
            "A condition number is at least 1: by how much the valley is longer than wide.",
            lambda x: _eigenvalues(x)[0] / _eigenvalues(x)[-1],
        ),
        known(
            "centred",
            "These are the moments around the mean",
            "The exercise asks for x.T @ x / len(x), from x as it is.",
            "The mean counts too: it lengthens the valley, and this is what normalisation removes.",
            lambda x: np.linalg.cond(x - x.mean(0)) ** 2,
        ),
    ),
)

STANDARDISE = Question(
    Signature("standardise(x) -> x", ("x",), ("x",)),
    lambda x: (x - x.mean(0)) / x.std(0),
    _features,
    "Take each column's own mean from it, then divide by its own standard deviation.",
    places.STEP_SIZE,
    (
        known(
            "means-only",
            "The means are right, the standard deviations are not 1 yet",
            "What is each column still to be divided by?",
            "Columns of different scales still share one learning rate.",
            lambda x: x - x.mean(0),
        ),
        known(
            "spread-only",
            "The standard deviations are right, the means are not 0",
            "What is to be taken from each column first?",
            "A mean that is not 0 is a long direction of its own.",
            lambda x: x / x.std(0),
        ),
        known(
            "sample-variance",
            "The standard deviation is divided by n - 1 instead of n",
            "Look at the ddof that you use.",
            "The columns are described, not estimated: their own standard deviation becomes 1.",
            lambda x: (x - x.mean(0)) / x.std(0, ddof=1),
        ),
        known(
            "one-for-all",
            "All columns were given one mean and one standard deviation",
            "Over which axis are the examples?",
            "Columns that differed in scale before still do.",
            lambda x: (x - x.mean()) / x.std(),
        ),
        known(
            "variance-for-deviation",
            "The columns are divided by their variance",
            "The standard deviation is its root.",
            "Divided by its variance, a column of large numbers becomes one of small numbers.",
            lambda x: (x - x.mean(0)) / x.var(0),
        ),
    ),
)

LAYERS_UNTIL = Question(
    Signature("layers_until(factor, growth) -> n", ("factor", "growth"), ("n",)),
    smallest,
    lambda: {
        f"({f}, {g})": (f, g) for f, g in ((8, 2), (9, 2), (1000, 1.211), (1.5, 3.0), (125, 5))
    },
    "Solve growth**n = factor for n; the answer is a whole number, not below it.",
    places.GROWTH,
    (
        known(
            "rounded-down",
            "One layer too few where n is not whole",
            "After so many layers, has it grown by at least the factor?",
            "The number of layers before that does not reach the factor.",
            one_less,
        ),
        known(
            "not-whole",
            "n is not a whole number of layers",
            "Round it, in the direction in which the factor is reached.",
            "There are no fractions of a layer.",
            quotient,
        ),
        known(
            "rounded-quotient",
            "One layer too many where n is whole",
            "5**3 is 125: what does np.log(125) / np.log(5) give?",
            ROUNDED,
            lambda factor, growth: ceil(quotient(factor, growth)),
        ),
    ),
)
