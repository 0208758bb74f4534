"""Numbers that belong to a feature: which products of statistics and divisors they are made of.

A number may be a quotient whose divisor is unknown, alone or beside right terms, or a sum of few
products out of a library. Divisors that were found elsewhere belong to the library: who takes a
wrong root once takes it everywhere.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations

import numpy as np

from bnutils.checks.calls.calling import Array
from bnutils.checks.formulas import library
from bnutils.checks.formulas.columns import Columns
from bnutils.checks.formulas.explanation import Explanation
from bnutils.checks.formulas.library import Factors, products
from bnutils.checks.formulas.monomials import monomials
from bnutils.checks.formulas.numbers import added
from bnutils.checks.formulas.quotients import quotient

POWERS = ("1", "1 / {}", "{}", "1 / {} ** 2", "{} ** 2", "1 / {} ** 3", "1 / {} ** 4")


@dataclass(frozen=True)
class Vocabulary:
    """What numbers may be made of.

    Attributes
    ----------
    statistics : tuple of str
        Of which a product may hold one.
    scales : tuple of str
        Of which it may hold one besides.
    spreads : mapping of str to str
        What may be the variance, each with its mistake's name; the right one first.
    counts : tuple of str
        Powers of N that it may hold.
    wholes : mapping of str to tuple of str
        Products that stand alone, from :func:`~.library.products`.
    """

    statistics: tuple[str, ...]
    scales: tuple[str, ...]
    spreads: Mapping[str, str]
    counts: tuple[str, ...] = ("1",)
    wholes: Mapping[str, Factors] = field(default_factory=dict)

    @property
    def std(self) -> str:
        """The right standard deviation."""
        return f"sqrt({next(iter(self.spreads))} + epsilon)"

    @cached_property
    def tops(self) -> dict[str, Factors]:
        """All products without a standard deviation."""
        return products(self.statistics, self.scales, self.counts)

    def terms(self, stds: Iterable[str]) -> dict[str, Factors]:
        """Return all products of a top and a power of one of the standard deviations."""
        powers = [power.format(std) for std in (self.std, *stds) for power in POWERS]
        return {
            **self.wholes,
            **products(self.statistics, self.scales, self.counts, dict.fromkeys(powers)),
        }


@dataclass(frozen=True)
class Sum:
    """Terms with their coefficients.

    Attributes
    ----------
    terms : mapping of str to float
        Empty for a zero.
    stds : tuple of str
        Divisors that were found on the way.
    """

    terms: Mapping[str, float]
    stds: tuple[str, ...] = ()


def explained(
    target: Array,
    columns: Columns,
    right: Mapping[str, float],
    vocabulary: Vocabulary,
    stds: Sequence[str],
    tolerance: float,
) -> Sum | None:
    """Return what numbers are made of.

    Parameters
    ----------
    target : ndarray
        (n,), one for each place of the columns.
    columns : Columns
        What formulas come to there.
    right : mapping of str to float
        The terms of the right formula, with their coefficients.
    vocabulary : Vocabulary
        All others.
    stds : sequence of str
        Divisors that were found elsewhere.
    tolerance : float
        How far off a number may be, relative to itself.
    """
    if not target.any():
        return Sum({})
    there = {text: right[text] for text, column in columns.of(right).items() if column.any()}
    terms = vocabulary.terms(stds)
    found = library.found(target, columns, there, terms, 1, tolerance)
    if found is None:
        quotients = _beside_right_ones(target, columns, there, vocabulary, stds, tolerance)
        if (one := next(quotients, None)) is not None:
            return one
        found = library.found(target, columns, there, terms, 2, tolerance)
    return None if found is None else Sum(found)


def whole(
    columns: Columns,
    target: Array,
    right: Mapping[str, float],
    vocabulary: Vocabulary,
    stds: Sequence[str],
    tolerance: float,
) -> Explanation | None:
    """Return what numbers are made of that are a result by themselves."""
    found = explained(target, columns, right, vocabulary, stds, 100 * tolerance)
    if found is None:
        return None
    wrong = library.named(found.terms, right, "what is computed is {}")
    return Explanation.of(added(found.terms), wrong)


def _beside_right_ones(
    target: Array,
    columns: Columns,
    right: Mapping[str, float],
    vocabulary: Vocabulary,
    stds: Sequence[str],
    tolerance: float,
) -> Iterator[Sum]:
    """Yield sums of right terms and of one quotient with an unknown divisor."""
    for size in range(len(right) + 1):
        for kept in combinations(right, size):
            rest = target - sum(right[text] * columns[text] for text in kept)
            if (np.abs(rest) > 1e-6 * np.abs(target)).all():
                for found in _products(rest, columns, vocabulary, stds, tolerance):
                    yield Sum({**{text: right[text] for text in kept}, **found.terms}, found.stds)


def _products(
    target: Array,
    columns: Columns,
    vocabulary: Vocabulary,
    stds: Sequence[str],
    tolerance: float,
) -> Iterator[Sum]:
    """Yield quotients with an unknown divisor, and products of unknown powers."""
    tops = dict.fromkeys(columns.products(vocabulary.tops), "another-formula")
    found = quotient(target, columns, vocabulary.spreads, tolerance, tops)
    if found is not None:
        yield Sum({found.text(): 1.0}, (found.divisor.text(),) if found.divisor.of_spread else ())
    roots = [vocabulary.std, *stds, *(f"sqrt({one} + epsilon)" for one in vocabulary.spreads)]
    always = columns.of(("gamma", "beta", "N"))
    groups = [columns.of(dict.fromkeys(roots)), columns.of(vocabulary.statistics[1:])]
    for one in monomials(target, always, groups, tolerance):
        yield Sum({one.text(): one.number})
