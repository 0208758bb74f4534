"""All that values by seed say of a claim: more than its verdict."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from bnutils.utils.validation import flag, fraction, positive
from bnutils.verdicts.deciding import EARNED, decide, towards_claim
from bnutils.verdicts.signs import finite_values, some_values

POWER = 0.8
DEMONSTRATION = 5
"""Standard deviations: a bound further away from the effect is not in question."""


@dataclass(frozen=True)
class Outcome:
    """All that values by seed say of a claim.

    Attributes
    ----------
    verdict : str
        ``"supported"``, ``"contradicted"`` or ``"undecided"``; ``"described"`` where the claim was
        formed after looking; ``"holds"`` or ``"fails"`` of a theorem.
    dissenting : int
        Seeds whose own value is not where the claim says.
    p : float or None
        Of the sign-flip test; None of a theorem.
    ahead : float or None
        How likely the claim holds of a random seed, see :func:`share_ahead`.
    detectable : float or None
        The smallest effect that as many seeds would have found, see :func:`detectable`.
    demonstration : bool
        Whether the claim was hardly in question, see :func:`is_demonstration`.
    """

    verdict: str
    dissenting: int
    p: float | None = None
    ahead: float | None = None
    detectable: float | None = None
    demonstration: bool = False


def measured(
    values: Iterable[float],
    above: float | None = None,
    below: float | None = None,
    *,
    described: bool = False,
) -> Outcome:
    """Return what follows for a claim that was measured.

    Parameters
    ----------
    values, above, below
        As of :func:`decide`.
    described : bool
        Whether the claim was formed after looking: it has no verdict then.

    Raises
    ------
    ValueError
        As :func:`decide`.
    """
    given = some_values(values)
    found, known = decide(given, above, below), given[np.isfinite(given)]
    return Outcome(
        verdict="described" if flag("described", described) else found.name,
        dissenting=found.dissenting,
        p=found.p,
        ahead=share_ahead(given, above, below),
        detectable=detectable(known) if len(known) > 1 else None,
        demonstration=is_demonstration(given, above, below),
    )


def checked(
    values: Iterable[float], above: float | None = None, below: float | None = None
) -> tuple[Outcome, float]:
    """Return whether a theorem holds of every value, and the value that is furthest from it.

    Parameters and errors are those of :func:`decide`.
    """
    given = some_values(values)
    nearest = np.min(towards_claim(given, above, below), axis=0)
    worst = float(given[nearest.argmin()])
    dissenting = int((nearest <= 0).sum())
    return Outcome("fails" if dissenting else "holds", dissenting), worst


def share_ahead(
    values: Iterable[float], above: float | None = None, below: float | None = None
) -> float:
    """Return how likely the claim holds of a random seed: the share of seeds, ties as halves.

    Parameters and errors are those of :func:`decide`.
    """
    nearest = np.min(towards_claim(values, above, below), axis=0)
    return float((np.sign(nearest).mean() + 1) / 2)


def is_demonstration(
    values: Iterable[float], above: float | None = None, below: float | None = None
) -> bool:
    """Whether every bound is over five standard deviations from the mean.

    Such a claim was hardly in question, and is not counted among predictions. Parameters and
    errors are those of :func:`decide`; the standard deviation (ddof = 1) is that of the values.
    """
    towards = towards_claim(values, above, below)
    if len(towards[0]) < 2:
        return False
    return all(abs(gaps.mean()) > DEMONSTRATION * gaps.std(ddof=1) for gaps in towards)


def detectable(values: Iterable[float], level: float = EARNED, power: float = POWER) -> float:
    """Return the smallest effect that as many seeds would have found, four times in five.

    It is what Student's test of n normal values of this standard deviation s detects with the
    given power: ``s nc / sqrt(n)``, where noncentral t with n - 1 degrees of freedom and
    noncentrality nc exceeds its two-sided critical value. For 16 seeds that is about 1.2 s.

    Parameters
    ----------
    values : iterable of float
        One for each seed, at least two.
    level, power : float
        p at which there is a verdict, and how often it is to be reached.

    Returns
    -------
    float
        In the unit of the values. It says nothing of the effect that was measured.

    Raises
    ------
    ValueError
        If there are fewer than two values, one is not finite, or a share is out of range.
    """
    from scipy.special import nctdtrinc, stdtrit

    given = finite_values(values)
    if len(given) < 2:
        raise ValueError(f"values must be at least two, one for each seed; received {len(given)}.")
    freedom = len(given) - 1
    level, power = (_inside(*share) for share in (("level", level), ("power", power)))
    noncentral = nctdtrinc(freedom, 1 - power, stdtrit(freedom, 1 - level / 2))
    return float(given.std(ddof=1) * noncentral / np.sqrt(len(given)))


def _inside(name: str, share: float) -> float:
    """A share that is neither nothing nor all."""
    return positive(name, fraction(name, share, one=False))
