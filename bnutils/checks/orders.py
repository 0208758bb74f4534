"""Arguments and results in another order than the exercise's, told by the numbers."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, permutations

import numpy as np

from bnutils.checks.calls.calling import Array
from bnutils.checks.exercise import Case, Exercise, Values

Order = tuple[int, ...]
"""Which place each argument, or each result, is taken from."""


def of_likely_arguments(exercise: Exercise) -> Iterator[Order]:
    """Yield orders with two arguments exchanged that are easily taken for each other."""
    names = exercise.signature.arguments
    for one, other in exercise.alike:
        yield exchanged(len(names), names.index(one), names.index(other))


def of_arguments(exercise: Exercise) -> Iterator[Order]:
    """Yield orders with two arguments exchanged, then with three rotated."""
    yield from of_two_arguments(exercise)
    count = len(exercise.signature.arguments)
    for a, b, c in combinations(range(count), 3):
        yield _turned(count, (a, b, c), (b, c, a))
        yield _turned(count, (a, b, c), (c, a, b))


def of_two_arguments(exercise: Exercise) -> Iterator[Order]:
    """Yield the orders with two arguments exchanged."""
    count = len(exercise.signature.arguments)
    return (exchanged(count, *pair) for pair in combinations(range(count), 2))


def of_results(values: Values) -> Iterator[Order]:
    """Yield all orders of results whose shapes stay in place, but for the order as it is."""
    places = tuple(range(len(values)))
    shapes = [one.shape for one in values]
    for order in permutations(places):
        if order != places and [shapes[i] for i in order] == shapes:
            yield order


def _turned(count: int, places: Sequence[int], taken: Sequence[int]) -> Order:
    order = list(range(count))
    for place, other in zip(places, taken, strict=True):
        order[place] = other
    return tuple(order)


def exchanged(count: int, one: int, other: int) -> Order:
    """Return the order with two exchanged."""
    return _turned(count, (one, other), (other, one))


def reordered(case: Case, order: Order) -> Case:
    """Return a case with its arguments in another order."""
    return replace(case, arguments=tuple(case.arguments[i] for i in order))


def fit(exercise: Exercise, order: Order) -> bool:
    """Whether only arguments of one shape change places, so that formulas may be renamed."""
    shapes = [np.shape(one) for one in exercise.plain[0].arguments]
    return all(shapes[place] == shapes[taken] for place, taken in enumerate(order))


def moved(order: Order) -> Order:
    """Return the places that are not their own."""
    return tuple(place for place, taken in enumerate(order) if place != taken)


def renamed(formulas: Mapping[str, str], names: Sequence[str], order: Order) -> dict[str, str]:
    """Return formulas of a function whose arguments were reordered, in those it was given."""
    return with_names(formulas, {names[taken]: names[at] for at, taken in enumerate(order)})


def with_names(formulas: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """Return formulas with other names in the place of some."""
    pattern = re.compile(rf"\b({'|'.join(own)})\b")
    return {key: pattern.sub(lambda found: own[found[0]], text) for key, text in formulas.items()}


def in_order(values: Sequence[Array], order: Order) -> tuple[Array, ...]:
    """Return results in another order."""
    return tuple(values[i] for i in order)
