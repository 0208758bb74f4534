"""By which angle weights turn."""

import numpy as np


def angles(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Return the angle between two weights of each replica, in radians.

    The arc cosine of <u, v> / (||u|| ||v||) knows no angle below the root of its precision, since
    a cosine near 1 hardly changes. Of unit vectors u and v it is also
    2 atan2(||u - v||, ||u + v||), which is exact for small angles too (Kahan 2006, "How futile
    are mindless assessments of roundoff").

    Parameters
    ----------
    before, after : numpy.ndarray
        Shape ``(R, ...)``.

    Returns
    -------
    numpy.ndarray
        Shape ``(R,)``, float64; NaN where a weight is zero or not finite.
    """
    u, v = _directions(before), _directions(after)
    difference, total = np.linalg.norm(u - v, axis=1), np.linalg.norm(u + v, axis=1)
    found: np.ndarray = 2.0 * np.arctan2(difference, total)
    return found


def _directions(weights: np.ndarray) -> np.ndarray:
    """Unit vectors, shape (R, numbers), float64."""
    rows = weights.reshape(len(weights), -1).astype(np.float64)
    with np.errstate(invalid="ignore"):
        unit: np.ndarray = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit
