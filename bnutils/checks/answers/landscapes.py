"""The exercises of the lab on mechanisms: a step of a given share, and how far a mean has moved."""

from functools import partial

import numpy as np

from bnutils.checks.answers.questions import Question, judge, known
from bnutils.checks.calls.calling import Arguments, Array, Function, Signature
from bnutils.checks.ladder import with_hints
from bnutils.checks.mistakes import places
from bnutils.checks.report import Report


@with_hints
def scaled_step(function: Function) -> Report:
    """Check ``scaled_step(weight, gradient, share) -> weight``, a step in units of the weight.

    Parameters
    ----------
    function : callable
        ``weight`` and ``gradient`` have one shape; what comes back is the weight after a step
        against the gradient that is ``share`` times as long as the weight: w - share ||w|| g/||g||.

    Returns
    -------
    Report
    """
    return judge(function, SCALED_STEP)


@with_hints
def mean_shift(function: Function) -> Report:
    """Check ``mean_shift(before, now) -> number``, the input shift of a layer in its means.

    Parameters
    ----------
    function : callable
        ``before`` and ``now`` are what goes into a layer before an update and after it, (examples,
        units). What comes back is the mean over units of abs(m - m') / s', with m the mean now, and
        m' and s' mean and standard deviation before.

    Returns
    -------
    Report
    """
    return judge(function, MEAN_SHIFT)


def _norm(values: Array) -> float:
    return float(np.sqrt((values**2).sum()))


def _step(
    weight: Array, gradient: Array, share: float, *, own: bool = True, divided: bool = True
) -> Array:
    """Return the weight after a step; by default rightly, else in another unit."""
    length = share * (_norm(weight) if own else 1.0) / (_norm(gradient) if divided else 1.0)
    after: Array = weight - length * gradient
    return after


def _weights() -> dict[str, Arguments]:
    rng = np.random.default_rng(31)
    return {
        f"{shape}, share {share:g}": (rng.normal(0, scale, shape), rng.normal(0, 0.1, shape), share)
        for shape, scale, share in (((4, 3), 2.0, 0.25), ((5,), 0.3, 0.01), ((2, 2, 3), 1.5, 0.5))
    }


def _shift(before: Array, now: Array, *, freedom: int = 0) -> float:
    moved = np.abs(now.mean(axis=0) - before.mean(axis=0))
    return float((moved / before.std(axis=0, ddof=freedom)).mean())


def _signed(before: Array, now: Array) -> float:
    return float(((now.mean(axis=0) - before.mean(axis=0)) / before.std(axis=0)).mean())


def _moved_by(before: Array, now: Array, spread: Array) -> float:
    return float((np.abs(now.mean(axis=0) - before.mean(axis=0)) / spread).mean())


def _inputs() -> dict[str, Arguments]:
    rng = np.random.default_rng(32)
    first, second = rng.normal(1.0, 2.0, (6, 4)), rng.normal(0.0, [0.5, 1.0, 3.0], (9, 3))
    third = np.maximum(rng.normal(0.5, 1.0, (12, 2)), 0.0)
    return {
        "four units": (first, 1.3 * first - 0.4),
        "units of unlike spread": (second, second * [2.0, 0.5, 1.0] + [0.3, -0.2, 1.0]),
        "a ReLU's outputs": (third, 0.7 * third + 0.1),
    }


