"""Checks of small functions whose result is a number or an array: right, or which mistake."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from bnutils.checks.calling import Arguments, Array, Function, Signature, call
from bnutils.checks.report import Mistake, Report


@dataclass(frozen=True)
class Wrong:
    """A mistake that can be told from the numbers that it gives.

    Attributes
    ----------
    mistake : Mistake
        How it is reported.
    result : callable
        What the function returns that makes it.
    """

    mistake: Mistake
    result: Callable[..., Any]


def known(name: str, title: str, hint: str, result: Callable[..., Any]) -> Wrong:
    """Return a mistake that can be told from its numbers."""
    return Wrong(Mistake(name, title, hint), result)


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
    wrong : tuple of Wrong
        Mistakes that are known, the likeliest first.
    tolerance : float
        By how much of the largest number a result may be off.
    """

    signature: Signature
    right: Callable[..., Any]
    cases: Callable[[], dict[str, Arguments]]
    hint: str
    wrong: tuple[Wrong, ...] = ()
    tolerance: float = 1e-6


def judge(function: Function, question: Question) -> Report:
    """Call the function in all cases and report what is wrong with it."""
    name = question.signature.text.partition("(")[0]
    rights = _results(question, question.right)
    got: list[Array] = []
    for right, arguments in zip(rights, question.cases().values(), strict=True):
        with np.errstate(all="ignore"):
            outcome = call(function, question.signature, arguments, (right.shape,))
        if outcome.values is None or outcome.mistakes:
            return Report(name, outcome.mistakes, tuple(question.cases()))
        got.append(outcome.values[0])
    found = () if _alike(got, rights, question) else (_named(got, rights, question),)
    return Report(name, found, tuple(question.cases()))


def _results(question: Question, function: Callable[..., Any]) -> list[Array]:
    with np.errstate(all="ignore"):
        return [np.asarray(function(*case), float) for case in question.cases().values()]


def _agree(got: Array, right: Array, question: Question) -> bool:
    scale = float(np.abs(right).max()) or 1.0
    return bool(np.all(np.abs(got - right) <= question.tolerance * scale))


def _alike(got: list[Array], rights: list[Array], question: Question) -> bool:
    return all(_agree(one, right, question) for one, right in zip(got, rights, strict=True))


def _named(got: list[Array], rights: list[Array], question: Question) -> Mistake:
    """Return the mistake that gives these numbers, or where they are not right."""
    for wrong in question.wrong:
        if _alike(got, _results(question, wrong.result), question):
            return wrong.mistake
    pairs = zip(question.cases(), got, rights, strict=True)
    case, one, right = next(p for p in pairs if not _agree(p[1], p[2], question))
    seen = f"in the case {case}, {_shown(one)} came back; {_shown(right)} was expected."
    return Mistake("different", "The result is not right yet", question.hint, seen)


def _shown(value: Array) -> str:
    """Return a number, or the largest size in an array, in words."""
    if value.ndim == 0:
        return f"{float(value):.5g}"
    return f"an array with numbers up to {float(np.abs(value).max()):.5g}"
