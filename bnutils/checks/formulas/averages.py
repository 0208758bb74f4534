"""Moving averages: which old and new statistics they are made of, with which weights."""

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np

from bnutils.checks.calls.calling import Array
from bnutils.checks.formulas import library
from bnutils.checks.formulas.columns import Columns, joined
from bnutils.checks.formulas.combinations import fewest
from bnutils.checks.formulas.explanation import Deviation, Explanation
from bnutils.checks.formulas.language import Numbers, tidy
from bnutils.checks.formulas.numbers import added, near, times, written
from bnutils.checks.formulas.terms import MOVING_TERMS

KEPT, ADDED, REST = "momentum", "(1 - momentum)", "1"
WEIGHTS = (KEPT, ADDED, REST)
Weight = str | float | None
"""Of an old or a new value: a formula, a number, or none that is known."""
RARE = ("1 / momentum", "momentum ** 2", "(1 - momentum) ** 2", "(1 + momentum)")


def explained(
    batches: Sequence[Numbers],
    results: Sequence[Array],
    old: str,
    new: Mapping[str, str],
    tolerance: float,
) -> Explanation | None:
    """Return what a moving average is computed from.

    Parameters
    ----------
    batches, results : sequence
        The arguments of each call, and the new moving statistic that came back.
    old : str
        The name of the moving statistic.
    new : mapping of str to str
        What may be the statistic of the batch, with each mistake's name; the right one first.
    tolerance : float
        How far off a number may be, relative to the largest of its kind.
    """
    columns = Columns(batches, [np.shape(one) for one in results])
    found = _terms(joined(results), columns, old, new, tolerance)
    if found is not None:
        return Explanation.of(added(found), deviations(found, old, new))
    right = {f"{KEPT} * {old}": 1.0, f"{ADDED} * {next(iter(new))}": 1.0}
    kept = [*right, old]
    sums = library.found(joined(results), columns, kept, MOVING_TERMS, 2, tolerance)
    if sums is None:
        return None
    return Explanation.of(added(sums), library.named(sums, right, "what is computed is {}"))


def _terms(
    target: Array, columns: Columns, old: str, new: Mapping[str, str], tolerance: float
) -> dict[str, float] | None:
    right = next(iter(new))
    sizes = np.abs(columns[old]) + np.abs(columns[right]) + 1e-300
    usual = [f"{KEPT} * {old}", f"{ADDED} * {right}", *_products(WEIGHTS, (old, *new)), REST, ADDED]
    rare = [*usual, *_products(RARE, (old, right)), "epsilon"]
    for texts, most in ((usual, 2), (rare, 2), (usual, 3)):
        terms = {text: column / sizes for text, column in columns.of(dict.fromkeys(texts)).items()}
        found = fewest(target / sizes, terms, most, tolerance)
        if found is not None:
            return found
    return None


def _products(weights: Sequence[str], statistics: Sequence[str]) -> list[str]:
    pairs = product(statistics, weights)
    return [one if weight == REST else f"{weight} * {one}" for one, weight in pairs]


def deviations(found: Mapping[str, float], old: str, new: Mapping[str, str]) -> list[Deviation]:
    """Name in what a moving average differs from momentum * old + (1 - momentum) * new."""
    kept = {text: number for text, number in found.items() if text.endswith(old)}
    fresh = {name: _of(found, name) for name in new}
    fresh = {name: terms for name, terms in fresh.items() if terms}
    wrong: list[Deviation] = []
    for name in fresh:
        if new[name]:
            wrong.append((new[name], f"{name} is averaged"))
    terms = {text: number for one in fresh.values() for text, number in one.items()}
    wrong += _of_weights(kept, terms, old)
    known = {*kept, *terms}
    wrong += [
        ("extra-term", f"{tidy(times(number, f'({text})'))} is added")
        for text, number in found.items()
        if text not in known
    ]
    return wrong


def _of(found: Mapping[str, float], name: str) -> dict[str, float]:
    ends = {name, *(f"{weight} * {name}" for weight in (*WEIGHTS, *RARE))}
    return {text: number for text, number in found.items() if text in ends}


def _weight(terms: Mapping[str, float]) -> Weight:
    if not terms:
        return 0.0
    if len(terms) > 1:
        return None
    [(text, number)] = terms.items()
    for weight in (KEPT, ADDED):
        if text.startswith(f"{weight} * "):
            return weight if near(number, 1) else None
    return number if not any(text.startswith(f"{weight} * ") for weight in RARE) else None


def _of_weights(kept: Mapping[str, float], fresh: Mapping[str, float], old: str) -> list[Deviation]:
    """Name what is wrong with the two weights."""
    weight = _weight(kept)
    name = of_weights(weight, _weight(fresh))
    said = {
        "momentum-reversed": "the old value has the weight 1 - momentum",
        "statistics-not-updated": f"what comes back is the old {old}",
        "no-average": "the old value does not enter",
        "momentum-ignored": f"your numbers are those of momentum = {_spoken(weight)}",
        "weights-do-not-add-up": f"{tidy(added(kept))} is kept and {_joined_by(fresh)}",
    }
    return [(name, said[name])] if name else []


def _joined_by(fresh: Mapping[str, float]) -> str:
    """Say what is added, or subtracted if all of it is."""
    if fresh and all(number < 0 for number in fresh.values()):
        opposite = {text: -number for text, number in fresh.items()}
        return f"{tidy(added(opposite))} is subtracted"
    return f"{tidy(added(fresh))} is added"


def _spoken(weight: Weight) -> str:
    return written(weight) if isinstance(weight, float) else str(weight)


def of_weights(kept: Weight, fresh: Weight) -> str:
    """Return the name of what is wrong with the weights of old and new; "" if nothing is."""
    match (kept, fresh):
        case ("momentum", "(1 - momentum)"):
            return ""
        case ("(1 - momentum)", "momentum"):
            return "momentum-reversed"
        case (float(a), float(b)) if near(a, 1) and near(b, 0):
            return "statistics-not-updated"
        case (float(a), float(b)) if near(a, 0) and near(b, 1):
            return "no-average"
        case (float(a), float(b)) if near(a + b, 1):
            return "momentum-ignored"
    return "weights-do-not-add-up"
