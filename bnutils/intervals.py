"""A mean over seeds with its 95 % interval."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Interval:
    """A mean over seeds with its 95 % interval.

    Attributes
    ----------
    estimate, low, high : float
        The mean and the ends of its interval, in the unit of the values.
    n : int
        Number of values, usually seeds.
    """

    estimate: float
    low: float
    high: float
    n: int

    def __mul__(self, factor: float) -> "Interval":
        low, high = sorted((self.low * factor, self.high * factor))
        return Interval(self.estimate * factor, low, high, self.n)

    __rmul__ = __mul__

    def __str__(self) -> str:
        return (
            f"{self.estimate:.4g} (95 % interval {self.low:.4g} to {self.high:.4g}, n = {self.n})"
        )


def interval(values: Iterable[float]) -> Interval:
    """Return the mean of one value per seed with its 95 % interval.

    The interval is Student's: mean +- t * s / sqrt(n), with s the sample standard deviation
    (ddof = 1) and t the 97.5 % quantile for n - 1 degrees of freedom. With one value there is
    no interval, and its ends are NaN.

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
        If there is no value, or one is not finite.
    """
    numbers = np.asarray(list(values), dtype=float)
    if numbers.ndim != 1 or len(numbers) == 0 or not np.isfinite(numbers).all():
        raise ValueError(
            "values must be one or more finite numbers, one for each seed; received "
            f"{numbers.tolist()}. Leave out the seeds that diverged, and say how many."
        )
    from scipy.special import stdtrit

    n, mean = len(numbers), float(numbers.mean())
    if n == 1:
        return Interval(mean, float("nan"), float("nan"), 1)
    half = float(stdtrit(n - 1, 0.975) * numbers.std(ddof=1) / np.sqrt(n))
    return Interval(mean, mean - half, mean + half, n)


def interval_or_nan(values: Iterable[float]) -> Interval:
    """Return the interval of what is left, which may be nothing.

    Parameters
    ----------
    values : iterable of float
        One for each seed that has one.

    Returns
    -------
    Interval
        All NaN, with n = 0, if there are no values.

    Raises
    ------
    ValueError
        If a value is not finite.
    """
    numbers = list(values)
    nan = float("nan")
    return interval(numbers) if numbers else Interval(nan, nan, nan, 0)
