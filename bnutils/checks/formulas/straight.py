"""Straight lines: how a feature's results follow its values, if they do so evenly."""

import numpy as np

from bnutils.checks.calls.calling import Array


def straight(x: Array, y: Array) -> tuple[Array, Array, Array]:
    """Return the slope and the height at 0 of each feature's line, and its largest miss.

    Parameters
    ----------
    x, y : ndarray
        (..., D), at least two values of each feature.
    """
    values, results = (np.reshape(one, (-1, x.shape[-1])).astype(float) for one in (x, y))
    centred, middle = values - values.mean(axis=0), results.mean(axis=0)
    slope = (centred * (results - middle)).sum(axis=0) / (centred**2).sum(axis=0)
    height = middle - slope * values.mean(axis=0)
    return slope, height, np.abs(slope * values + height - results).max(axis=0)
