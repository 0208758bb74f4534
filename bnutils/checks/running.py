"""Running a student's function through the cases of an exercise, and judging what it gives."""

from collections.abc import Iterable

import numpy as np

from bnutils.checks.calling import Arguments, Function, Outcome, call
from bnutils.checks.catalogue import mistake
from bnutils.checks.diagnosis import combined, diagnose
from bnutils.checks.exercise import (
    CLOSE,
    COARSE,
    EXACT,
    Case,
    Exercise,
    Values,
    agree,
    all_agree,
    difference,
    precision_loss,
)
from bnutils.checks.report import Mistake, Report
from bnutils.checks.variants import FLAT


def check(function: Function, exercise: Exercise) -> Report:
    """Call the function in all cases and report what is wrong with it.

    Parameters
    ----------
    function : callable
        The student's; it may do anything.
    exercise : Exercise
        Whose first case must be right before the others are tried.

    Returns
    -------
    Report
    """
    with np.errstate(all="ignore"):
        return _check(function, exercise)


def _check(function: Function, exercise: Exercise) -> Report:
    plain, *special = exercise.cases
    found = list(_plain_case(function, exercise, plain))
    tried = [plain.name]
    if {one.name for one in found} <= {"changes-its-input", "dtype-loss"}:
        exact = "dtype-loss" not in {one.name for one in found}
        for case in special:
            if exact or not case.needs_float64:
                tried.append(case.name)
                found.extend(_special_case(function, exercise, case, CLOSE if exact else COARSE))
    return Report(exercise.name, _unique(found), tuple(tried))


def _unique(found: Iterable[Mistake]) -> tuple[Mistake, ...]:
    first: dict[str, Mistake] = {}
    for one in found:
        first.setdefault(one.name, one)
    return tuple(first.values())


def _plain_case(function: Function, exercise: Exercise, case: Case) -> tuple[Mistake, ...]:
    right = exercise.right(*case.arguments)
    outcome = _call(function, exercise, case, right)
    if outcome.values is None:
        return _square_case(function, exercise) or outcome.mistakes
    return (*_judge(exercise, case.arguments, outcome.values, right), *outcome.mistakes)


def _square_case(function: Function, exercise: Exercise) -> tuple[Mistake, ...]:
    """Name the mistake of a function that fails on a plain batch and not on a square one."""
    if exercise.square is None:
        return ()
    arguments = exercise.square.arguments
    got = _call(function, exercise, exercise.square, exercise.right(*arguments)).values
    if got is None:
        return ()
    for wrong in combined(((FLAT,), *exercise.slots[1:])):
        if FLAT in wrong and all_agree(got, exercise.variant(frozenset(wrong), *arguments)):
            return tuple(mistake(name, "there is one mean per example.") for name in wrong)
    return ()


def _call(function: Function, exercise: Exercise, case: Case, right: Values) -> Outcome:
    shapes = tuple(value.shape for value in right)
    return call(function, exercise.signature, case.arguments, shapes)


def _judge(
    exercise: Exercise, arguments: Arguments, got: Values, right: Values
) -> tuple[Mistake, ...]:
    if not all_agree(got, right):
        return diagnose(exercise, arguments, got, right)
    for name, value, expected in zip(exercise.signature.results, got, right, strict=True):
        if value.dtype in (np.float16, np.float32) or not agree(value, expected, EXACT):
            return (mistake("dtype-loss", precision_loss(name, value, expected)),)
    return ()


def _special_case(
    function: Function, exercise: Exercise, case: Case, tolerance: float
) -> tuple[Mistake, ...]:
    right = exercise.right(*case.arguments)
    outcome = _call(function, exercise, case, right)
    if outcome.values is None:
        seen = outcome.mistakes[0].seen or outcome.mistakes[0].title
        return () if case.may_refuse else (mistake(case.blame, f"{case.name}: {seen}"),)
    for name, got, expected in zip(exercise.signature.results, outcome.values, right, strict=True):
        if not agree(got, expected, max(case.tolerance, tolerance)):
            seen = f"{case.name}: {difference(name, got, expected)}"
            return (mistake(case.blame, seen),)
    return ()
