"""The functions of the language of formulas: statistics keep the axes that they run over."""

from collections.abc import Callable
from typing import Any

import numpy as np

from bnutils.checks.calls.calling import Array


def _over(value: Array, axis: int | tuple[int, ...] | None) -> tuple[int, ...]:
    """Return the axes to run over; all but the last where none are named."""
    if axis is None:
        return tuple(range(value.ndim - 1)) or (0,)
    return (axis,) if isinstance(axis, int) else tuple(axis)


def _statistic(function: Callable[..., Any]) -> Callable[..., Array]:
    """Return a statistic of NumPy's as it is in formulas."""

    def statistic(value: Array, axis: int | tuple[int, ...] | None = None) -> Array:
        return np.asarray(function(value, axis=_over(value, axis), keepdims=True))

    return statistic


_mean, _sum = _statistic(np.mean), _statistic(np.sum)


def _var(value: Array, axis: int | tuple[int, ...] | None = None, ddof: int = 0) -> Array:
    mean = _mean(value, axis)
    count = value.size / max(mean.size, 1)
    return np.asarray(_sum((value - mean) ** 2, axis) / np.float64(count - ddof))


FUNCTIONS: dict[str, Callable[..., Array]] = {
    "mean": _mean,
    "sum": _sum,
    "var": _var,
    "median": _statistic(np.median),
    "min": _statistic(np.min),
    "max": _statistic(np.max),
    "sqrt": np.sqrt,
    "abs": np.abs,
    "turned": np.transpose,
    "column": lambda value: value.reshape(-1, 1),
}
