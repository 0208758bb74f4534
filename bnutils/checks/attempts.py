"""Calling a student's function in one case of an exercise."""

from dataclasses import dataclass

from bnutils.checks.calls.calling import Function, Outcome
from bnutils.checks.calls.sessions import Session
from bnutils.checks.exercise import Case, Exercise, Values


@dataclass(frozen=True, eq=False)
class Subject:
    """What is checked: the student's function, and the session that calls it."""

    function: Function
    call: Session


def attempt(subject: Subject, exercise: Exercise, case: Case, due: Values | None = None) -> Outcome:
    """Call the function in one case; its results are to have the shapes of the right ones."""
    due = exercise.right(*case.arguments) if due is None else due
    shapes = tuple(value.shape for value in due)
    return subject.call(subject.function, exercise.signature, case.arguments, shapes)
