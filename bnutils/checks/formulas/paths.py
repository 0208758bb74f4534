"""Results taken apart, feature by feature, into few things that differ between examples.

A normalisation is ``first * x + second``, a gradient ``first * dy + second + third * (x - mean)``,
and wrong ones are made of other things perhaps, such as ``1 / x``. What each is multiplied with
is a number for each feature, which :mod:`~bnutils.checks.formulas.features` explains.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from bnutils.checks.calls.calling import Array
from bnutils.checks.formulas import features, library
from bnutils.checks.formulas.columns import Columns, joined
from bnutils.checks.formulas.explanation import Deviation, Explanation
from bnutils.checks.formulas.features import Sum, Vocabulary
from bnutils.checks.formulas.language import Numbers, evaluate, tidy
from bnutils.checks.formulas.numbers import added

MOST = 3
"""Of how many things a result may be made."""

SCREEN = 1e-6
"""How far off the first batch may be, relative to its largest number, to look at the others."""


@dataclass(frozen=True)
class Paths:
    """What a result is made of.

    Attributes
    ----------
    right : mapping of str to mapping
        For each thing that differs between examples, "dy" or "1", the terms that it is
        multiplied with in the right formula. "by_0" is what the first is multiplied with.
    others : tuple of str
        What may be there instead.
    vocabulary : Vocabulary
        What they may be multiplied with.
    """

    right: Mapping[str, Mapping[str, float]]
    others: tuple[str, ...]
    vocabulary: Vocabulary

    @property
    def bases(self) -> tuple[str, ...]:
        """All that differs between examples, the likeliest first."""
        return (*self.right, *self.others)


def explained(
    batches: Sequence[Numbers],
    results: Sequence[Array],
    paths: Paths,
    tolerance: float,
    stds: Sequence[str] = (),
) -> Explanation | None:
    """Return what results are made of, or one divided by them.

    Parameters
    ----------
    batches, results : sequence
        The arguments of each call, and one result of each.
    paths : Paths
        What is looked for.
    tolerance : float
        How far off a number may be, relative to the largest of its kind.
    stds : sequence of str, optional
        Divisors that were found in other results.
    """
    found = _explained(batches, results, paths, tolerance, stds)
    if found is not None or not all(one.all() for one in results):
        return found
    turned = _explained(batches, [1 / one for one in results], paths, tolerance, stds)
    if turned is None:
        return None
    said = "the whole stands in the denominator"
    return Explanation.of(f"1 / ({turned.formula})", [("times-std", said)])


def _explained(
    batches: Sequence[Numbers],
    results: Sequence[Array],
    paths: Paths,
    tolerance: float,
    stds: Sequence[str],
) -> Explanation | None:
    parts = _apart(batches, results, paths.bases, tolerance)
    if parts is None:
        return None
    shapes = [(np.shape(one)[-1],) for one in results]
    return _together(parts, Columns(batches, shapes), paths, 100 * tolerance, stds)


def _together(
    parts: Mapping[str, Sequence[Array]],
    columns: Columns,
    paths: Paths,
    tolerance: float,
    stds: Sequence[str],
) -> Explanation | None:
    """Explain what each base is multiplied with, and write all as one formula."""
    found: dict[str, Sum] = {}
    for base in parts:
        right = paths.right.get(base, {})
        target = joined(parts[base])
        one = features.explained(target, columns, right, paths.vocabulary, stds, tolerance)
        if one is None:
            return None
        found[base], stds = one, (*stds, *one.stds)
        columns = columns.knowing(_name(base, paths), parts[base])
    texts = [_times(base, added(one.terms)) for base, one in found.items()]
    wrong = [(name, _readable(said, paths)) for name, said in _deviations(found, paths)]
    whole = Explanation.of(" + ".join(texts), wrong)
    for base in reversed(found):
        whole = whole.without({_name(base, paths): added(found[base].terms)})
    return whole


def _readable(said: str, paths: Paths) -> str:
    """Return a sentence without the names that only the search knows."""
    for base in paths.bases:
        said = re.sub(rf"\b{_name(base, paths)}\b", f"(what {base} is multiplied by)", said)
    return said


def _times(base: str, sum_: str) -> str:
    return sum_ if base == "1" else f"({sum_}) * ({base})"


def _name(base: str, paths: Paths) -> str:
    return f"by_{paths.bases.index(base)}"


def _deviations(found: Mapping[str, Sum], paths: Paths) -> list[Deviation]:
    """Name what is wrong: a coefficient in each place, or else what stands in each place."""
    places = {base: found[base].terms if base in found else {} for base in (*paths.right, *found)}
    wrong = {
        base: library.named(terms, paths.right.get(base, {}), "") for base, terms in places.items()
    }
    plain = [one for several in wrong.values() for one in several]
    if all(name != "another-formula" for name, _ in plain):
        return plain
    return [("another-formula", _said(base, places[base])) for base in wrong if wrong[base]]


def _said(base: str, terms: Mapping[str, float]) -> str:
    if not terms:
        return "nothing is added" if base == "1" else f"{base} does not occur"
    if base != "1":
        return f"{base} is multiplied by {tidy(added(terms))}"
    if all(number < 0 for number in terms.values()):
        opposite = {text: -number for text, number in terms.items()}
        return f"{tidy(added(opposite))} is subtracted"
    return f"{tidy(added(terms))} is added"


def _apart(
    batches: Sequence[Numbers], results: Sequence[Array], bases: Sequence[str], tolerance: float
) -> dict[str, list[Array]] | None:
    """Return what each base is multiplied with in each batch; None if it takes too many."""
    with np.errstate(all="ignore"):
        tables = [_table(b, bases, np.shape(y)) for b, y in zip(batches, results, strict=True)]
    usable = [i for i in range(len(bases)) if all(np.isfinite(one[..., i]).all() for one in tables)]
    values = [np.reshape(y, (-1, np.shape(y)[-1])).T for y in results]
    for chosen in _subsets(usable):
        if _parts(tables[0], values[0], chosen, SCREEN) is None:
            continue
        parts = [_parts(*pair, chosen, tolerance) for pair in zip(tables, values, strict=True)]
        found = [one for one in parts if one is not None]
        if len(found) == len(parts):
            return {bases[one]: [part[:, i] for part in found] for i, one in enumerate(chosen)}
    return None


def _subsets(places: Sequence[int]) -> Iterator[tuple[int, ...]]:
    for size in range(1, MOST + 1):
        yield from combinations(places, size)


def _table(batch: Numbers, bases: Sequence[str], shape: tuple[int, ...]) -> Array:
    """Return the bases for each feature, (features, examples, bases)."""
    values = [np.broadcast_to(evaluate(text, batch), shape) for text in bases]
    return np.stack([one.reshape(-1, shape[-1]).T for one in values], axis=-1)


def _parts(table: Array, values: Array, chosen: Sequence[int], tolerance: float) -> Array | None:
    """Return what the chosen bases are multiplied with, (features, bases), if that is all."""
    used = table[..., chosen]
    sizes = np.abs(used).max(axis=1, keepdims=True)
    numbers = (np.linalg.pinv(used / sizes) @ values[..., None])[..., 0] / sizes[:, 0]
    errors = np.abs((used * numbers[:, None]).sum(axis=-1) - values).max(axis=1)
    return numbers if (errors <= tolerance * np.abs(values).max(axis=1)).all() else None