SCALED_STEP = Question(
    Signature(
        "scaled_step(weight, gradient, share) -> weight",
        ("weight", "gradient", "share"),
        ("weight",),
    ),
    _step,
    _weights,
    "How long is the step that you take, and how long is `share` times the weight?",
    places.RANGE,
    (
        known(
            "raw-step",
            "This is a raw step: `share` is taken for a learning rate",
            "How long is the step if the gradient is twice as long?",
            "A raw step is as long as the gradient says, and before a batch normalisation that "
            "depends on the length of the kernel.",
            partial(_step, own=False, divided=False),
        ),
        known(
            "length-of-the-weight-missing",
            "The step is `share` long, and not `share` times the weight's length",
            "What should happen to the step if the weight is twice as long?",
            "The unit is the length of the weight that takes the step.",
            partial(_step, own=False),
        ),
        known(
            "gradient-not-divided",
            "The gradient is not divided by its length",
            "How long is the step if the gradient is twice as long?",
            "Only the direction of the gradient is to count here.",
            partial(_step, divided=False),
        ),
        known(
            "upwards",
            "The step goes along the gradient, and not against it",
            "In which direction does the loss fall?",
            "The gradient points to where the loss rises.",
            lambda weight, gradient, share: _step(weight, gradient, -share),
        ),
        known(
            "step-alone",
            "This is the step, and not the weight after it",
            "What does the function return?",
            "Where the step begins belongs to the result.",
            lambda weight, gradient, share: _step(weight, gradient, share) - weight,
            lambda weight, gradient, share: weight - _step(weight, gradient, share),
        ),
        known(
            "squared-lengths",
            "The lengths stand squared",
            "Is the length of a vector the sum of its squares?",
            "The length is the root of that sum.",
            lambda weight, gradient, share: (
                weight - share * (_norm(weight) / _norm(gradient)) ** 2 * gradient
            ),
            lambda weight, gradient, share: (
                weight - share * _norm(weight) * gradient / _norm(gradient) ** 2
            ),
        ),
        known(
            "sign-of-each-entry",
            "Each entry is divided by its own size",
            "Is the step still in the direction of the gradient?",
            "One number, the length of the whole gradient, divides all its entries.",
            lambda weight, gradient, share: weight - share * _norm(weight) * np.sign(gradient),
            lambda weight, gradient, share: weight - share * np.abs(weight) * np.sign(gradient),
        ),
    ),
)
MEAN_SHIFT = Question(
    Signature("mean_shift(before, now) -> number", ("before", "now"), ("number",)),
    _shift,
    _inputs,
    "For one unit: how far has its mean gone, and by which number is that divided?",
    places.SHIFT,
    (
        known(
            "signed-shift",
            "Units that move up cancel those that move down",
            "Two units move by one standard deviation, one up and one down. What is the mean?",
            "A distance has no sign; take the absolute value of each unit before the mean.",
            _signed,
            lambda before, now: abs(_signed(before, now)),
            lambda before, now: -_signed(before, now),
        ),
        known(
            "spread-of-now",
            "The standard deviation is the one after the update",
            "In units of which distribution is the shift asked for?",
            "The unit is what the layer was used to: the spread before.",
            lambda before, now: _moved_by(before, now, now.std(axis=0)),
        ),
        known(
            "not-divided",
            "The distance is in the units of the inputs",
            "What would become of it if all inputs were in another unit?",
            "By the standard deviation it becomes a number that can be compared between layers.",
            lambda before, now: _moved_by(before, now, np.ones(before.shape[1])),
        ),
        known(
            "variance-as-unit",
            "The distance is divided by the variance",
            "Which of the two has the unit of the mean?",
            "A variance has the square of that unit.",
            lambda before, now: _moved_by(before, now, before.var(axis=0)),
        ),
        known(
            "one-spread-for-all",
            "All units are divided by one standard deviation",
            "Have all units the same spread?",
            "Each unit has a distribution of its own, and so a spread of its own.",
            lambda before, now: _moved_by(before, now, before.std()),
        ),
        known(
            "examples-moved",
            "This is how far examples have moved, and not how far the mean has",
            "If all examples change places, has the distribution moved?",
            "The distribution is asked about: take the means first, then their difference.",
            lambda before, now: float((np.abs(now - before) / before.std(axis=0)).mean()),
        ),
        known(
            "sample-spread",
            "The standard deviation is divided by n - 1 instead of n",
            "Look at the ddof that you use.",
            "The batch is described as it is, as batch normalisation describes it.",
            partial(_shift, freedom=1),
        ),
    ),
)
