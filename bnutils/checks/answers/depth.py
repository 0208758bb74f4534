"""The exercises of the lab on very deep networks: factors of layers and blocks, and a rank."""

import numpy as np

from bnutils.checks.answers.questions import Question, judge, known
from bnutils.checks.calls.calling import Arguments, Array, Function, Signature
from bnutils.checks.ladder import with_hints
from bnutils.checks.mistakes import places
from bnutils.checks.report import Report


@with_hints
def layer_factor(function: Function) -> Report:
    """Check ``layer_factor(outputs, slopes) -> number``: of a gradient's norm, per layer.

    Parameters
    ----------
    function : callable
        ``outputs`` are an activation's values at standard normal inputs, and ``slopes`` its
        slopes there. A batch normalisation stands before the activation, and one behind it.

    Returns
    -------
    Report
    """
    return judge(function, LAYER_FACTOR)


@with_hints
def residual_growth(function: Function) -> Report:
    """Check ``residual_growth(blocks, spread) -> number``: of a gradient's norm, over all blocks.

    Parameters
    ----------
    function : callable
        ``spread`` is the variance that each branch adds to each unit, after an input with
        variance 1. A batch normalisation stands at the entrance of each branch.

    Returns
    -------
    Report
    """
    return judge(function, RESIDUAL_GROWTH)


@with_hints
def stable_rank(function: Function) -> Report:
    """Check ``stable_rank(a) -> number``: squared norm over the largest squared singular value."""
    return judge(function, STABLE_RANK)


def _activations() -> dict[str, Arguments]:
    z = np.random.default_rng(34).normal(size=400)
    return {
        "a ReLU": (np.maximum(z, 0.0), 1.0 * (z > 0)),
        "a tanh": (np.tanh(z), 1 - np.tanh(z) ** 2),
        "exp(z) / 3": (np.exp(z) / 3, np.exp(z) / 3),
    }


def _squares(slopes: Array) -> float:
    return float((slopes**2).mean())


LAYER_FACTOR = Question(
    Signature("layer_factor(outputs, slopes) -> number", ("outputs", "slopes"), ("number",)),
    lambda outputs, slopes: np.sqrt(_squares(slopes) / outputs.var()),
    _activations,
    "The squared gradient is multiplied by the mean square slope, then divided by the variance "
    "that the next normalisation finds. The norm is its root.",
    places.CURVED,
    (
        known(
            "not-centred",
            "The mean square of the outputs stands where their variance belongs",
            "What does a normalisation subtract before it divides?",
            "A layer without normalisation passes the mean on. Batch normalisation takes it out, "
            "and amplifies what is left: this is where the growth comes from.",
            lambda outputs, slopes: np.sqrt(_squares(slopes) / (outputs**2).mean()),
        ),
        known(
            "of-the-square",
            "This is the factor of the squared norm",
            "Which of the two is asked for?",
            "Squares add up over units, so they are what one computes with; a norm is the root.",
            lambda outputs, slopes: _squares(slopes) / outputs.var(),
        ),
        known(
            "mean-slope",
            "The mean slope stands where its mean square belongs",
            "The squared gradient of a unit is multiplied by its squared slope. What is the mean?",
            "A few units with a steep slope carry the norm: the mean slope makes them too small.",
            lambda outputs, slopes: slopes.mean() / outputs.std(),
        ),
        known(
            "no-amplifier",
            "The division by the spread is missing",
            "What does the next normalisation do to the gradient on its way back?",
            "It divides by the spread that it found on the way up.",
            lambda outputs, slopes: np.sqrt(_squares(slopes)),
        ),
        known(
            "turned-over",
            "This is one over the factor",
            "Does a large slope make the gradient larger or smaller?",
            "On its way back a gradient is multiplied by slopes and divided by spreads.",
            lambda outputs, slopes: np.sqrt(outputs.var() / _squares(slopes)),
        ),
    ),
)


def _before(blocks: int, spread: float) -> Array:
    """Return the variance at the entrance of each block."""
    return 1 + spread * np.arange(blocks)


