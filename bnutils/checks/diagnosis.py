"""From wrong numbers to the mistake behind them.

An exercise brings a function that computes its results *with chosen mistakes*, and slots, each
with the mistakes of which at most one can be made. The diagnosis tries them, one, then two at
a time, until the results are the student's.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np

from bnutils.checks.calling import Arguments, Array, Function, Outcome, Signature, call
from bnutils.checks.catalogue import mistake
from bnutils.checks.report import Mistake, Report

Values = tuple[Array, ...]
Wrong = frozenset[str]
Slots = tuple[tuple[str, ...], ...]

CLOSE = 1e-4
"""Numbers this close, relative to the largest, are the same: a right float32 result is."""

EXACT = 1e-8
"""What float64 keeps of it, with room for another order of the operations."""

COARSE = 1e-2
"""What half precision keeps of it."""


@dataclass(frozen=True, eq=False)
class Case:
    """One call of the student's function.

    Attributes
    ----------
    name : str
        For the report: "a batch of one".
    arguments : tuple
        What the function is called with.
    blame : str
        The mistake to report if the function is right elsewhere and fails here.
    tolerance : float
        Largest difference, relative to the largest expected number.
    may_refuse : bool
        Whether an exception is an acceptable answer.
    needs_float64 : bool
        Whether a function that computes in float32 is excused.
    """

    name: str
    arguments: Arguments
    blame: str = ""
    tolerance: float = CLOSE
    may_refuse: bool = False
    needs_float64: bool = False


@dataclass(frozen=True, eq=False)
class Exercise:
    """What a check knows of its exercise.

    Attributes
    ----------
    name : str
        The check's public name.
    signature : Signature
        How the student's function is called.
    right : callable
        The right results for the arguments, from :mod:`bnutils.reference`.
    variant : callable
        The results with the mistakes in its first argument, a frozenset of their names.
    slots : tuple of tuple of str
        Mistakes that exclude each other stand in one slot.
    cases : tuple of Case
        The first is the plain one, on which mistakes are told apart.
    symptom : callable
        Name of a result, arguments, the student's values and the right ones -> the mistake
        to report where none is recognised.
    square : Case, optional
        A batch on which averaging along the wrong axis goes through unnoticed. It is tried
        where shapes do not fit in the plain case.
    """

    name: str
    signature: Signature
    right: Callable[..., Values]
    variant: Callable[..., Values]
    slots: Slots
    cases: tuple[Case, ...]
    symptom: Callable[[str, Arguments, Array, Array], Mistake]
    square: Case | None = None


def check(function: Function, exercise: Exercise) -> Report:
    """Call the function in all cases and report what is wrong with it."""
    plain, *special = exercise.cases
    found = list(_plain_case(function, exercise, plain))
    tried = [plain.name]
    if {one.name for one in found} <= {"changes-its-input", "dtype-loss"}:
        exact = "dtype-loss" not in {one.name for one in found}
        for case in special:
            if exact or not case.needs_float64:
                tried.append(case.name)
                found.extend(_special_case(function, exercise, case))
    return Report(exercise.name, _unique(found), tuple(tried))


def _unique(found: list[Mistake]) -> tuple[Mistake, ...]:
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
    outcome = _call(function, exercise, exercise.square, exercise.right(*arguments))
    for wrong in combined((("wrong-axis=flat",), *exercise.slots[1:])):
        if outcome.values and "wrong-axis=flat" in wrong:
            values = _computed(exercise, wrong, arguments)
            if all(agree(one, other) for one, other in zip(outcome.values, values, strict=True)):
                return tuple(mistake(name, "there is one mean per example.") for name in wrong)
    return ()


def _call(function: Function, exercise: Exercise, case: Case, right: Values) -> Outcome:
    shapes = tuple(value.shape for value in right)
    return call(function, exercise.signature, case.arguments, shapes)


def _judge(
    exercise: Exercise, arguments: Arguments, got: Values, right: Values
) -> tuple[Mistake, ...]:
    if not all(agree(one, other) for one, other in zip(got, right, strict=True)):
        return _diagnose(exercise, arguments, got, right)
    for name, value, expected in zip(exercise.signature.results, got, right, strict=True):
        if value.dtype in (np.float16, np.float32) or not agree(value, expected, EXACT):
            return (mistake("dtype-loss", _loss(name, value, expected)),)
    return ()


def _loss(name: str, value: Array, expected: Array) -> str:
    error = np.abs(value.astype(np.float64) - expected).max()
    return f"{name} is of dtype {value.dtype}, and up to {error:.0e} off, for float64 arguments."


def agree(got: Array, expected: Array, tolerance: float = CLOSE) -> bool:
    """Whether all numbers differ by at most `tolerance` times the largest expected one."""
    scale = max(float(np.abs(expected).max()), 1e-2)
    error = np.abs(got.astype(np.float64) - expected)
    return bool((error <= tolerance * scale).all())


def _diagnose(
    exercise: Exercise, arguments: Arguments, got: Values, right: Values
) -> tuple[Mistake, ...]:
    candidates = [
        (wrong, _computed(exercise, wrong, arguments)) for wrong in combined(exercise.slots)
    ]
    for wrong, values in candidates:
        if all(agree(one, other) for one, other in zip(got, values, strict=True)):
            return tuple(_named(exercise, wrong))
    found: list[Mistake] = []
    for place, (name, value, expected) in enumerate(
        zip(exercise.signature.results, got, right, strict=True)
    ):
        if not agree(value, expected):
            options = [(wrong, values[place]) for wrong, values in candidates]
            found.extend(_diagnose_one(exercise, arguments, name, value, expected, options))
    return tuple(found)


def _diagnose_one(
    exercise: Exercise,
    arguments: Arguments,
    name: str,
    got: Array,
    expected: Array,
    options: list[tuple[tuple[str, ...], Array]],
) -> list[Mistake]:
    for wrong, values in options:
        if agree(got, values):
            return _named(exercise, wrong, f"in {name}")
    if agree(got, expected, COARSE) and got.dtype == np.float16:
        return [mistake("dtype-loss", _loss(name, got, expected))]
    if not np.isfinite(got).all():
        return [mistake("not-a-number", difference(name, got, expected))]
    return [exercise.symptom(name, arguments, got, expected)]


def _computed(exercise: Exercise, wrong: tuple[str, ...], arguments: Arguments) -> Values:
    with np.errstate(all="ignore"):
        return exercise.variant(frozenset(wrong), *arguments)


def combined(slots: Slots, most: int = 2) -> Iterator[tuple[str, ...]]:
    """Yield every way to make one mistake, then two (up to `most`) from different slots."""
    for count in range(1, most + 1):
        for chosen in combinations(slots, count):
            yield from product(*chosen)


def _named(exercise: Exercise, wrong: tuple[str, ...], where: str = "") -> list[Mistake]:
    several = len(exercise.signature.results) > 1
    return [mistake(name, _detail(name, where if several else "")) for name in wrong]


def _detail(name: str, where: str) -> str:
    plain, _, detail = name.partition("=")
    said = {
        "wrong-axis": f"your numbers are those of averaging over axes {detail}",
        "epsilon-ignored": f"your numbers are those of epsilon = {detail}",
        "momentum-ignored": f"your numbers are those of momentum = {detail}",
    }.get(plain, "")
    return " ".join(part for part in (said, where) if part)


def _special_case(function: Function, exercise: Exercise, case: Case) -> tuple[Mistake, ...]:
    right = exercise.right(*case.arguments)
    outcome = _call(function, exercise, case, right)
    if outcome.values is None:
        seen = outcome.mistakes[0].seen or outcome.mistakes[0].title
        return () if case.may_refuse else (mistake(case.blame, f"{case.name}: {seen}"),)
    for name, got, expected in zip(exercise.signature.results, outcome.values, right, strict=True):
        if not agree(got, expected, case.tolerance):
            seen = f"{case.name}: {difference(name, got, expected)}"
            return (mistake(case.blame, seen),)
    return ()


def different(name: str, arguments: Arguments, got: Array, expected: Array) -> Mistake:
    """Return the symptom of last resort: where the numbers differ."""
    return mistake("different", difference(name, got, expected))


def difference(name: str, got: Array, expected: Array) -> str:
    """Say where a result differs most, with both numbers."""
    error = np.abs(got.astype(np.float64) - expected)
    place = np.unravel_index(np.nan_to_num(error, nan=np.inf).argmax(), error.shape)
    index = ", ".join(str(int(one)) for one in place)
    return f"{name}[{index}] is {got[place]:.5g}; {expected[place]:.5g} was expected."
