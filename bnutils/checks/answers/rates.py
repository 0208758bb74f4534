"""Exercises on the learning rate of a kernel whose scale does not matter to the output."""

import numpy as np

from bnutils.checks.answers.questions import Question, judge, known
from bnutils.checks.calls.calling import Arguments, Array, Function, Signature
from bnutils.checks.ladder import with_hints
from bnutils.checks.mistakes import places
from bnutils.checks.report import Report


@with_hints
def effective_rate(function: Function) -> Report:
    """Check ``effective_rate(kernel, learning_rate) -> number``: the rate by the squared norm."""
    return judge(function, EFFECTIVE_RATE)


@with_hints
def equivalent_rate(function: Function) -> Report:
    """Check ``equivalent_rate(learning_rate, gain) -> number``, for larger kernels.

    Before a normalisation, kernels that start ``gain`` times as large train at this rate as the
    others do at ``learning_rate``.
    """
    return judge(function, EQUIVALENT_RATE)


@with_hints
def rates_instead_of_decay(function: Function) -> Report:
    """Check ``rates_instead_of_decay(learning_rate, decay, updates) -> rates``, one an update.

    :class:`bnutils.schedules.InsteadOfDecay` derives them.
    """
    return judge(function, RATES_INSTEAD_OF_DECAY)


# ---- the effective rate -----------------------------------------------------------------------
def _squared(kernel: Array) -> float:
    return float((kernel**2).sum())


def _by_column(kernel: Array, rate: float) -> Array:
    columns: Array = rate / (kernel**2).sum(axis=0)
    return columns


def _kernels() -> dict[str, Arguments]:
    rng = np.random.default_rng(20)
    return {
        "3 inputs, 2 units": (rng.normal(size=(3, 2)), 0.1),
        "20 inputs, 4 units, small": (rng.normal(0.0, 0.05, (20, 4)), 0.5),
        "2 inputs, 6 units, large": (rng.normal(0.3, 4.0, (2, 6)), 0.02),
    }


EFFECTIVE_RATE = Question(
    Signature(
        "effective_rate(kernel, learning_rate) -> number", ("kernel", "learning_rate"), ("number",)
    ),
    lambda kernel, rate: rate / _squared(kernel),
    _kernels,
    "If the kernel is c times as large, by which factor does the gradient change, and by which a "
    "step beside the kernel that it moves?",
    places.LARGER_KERNEL,
    (
        known(
            "norm-not-squared",
            "The rate is divided by the norm of the kernel, not by its square",
            "Multiply the kernel by 4: the gradient changes, and so does what a step is measured "
            "by. How much is that together?",
            "The gradient falls as one over the norm, and the step counts beside the norm: that "
            "is the norm twice.",
            lambda kernel, rate: rate / np.sqrt(_squared(kernel)),
        ),
        known(
            "mean-for-sum",
            "The squares are averaged over the entries, not added up",
            "Is the norm of a kernel a mean of something?",
            "A mean does not grow with the number of entries; the length of a vector does.",
            lambda kernel, rate: rate / (kernel**2).mean(),
        ),
        known(
            "by-column",
            "The norm is taken of each column, not of the whole kernel",
            "How many numbers is the kernel's norm, and over which axes is it taken?",
            "Each unit has a rate of its own, but what is asked for is that of the kernel as a "
            "whole. The mean of quotients is not the quotient of the sums.",
            lambda kernel, rate: _by_column(kernel, rate).mean(),
            lambda kernel, rate: _by_column(kernel, rate).sum(),
        ),
        known(
            "spectral-norm",
            "This is the spectral norm, the largest singular value",
            "What does `ord=2` mean in np.linalg.norm for a matrix, and what is its default?",
            "The spectral norm says how far a kernel stretches one vector. How far the kernel "
            "itself moves is measured by all of its entries.",
            lambda kernel, rate: rate / np.linalg.norm(kernel, 2) ** 2,
            lambda kernel, rate: rate / np.linalg.norm(kernel, 2),
        ),
        known(
            "entries-summed",
            "The entries are added up before they are squared, or by their sizes",
            "What is the length of the vector (3, 4)?",
            "Positive and negative entries cancel in a sum, and a sum of sizes is another norm.",
            lambda kernel, rate: rate / kernel.sum() ** 2,
            lambda kernel, rate: rate / np.abs(kernel).sum() ** 2,
            lambda kernel, rate: rate / np.abs(kernel).sum(),
        ),
        known(
            "turned-over",
            "This is one over the effective rate",
            "Which kernel is turned further by one step, a short one or a long one?",
            "The longer the kernel, the less a step turns it, so its norm belongs below.",
            lambda kernel, rate: _squared(kernel) / rate,
        ),
        known(
            "multiplied",
            "The rate is multiplied by the squared norm",
            "Which kernel is turned further by one step, a short one or a long one?",
            "The longer the kernel, the less a step turns it, so its norm belongs below.",
            lambda kernel, rate: rate * _squared(kernel),
            lambda kernel, rate: rate * np.sqrt(_squared(kernel)),
        ),
    ),
)

