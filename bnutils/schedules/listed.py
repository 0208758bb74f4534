"""Schedules whose rates are listed: a few for many updates, or one for each."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise

import numpy as np

from bnutils.schedules.schedule import LARGEST, Schedule
from bnutils.utils.scalars import real
from bnutils.utils.validation import counts, settle, several
from bnutils.utils.wording import shown


@dataclass(frozen=True)
class Piecewise(Schedule):
    """rate(t) = rates[i], where i is how many of the ``changes`` are at most t.

    ``Piecewise((0.1, 0.01), 100)`` trains 100 updates at 0.1 and all others at 0.01. Keras'
    ``PiecewiseConstantDecay`` counts a boundary to what comes before it: its boundaries are one
    less.

    Parameters
    ----------
    rates : several float
        Not negative; one more than there are changes.
    changes : int or several
        Numbers of the updates, rising, from which on the next rate holds.

    Raises
    ------
    ValueError, TypeError
        If the numbers are not these.
    """

    rates: tuple[float, ...]
    changes: tuple[int, ...]

    def __post_init__(self) -> None:
        settle(self, rates=_rates(self.rates), changes=counts("changes", self.changes, 1))
        rising = all(earlier < later for earlier, later in pairwise(self.changes))
        if not rising or len(self.rates) != len(self.changes) + 1:
            raise ValueError(
                "changes must be rising numbers of updates, one fewer than rates; received "
                f"{shown(self.changes)} and {len(self.rates)} rates."
            )

    def _rates(self, t: np.ndarray) -> np.ndarray:
        return np.array(self.rates)[np.searchsorted(self.changes, t, side="right")]


@dataclass(frozen=True, repr=False)
class PerUpdate(Schedule):
    """rate(t) = rates[t].

    For what no formula gives, or what several give one after the other:
    ``PerUpdate([*WarmUp(0.1, 50)(range(50)), *Cosine(0.1, 250)(range(250))])``. It prints as
    how many there are, the first and the last, and a checksum of all.

    Parameters
    ----------
    rates : several float
        Not negative, one for each update of the training; more are not looked at.

    Raises
    ------
    ValueError, TypeError
        If these are no such numbers.
    """

    rates: tuple[float, ...]

    def __post_init__(self) -> None:
        settle(self, rates=_rates(self.rates))

    def __repr__(self) -> str:
        first, last, count = self.rates[0], self.rates[-1], len(self.rates)
        checksum = sha256(repr(self.rates).encode()).hexdigest()[:12]
        return f"PerUpdate({count} rates from {first!r} to {last!r}, checksum {checksum})"

    @property
    def lasts(self) -> float:  # type: ignore[override]
        """How many rates there are; to what is asked beyond them the last is the answer."""
        return len(self.rates)

    def _rates(self, t: np.ndarray) -> np.ndarray:
        rates: np.ndarray = np.array(self.rates)[np.minimum(t, len(self.rates) - 1)]
        return rates


def _rates(values: Iterable[float]) -> tuple[float, ...]:
    """One or more rates as floats, checked."""
    rates = [real(value) for value in several("rates", values, "numbers")]
    if not rates or not all(0 <= rate <= LARGEST for rate in rates):
        raise ValueError(
            "rates must be one or more finite numbers that are not negative, such as (0.1, 0.01); "
            f"received {shown(values)}."
        )
    return tuple(rates)
