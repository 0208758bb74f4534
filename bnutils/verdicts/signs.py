"""The sign-flip test: how often chance alone leads as far away.

If the differences from a bound are symmetric about it, each of the 2^n patterns of their signs is
as likely as the one seen, and p is the share of patterns that lead at least as far away. Nothing
else is assumed, and no table is needed. With n seeds p is at least 2 / 2^n, of one side 1 / 2^n.
"""

from collections.abc import Iterable

import numpy as np

from bnutils.intervals import numbers
from bnutils.utils.validation import finite, one_of

MOST = 40  # seeds: their halves have a million patterns each; more are counted by the normal law
SIDES = ("both", "above", "below")
ROUNDING = 1e-9  # of the sum of all sizes: patterns that tie but for rounding are as far away


def sign_flip_p(values: Iterable[float], bound: float = 0.0, side: str = "both") -> float:
    """Return the exact p of the sign-flip test on a mean.

    Parameters
    ----------
    values : iterable of float
        One for each seed.
    bound : float
        The mean that is tested.
    side : {"both", "above", "below"}
        Whether a mean far away on either side counts, or only one above or below the bound.

    Returns
    -------
    float
        Share of the 2^n patterns of signs of ``values - bound`` whose sum is at least as far from
        zero as the sum seen, in (0, 1]. Beyond 40 seeds it is the normal law's, which the sum of
        so many comes close to.

    Raises
    ------
    ValueError
        If there is no value, or one is not finite.
    """
    gaps, side = finite_values(values) - finite("bound", bound), one_of("side", side, SIDES)
    gaps = -gaps if side == "below" else gaps
    seen = abs(gaps.sum()) if side == "both" else gaps.sum()
    share = _share_at_least(gaps, seen - ROUNDING * np.abs(gaps).sum())
    return min(1.0, 2 * share) if side == "both" else share


def _share_at_least(gaps: np.ndarray, least: float) -> float:
    """Share of the patterns of signs whose sum is at least so large.

    The sums of one half of the values meet those of the other: n of 2^(n/2) instead of 2^n.
    """
    if len(gaps) > MOST:
        return _normal_share(gaps, least)
    half = len(gaps) // 2
    one, other = _sums(gaps[:half]), np.sort(_sums(gaps[half:]))
    enough = len(other) - np.searchsorted(other, least - one)
    return float(enough.mean() / len(other))


def _normal_share(gaps: np.ndarray, least: float) -> float:
    """The same, if the sum of all patterns is normal: its variance is the sum of the squares."""
    from scipy.special import ndtr

    spread = np.linalg.norm(gaps)
    return float(ndtr(-least / spread)) if spread else 1.0


def _sums(gaps: np.ndarray) -> np.ndarray:
    """The sums of all patterns of signs."""
    sums = np.zeros(1)
    for gap in gaps:
        sums = np.concatenate([sums + gap, sums - gap])
    return sums


def finite_values(values: Iterable[float]) -> np.ndarray:
    """One value at least, and none that is not finite."""
    given = some_values(values)
    if not np.isfinite(given).all():
        raise ValueError(
            f"values must be finite, one for each seed; received {given[~np.isfinite(given)][0]}. "
            "Seeds that diverged count against a claim: decide() takes them."
        )
    return given


def some_values(values: Iterable[float]) -> np.ndarray:
    """One value at least."""
    given = numbers(values)
    if not len(given):
        raise ValueError("values must be at least one, one for each seed; received none.")
    return given
