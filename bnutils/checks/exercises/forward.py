"""Checks of the training forward pass, for vectors and for images."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from bnutils import reference
from bnutils.checks import batches
from bnutils.checks.batches import Batch
from bnutils.checks.calls.calling import Arguments, Array, Function, Signature
from bnutils.checks.cases import IN_TRAINING, plain, special
from bnutils.checks.catalogue import mistake
from bnutils.checks.differences import what_holds
from bnutils.checks.exercise import Case, Exercise, Values, agree
from bnutils.checks.formulas import affine, elements, paths
from bnutils.checks.formulas.affine import SLOPE, Lines
from bnutils.checks.formulas.explanation import Explanation
from bnutils.checks.formulas.language import Numbers
from bnutils.checks.formulas.spreads import (
    Statistics,
    all_spreads,
    mean,
    of_axes,
    spreads,
    turned,
)
from bnutils.checks.formulas.terms import TRAINING
from bnutils.checks.ladder import with_hints
from bnutils.checks.mistakes import normalising
from bnutils.checks.report import Mistake, Report
from bnutils.checks.running import check

VECTOR_AXES = ((1,), (0, 1))
IMAGE_AXES = (
    (0,), (1, 2), (3,), (1, 2, 3), (0, 1, 2, 3), (0, 2, 3), (0, 3), (0, 1), (0, 2), (2,), (1,),
)  # fmt: skip
SHIFTS = {
    "gamma": "gamma-beta-swapped",
    f"{SLOPE} * sum(x)": "batch-size-missing",
    "gamma * epsilon": "epsilon-outside-root",
    "1": "extra-term",
    SLOPE: "extra-term",
    "gamma * beta": "wrong-factor",
    f"{SLOPE} * beta": "wrong-factor",
    "beta * epsilon": "extra-term",
    "epsilon": "epsilon-outside-root",
    f"{SLOPE} * epsilon": "extra-term",
    "mean(x)": "mean-not-divided",
    "gamma * mean(x)": "mean-not-divided",
    f"{SLOPE} * beta * gamma": "wrong-factor",
    "mean(x) / sqrt(var(x) + epsilon)": "wrong-factor",
    "gamma * mean(x) / sqrt(var(x) + epsilon)": "mean-not-divided",
    "beta * mean(x)": "extra-term",
    "beta * mean(x) / sqrt(var(x) + epsilon)": "extra-term",
    f"{SLOPE} * var(x)": "extra-term",
    f"{SLOPE} * sqrt(var(x))": "extra-term",
    f"{SLOPE} * mean(x) ** 2": "wrong-factor",
    f"{SLOPE} * mean(x) / sqrt(var(x) + epsilon)": "wrong-factor",
    f"{SLOPE} * mean(abs(x))": "not-the-mean",
    f"{SLOPE} * mean(x ** 2)": "not-the-mean",
    f"{SLOPE} * sum(x) / (N - 1)": "not-the-mean",
    f"{SLOPE} * N * sum(x)": "batch-size-missing",
    f"{SLOPE} * mean(x) / N": "wrong-factor",
    f"{SLOPE} * N": "not-the-mean",
    f"{SLOPE} * max(x)": "not-the-mean",
    f"{SLOPE} * min(x)": "not-the-mean",
    f"{SLOPE} * median(x)": "not-the-mean",
    f"{SLOPE} / mean(x)": "wrong-power",
    "abs(beta)": "wrong-factor",
    "beta ** 2": "wrong-factor",
    "1 / beta": "wrong-factor",
    "N * beta": "wrong-factor",
    "beta / N": "wrong-factor",
}
"""What may be added in place of beta, or subtracted in place of the mean."""


@with_hints
def batch_norm_forward(function: Function) -> Report:
    """Check a training forward pass on vectors.

    Parameters
    ----------
    function : callable
        ``forward(x, gamma, beta, epsilon) -> y`` with x (N, D), gamma and beta (D,), epsilon a
        float, and y (N, D). A tuple whose first entry is y will do.

    Returns
    -------
    Report
    """
    return check(function, vectors())


@with_hints
def batch_norm_convolution(function: Function) -> Report:
    """Check a training forward pass on images, channels last.

    Parameters
    ----------
    function : callable
        ``convolution(x, gamma, beta, epsilon) -> y`` with x (N, H, W, C), gamma and beta (C,),
        epsilon a float, and y (N, H, W, C). A tuple whose first entry is y will do.

    Returns
    -------
    Report
    """
    return check(function, images())


def vectors() -> Exercise:
    """Return the exercise on vectors."""
    return _exercise("batch_norm_forward", "forward", (), VECTOR_AXES)


def images() -> Exercise:
    """Return the exercise on images."""
    return _exercise("batch_norm_convolution", "convolution", (4, 3), IMAGE_AXES)


def right(x: Array, gamma: Array, beta: Array, epsilon: float) -> Values:
    """Return y alone, as a tuple."""
    return (reference.batch_norm_train(x, gamma, beta, epsilon=epsilon)[0],)


def _exercise(
    name: str, function: str, middle: tuple[int, ...], axes: tuple[tuple[int, ...], ...]
) -> Exercise:
    names = ("x", "gamma", "beta", "epsilon")
    several = batches.several(*middle)
    return Exercise(
        name,
        Signature(f"{function}({', '.join(names)}) -> y", names, ("y",)),
        right,
        plain(several, _arguments),
        special(IN_TRAINING, several[0], _arguments),
        {"y": partial(explained, axes)},
        symptom,
        tuple(Case(f"{len(one.x)} square", _arguments(one)) for one in batches.square()),
        _one_mean_per_example if not middle else None,
        {("gamma", "beta"): "gamma-beta-swapped"},
        {"y": normalising.RIGHT},
    )


def explained(
    axes: tuple[tuple[int, ...], ...],
    several: Sequence[Numbers],
    results: Sequence[Array],
    tolerance: float,
) -> Explanation | None:
    """Return what a forward pass computes: a line in x, or with statistics over wrong axes."""
    images = np.ndim(several[0]["x"]) > 2
    lines = Lines(mean(), all_spreads() | (WITHIN if images else {}), SHIFTS)
    wrong_axes = [over_axes(one) for one in axes]
    return (
        affine.explained(several, results, lines, tolerance)
        or elements.explained(several, results, wrong_axes, tolerance)
        or paths.explained(several, results, TRAINING, tolerance)
    )


def _one_mean_per_example(
    several: Sequence[Numbers], results: Sequence[Array], tolerance: float
) -> Explanation | None:
    return elements.explained(several, results, [turned()], tolerance)


WITHIN = {"mean(var(x, axis=(1, 2)))": "mean-of-variances"}
"""What only images have: variances within the images, averaged over these."""


def over_axes(axes: tuple[int, ...]) -> Statistics:
    """Return statistics over wrong axes; one of the two may be right."""
    wrong = f"wrong-axis={axes}"
    centres = {mean(axes): wrong, mean(): "", "0": "mean-not-subtracted"}
    return Statistics(centres, {**of_axes([axes]), **spreads()})


def _arguments(batch: Batch) -> Arguments:
    return batch.x, batch.gamma, batch.beta, batch.epsilon


def _reshaped(x: Array, gamma: Array, beta: Array, epsilon: float) -> Array:
    """Return y of one who reshapes where a transposition belongs."""
    rows = x.reshape(x.shape[-1], -1).T
    y = gamma * (rows - rows.mean(axis=0)) / np.sqrt(rows.var(axis=0) + epsilon) + beta
    return np.asarray(y.T.reshape(x.shape))


def symptom(name: str, arguments: Arguments, got: Array, expected: Array) -> Mistake:
    """Say which moment of y is off."""
    over = tuple(range(got.ndim - 1))
    if got.ndim > 2 and agree(got, _reshaped(*arguments)):
        seen = "your numbers are those of x.reshape(channels, -1), which does not turn axes."
        return mistake("wrong-axis=reshape", seen)
    for entry, said, moment in (
        ("mean-is-not-beta", "mean", np.mean),
        ("std-is-not-gamma", "standard deviation", np.std),
    ):
        own, due = moment(got, axis=over), moment(expected, axis=over)
        if not agree(own, due):
            worst = int(np.abs(own - due).argmax())
            numbers = f"{own[worst]:.4g}; {due[worst]:.4g} was expected."
            return mistake(entry, f"the {said} of y in feature {worst} is {numbers}")
    holds = "the mean and the standard deviation of each feature are right"
    return mistake("different", f"{holds}; {what_holds(name, got, expected)}")
