"""The exercises of the lab on batch size."""

from math import ceil
from typing import Any

import numpy as np

from bnutils.checks.answers.powers import ROUNDED, one_less, quotient, smallest
from bnutils.checks.answers.questions import Question, judge, known
from bnutils.checks.calls.calling import Arguments, Array, Function, Signature
from bnutils.checks.ladder import with_hints
from bnutils.checks.mistakes import places
from bnutils.checks.report import Report


@with_hints
def updates_of(function: Function) -> Report:
    """Check ``updates_of(examples, batch_size, epochs) -> n``."""
    return judge(function, UPDATES_OF)


@with_hints
def updates_until(function: Function) -> Report:
    """Check ``updates_until(share, momentum) -> t``, the smallest with momentum**t <= share."""
    return judge(function, UPDATES_UNTIL)


@with_hints
def noise_of_first(function: Function) -> Report:
    """Check ``noise_of_first(x, batch_size, draws, rng) -> number``, by drawing as well."""
    return judge(function, NOISE_OF_FIRST)


UPDATES_OF = Question(
    Signature(
        "updates_of(examples, batch_size, epochs) -> n",
        ("examples", "batch_size", "epochs"),
        ("n",),
    ),
    lambda examples, size, epochs: epochs * -(-examples // size),
    lambda: {str(c): c for c in ((48_000, 32, 5), (9600, 512, 5), (1000, 50, 10), (70, 9, 3))},
    "How many batches has an epoch?",
    places.UPDATES,
    (
        known(
            "last-batch-dropped",
            "The last, smaller batch of an epoch is not counted",
            "What is left over at the end of an epoch is an update too.",
            "Keras trains on the smaller batch as on any other.",
            lambda examples, size, epochs: epochs * (examples // size),
        ),
        known(
            "epochs-run-together",
            "The examples of all epochs were put together before they were divided",
            "Each epoch ends with its own smaller batch.",
            "Batches do not reach over the end of an epoch.",
            lambda examples, size, epochs: -(-epochs * examples // size),
        ),
        known(
            "one-epoch",
            "These are the updates of one epoch",
            "How many epochs are there?",
            "Every epoch makes as many updates again.",
            lambda examples, size, epochs: -(-examples // size),
        ),
    ),
)

SHARES = ((0.5, 0.5), (0.01, 0.99), (0.01, 0.9), (0.2, 0.8))
EXACT_POWER = (0.9801, 0.99)  # log(0.9801) / log(0.99) comes out above 2

UPDATES_UNTIL = Question(
    Signature("updates_until(share, momentum) -> t", ("share", "momentum"), ("t",)),
    smallest,
    lambda: {f"({s}, {m})": (s, m) for s, m in (*SHARES, EXACT_POWER)},
    "Solve momentum**t = share for t; the answer is a whole number, not below it.",
    places.STALE,
    (
        known(
            "rounded-quotient",
            "One update too many where t is whole",
            "0.99**2 is 0.9801: what does np.log(0.9801) / np.log(0.99) give?",
            ROUNDED,
            lambda share, momentum: ceil(quotient(share, momentum)),
        ),
        known(
            "rounded-down",
            "One update too few where t is not whole",
            "After so many updates, is at most the share left?",
            "One update earlier more than the share is left.",
            one_less,
        ),
        known(
            "not-whole",
            "t is not a whole number of updates",
            "Round it, in the direction in which less than the share is left.",
            "There are no fractions of an update.",
            quotient,
        ),
    ),
)


def _noise(
    x: Array, size: int, draws: int, rng: Any, *, within: bool = True, over: Any = np.std
) -> float:
    mates = rng.choice(x[1:], (draws, size - 1 if within else size))
    batches = np.column_stack([np.full(draws, x[0]), mates]) if within else mates
    return float(over((x[0] - batches.mean(axis=1)) / batches.std(axis=1)))


def _draws() -> dict[str, Arguments]:
    others = np.random.default_rng(3).normal(size=5000)
    kinds = {"2 in batches of 32": (2.0, 32), "0.1 in batches of 4": (0.1, 4)}
    return {
        name: (np.append([first], others), size, 6000, np.random.default_rng(4))
        for name, (first, size) in kinds.items()
    }


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
    places.NOISE,
    (
        known(
            "not-in-its-batch",
            "The first example is not in the batches that normalise it",
            "Its value belongs to the mean and to the standard deviation of its batch.",
            "In training an example is one of those that it is compared with, which holds it back "
            "in a small batch.",
            lambda x, size, draws, rng: _noise(x, size, draws, rng, within=False),
        ),
        known(
            "sample-variance",
            "The standard deviation of the batch is divided by m - 1",
            "Look at the ddof that you use within a batch.",
            "Batch normalisation describes its batch.",
            lambda x, size, draws, rng: _noise(x, size, draws, rng) * np.sqrt(1 - 1 / size),
        ),
        known(
            "variance-for-deviation",
            "This is the variance of the normalised values, not their standard deviation",
            "Which of the two is asked for?",
            "A spread has the unit of what it is the spread of.",
            lambda x, size, draws, rng: _noise(x, size, draws, rng) ** 2,
        ),
        known(
            "mean-for-spread",
            "This is the mean of the normalised values, not their spread",
            "What differs from draw to draw, and by how much?",
            "Noise is what varies while the example stays the same.",
            lambda x, size, draws, rng: _noise(x, size, draws, rng, over=np.mean),
        ),
    ),
    tolerance=0.08,
)
