"""Products of powers: on a logarithmic scale they are sums, so that regression finds the powers.

log |gamma ** 2 * mean(dy) / std ** 3|  =  2 log |gamma| + log |mean(dy)| - 3 log std
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from bnutils.checks.calls.calling import Array

SCREEN = 1e-5
"""How far off a logarithm may be before the powers are rounded."""

LARGEST = 8
"""Powers are halves up to this one."""


@dataclass(frozen=True)
class Monomial:
    """A number times a product of powers.

    Attributes
    ----------
    number : float
    powers : mapping of str to float
        Of formulas; none is 0.
    """

    number: float
    powers: Mapping[str, float]

    def text(self) -> str:
        """The product without its number."""
        factors = [_factor(text, power) for text, power in self.powers.items() if power > 0]
        below = [_factor(text, -power) for text, power in self.powers.items() if power < 0]
        return " / ".join([" * ".join(factors) or "1", *below])


def monomials(
    target: Array,
    always: Mapping[str, Array],
    groups: Sequence[Mapping[str, Array]],
    tolerance: float,
) -> Iterator[Monomial]:
    """Yield the products of powers that give a target.

    Parameters
    ----------
    target : ndarray
        (n,), none of them 0.
    always : mapping of str to ndarray
        What may have a power in any case, each (n,).
    groups : sequence of mapping
        Two groups, of which one each may have a power besides.
    tolerance : float
        How far off a number may be, relative to itself.
    """
    base = _logarithms(always)
    logs = [_logarithms(group) for group in groups]
    table = np.column_stack([np.ones_like(target), *base.values()])
    due = np.log(np.abs(target))
    for chosen in _promising(due, table, logs):
        columns = {**base, **chosen}
        numbers = np.linalg.lstsq(np.column_stack([table, *chosen.values()]), due, rcond=None)[0]
        powers = dict(zip(columns, np.round(2 * numbers[1:]) / 2, strict=True))
        values = {text: group[text] for group in (always, *groups) for text in group}
        found = _checked(target, powers, values, tolerance)
        if found is not None:
            yield found


def _logarithms(columns: Mapping[str, Array]) -> dict[str, Array]:
    usable = {t: c for t, c in columns.items() if np.isfinite(c).all() and c.all()}
    return {text: np.log(np.abs(column)) for text, column in usable.items()}


def _promising(
    due: Array, table: Array, logs: Sequence[Mapping[str, Array]]
) -> Iterator[dict[str, Array]]:
    """Yield one of each group, with which the logarithms nearly are a sum."""
    directions, _ = np.linalg.qr(table)
    goal = due - directions @ (directions.T @ due)
    names = list(product(*logs))
    first, second = (np.column_stack([group[text] for text in group]) for group in logs)
    first, second = (one - directions @ (directions.T @ one) for one in (first, second))
    for i, j in _nearly(goal, first, second):
        one, other = names[i * second.shape[1] + j]
        yield {one: logs[0][one], other: logs[1][other]}


def _nearly(goal: Array, first: Array, second: Array) -> Array:
    """Return the pairs of places whose columns nearly give the goal."""
    a, b = (first**2).sum(axis=0)[:, None], (second**2).sum(axis=0)
    both, u, v = first.T @ second, (goal @ first)[:, None], goal @ second
    whole = a * b - both**2 + 1e-12
    p, q = (u * b - v * both) / whole, (v * a - u * both) / whole
    rest = goal[:, None, None] - p * first[:, :, None] - q * second[:, None, :]
    return np.argwhere(np.abs(rest).max(axis=0) < SCREEN)


def _checked(
    target: Array, powers: Mapping[str, float], values: Mapping[str, Array], tolerance: float
) -> Monomial | None:
    """Return the product of rounded powers if it gives the target, but for a number."""
    powers = {text: float(power) for text, power in powers.items() if power}
    if any(abs(power) > LARGEST for power in powers.values()):
        return None
    parts = [_raised(values[text], power) for text, power in powers.items()]
    ratios = target / np.prod([np.ones_like(target), *parts], axis=0)
    number = float(np.median(ratios))
    if not np.abs(ratios - number).max() <= tolerance * abs(number):
        return None
    return Monomial(number, powers)


def _raised(values: Array, power: float) -> Array:
    return np.asarray(values**power if power == int(power) else np.abs(values) ** power)


def _factor(text: str, power: float) -> str:
    if power == 0.5:
        return f"sqrt(abs({text}))"
    whole = power == int(power)
    base = f"({text})" if whole else f"abs({text})"
    return base if power == 1 else f"{base} ** {int(power) if whole else power}"
