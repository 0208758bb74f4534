"""Formulas evaluated on all batches at once, as one column of numbers each."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from bnutils.checks.calls.calling import Array, Shape
from bnutils.checks.formulas.language import Numbers, evaluate


class Columns:
    """What formulas come to on several batches.

    Parameters
    ----------
    batches : sequence of mapping
        For each batch what the names stand for.
    shapes : sequence of tuple of int
        For each batch the shape that a formula is to have: (D,) for what belongs to a feature,
        that of x for what belongs to an element.
    """

    def __init__(self, batches: Sequence[Numbers], shapes: Sequence[Shape]) -> None:
        self.batches, self.shapes = batches, shapes
        self._known: dict[str, Array] = {}
        self._products: dict[tuple[str, ...], Array] = {}

    def __getitem__(self, text: str) -> Array:
        """Return the column of a formula, (n,)."""
        if text not in self._known:
            pairs = zip(self.batches, self.shapes, strict=True)
            parts = [evaluate(text, batch, shape).ravel() for batch, shape in pairs]
            self._known[text] = np.concatenate(parts)
        return self._known[text]

    def knowing(self, name: str, parts: Sequence[Array]) -> "Columns":
        """Return columns of formulas that may hold one more name."""
        batches = [{**b, name: part} for b, part in zip(self.batches, parts, strict=True)]
        more = Columns(batches, self.shapes)
        more._known |= self._known
        more._products |= self._products
        return more

    def product(self, factors: tuple[str, ...]) -> Array:
        """Return the column of a product, from that of all but its last factor."""
        if len(factors) == 1:
            return self[factors[0]]
        if factors not in self._products:
            self._products[factors] = self.product(factors[:-1]) * self[factors[-1]]
        return self._products[factors]

    def of(self, texts: Iterable[str]) -> dict[str, Array]:
        """Return the columns of formulas, but for those that have no place here."""
        return self.products({text: (text,) for text in texts})

    def products(self, terms: Mapping[str, tuple[str, ...]]) -> dict[str, Array]:
        """Return the columns of products, but for those that have no place here.

        Statistics of examples have none among features, nor have names that are unknown.
        """
        found = {}
        for text, factors in terms.items():
            with suppress(ValueError):
                found[text] = self._known[text] = self.product(factors)
        return found


def joined(values: Sequence[Any]) -> Array:
    """Return arrays of several batches as one column of float64."""
    return np.concatenate([np.asarray(one, float).ravel() for one in values])