# ---- the rate for a larger start --------------------------------------------------------------
EQUIVALENT_RATE = Question(
    Signature(
        "equivalent_rate(learning_rate, gain) -> number", ("learning_rate", "gain"), ("number",)
    ),
    lambda rate, gain: rate * gain**2,
    lambda: {f"({rate}, {gain})": (rate, gain) for rate, gain in ((0.1, 4), (0.3, 0.5), (0.02, 7))},
    "Which rate gives both kernels the same effective rate?",
    places.LARGER_KERNEL,
    (
        known(
            "gain-not-squared",
            "The rate grows with the gain, not with its square",
            "A kernel that is 4 times as large: how large is its gradient, and how long must its "
            "step be?",
            "The step must be longer by the gain, and the gradient is shorter by the gain.",
            lambda rate, gain: rate * gain,
        ),
        known(
            "turned-over",
            "The rate is divided by the square of the gain",
            "Does a longer kernel need longer steps or shorter ones to turn as far?",
            "A longer kernel has a smaller gradient and needs longer steps, so its rate is larger.",
            lambda rate, gain: rate / gain**2,
        ),
        known(
            "divided-by-the-gain",
            "The rate is divided by the gain",
            "Does a longer kernel need longer steps or shorter ones to turn as far?",
            "A longer kernel has a smaller gradient and needs longer steps, so its rate is larger.",
            lambda rate, gain: rate / gain,
        ),
        known(
            "rate-unchanged",
            "The rate stays as it is",
            "The loss is the same for both kernels. Is the gradient?",
            "The normalisation takes the scale out of the output, not out of the steps.",
            lambda rate, gain: rate,
        ),
        known(
            "root-of-the-gain",
            "The rate grows with the root of the gain",
            "How often does the gain enter: in the gradient, in the step?",
            "It enters twice, and in the same direction.",
            lambda rate, gain: rate * np.sqrt(gain),
            lambda rate, gain: rate / np.sqrt(gain),
        ),
    ),
)


# ---- rates that grow in place of a decay ------------------------------------------------------
def _kept(rate: float, decay: float) -> float:
    """Return what a step of decay leaves of the weights."""
    return 1.0 - rate * decay


def _power(rate: float, kept: float, exponents: Array) -> Array:
    return rate * np.power(kept, exponents, dtype=float)


RATES_INSTEAD_OF_DECAY = Question(
    Signature(
        "rates_instead_of_decay(learning_rate, decay, updates) -> rates",
        ("learning_rate", "decay", "updates"),
        ("rates",),
    ),
    lambda rate, decay, n: _power(rate, _kept(rate, decay), -2 * np.arange(n) - 1),
    lambda: {str(one): one for one in ((0.5, 0.04, 6), (0.2, 0.3, 4), (2.0, 0.01, 8))},
    "Write out two updates with decay, and divide each by all that the decay has taken so far.",
    places.DECAY,
    (
        known(
            "one-power-short",
            "The exponent is -2t: one division by 1 - learning_rate * decay is missing",
            "What does the very first update with decay do to the kernel, before its step?",
            "The update itself shrinks the weights once more: already at t = 0 the whole of it is "
            "divided by what is kept.",
            lambda rate, decay, n: _power(rate, _kept(rate, decay), -2 * np.arange(n)),
            lambda rate, decay, n: _power(rate, _kept(rate, decay), 1 - 2 * np.arange(n)),
        ),
        known(
            "exponent-not-doubled",
            "The exponent grows by one an update, not by two",
            "By how much does the gradient grow as the decay shrinks the kernel, and by how much "
            "does a step count more beside it?",
            "The effective rate has the square of the norm, so what the decay takes counts twice.",
            lambda rate, decay, n: _power(rate, _kept(rate, decay), -np.arange(n)),
            lambda rate, decay, n: _power(rate, _kept(rate, decay), -np.arange(n) - 1),
        ),
        known(
            "falling",
            "The rates fall",
            "Does a kernel that shrinks have larger effective steps, or smaller ones?",
            "The decay keeps the kernel short and its effective rate high. Without it the rate has "
            "to grow.",
            lambda rate, decay, n: _power(rate, _kept(rate, decay), 2 * np.arange(n) + 1),
            lambda rate, decay, n: _power(rate, _kept(rate, decay), 2 * np.arange(n)),
            lambda rate, decay, n: _power(rate, _kept(rate, decay), np.arange(n)),
            lambda rate, decay, n: _power(rate, _kept(rate, decay), np.arange(n) + 1),
        ),
        known(
            "decay-without-the-rate",
            "The decay is not multiplied by the learning rate",
            "Which share of a kernel does one update of SGD with decay take away?",
            "The decay is part of the gradient, and the rate multiplies the whole of it.",
            lambda rate, decay, n: _power(rate, 1 - decay, -2 * np.arange(n) - 1),
            lambda rate, decay, n: _power(rate, 1 - decay, -2 * np.arange(n)),
            lambda rate, decay, n: _power(rate, 1 - decay, -np.arange(n)),
        ),
        known(
            "counted-from-one",
            "The first rate is that of the second update",
            "Which t has the first update?",
            "Updates are counted from 0, so that the last of n has t = n - 1.",
            lambda rate, decay, n: _power(rate, _kept(rate, decay), -2 * np.arange(1, n + 1) - 1),
        ),
        known(
            "approximated",
            "The growth is right to first order only",
            "What is (1 - a)**(-2), exactly?",
            "What an approximation leaves out multiplies from update to update.",
            lambda rate, decay, n: rate * np.exp(rate * decay * (2 * np.arange(n) + 1)),
            lambda rate, decay, n: _power(rate, 1 + rate * decay, 2 * np.arange(n) + 1),
            lambda rate, decay, n: rate * (1 + rate * decay * (2 * np.arange(n) + 1)),
            lambda rate, decay, n: rate * np.exp(2 * rate * decay * np.arange(n)),
            lambda rate, decay, n: _power(rate, 1 + rate * decay, 2 * np.arange(n)),
            lambda rate, decay, n: rate * (1 + 2 * rate * decay * np.arange(n)),
        ),
        known(
            "rate-unchanged",
            "All updates have the same rate",
            "What did the decay do to the kernel's effective rate, update by update?",
            "Without decay the kernel no longer shrinks, so a constant rate is another training.",
            lambda rate, decay, n: np.full(n, float(rate)),
        ),
    ),
)
