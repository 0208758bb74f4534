"""Checks of the training forward pass, for vectors and for images."""

import numpy as np

from bnutils import reference
from bnutils.checks import batches, variants
from bnutils.checks.batches import Batch
from bnutils.checks.calling import Arguments, Array, Function, Signature
from bnutils.checks.cases import IN_TRAINING, cases
from bnutils.checks.catalogue import mistake
from bnutils.checks.exercise import Case, Exercise, Slots, Values, Wrong, agree, difference
from bnutils.checks.report import Mistake, Report
from bnutils.checks.running import check


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
    return _exercise("batch_norm_forward", "forward", (6, 4), ((1,), (0, 1)))


def images() -> Exercise:
    """Return the exercise on images."""
    axes = ((0,), (1, 2), (3,), (1, 2, 3), (0, 1, 2, 3), (0, 2, 3), (0, 3), (0, 1), (0, 2))
    return _exercise("batch_norm_convolution", "convolution", (3, 4, 5, 2), axes)


def right(x: Array, gamma: Array, beta: Array, epsilon: float) -> Values:
    """Return y alone, as a tuple."""
    return (reference.batch_norm_train(x, gamma, beta, epsilon=epsilon)[0],)


def variant(wrong: Wrong, x: Array, gamma: Array, beta: Array, epsilon: float) -> Values:
    """Return y with the mistakes in `wrong`."""
    mean, variance = variants.statistics(wrong, x, tuple(range(x.ndim - 1)))
    x_hat = variants.normalised(wrong, x, mean, variance, epsilon)
    return (variants.affine(wrong, x_hat, gamma, beta),)


def _exercise(
    name: str, function: str, shape: tuple[int, ...], wrong_axes: tuple[tuple[int, ...], ...]
) -> Exercise:
    names = ("x", "gamma", "beta", "epsilon")
    signature = Signature(f"{function}({', '.join(names)}) -> y", names, ("y",))
    return Exercise(
        name,
        signature,
        right,
        variant,
        slots(wrong_axes),
        cases(IN_TRAINING, batches.batch(*shape), _arguments),
        symptom,
        Case("a square batch", _arguments(batches.batch(shape[-1], shape[-1]))),
    )


def slots(wrong_axes: tuple[tuple[int, ...], ...]) -> Slots:
    """Return the mistakes of a forward pass."""
    return (
        tuple(f"wrong-axis={one}" for one in wrong_axes),
        variants.VARIANCE,
        variants.EPSILON,
        *variants.AFFINE,
        ("mean-not-subtracted",),
    )


def _arguments(batch: Batch) -> Arguments:
    return batch.x, batch.gamma, batch.beta, batch.epsilon


def symptom(name: str, arguments: Arguments, got: Array, expected: Array) -> Mistake:
    """Say which moment of y is off."""
    over = tuple(range(got.ndim - 1))
    for entry, said, moment in (
        ("mean-is-not-beta", "mean", np.mean),
        ("std-is-not-gamma", "standard deviation", np.std),
    ):
        own, due = moment(got, axis=over), moment(expected, axis=over)
        if not agree(own, due):
            worst = int(np.abs(own - due).argmax())
            numbers = f"{own[worst]:.4g}; {due[worst]:.4g} was expected."
            return mistake(entry, f"the {said} of y in feature {worst} is {numbers}")
    return mistake("different", difference(name, got, expected))
