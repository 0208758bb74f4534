"""The exercises of the labs on experiments: scale and batch sizes."""

from math import ceil, log
from typing import Any

import numpy as np

from bnutils.checks.answers import Question, judge, known
from bnutils.checks.calling import Arguments, Array, Function, Signature
from bnutils.checks.report import Report


def condition_number(function: Function) -> Report:
    """Check ``condition_number(x) -> number``, of the second moments of the features."""
    return judge(function, CONDITION_NUMBER)


def standardise(function: Function) -> Report:
    """Check ``standardise(x) -> x``, every column with mean 0 and standard deviation 1."""
    return judge(function, STANDARDISE)


def layers_until(function: Function) -> Report:
    """Check ``layers_until(factor, growth) -> n``, the smallest n with growth**n >= factor."""
    return judge(function, LAYERS_UNTIL)


def updates_of(function: Function) -> Report:
    """Check ``updates_of(examples, batch_size, epochs) -> n``."""
    return judge(function, UPDATES_OF)


def updates_until(function: Function) -> Report:
    """Check ``updates_until(share, momentum) -> t``, the smallest with momentum**t <= share."""
    return judge(function, UPDATES_UNTIL)


def noise_of_first(function: Function) -> Report:
    """Check ``noise_of_first(x, batch_size, draws, rng) -> number``, by drawing as well."""
    return judge(function, NOISE_OF_FIRST)


# ---- scale ------------------------------------------------------------------------------
def _features() -> dict[str, Arguments]:
    rng = np.random.default_rng(1)
    plain = rng.normal(size=(500, 3)) * [1.0, 5.0, 1.0]
    return {"three features": (plain,), "two, far from 0": (rng.normal(3.0, 2.0, (40, 2)),)}


def _eigenvalues(x: Array) -> Array:
    return np.linalg.eigvalsh(x.T @ x / len(x))


CONDITION_NUMBER = Question(
    Signature("condition_number(x) -> number", ("x",), ("number",)),
    lambda x: _eigenvalues(x)[-1] / _eigenvalues(x)[0],
    _features,
    "Look at the eigenvalues of x.T @ x / len(x): the largest over the smallest.",
    (
        known(
            "not-squared",
            "This is the condition number of x, not of its second moments",
            "The eigenvalues of x.T @ x are the squares of the singular values of x.",
            np.linalg.cond,
        ),
        known(
            "turned-over",
            "This is the smallest eigenvalue over the largest",
            "np.linalg.eigvalsh sorts from small to large.",
            lambda x: _eigenvalues(x)[0] / _eigenvalues(x)[-1],
        ),
        known(
            "centred",
            "These are the moments around the mean",
            "The exercise asks for x.T @ x / len(x), from x as it is.",
            lambda x: np.linalg.cond(x - x.mean(0)) ** 2,
        ),
    ),
)

STANDARDISE = Question(
    Signature("standardise(x) -> x", ("x",), ("x",)),
    lambda x: (x - x.mean(0)) / x.std(0),
    _features,
    "Take each column's own mean from it, then divide by its own standard deviation.",
    (
        known(
            "means-only",
            "The means are right, the standard deviations are not 1 yet",
            "What is each column still to be divided by?",
            lambda x: x - x.mean(0),
        ),
        known(
            "spread-only",
            "The standard deviations are right, the means are not 0",
            "What is to be taken from each column first?",
            lambda x: x / x.std(0),
        ),
        known(
            "sample-variance",
            "The standard deviation is divided by n - 1 instead of n",
            "Look at the ddof that you use.",
            lambda x: (x - x.mean(0)) / x.std(0, ddof=1),
        ),
        known(
            "one-for-all",
            "All columns were given one mean and one standard deviation",
            "Over which axis are the examples?",
            lambda x: (x - x.mean()) / x.std(),
        ),
        known(
            "variance-for-deviation",
            "The columns are divided by their variance",
            "The standard deviation is its root.",
            lambda x: (x - x.mean(0)) / x.var(0),
        ),
    ),
)