RESIDUAL_GROWTH = Question(
    Signature("residual_growth(blocks, spread) -> number", ("blocks", "spread"), ("number",)),
    lambda blocks, spread: np.sqrt(np.prod(1 + 1 / _before(blocks, spread))),
    lambda: {f"({b}, {s})": (b, s) for b, s in ((1, 0.5), (10, 1.0), (50, 0.68), (20, 0.25))},
    "Before block k, counted from 0, the variance is 1 + k * spread. The squared gradient gets 1 "
    "over it from the branch, and 1 from the shortcut.",
    places.SHORTCUTS,
    (
        known(
            "one-block-later",
            "The variance behind each block stands where that at its entrance belongs",
            "Which variance does the first branch find?",
            "The normalisation stands at the entrance: the first finds the input's variance, 1.",
            lambda blocks, spread: np.sqrt(np.prod(1 + 1 / (_before(blocks, spread) + spread))),
        ),
        known(
            "of-the-square",
            "This is the growth of the squared norm",
            "Which of the two is asked for?",
            "Squares of what comes over shortcut and branch add up; a norm is the root.",
            lambda blocks, spread: np.prod(1 + 1 / _before(blocks, spread)),
        ),
        known(
            "doubled-by-each-block",
            "Each block doubles the squared gradient here, whatever it finds",
            "By what does a normalisation divide in the 50th block?",
            "So it is without batch normalisation. With it a branch's gradient is divided by a "
            "spread that grows from block to block.",
            lambda blocks, spread: np.sqrt(2.0**blocks),
        ),
        known(
            "branches-alone",
            "The shortcut is missing: only what comes through the branches is multiplied",
            "By which two ways does a gradient come down a block?",
            "What comes over the shortcut is added, unchanged.",
            lambda blocks, spread: np.sqrt(np.prod(1 / _before(blocks, spread))),
        ),
        known(
            "norms-added",
            "Norms are added where squares have to be",
            "Two random vectors at right angles to each other: what is the norm of their sum?",
            "Gradients of shortcut and branch have nothing in common: their squares add up.",
            lambda blocks, spread: np.prod(1 + 1 / np.sqrt(_before(blocks, spread))),
        ),
    ),
)


def _matrices() -> dict[str, Arguments]:
    rng = np.random.default_rng(27)
    return {
        "random": (rng.normal(size=(12, 5)),),
        "two directions, one of them weak": (
            rng.normal(size=(10, 2)) * [1.0, 0.1] @ rng.normal(size=(2, 6)),
        ),
        "far from 0": (rng.normal(3.0, 1.0, (8, 8)),),
    }


def _singular(a: Array) -> Array:
    return np.linalg.svd(a, compute_uv=False)


STABLE_RANK = Question(
    Signature("stable_rank(a) -> number", ("a",), ("number",)),
    lambda a: (a**2).sum() / _singular(a)[0] ** 2,
    _matrices,
    "The squares of all entries add up to the squares of all singular values. How many times as "
    "large is that as the largest of them?",
    places.DIRECTIONS,
    (
        known(
            "not-squared",
            "This is the ratio of the norms, not of their squares",
            "What should come out for the identity matrix of 9 rows?",
            "It has 9 directions of the same size; the ratio of the norms is 3.",
            lambda a: np.linalg.norm(a) / _singular(a)[0],
        ),
        known(
            "rank",
            "This is the rank",
            "Two directions, one of them very weak: which number says so?",
            "A rank counts every direction in full that is not exactly 0, and rounding keeps them "
            "from being 0. The stable rank weighs them.",
            np.linalg.matrix_rank,
        ),
        known(
            "sum-of-singular-values",
            "Singular values are added, and not their squares",
            "Which norm is in the formula?",
            "The sum of singular values is another norm, with another rank of its own.",
            lambda a: _singular(a).sum() / _singular(a)[0],
        ),
        known(
            "centred",
            "This is the rank as seen from the mean",
            "The exercise asks for the matrix as it is.",
            "Both have their use: seen from zero, the mean is a direction like others.",
            lambda a: ((a - a.mean(0)) ** 2).sum() / _singular(a - a.mean(0))[0] ** 2,
        ),
        known(
            "smallest",
            "The smallest singular value stands where the largest belongs",
            "In which order does np.linalg.svd give them?",
            "It begins with the largest.",
            lambda a: (a**2).sum() / _singular(a)[-1] ** 2,
        ),
    ),
)
