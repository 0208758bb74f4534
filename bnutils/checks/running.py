"""Running a student's function through the cases of an exercise, and judging what it gives."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from bnutils.checks import orders, reordering
from bnutils.checks.attempts import Subject, attempt
from bnutils.checks.calls.calling import Function, Outcome
from bnutils.checks.calls.sessions import session
from bnutils.checks.catalogue import mistake
from bnutils.checks.diagnosis import diagnose, turned
from bnutils.checks.differences import difference
from bnutils.checks.exercise import Case, Exercise, Values
from bnutils.checks.explaining import Diagnosis
from bnutils.checks.fitting.fitted import fitted
from bnutils.checks.fitting.searching import of_the_call
from bnutils.checks.judging import DOUBLE, SINGLE, Precision, is_right, precision
from bnutils.checks.report import Mistake, Report, each_once


def check(function: Function, exercise: Exercise) -> Report:
    """Call the function in all cases and report what is wrong with it.

    Parameters
    ----------
    function : callable
        The student's; it may do anything.
    exercise : Exercise
        Whose plain cases must be right before the special ones are tried.

    Returns
    -------
    Report
    """
    with np.errstate(all="ignore"), session() as call:
        fitting = fitted(function, exercise, call)
        if fitting.mistakes:
            return Report(exercise.name, fitting.mistakes, (), remarks=fitting.remarks)
        report = _check(Subject(fitting.function, call), fitting.exercise)
        return call.heard(replace(report, remarks=(*fitting.remarks, *report.remarks)))


def _check(subject: Subject, exercise: Exercise) -> Report:
    tried = [case.name for case in exercise.plain]
    values: list[Values] = []
    changes: list[Mistake] = []
    for case in exercise.plain:
        outcome = attempt(subject, exercise, case)
        if outcome.values is None:
            found = _unfit(subject, exercise, outcome, bool(values), case)
            return Report(exercise.name, found.mistakes, tuple(tried), found.formulas)
        values.append(outcome.values)
        changes += outcome.mistakes
    level = max(map(precision, values), key=_right)
    found = _plain(subject, exercise, values, level)
    special: list[Mistake] = []
    if not found.mistakes:
        level = max(level, SINGLE, key=_right) if found.remarks else level
        cases = [case for case in exercise.special if level is DOUBLE or not case.needs_float64]
        tried += [case.name for case in cases]
        special = _specials(subject, exercise, cases, level)
    mistakes = each_once([*found.mistakes, *changes, *special])
    return Report(exercise.name, mistakes, tuple(tried), found.formulas, found.remarks)


def _right(level: Precision) -> float:
    return level.right


def _unfit(
    subject: Subject, exercise: Exercise, outcome: Outcome, later: bool, case: Case
) -> Diagnosis:
    """Say why there is nothing to compare; a square batch may tell more."""
    square = [attempt(subject, exercise, one).values for one in exercise.square]
    fitting = [values for values in square if values is not None]
    if square and len(fitting) == len(square):
        found = turned(exercise, fitting)
        if found is not None:
            return found
    rights = [exercise.right(*case.arguments) for case in exercise.plain]
    if of_the_call(outcome):
        given = subject, exercise, rights, DOUBLE
        found = reordering.right(*given, orders.of_arguments(exercise))
        found = found or reordering.with_one_more(*given)
        if found is not None:
            return found
    if later:  # the first batches went through
        return Diagnosis(tuple(_placed(one, case) for one in outcome.mistakes))
    return Diagnosis(outcome.mistakes)


def _plain(
    subject: Subject, exercise: Exercise, values: Sequence[Values], level: Precision
) -> Diagnosis:
    rights = [exercise.right(*case.arguments) for case in exercise.plain]
    pairs = [
        pair for got, due in zip(values, rights, strict=True) for pair in zip(got, due, strict=True)
    ]
    if all(is_right(got, due, level.right) for got, due in pairs):
        return Diagnosis((), remarks=() if level is DOUBLE else (_remark(level.name),))
    given = subject, exercise, rights, level
    if likely := reordering.right(*given, orders.of_likely_arguments(exercise)):
        return likely
    found = diagnose(exercise, values, rights, level)
    if found.plain:
        return found
    if other := reordering.right(*given, orders.of_arguments(exercise)):
        return other
    return found if found.whole else reordering.with_one_more(*given) or found


def _remark(name: str) -> str:
    return f"your numbers have the precision of {name}; they are right within it."


def _placed(found: Mistake, case: Case) -> Mistake:
    seen = f"{case.name}: {found.seen}" if found.seen else f"in {case.name}."
    return replace(found, seen=seen)


def _specials(
    subject: Subject, exercise: Exercise, cases: Sequence[Case], level: Precision
) -> list[Mistake]:
    """Try the special cases, but for those that follow from another one."""
    failed: dict[str, tuple[Mistake, ...]] = {}
    for case in cases:
        found = () if case.after in failed else _special(subject, exercise, case, level)
        failed |= {case.name: found} if found else {}
    return [one for found in failed.values() for one in found]


def _special(
    subject: Subject, exercise: Exercise, case: Case, level: Precision
) -> tuple[Mistake, ...]:
    """Try one case; an exception keeps its own title, wrong numbers have the case's."""
    right = exercise.right(*case.arguments)
    outcome = attempt(subject, exercise, case)
    placed = tuple(_placed(one, case) for one in outcome.mistakes)
    if outcome.final:
        return placed
    if outcome.values is None and case.may_refuse:
        return ()
    if outcome.values is None:
        return (mistake(case.blame, placed[0].seen),) if case.of_batch else placed
    tolerance = max(case.tolerance, level.right)
    for name, got, expected in zip(exercise.signature.results, outcome.values, right, strict=True):
        if not is_right(got, expected, max(tolerance, precision((got,)).right)):
            seen = f"{case.name}: {difference(name, got, expected)}"
            return (mistake(case.blame, seen),)
    return ()
