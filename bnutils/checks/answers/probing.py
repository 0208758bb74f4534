"""The exercise of the lab on scale: what a network's probes say of its signal and its gradient."""

from functools import partial

import numpy as np

from bnutils.checks.answers.questions import Question, judge, known
from bnutils.checks.calls.calling import Arguments, Array, Function, Signature
from bnutils.checks.ladder import with_hints
from bnutils.checks.mistakes import places
from bnutils.checks.report import Report

MUCH = 20.0
"""By more than so much a signal or a gradient that is healthy does not change on its way."""


@with_hints
def fault(function: Function) -> Report:
    """Check ``fault(spreads, gradients) -> -1, 0 or 1``: dies out, healthy, explodes.

    Parameters
    ----------
    function : callable
        ``fault(spreads, gradients) -> -1, 0 or 1``. Both are arrays of shape (layers,), from the
        first layer to the last: the standard deviation of a layer's outputs, and the norm of the
        gradient with respect to them. Each changes on its way by a factor of less than 5, or of
        more than 50.

    Returns
    -------
    Report
    """
    return judge(function, FAULT)


def _fault(
    spreads: Array,
    gradients: Array,
    *,
    signal: bool = True,
    gradient: bool = True,
    downwards: bool = True,
) -> int:
    """Return what is wrong; by default rightly, else without one row, or one read upwards."""
    backwards = gradients[::-1] if downwards else gradients
    changes = [_change(row) for row, seen in ((spreads, signal), (backwards, gradient)) if seen]
    return -1 if min(changes) < 1 / MUCH else int(max(changes) > MUCH)


def _change(row: Array) -> float:
    """Return by which factor a row changes on its way."""
    return float(row[-1] / row[0])


def _by_size(spreads: Array, gradients: Array) -> int:
    """Return what would be wrong if there were sizes that are too small or too large."""
    both = np.concatenate([spreads, gradients])
    return -1 if both.min() < 1e-3 else int(both.max() > MUCH)


def _cases() -> dict[str, Arguments]:
    row = np.geomspace
    return {
        "tanh, kernels as usual": (row(0.25, 0.12, 8), row(0.04, 0.07, 8)),
        "tanh, small kernels": (row(0.09, 2e-5, 8), row(1e-6, 0.02, 8)),
        "tanh, large kernels": (row(0.75, 0.93, 8), row(300, 0.8, 8)),
        "batch normalisation and ReLU": (np.full(30, 0.58), 0.03 * 1.19 ** np.arange(30)[::-1]),
        "six sigmoid layers": (row(0.12, 0.05, 6), 0.02 * 0.25 ** np.arange(6)[::-1]),
        "ReLU, large kernels": (row(1.2, 150, 8), row(140, 1.1, 8)),
        "late in training": (row(0.3, 0.5, 5), row(3e-6, 2e-6, 5)),
        "layers that widen": (row(0.9, 0.008, 7), row(0.02, 0.02, 7)),
        "a dead layer": (np.array([0.5, 0.6, 0.0, 0.0]), np.array([0.0, 0.0, 0.0, 0.1])),
    }


FAULT = Question(
    Signature("fault(spreads, gradients) -> -1, 0 or 1", ("spreads", "gradients"), ("answer",)),
    _fault,
    _cases,
    "By which factor does each of the two change between where it starts and where it arrives? "
    "A signal starts at the first layer, a gradient at the last.",
    places.GROWTH,
    (
        known(
            "gradient-read-upwards",
            "The gradient is read from the first layer to the last",
            "At which layer does a gradient start?",
            "It comes from the loss, above the last layer: what is small at the first layer and "
            "large at the last has died out, and not exploded.",
            partial(_fault, downwards=False),
        ),
        known(
            "signal-only",
            "Only the signal is looked at",
            "In which case is the signal level, and the gradient is not?",
            "Batch normalisation holds the signal in place and lets the gradient grow.",
            partial(_fault, gradient=False),
        ),
        known(
            "gradient-only",
            "Only the gradient is looked at",
            "In which case is the gradient level, and the signal is not?",
            "Weights that are scaled for the way back may be too small for the way forth.",
            partial(_fault, signal=False),
        ),
        known(
            "by-size",
            "The sizes of the numbers decide, and not how they change from layer to layer",
            "A gradient is small everywhere where the loss is small. Is that a fault?",
            "A fault of scale multiplies from layer to layer; a small loss makes all gradients "
            "small alike.",
            _by_size,
        ),
    ),
)
