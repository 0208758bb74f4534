"""Checks of the forward pass in inference, for vectors and for images."""

from collections.abc import Sequence
from functools import partial

from bnutils import reference
from bnutils.checks import batches
from bnutils.checks.batches import Batch
from bnutils.checks.calls.calling import Arguments, Array, Function, Signature
from bnutils.checks.calls.sessions import session
from bnutils.checks.cases import IN_INFERENCE, plain, special
from bnutils.checks.catalogue import mistake
from bnutils.checks.differences import different
from bnutils.checks.exercise import Exercise, Values, agree
from bnutils.checks.formulas import affine, paths
from bnutils.checks.formulas.affine import SLOPE, Lines
from bnutils.checks.formulas.explanation import Explanation
from bnutils.checks.formulas.language import Numbers
from bnutils.checks.formulas.spreads import moving_spreads
from bnutils.checks.formulas.terms import INFERENCE
from bnutils.checks.ladder import with_hints
from bnutils.checks.mistakes import inference as mistakes
from bnutils.checks.report import Mistake, Report
from bnutils.checks.running import check

ARGUMENTS = ("x", "gamma", "beta", "moving_mean", "moving_variance", "epsilon")
STD = "sqrt(moving_variance + epsilon)"
SHIFTS = {
    f"{SLOPE} * mean(x)": "train-inference-mixup",
    "gamma": "gamma-beta-swapped",
    f"{SLOPE} * moving_variance": "wrong-factor",
    f"{SLOPE} * sqrt(moving_variance)": "wrong-factor",
    f"{SLOPE} * moving_mean / {STD}": "normalised-twice",
    f"{SLOPE} * moving_mean / (moving_variance + epsilon)": "normalised-twice",
    "gamma * moving_mean": "mean-not-divided",
    "moving_mean": "mean-not-divided",
    f"gamma * moving_mean / {STD}": "mean-not-divided",
    f"moving_mean / {STD}": "mean-not-divided",
    f"{SLOPE} * beta": "wrong-factor",
    "gamma * beta": "wrong-factor",
    f"beta / {STD}": "wrong-factor",
    "gamma * epsilon": "epsilon-outside-root",
    "epsilon": "epsilon-outside-root",
    SLOPE: "extra-term",
    "1": "extra-term",
    f"{SLOPE} * epsilon": "extra-term",
    f"{SLOPE} * moving_mean ** 2": "wrong-factor",
    f"{SLOPE} * moving_mean * gamma": "wrong-factor",
    f"{SLOPE} * abs(moving_mean)": "wrong-factor",
    "beta * moving_mean": "extra-term",
    f"beta * moving_mean / {STD}": "extra-term",
    "abs(beta)": "wrong-factor",
    "beta ** 2": "wrong-factor",
    "1 / beta": "wrong-factor",
}
"""What may be added in place of beta, or subtracted in place of the moving mean."""


@with_hints
def batch_norm_inference(function: Function) -> Report:
    """Check a forward pass in inference, on vectors.

    Parameters
    ----------
    function : callable
        ``inference(x, gamma, beta, moving_mean, moving_variance, epsilon) -> y`` with x (N, D),
        four vectors (D,), epsilon a float, and y (N, D).

    Returns
    -------
    Report
    """
    return check(function, inference(function))


@with_hints
def batch_norm_convolution_inference(function: Function) -> Report:
    """Check a forward pass in inference, on images with channels last.

    Parameters
    ----------
    function : callable
        ``inference(x, gamma, beta, moving_mean, moving_variance, epsilon) -> y`` with x and y
        (N, H, W, C), four vectors (C,), and epsilon a float.

    Returns
    -------
    Report
    """
    return check(function, inference(function, "batch_norm_convolution_inference", (4, 3)))


def inference(
    function: Function, name: str = "batch_norm_inference", middle: tuple[int, ...] = ()
) -> Exercise:
    """Return the exercise; its symptom looks at the student's function once more."""
    several = batches.several(*middle)
    return Exercise(
        name,
        Signature(f"inference({', '.join(ARGUMENTS)}) -> y", ARGUMENTS, ("y",)),
        _infer,
        plain(several, _arguments),
        special(IN_INFERENCE, several[0], _arguments),
        {"y": explained},
        partial(_symptom, function),
        alike={
            ("moving_mean", "moving_variance"): "arguments-swapped",
            ("gamma", "beta"): "gamma-beta-swapped",
        },
        formulas={"y": mistakes.INFERRED},
    )


def explained(
    several: Sequence[Numbers], results: Sequence[Array], tolerance: float
) -> Explanation | None:
    """Return what an inference computes, if it is a line in x."""
    lines = Lines("moving_mean", moving_spreads(), SHIFTS)
    found = affine.explained(several, results, lines, tolerance)
    return found or paths.explained(several, results, INFERENCE, tolerance)


def _symptom(
    function: Function, name: str, arguments: Arguments, got: Array, expected: Array
) -> Mistake:
    """Say whether the first example comes out differently without the others."""
    x, *rest = arguments
    signature = Signature("inference", ARGUMENTS, ("y",))
    with session() as call:
        alone = call(function, signature, (x[:1], *rest), (x[:1].shape,)).values
    if alone is not None and not agree(alone[0], got[:1]):
        first, other = got[:1].flat[0], alone[0].flat[0]
        seen = f"the first number of y is {first:.4g} with its batch and {other:.4g} alone."
        return mistake("depends-on-batch", seen)
    return different(name, arguments, got, expected)


def _infer(
    x: Array, gamma: Array, beta: Array, mean: Array, variance: Array, epsilon: float
) -> Values:
    return (reference.batch_norm_infer(x, gamma, beta, mean, variance, epsilon=epsilon),)


def _arguments(batch: Batch) -> Arguments:
    return batch.x, batch.gamma, batch.beta, batch.mean, batch.variance, batch.epsilon
