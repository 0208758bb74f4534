"""The exercises on batches that no check has seen, and whether a formula gives their numbers."""

from collections.abc import Callable, Mapping
from unittest import mock

import numpy as np

from bnutils import checks
from bnutils.checks import batches
from bnutils.checks.exercise import Exercise
from bnutils.checks.exercises import backward, forward, inference, kernels, moving
from bnutils.checks.formulas.language import evaluate
from tests.bnutils.checks.mutants import Function

Make = Callable[[], Exercise]
EXERCISES: dict[str, Make] = {
    "forward": forward.vectors,
    "convolution": forward.images,
    "inference": lambda: inference.inference(len),
    "update": moving.update,
    "backward": lambda: backward.gradients_of("batch_norm_backward"),
    "folding": lambda: kernels.exercise("folding", ("kernel", "bias", *kernels.VECTORS)),
}
OF_CHECK = {
    checks.batch_norm_forward: "forward",
    checks.batch_norm_convolution: "convolution",
    checks.batch_norm_inference: "inference",
    checks.moving_update: "update",
    checks.batch_norm_backward: "backward",
    checks.folding: "folding",
}


def fresh(make: Make) -> Exercise:
    """Return the exercise on batches that the check does not use."""
    plain = batches._plain
    with mock.patch.object(batches, "_plain", lambda seed, *rest: plain(seed + 50, *rest)):
        return make()


def results(function: Function, arguments):
    with np.errstate(all="ignore"):
        copies = [one.copy() if isinstance(one, np.ndarray) else one for one in arguments]
        returned = function(*copies)
    return returned if isinstance(returned, tuple) else (returned,)


def misstated(formulas: Mapping[str, str], function: Function, exercise: Exercise) -> list[str]:
    """Return the formulas that do not give the function's numbers."""
    square = any("turned(" in text or "column(" in text for text in formulas.values())
    return [
        formulas[name]
        for case in (exercise.square if square else exercise.plain)
        for name, value, due in _compared(function, exercise, case)
        if name in formulas and not _given(formulas[name], exercise.numbers(case), value, due)
    ]


def unstated(formulas: Mapping[str, str], function: Function, exercise: Exercise) -> list[str]:
    """Return the results that are wrong and have no formula."""
    return [
        name
        for case in exercise.plain
        for name, value, due in _compared(function, exercise, case)
        if name not in formulas and not np.allclose(value, due, rtol=1e-6, atol=1e-8)
    ]


def _compared(function: Function, exercise: Exercise, case):
    due = exercise.right(*case.arguments)
    got = results(function, case.arguments)
    return zip(exercise.signature.results, got, due, strict=True)


def _given(formula: str, numbers, value, due) -> bool:
    """Whether a formula gives a value, to 1e-6 of the largest right number."""
    stated = evaluate(formula, numbers, np.shape(value))
    return bool(
        np.allclose(stated, value, rtol=1e-6, atol=1e-6 * np.abs(due).max(), equal_nan=True)
    )
