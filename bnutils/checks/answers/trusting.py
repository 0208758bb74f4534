"""The exercise of the lab on the backward pass: a gradient check that doubts itself."""

from collections.abc import Callable
from functools import partial

import numpy as np

from bnutils import reference
from bnutils.checks.answers.questions import Question, judge, known
from bnutils.checks.calls.calling import Arguments, Array, Function, Signature
from bnutils.checks.ladder import with_hints
from bnutils.checks.mistakes import places
from bnutils.checks.report import Report
from bnutils.gradcheck import STEP, gradcheck

WIDE, NARROW = 1e5, 3e-5
"""Units in which the inputs of a layer may be given.

So far from 1 that with the usual step no tolerance tells right from wrong: in the narrow unit a
right gradient is off by more than a wrong one elsewhere. And no further, so that whoever tries
steps from 1e-8 to 1e-3, as far as `gradcheck` takes them, finds one for each unit.
"""


@with_hints
def trusted(function: Function) -> Report:
    """Check ``trusted(function, gradient, x) -> answer``, whether the gradient is right.

    Parameters
    ----------
    function : callable
        ``trusted(function, gradient, x) -> True or False``. ``function(x)`` is a loss and
        ``gradient(x)`` what is said to be its gradient, for any x of that shape, (m, d).

    Returns
    -------
    Report
    """
    return judge(function, TRUSTED)


# ---- losses of a layer, and their gradients ---------------------------------------------------
UPSTREAM = 1e3 * np.random.default_rng(8).normal(size=(8, 3))
"""Large, since `gradcheck` judges gradients below 1e-3 by their absolute error.

A gradient falls as its inputs grow. Were it below 1e-3 at inputs of 100,000, the wrong one would be
off there by 1e-5 only, hardly more than what float32 leaves of a right one, and the right one with
the usual step by hardly more than the usual tolerance.
"""


def _loss(x: Array, slope: float = 1.0) -> float:
    """Loss of batch normalisation and a leaky ReLU; it is smooth where the slope is 1."""
    y = _normalised(x)[0]
    return float((UPSTREAM * np.where(y > 0, y, slope * y)).sum())


def _gradient(x: Array, slope: float = 1.0) -> Array:
    y, cache = _normalised(x)
    return reference.batch_norm_backward(np.where(y > 0, 1.0, slope) * UPSTREAM, cache)[0]


def _normalised(x: Array) -> tuple[Array, reference.BatchNormCache]:
    return reference.batch_norm_train(x, None, None, epsilon=1e-12)


def _a_little_off(x: Array) -> Array:
    """Return a gradient of which one feature is wrong by one part in a thousand."""
    return _gradient(x) * [1.0, 1.001, 1.0]


def _detached(x: Array) -> Array:
    return UPSTREAM / _normalised(x)[1].std


leaky = partial(_loss, slope=0.1)
leaky_gradient = partial(_gradient, slope=0.1)


def _beside_a_kink() -> Array:
    """Return a batch of which one example is normalised to hardly more than 0."""
    x = np.random.default_rng(10).normal(size=(8, 3))
    for _ in range(20):
        x[2, 1] = x[:, 1].mean() + 1e-6
    return x


def _cases() -> dict[str, Arguments]:
    x = np.random.default_rng(9).normal(size=(8, 3))
    return {
        "a right gradient": (_loss, _gradient, x),
        "a wrong one, detached": (_loss, _detached, x),
        "a wrong one, by 0.1 %": (_loss, _a_little_off, x),
        "a right one, x in the hundred thousands": (_loss, _gradient, WIDE * x),
        "a wrong one, x in the hundred thousands": (_loss, _a_little_off, WIDE * x),
        "a right one, x in hundred thousandths": (_loss, _gradient, NARROW * x),
        "a wrong one, x in hundred thousandths": (_loss, _a_little_off, NARROW * x),
        "a right one, beside a kink": (leaky, leaky_gradient, _beside_a_kink()),
    }


# ---- how it can be found out ------------------------------------------------------------------
def _trusted(
    function: Callable[[Array], float],
    gradient: Callable[[Array], Array],
    x: Array,
    *,
    scaled: bool = True,
    moved: bool = True,
    tolerance: float = 1e-6,
) -> float:
    """Return 1.0 if one of a few checks passes: with a step that fits, and at another point too."""
    spread = float(x.std())
    away = 0.1 * spread * np.random.default_rng(0).normal(size=x.shape)
    points = (x, x + away) if moved else (x,)
    step = STEP * spread if scaled else STEP
    reports = [gradcheck(function, gradient, p, step=step, tolerance=tolerance) for p in points]
    return float(any(report.passed for report in reports))


TRUSTED = Question(
    Signature(
        "trusted(function, gradient, x) -> True or False",
        ("function", "gradient", "x"),
        ("answer",),
    ),
    _trusted,
    _cases,
    "Which of the three spoils the difference here: the step, the point, or the tolerance?",
    places.GRADIENT_CHECK,
    (
        known(
            "one-check",
            "This is one check with the usual step, at the point that is given",
            "How far from one another are the numbers in x? Is the function smooth just there?",
            "The usual step suits numbers of about 1, and a point with no kink near it. Elsewhere "
            "a right gradient is refused.",
            partial(_trusted, scaled=False, moved=False, tolerance=1e-7),
        ),
        known(
            "step-not-scaled",
            "The step is the same, however large the numbers in x are",
            "What is small beside numbers of 100,000, and what beside 0.00003?",
            "A step is small or large beside the distances over which the function changes.",
            partial(_trusted, scaled=False),
        ),
        known(
            "point-not-moved",
            "The gradient is checked at one point only, though there may be a kink beside it",
            "Take a second point, a little away from the first.",
            "Across a kink the difference mixes two slopes, whatever the gradient is.",
            partial(_trusted, moved=False),
        ),
        known(
            "too-lax",
            "Gradients that are wrong by 0.1 % pass",
            "Mend the step and the point instead of the tolerance.",
            "In float64 a check with a step that fits is right to far more than four digits; a "
            "large tolerance lets real mistakes pass.",
            partial(_trusted, scaled=False, moved=False, tolerance=1e-2),
        ),
    ),
)