LAYERS_UNTIL = Question(
    Signature("layers_until(factor, growth) -> n", ("factor", "growth"), ("n",)),
    lambda factor, growth: ceil(log(factor) / log(growth) - 1e-12),
    lambda: {f"({f}, {g})": (f, g) for f, g in ((8, 2), (9, 2), (1000, 1.211), (1.5, 3.0))},
    "Solve growth**n = factor for n; the answer is a whole number, not below it.",
    (
        known(
            "rounded-down",
            "One layer too few where n is not whole",
            "After so many layers, has it grown by at least the factor?",
            lambda factor, growth: int(log(factor) / log(growth) + 1e-12),
        ),
        known(
            "not-whole",
            "n is not a whole number of layers",
            "Round it, in the direction in which the factor is reached.",
            lambda factor, growth: log(factor) / log(growth),
        ),
    ),
)


# ---- batch sizes --------------------------------------------------------------------------
UPDATES_OF = Question(
    Signature(
        "updates_of(examples, batch_size, epochs) -> n",
        ("examples", "batch_size", "epochs"),
        ("n",),
    ),
    lambda examples, size, epochs: epochs * -(-examples // size),
    lambda: {str(c): c for c in ((48_000, 32, 5), (9600, 512, 5), (1000, 50, 10))},
    "How many batches has an epoch?",
    (
        known(
            "last-batch-dropped",
            "The last, smaller batch of an epoch is not counted",
            "What is left over at the end of an epoch is an update too.",
            lambda examples, size, epochs: epochs * (examples // size),
        ),
        known(
            "epochs-run-together",
            "The examples of all epochs were put together before they were divided",
            "Each epoch ends with its own smaller batch.",
            lambda examples, size, epochs: -(-epochs * examples // size),
        ),
        known(
            "one-epoch",
            "These are the updates of one epoch",
            "How many epochs are there?",
            lambda examples, size, epochs: -(-examples // size),
        ),
    ),
)

UPDATES_UNTIL = Question(
    Signature("updates_until(share, momentum) -> t", ("share", "momentum"), ("t",)),
    lambda share, momentum: ceil(log(share) / log(momentum) - 1e-12),
    lambda: {f"({s}, {m})": (s, m) for s, m in ((0.5, 0.5), (0.01, 0.99), (0.01, 0.9))},
    "Solve momentum**t = share for t; the answer is a whole number, not below it.",
    (
        known(
            "rounded-down",
            "One update too few where t is not whole",
            "After so many updates, is at most the share left?",
            lambda share, momentum: int(log(share) / log(momentum) + 1e-12),
        ),
        known(
            "not-whole",
            "t is not a whole number of updates",
            "Round it, in the direction in which less than the share is left.",
            lambda share, momentum: log(share) / log(momentum),
        ),
    ),
)


def _noise(x: Array, size: int, draws: int, rng: Any, *, within: bool = True) -> float:
    mates = rng.choice(x[1:], (draws, size - 1 if within else size))
    batches = np.column_stack([np.full(draws, x[0]), mates]) if within else mates
    return float(np.std((x[0] - batches.mean(axis=1)) / batches.std(axis=1)))


def _draws() -> dict[str, Arguments]:
    x = np.append([2.0], np.random.default_rng(3).normal(size=5000))
    sizes = {"batches of 32": 32, "batches of 4": 4}
    return {name: (x, size, 4000, np.random.default_rng(4)) for name, size in sizes.items()}


NOISE_OF_FIRST = Question(
    Signature(
        "noise_of_first(x, batch_size, draws, rng) -> number",
        ("x", "batch_size", "draws", "rng"),
        ("number",),
    ),
    _noise,
    _draws,
    "In each draw: the first example with batch_size - 1 others, mean and standard deviation "
    "of this batch, the first example normalised by them; in the end the spread of all draws.",
    (
        known(
            "not-in-its-batch",
            "The first example is not in the batches that normalise it",
            "Its value belongs to the mean and to the standard deviation of its batch.",
            lambda x, size, draws, rng: _noise(x, size, draws, rng, within=False),
        ),
    ),
    tolerance=0.08,
)
