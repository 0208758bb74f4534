"""A mean over seeds with its 95 % interval."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bnutils.utils.scalars import plain
from bnutils.utils.validation import several
from bnutils.utils.wording import shown
from bnutils.utils.words import counted

NAN = float("nan")


@dataclass(frozen=True)
class Interval:
    """A mean over seeds with its 95 % interval.

    Attributes
    ----------
    estimate, low, high : float
        The mean and the ends of its interval, in the unit of the values. One value has no
        ends, and no value has no mean either: they are NaN then.
    n : int
        Number of values, usually seeds.
    lost : int
        How many more were left out because they are not finite: seeds that diverged.
    values : tuple of float
        What it was made from, one for each seed, also those that are not finite.
    """

    estimate: float
    low: float
    high: float
    n: int
    lost: int = 0
    values: tuple[float, ...] = field(default=(), repr=False, compare=False)

    @property
    def is_whole(self) -> bool:
        """Whether there are ends: at least two values were finite."""
        return self.low <= self.estimate <= self.high

    @property
    def gaps(self) -> str:
        """What is missing, as a sentence; empty if nothing is."""
        lost = f"{counted(self.lost, 'seed')} without a finite number left out"
        few = {0: "no seed is left", 1: "one seed gives no interval"}.get(self.n, "")
        parts = [lost] * bool(self.lost) + [few] * bool(few)
        return f"{'; '.join(parts)}.".capitalize() if parts else ""

    def __mul__(self, factor: float) -> "Interval":
        low, high = sorted((self.low * factor, self.high * factor))
        values = tuple(value * factor for value in self.values)
        return Interval(self.estimate * factor, low, high, self.n, self.lost, values)

    __rmul__ = __mul__

    def __str__(self) -> str:
        ends = f"(95 % interval {self.low:.4g} to {self.high:.4g}, n = {self.n})"
        return " ".join(part for part in (f"{self.estimate:.4g}", ends, self.gaps) if part)


def interval(values: Iterable[float]) -> Interval:
    """Return the mean of one value per seed with its 95 % interval.

    The interval is Student's: mean +- t * s / sqrt(n), with s the sample standard deviation
    (ddof = 1) and t the 97.5 % quantile for n - 1 degrees of freedom. With one value there is
    no interval, and its ends are NaN. Values that are not finite, as of seeds that diverged,
    are left out and counted in ``lost``.

    Parameters
    ----------
    values : iterable of float
        One for each seed.

    Returns
    -------
    Interval

    Raises
    ------
    ValueError
        If the values are not plain numbers, one for each seed.
    """
    given = numbers(values)
    finite = given[np.isfinite(given)]
    n, lost, by_seed = len(finite), len(given) - len(finite), tuple(given.tolist())
    if n < 2:
        return Interval(float(finite[0]) if n else NAN, NAN, NAN, n, lost, by_seed)
    from scipy.special import stdtrit

    mean = float(finite.mean())
    half = float(stdtrit(n - 1, 0.975) * finite.std(ddof=1) / np.sqrt(n))
    return Interval(mean, mean - half, mean + half, n, lost, by_seed)


def numbers(values: Iterable[float]) -> np.ndarray:
    """Return values by seed as an array of one axis, float64.

    Raises
    ------
    ValueError
        If they are not plain numbers.
    """
    try:
        return np.array([_number(value) for value in several("values", values, "numbers")], float)
    except Exception as problem:  # a class may refuse the conversion in its own way
        raise ValueError(
            "values must be plain numbers, one for each seed, as in interval([0.1, 0.3]); received "
            f"{shown(values)} ({problem})."
        ) from problem


def _number(value: Any) -> float:
    """One value as a float; texts, truth values, what is masked and arrays with axes are none."""
    held = plain(value)
    without_axes = getattr(held, "shape", ()) == () and held is not np.ma.masked
    if isinstance(held, str | bytes | bool) or not without_axes:
        raise TypeError(f"{shown(held)} is no number")
    return float(held)
