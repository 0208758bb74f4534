"""Checks of small functions whose result is a number or an array: right, or which mistake."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bnutils.checks.answers import relations
from bnutils.checks.answers.comparing import NOTHING, TINY, Answers, agree, alike, spoken
from bnutils.checks.answers.plain import as_plain
from bnutils.checks.calls.calling import Arguments, Array, Function, Outcome, Shape, Signature
from bnutils.checks.calls.sessions import Session, session
from bnutils.checks.judging import DOUBLE, Precision, by_type
from bnutils.checks.mistakes.entry import Place
from bnutils.checks.reading import where
from bnutils.checks.report import Mistake, Report

PLAIN = 0.01
"""A difference of so much, relative to the largest number, is seen at once."""


@dataclass(frozen=True)
class Wrong:
    """A mistake that can be told from the numbers that it gives.

    Attributes
    ----------
    mistake : Mistake
        How it is reported.
    result : callable
        What the function returns that makes it.
    others : tuple of callable
        What functions return that make it in another way.
    """

    mistake: Mistake
    result: Callable[..., Any]
    others: tuple[Callable[..., Any], ...] = ()


def known(
    name: str,
    title: str,
    hint: str,
    why: str,
    result: Callable[..., Any],
    *others: Callable[..., Any],
) -> Wrong:
    """Return a mistake that can be told from its numbers."""
    return Wrong(Mistake(name, title, hint, why=why), result, others)


@dataclass(frozen=True)
class Question:
    """What a check knows of a small exercise.

    Attributes
    ----------
    signature : Signature
        How the student's function is called; its name comes first.
    right : callable
        The right result.
    cases : callable
        Returns the arguments of all calls, in words and as they are, anew each time.
    hint : str
        Where to look if the mistake is not known.
    place : Place
        Where the book speaks of it.
    wrong : tuple of Wrong
        Mistakes that are known, the likeliest first.
    tolerance : float
        By how much of the largest number a result may be off.
    floor : float
        How far from 0 a number may be that is 0.
    none : bool
        Whether None is an answer.
    """

    signature: Signature
    right: Callable[..., Any]
    cases: Callable[[], dict[str, Arguments]]
    hint: str
    place: Place
    wrong: tuple[Wrong, ...] = ()
    tolerance: float = 1e-6
    floor: float = TINY
    none: bool = False


def title(question: Question) -> str:
    """Return the name of the question's function."""
    return question.signature.text.partition("(")[0]


def judge(function: Function, question: Question) -> Report:
    """Call the function in all cases and report what is wrong with it."""
    with np.errstate(all="ignore"), session() as call:
        return call.heard(_judged(call, function, question))


def _judged(call: Session, function: Function, question: Question) -> Report:
    name, tried = title(question), tuple(question.cases())
    dues = [question.right(*arguments) for arguments in question.cases().values()]
    rights = [_joined(question, due) for due in dues]
    got: list[Array] = []
    parts: list[Array] = []
    fresh = question.cases()  # where a case holds a generator of numbers, `right` has drawn from it
    for case, due, arguments in zip(tried, dues, fresh.values(), strict=True):
        outcome = _called(call, function, question, arguments, _shapes(question, due))
        if outcome.values is None or outcome.mistakes:
            said = f"in the case {case}: " if got else ""
            found = (replace(one, seen=f"{said}{one.seen}") for one in outcome.mistakes)
            return Report(name, tuple(found), tried)
        parts += outcome.values
        got.append(_behind_one_another(outcome.values))
    level = by_type(parts)
    tolerance = max(question.tolerance, level.right)
    if alike(got, rights, tolerance, question.floor):
        return Report(name, (), tried, remarks=_remarks(level))
    return Report(name, (_named(got, rights, question, tolerance),), tried)


def results(question: Question, function: Callable[..., Any]) -> list[Array]:
    """Return what a function gives in all cases."""
    with np.errstate(all="ignore"):
        return [_joined(question, function(*case)) for case in question.cases().values()]


def _joined(question: Question, value: Any) -> Array:
    """Return what a function of ours gives as one array of floats."""
    if value is None:
        return np.array(NOTHING)
    parts = (value,) if len(question.signature.results) == 1 else value
    return _behind_one_another([np.asarray(part, float) for part in parts])


def _behind_one_another(parts: Sequence[Array]) -> Array:
    return parts[0] if len(parts) == 1 else np.concatenate([part.ravel() for part in parts])


def _shapes(question: Question, value: Any) -> tuple[Shape, ...]:
    parts = (value,) if len(question.signature.results) == 1 else value
    return tuple(np.shape(part) for part in parts)


def _called(
    call: Session,
    function: Function,
    question: Question,
    arguments: Arguments,
    shapes: tuple[Shape, ...],
) -> Outcome:
    """Call the function; numbers of another type, a list of one say, are numbers too."""
    outcome = call(function, question.signature, arguments, shapes)
    names = {one.name for one in outcome.mistakes}
    if question.none and names == {"returns-none"}:
        return Outcome((np.array(NOTHING),))
    if len(shapes) == 1 and names & {"not-numbers", "wrong-shape"}:
        plain = as_plain(function, shapes[0])
        other = call(plain, question.signature, arguments, shapes)
        return outcome if other.values is None else other
    return outcome


def _remarks(level: Precision) -> tuple[str, ...]:
    return () if level is DOUBLE else (f"computed in {level.name}.",)


def _named(got: list[Array], rights: list[Array], question: Question, tolerance: float) -> Mistake:
    """Return the mistake that gives these numbers, or what can be said of them."""
    pairs = zip(question.cases(), got, rights, strict=True)
    case, one, right = next(p for p in pairs if not agree(p[1], p[2], tolerance, question.floor))
    seen = f"in the case {case}, {spoken(one)} came back; {spoken(right)} was expected."
    found = _known(got, question, tolerance)
    if found is None:
        found = relations.named(_answers(got, rights, question, tolerance), question.hint)
    worked = f"in the case {case}, {spoken(right)} is right; yours is {spoken(one)}."
    seen = found.seen or seen
    return replace(found, seen=seen, worked=worked, place=where(question.place))


def _answers(
    got: list[Array], rights: list[Array], question: Question, tolerance: float
) -> Answers:
    """Return all that is known of the answers, without those that are None, and rightly."""
    cases = question.cases().items()
    rest = [
        (one, right, case)
        for one, right, case in zip(got, rights, cases, strict=True)
        if not (question.none and one.ndim == 0 and one == right == NOTHING)
    ]
    numbers, dues, kept = zip(*rest, strict=True)
    names = question.signature.arguments
    return Answers(numbers, dues, dict(kept), names, question.right, tolerance, question.floor)


def _known(got: list[Array], question: Question, tolerance: float) -> Mistake | None:
    for wrong in question.wrong:
        for one in (wrong.result, *wrong.others):
            if alike(got, results(question, one), tolerance, question.floor):
                return wrong.mistake
    return None


def shown_example(question: Question, wrong: Wrong) -> str:
    """Return a case in which the mistake shows, plainly if there is one, with its numbers."""
    both = results(question, wrong.result), results(question, question.right)
    for tolerance in (PLAIN, question.tolerance):
        for case, one, right in zip(question.cases(), *both, strict=True):
            if not agree(one, right, tolerance):
                return (
                    f"In the case {case}, {spoken(one)} comes back where {spoken(right)} is right."
                )
    return ""
