"""From wrong numbers to the mistake behind them.

An exercise brings a function that computes its results *with chosen mistakes*, and slots, each
with the mistakes of which at most one can be made. The diagnosis tries them, one, then two at
a time, until the results are the student's.
"""

from collections.abc import Iterator
from itertools import combinations, product

import numpy as np

from bnutils.checks.calling import Arguments, Array, Function, Outcome, call
from bnutils.checks.catalogue import mistake
from bnutils.checks.exercise import CLOSE, Case, Exercise, Slots, Values, agree, difference
from bnutils.checks.report import Mistake, Report

EXACT = 1e-8
"""What float64 keeps of the largest number, with room for another order of operations."""

COARSE = 1e-2
"""What half precision keeps of the largest number."""

ROUNDING = 1e-6
"""Differences below this do not tell one mistake from another."""

MIXED_UP = {
    "mean": "the mean is that of the batch",
    "variance": "the variance is that of the batch",
    "updated": "the moving statistics, just updated, normalise the batch",
}

Candidate = tuple[tuple[str, ...], Values]


def check(function: Function, exercise: Exercise) -> Report:
    """Call the function in all cases and report what is wrong with it."""
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


def _diagnose(
    exercise: Exercise, arguments: Arguments, got: Values, right: Values
) -> tuple[Mistake, ...]:
    candidates = [
        (wrong, _computed(exercise, wrong, arguments)) for wrong in combined(exercise.slots)
    ]
    wrong = _closest(got, candidates)
    if wrong:
        return tuple(_named(exercise, wrong))
    found: list[Mistake] = []
    for place, (name, value, expected) in enumerate(
        zip(exercise.signature.results, got, right, strict=True)
    ):
        if not agree(value, expected):
            options: list[Candidate] = [(wrong, (values[place],)) for wrong, values in candidates]
            found.extend(_diagnose_one(exercise, arguments, name, value, expected, options))
    return tuple(found)


def _diagnose_one(
    exercise: Exercise,
    arguments: Arguments,
    name: str,
    got: Array,
    expected: Array,
    options: list[Candidate],
) -> list[Mistake]:
    wrong = _closest((got,), options)
    if wrong:
        return _named(exercise, wrong, f"in {name}")
    if got.dtype.kind in "biu" and (np.abs(got - expected) <= 1).all():
        return [mistake("cut-to-integers", _loss(name, got, expected))]
    if got.dtype == np.float16 and agree(got, expected, COARSE):
        return [mistake("dtype-loss", _loss(name, got, expected))]
    if not np.isfinite(got).all():
        return [mistake("not-a-number", difference(name, got, expected))]
    return [exercise.symptom(name, arguments, got, expected)]


def _closest(got: Values, candidates: list[Candidate]) -> tuple[str, ...]:
    """Return the fewest mistakes that give these results; of several, the nearest ones."""
    matching = [
        (len(wrong), max(_distance(one, other) for one, other in pairs), wrong)
        for wrong, values in candidates
        for pairs in [list(zip(got, values, strict=True))]
        if all(agree(one, other) for one, other in pairs)
    ]
    return min(matching, key=lambda match: match[:2], default=(0, 0.0, ()))[2]


def _distance(got: Array, expected: Array) -> float:
    """Return the largest difference; below what rounding makes of it, 0."""
    error = float(np.abs(got.astype(np.float64) - expected).max())
    return error if error > ROUNDING * float(np.abs(expected).max()) else 0.0


def _computed(exercise: Exercise, wrong: tuple[str, ...], arguments: Arguments) -> Values:
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
        "train-inference-mixup": MIXED_UP.get(detail, ""),
    }.get(plain, "")
    parts = [part for part in (said, where) if part]
    return f"{' '.join(parts)}." if parts else ""


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
