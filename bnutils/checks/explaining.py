"""What is wrong with one result: its formula, or else a symptom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from bnutils.checks.calls.calling import Array
from bnutils.checks.catalogue import mistake
from bnutils.checks.differences import difference, some_examples
from bnutils.checks.exercise import Case, Exercise, Values, error
from bnutils.checks.formulas.explanation import Explanation
from bnutils.checks.formulas.language import Numbers, evaluate
from bnutils.checks.judging import DOUBLE, INSIDE, Precision, is_right, rounded
from bnutils.checks.report import Mistake

FINITE = 8
"""In so many features numbers have to be finite for a formula to be looked for."""


@dataclass(frozen=True)
class Diagnosis:
    """What was found: mistakes, formulas of wrong results, remarks.

    `whole` says whether every wrong result is explained.
    """

    mistakes: tuple[Mistake, ...]
    formulas: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    whole: bool = True

    @property
    def plain(self) -> bool:
        """Whether it is one mistake that has a name."""
        names = {one.name for one in self.mistakes}
        return self.whole and len(self.mistakes) < 2 and "another-formula" not in names


def of_result(
    exercise: Exercise,
    place: int,
    values: Sequence[Values],
    rights: Sequence[Values],
    level: Precision,
) -> Diagnosis:
    """Return what is wrong with one of the results."""
    name = exercise.signature.results[place]
    got, due = [one[place] for one in values], [one[place] for one in rights]
    wrong = [not is_right(one, other, level.right) for one, other in zip(got, due, strict=True)]
    if not any(wrong):
        return Diagnosis(())
    found = _explained(exercise, name, values, due, level)
    if found is not None and found.deviations:
        return _named(exercise, name, found, got, due)
    if (
        level is DOUBLE
        and max(error(a, b).max() for a, b in zip(got, due, strict=True)) < INSIDE.right
    ):
        if (decimals := max((rounded(one) or 0 for one in got), default=0)) == 0:
            said = "somewhere on the way your numbers have the precision of float32"
            return Diagnosis((), remarks=(f"{said}; they are right within it.",))
        return Diagnosis((mistake("dtype-loss", f"{name} is rounded to {decimals} decimals."),))
    return Diagnosis((_symptom(exercise, name, got, due, wrong),), whole=False)


def _explained(
    exercise: Exercise, name: str, values: Sequence[Values], due: Sequence[Array], level: Precision
) -> Explanation | None:
    """Return what gives the numbers of one result, looked for where they are finite."""
    got = [np.asarray(one[exercise.signature.results.index(name)], np.float64) for one in values]
    finite = [np.asarray(np.isfinite(one).all(axis=tuple(range(one.ndim - 1)))) for one in got]
    if name not in exercise.explainers or sum(map(np.sum, finite)) < FINITE:
        return None
    batches = _batches(exercise, values)
    triples = zip(batches, got, finite, strict=True)
    some = [(_of(batch, kept), one[..., kept]) for batch, one, kept in triples]
    chosen, numbers = zip(*(pair for pair in some if pair[1].size), strict=True)
    found = exercise.explainers[name](chosen, numbers, level.exact)
    gives = found is not None and _gives(found.formula, batches, got, due, 100 * level.exact)
    return found if gives else None


def _batches(exercise: Exercise, values: Sequence[Values]) -> list[Numbers]:
    """Return the arguments of each case, and all results as "own_dx"."""
    names = [f"own_{name}" for name in exercise.signature.results]
    pairs = zip(exercise.plain, values, strict=True)
    return [{**exercise.numbers(one), **dict(zip(names, own, strict=True))} for one, own in pairs]


def _of(batch: Numbers, kept: Array) -> Numbers:
    """Return the numbers of some features."""
    return {
        name: value[..., kept] if np.shape(value)[-1:] == kept.shape else value
        for name, value in batch.items()
    }


def _gives(
    formula: str,
    batches: Sequence[Numbers],
    got: Sequence[Array],
    due: Sequence[Array],
    tolerance: float,
) -> bool:
    """Whether a formula gives all numbers, and none where there is none."""
    for batch, one, other in zip(batches, got, due, strict=True):
        size = tolerance * max(np.abs(one[np.isfinite(one)]).max(initial=0), np.abs(other).max())
        try:
            stated = evaluate(formula, batch, one.shape)
        except ValueError:  # found among some features, and of another shape among all
            return False
        if not np.allclose(stated, one, rtol=tolerance, atol=size, equal_nan=True):
            return False
    return True


def _named(
    exercise: Exercise,
    name: str,
    found: Explanation,
    got: Sequence[Array],
    due: Sequence[Array],
) -> Diagnosis:
    several = len(exercise.signature.results) > 1
    seen = difference(name, *_to_show(got, due))
    mistakes = tuple(
        replace(mistake(plain, seen), term=f"{name}: {said}." if several else f"{said}.")
        for plain, said in found.deviations
    )
    return Diagnosis(mistakes, {name: found.formula})


def _to_show(got: Sequence[Array], due: Sequence[Array]) -> tuple[Array, Array]:
    """Return the first batch with what is no number, or else the first that is wrong."""
    pairs = [pair for pair in zip(got, due, strict=True) if error(*pair).max() > DOUBLE.right]
    return max(pairs, key=lambda pair: not np.isfinite(pair[0]).all())


def _symptom(
    exercise: Exercise,
    name: str,
    got: Sequence[Array],
    due: Sequence[Array],
    wrong: Sequence[bool],
) -> Mistake:
    """Say what holds and what does not where no formula is known."""
    place = wrong.index(True)
    one, other = got[place], due[place]
    if one.dtype.kind in "biu" and (np.abs(one - other) <= 1).all():
        return mistake("cut-to-integers", f"{name} is of dtype {one.dtype}.")
    if not np.isfinite(one).all():
        return mistake("not-a-number", difference(name, one, other))
    if (decimals := rounded(one)) and np.abs(one - other).max() <= 10.0**-decimals:
        return mistake("dtype-loss", f"{name} is rounded to {decimals} decimals.")
    if not all(wrong):
        return mistake("right-for-some", _which(exercise.plain, wrong))
    some = [some_examples(name, *pair) for pair in zip(got, due, strict=True)]
    if "x" in exercise.signature.arguments and all(some):  # a kernel has no examples
        return mistake("right-for-some-examples", some[place])
    return exercise.symptom(name, exercise.plain[place].arguments, one, other)


def _which(cases: Sequence[Case], wrong: Sequence[bool]) -> str:
    """Say which cases are right and which are wrong."""
    right = ", ".join(case.name for case, bad in zip(cases, wrong, strict=True) if not bad)
    not_right = ", ".join(case.name for case, bad in zip(cases, wrong, strict=True) if bad)
    return f"right: {right}; wrong: {not_right}."
