"""The rule by which a claim gets its verdict.

A claim says that a mean over seeds lies above a bound, below one, or between two. Each claim spends
a fixed share, EARNED, whatever is claimed elsewhere: of a hundred and fifty claims without any
effect, less than one is expected to get a verdict.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from bnutils.utils.validation import finite, fraction
from bnutils.verdicts.signs import sign_flip_p, some_values

EARNED = 1 / 500
"""The p at which a verdict is given."""
KEPT = 1 / 50
"""The p up to which a verdict, once given, stands when it is measured again."""


@dataclass(frozen=True)
class Verdict:
    """What follows for a claim.

    Attributes
    ----------
    name : {"supported", "contradicted", "undecided"}
        Whether p is small enough, and on which side.
    p : float
        Of the sign-flip test. For a range, the larger of the two one-sided ones.
    dissenting : int
        Seeds whose own value is not where the claim says.
    """

    name: str
    p: float
    dissenting: int


def decide(
    values: Iterable[float],
    above: float | None = None,
    below: float | None = None,
    level: float = EARNED,
) -> Verdict:
    """Return the verdict on a claim that was made before the values were known.

    Parameters
    ----------
    values : iterable of float
        One for each seed. One that is not finite, as of a seed that diverged, counts
        against the claim, as much as the one furthest from the bound.
    above, below : float, optional
        The claim holds if the mean lies between them; at least one.
    level : float
        The p at which there is a verdict: :data:`EARNED` where one is given, :data:`KEPT` where
        one that was given is looked at again.

    Returns
    -------
    Verdict
        ``"supported"`` if p is at most ``level`` and the mean is where the claim says; of a range
        each end is tested on its own side, and p is the larger. ``"contradicted"`` if the mean is
        as clearly beyond an end.

    Raises
    ------
    ValueError
        If there is no bound or no value, the range is empty, or the values are not plain numbers.
    """
    towards, level = towards_claim(values, above, below), fraction("level", level)
    dissenting = int((np.min(towards, axis=0) <= 0).sum())
    at_ends = [sign_flip_p(gaps) for gaps in towards]
    for p, gaps in zip(at_ends, towards, strict=True):
        if p <= level and gaps.mean() < 0:
            return Verdict("contradicted", p, dissenting)
    is_range = len(towards) > 1
    p = max(sign_flip_p(gaps, side="above") for gaps in towards) if is_range else at_ends[0]
    inside = all(gaps.mean() > 0 for gaps in towards)
    return Verdict("supported" if p <= level and inside else "undecided", p, dissenting)


def bounds(above: float | None, below: float | None) -> tuple[float | None, float | None]:
    """Return where an effect lies if a claim holds, checked.

    Raises
    ------
    ValueError
        If both are missing, or one is not finite.
    """
    if above is None and below is None:
        raise ValueError("Give above, below or both: where the effect lies if the claim holds.")
    least = None if above is None else finite("above", above)
    return least, None if below is None else finite("below", below)


def towards_claim(
    values: Iterable[float], above: float | None, below: float | None
) -> list[np.ndarray]:
    """For each bound, how far each value is on the claim's side of it; lost ones on the other."""
    least, most = bounds(above, below)
    if least is not None and most is not None and least >= most:
        raise ValueError(
            f"above must be less than below, or no effect is between them; received {least:g} and "
            f"{most:g}. The claim is that the effect is above the one and below the other."
        )
    given = some_values(values)
    gaps = [given - least] if least is not None else []
    gaps += [most - given] if most is not None else []
    return [_without_holes(each) for each in gaps]


def _without_holes(towards: np.ndarray) -> np.ndarray:
    """What is not finite counts against the claim, as much as the largest of the others."""
    known = np.isfinite(towards)
    worst = -np.abs(towards[known]).max() if known.any() else -1.0
    return np.where(known, towards, worst)
