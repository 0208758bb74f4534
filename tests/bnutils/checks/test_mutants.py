"""Implementations made wrong, or written in other words, by program, in one to three places.

No wrong one is accepted and no right one refused; most wrong ones get a formula, and every
formula that a report prints gives the student's numbers on data that the check has not seen.
``make mutants`` tries all with one change and a larger sample of those with several.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

import numpy as np
import pytest

from bnutils.checks.exercise import Exercise
from bnutils.checks.explaining import FINITE
from bnutils.checks.running import check
from tests.bnutils.checks import originals
from tests.bnutils.checks.fresh import EXERCISES, fresh, misstated, results, unstated
from tests.bnutils.checks.mutants import (
    ALL,
    Function,
    Mutant,
    mutants,
    rewritten,
    rewritten_often,
    several,
)

SOURCES = {
    "forward": originals.FORWARD,
    "convolution": originals.CONVOLUTION,
    "inference": originals.INFERENCE,
    "update": originals.UPDATE,
    "backward": originals.BACKWARD,
    "folding": originals.FOLDING,
}
STEP, STEP_OF_RIGHT = (1, 1) if ALL else (11, 3)
"""Every how-manieth with one change is tried."""
WRONG, RIGHT = (90, 30) if ALL else (6, 4)
"""How many with several changes are made of each original."""
NAMED_RIGHTLY = {1: 0.93, 2: 0.92, 3: 0.9} if ALL else {1: 0.8, 2: 0.8, 3: 0.75}
"""By how many changes, of those with numbers to compare; a small sample may be unlucky."""


@dataclass(frozen=True)
class Truth:
    """What is so, whatever the check says: right, wrong with numbers, or nothing to compare."""

    comparable: bool
    right: bool


def truth(function: Function, exercise: Exercise) -> Truth:
    """Compare with the oracle; in enough features a wrong one has to have numbers at all."""
    same, finite = True, [0] * len(exercise.signature.results)
    for case in exercise.plain:
        due = exercise.right(*case.arguments)
        try:
            got = [np.asarray(one, float) for one in results(function, case.arguments)]
        except (TypeError, ValueError, LookupError, AttributeError, NameError, ArithmeticError):
            return Truth(False, False)
        if [one.shape for one in got] != [one.shape for one in due]:
            return Truth(False, False)
        for place, one in enumerate(got):
            finite[place] += np.isfinite(one).all(axis=tuple(range(one.ndim - 1))).sum()
        same &= all(np.allclose(a, b, rtol=1e-7, atol=1e-9) for a, b in zip(got, due, strict=True))
    return Truth(min(finite) >= FINITE, same)


def made_wrong(source: str, changes: int) -> Iterator[Mutant]:
    if changes == 1:
        return islice(mutants(source), 0, None, STEP)
    return several(source, changes, WRONG, seed=changes)


def made_otherwise(source: str, changes: int) -> Iterator[Mutant]:
    if changes == 1:
        return islice(rewritten(source), 0, None, STEP_OF_RIGHT)
    return rewritten_often(source, changes, RIGHT, seed=changes)


@pytest.mark.parametrize("changes", NAMED_RIGHTLY)
@pytest.mark.parametrize("name", EXERCISES)
def test_wrong_ones_are_refused_and_their_formula_gives_their_numbers(name, changes):
    exercise, other = EXERCISES[name](), fresh(EXERCISES[name])
    made = chain.from_iterable(made_wrong(source, changes) for source in SOURCES[name])
    counts = Counter(outcome(mutant, exercise, other) for mutant in made)
    print(f"{name}, {changes} at once:", dict(counts))
    assert counts["named"] >= NAMED_RIGHTLY[changes] * (counts["named"] + counts["unnamed"])


def outcome(mutant: Mutant, exercise: Exercise, other: Exercise) -> str:
    """Return what becomes of a mutant that has to be refused; some changes change nothing."""
    found = truth(mutant.function, other)
    if found.right:
        return "right"
    report = check(mutant.function, exercise)
    assert not report.passed, mutant.change
    if not found.comparable:
        return "without numbers"
    wrong = misstated(report.formulas, mutant.function, other)
    assert not wrong, (mutant.change, wrong)
    return "unnamed" if unstated(report.formulas, mutant.function, other) else "named"


@pytest.mark.parametrize("changes", [1, 2, 3])
@pytest.mark.parametrize("name", EXERCISES)
def test_right_ones_in_other_words_pass_without_a_remark(name, changes):
    exercise = EXERCISES[name]()
    for source in SOURCES[name]:
        for mutant in made_otherwise(source, changes):
            report = check(mutant.function, exercise)
            assert report.passed, (mutant.change, str(report))
            assert not report.remarks, mutant.change
