"""From wrong numbers to the mistakes behind them."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from bnutils.checks import orders
from bnutils.checks.catalogue import mistake
from bnutils.checks.exercise import Exercise, Values
from bnutils.checks.explaining import Diagnosis, of_result
from bnutils.checks.judging import DOUBLE, Precision
from bnutils.checks.report import Mistake


def diagnose(
    exercise: Exercise, values: Sequence[Values], rights: Sequence[Values], level: Precision
) -> Diagnosis:
    """Return the mistakes behind wrong results of the plain cases.

    Parameters
    ----------
    exercise : Exercise
        With the explainers of its results.
    values, rights : sequence of tuple of ndarray
        For each plain case the student's results and the right ones, of the same shapes.
    level : Precision
        How exactly the function computes.
    """
    parts = _Parts(exercise, values, rights, level)
    found = parts.together(range(len(exercise.signature.results)))
    if found.whole and len(found.mistakes) < 2:
        return found
    return _results_moved(exercise, values, parts) or found


def known(
    exercise: Exercise, values: Sequence[Values], rights: Sequence[Values], level: Precision
) -> Diagnosis | None:
    """Return the one mistake behind wrong results, as :func:`diagnose` does, or None."""
    parts = _Parts(exercise, values, rights, level)
    places = range(len(exercise.signature.results))
    if not all(parts[place, place].whole for place in reversed(places)):
        return None
    found = parts.together(places)
    return found if found.plain else None


class _Parts:
    """What is wrong with each result, if it is taken for itself or for another one."""

    def __init__(
        self,
        exercise: Exercise,
        values: Sequence[Values],
        rights: Sequence[Values],
        level: Precision,
    ) -> None:
        self._given = exercise, values, rights, level
        self._known: dict[tuple[int, int], Diagnosis] = {}

    def __getitem__(self, key: tuple[int, int]) -> Diagnosis:
        """Return what is wrong with the result of the second place if it stands in the first."""
        if key not in self._known:
            exercise, values, rights, level = self._given
            place, taken = key
            order = orders.exchanged(len(values[0]), place, taken)
            moved = [orders.in_order(one, order) for one in values]
            self._known[key] = of_result(exercise, place, moved, rights, level)
        return self._known[key]

    def together(self, order: Sequence[int]) -> Diagnosis:
        """Return what is wrong if the results are taken in an order."""
        parts = [self[place, taken] for place, taken in enumerate(order)]
        mistakes = _merged([one for part in parts for one in part.mistakes])
        formulas = {name: text for part in parts for name, text in part.formulas.items()}
        remarks = tuple(dict.fromkeys(said for part in parts for said in part.remarks))
        return Diagnosis(mistakes, formulas, remarks, all(part.whole for part in parts))


def _results_moved(exercise: Exercise, values: Sequence[Values], parts: _Parts) -> Diagnosis | None:
    """Return the diagnosis with results in each other's place, if one of these is right there."""
    for order in orders.of_results(values[0]):
        places = orders.moved(order)
        moved = [parts[place, order[place]] for place in places]
        elsewhere = all(parts[place, place].mistakes for place in places)
        there = any(not part.mistakes for part in moved) and all(part.whole for part in moved)
        if elsewhere and there:
            return _with_places(exercise, order, parts.together(order))
    return None


def _with_places(exercise: Exercise, order: orders.Order, found: Diagnosis) -> Diagnosis:
    """Add to what else is wrong which results are in each other's place."""
    names = exercise.signature.results
    places = [(names[place], names[order[place]]) for place in orders.moved(order)]
    seen = " and ".join(f"what comes as {own} are the numbers of {due}" for due, own in places)
    formulas = {**exercise.formulas, **found.formulas}
    own = {own: formulas[due] for due, own in places if due in formulas}
    others = {name: text for name, text in found.formulas.items() if name not in dict(places)}
    mistakes = (mistake("results-swapped", f"{seen}."), *found.mistakes)
    return replace(found, mistakes=mistakes, formulas=own | others)


def _merged(found: Sequence[Mistake]) -> tuple[Mistake, ...]:
    """Return each mistake once, with what was seen of it in all results."""
    merged: dict[str, Mistake] = {}
    for one in found:
        if one.name not in merged:
            merged[one.name] = one
        elif one.term and one.term not in merged[one.name].term:
            earlier = merged[one.name]
            merged[one.name] = replace(earlier, term=f"{earlier.term}\n{one.term}")
    return tuple(merged.values())


def turned(exercise: Exercise, values: Sequence[Values]) -> Diagnosis | None:
    """Return the mistakes of a function that goes through on square batches alone."""
    if exercise.turned is None:
        return None
    batches = [exercise.numbers(case) for case in exercise.square]
    name = exercise.signature.results[0]
    found = exercise.turned(batches, [one[0].astype(np.float64) for one in values], DOUBLE.exact)
    if found is None:
        return None
    seen = f"{name} is computed where it is square; elsewhere the shapes do not fit."
    mistakes = [replace(mistake(plain, seen), term=f"{said}.") for plain, said in found.deviations]
    return Diagnosis(_merged(mistakes), {name: found.formula})
