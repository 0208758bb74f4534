"""Functions that take the exercise's arguments in another order, told by their numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from itertools import takewhile

from bnutils.checks import orders
from bnutils.checks.attempts import Subject, attempt
from bnutils.checks.diagnosis import known
from bnutils.checks.exercise import Exercise, Values
from bnutils.checks.explaining import Diagnosis
from bnutils.checks.fitting.refusals import in_order
from bnutils.checks.judging import Precision, is_right
from bnutils.checks.orders import Order


def right(
    subject: Subject,
    exercise: Exercise,
    rights: Sequence[Values],
    level: Precision,
    tried: Iterable[Order],
) -> Diagnosis | None:
    """Return what is wrong with a function that is right with its arguments in another order."""
    for order in tried:
        if _is_right(subject, exercise, order, rights, level):
            return _with_order(subject, exercise, order, Diagnosis(()))
    return None


def with_one_more(
    subject: Subject, exercise: Exercise, rights: Sequence[Values], level: Precision
) -> Diagnosis | None:
    """Return what is wrong with a function if it is one mistake besides the order of two."""
    for order in filter(partial(orders.fit, exercise), orders.of_two_arguments(exercise)):
        values = _values(subject, exercise, order, rights)
        if len(values) == len(rights) and (found := known(exercise, values, rights, level)):
            return _with_order(subject, exercise, order, found)
    return None


def _is_right(
    subject: Subject,
    exercise: Exercise,
    order: Order,
    rights: Sequence[Values],
    level: Precision,
) -> bool:
    for case, due in zip(exercise.plain, rights, strict=True):
        got = attempt(subject, exercise, orders.reordered(case, order), due).values
        if got is None or not all(
            is_right(one, other, level.right) for one, other in zip(got, due, strict=True)
        ):
            return False
    return True


def _values(
    subject: Subject, exercise: Exercise, order: Order, rights: Sequence[Values]
) -> list[Values]:
    """Return the results of the plain cases, up to the first without any."""
    cases = [orders.reordered(case, order) for case in exercise.plain]
    tried = (attempt(subject, exercise, *one) for one in zip(cases, rights, strict=True))
    found = takewhile(lambda outcome: outcome.values is not None, tried)
    return [outcome.values for outcome in found if outcome.values is not None]


def _with_order(subject: Subject, exercise: Exercise, order: Order, found: Diagnosis) -> Diagnosis:
    """Add the order to what else is wrong; formulas are in the arguments as they were given."""
    names = exercise.signature.arguments
    pair = tuple(names[place] for place in orders.moved(order))
    name = exercise.alike.get(pair, "arguments-swapped")
    said = in_order(subject.function, exercise, order, name, alone=not found.mistakes)
    formulas = {**exercise.formulas, **found.formulas} if orders.fit(exercise, order) else {}
    formulas = orders.renamed(formulas, names, order)
    return replace(found, mistakes=(said, *found.mistakes), formulas=formulas)
