"""Learning rates that change from update to update, each a formula of the update's number t.

t counts from 0, as in ``keras.optimizers.schedules``, so that the last of n updates has t = n - 1.
A schedule is called with one number or an array of them and prints as the call that makes it:
results are filed under what it prints. Wherever the package takes a learning rate, it takes a
schedule as well: ``compare(..., learning_rate=schedules.Exponential(0.1, 1.01))``.

===========================  ==================================================================
:class:`Exponential`         ``initial * factor**t``
:class:`WarmUp`              from ``start`` to ``rate`` in a straight line, then constant
:class:`Cosine`              from ``initial`` to ``final`` along half a cosine
:class:`Piecewise`           constant between changes
:class:`PerUpdate`           any rates at all, one for each update
:class:`InsteadOfDecay`      what does without weight decay what another rate does with it
===========================  ==================================================================
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from math import inf, pi
from typing import Any

import numpy as np
import numpy.typing as npt

from bnutils.surroundings import import_keras
from bnutils.utils.scalars import real
from bnutils.utils.validation import at_least, counts, is_a, not_negative, positive, settle, several
from bnutils.utils.wording import shown

Steps = npt.ArrayLike  # whole numbers, from 0
LARGEST = float(np.finfo(np.float32).max)  # what the networks are trained in


class Schedule(ABC):
    """A learning rate as a function of the number of the update.

    Attributes
    ----------
    lasts : float
        How many updates it gives a rate for.
    """

    lasts: float = inf

    def __call__(self, step: Steps) -> np.ndarray:
        """Return the rates of some updates, float64 of the same shape.

        Parameters
        ----------
        step : int or array of int
            Numbers of updates, from 0.
        """
        return self._rates(np.asarray(step, np.int64))

    @abstractmethod
    def _rates(self, t: np.ndarray) -> np.ndarray:
        """The formula."""


@dataclass(frozen=True)
class Exponential(Schedule):
    """rate(t) = initial * factor^t.

    With a factor above 1 it grows: Li & Arora (2020), "An exponential learning rate schedule for
    deep learning". Keras' ``ExponentialDecay(initial, 1, factor)``.

    Parameters
    ----------
    initial : float
        Rate of the first update, positive.
    factor : float
        By how much each rate is larger than the one before, positive.

    Raises
    ------
    ValueError
        If a number is not positive and finite.
    """

    initial: float
    factor: float

    def __post_init__(self) -> None:
        settle(self, initial=positive("initial", self.initial))
        settle(self, factor=positive("factor", self.factor))

    def _rates(self, t: np.ndarray) -> np.ndarray:
        with np.errstate(over="ignore"):  # what is too large is refused before training
            rates: np.ndarray = self.initial * np.power(self.factor, t, dtype=float)
        return rates


@dataclass(frozen=True)
class WarmUp(Schedule):
    """rate(t) = start + (rate - start) * min(t / updates, 1).

    As in Keras the first rate is ``start`` itself: with 0 the first update moves no weight.

    Parameters
    ----------
    rate : float
        What it comes to, positive.
    updates : int
        After how many.
    start : float
        Where it begins, not negative.

    Raises
    ------
    ValueError, TypeError
        If a rate is out of range, or ``updates`` no whole number from 1.
    """

    rate: float
    updates: int
    start: float = 0.0

    def __post_init__(self) -> None:
        settle(self, rate=positive("rate", self.rate), start=not_negative("start", self.start))
        settle(self, updates=at_least("updates", self.updates, 1))

    def _rates(self, t: np.ndarray) -> np.ndarray:
        return self.start + (self.rate - self.start) * np.minimum(t / self.updates, 1.0)


@dataclass(frozen=True)
class Cosine(Schedule):
    """rate(t) = final + (initial - final) * (1 + cos(pi * min(t / updates, 1))) / 2.

    Loshchilov & Hutter (2017), "SGDR", without restarts; Keras' ``CosineDecay``.

    Parameters
    ----------
    initial : float
        Rate of the first update, positive.
    updates : int
        After how many it has come to ``final``, and stays there.
    final : float
        Not negative.

    Raises
    ------
    ValueError, TypeError
        If a rate is out of range, or ``updates`` no whole number from 1.
    """

    initial: float
    updates: int
    final: float = 0.0

    def __post_init__(self) -> None:
        settle(self, initial=positive("initial", self.initial))
        settle(self, final=not_negative("final", self.final))
        settle(self, updates=at_least("updates", self.updates, 1))

    def _rates(self, t: np.ndarray) -> np.ndarray:
        share = (1.0 + np.cos(pi * np.minimum(t / self.updates, 1.0))) / 2.0
        return self.final + (self.initial - self.final) * share


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


@dataclass(frozen=True)
class InsteadOfDecay(Schedule):
    """rate(t) = eta_t / (a_t * (a_0 ... a_(t-1))^2) with a_t = 1 - eta_t * decay.

    Where the loss does not depend on the scale of the weights w, SGD without decay at this rate
    takes the same directions as SGD at the rate eta with decay. There g(c w) = g(w) / c. With
    decay, w_(t+1) = a_t w_t - eta_t g(w_t); divide by a_0 ... a_t, write v_t for
    w_t / (a_0 ... a_(t-1)), and it reads v_(t+1) = v_t - rate(t) g(v_t). For constant eta that is
    rate(t) = eta a^(-2t-1), the growing rate of Li & Arora (2020). The effective rate
    rate(t) / ||v_t||^2 is then that of the run with decay, eta_t / ||w_t||^2, divided by a_t.

    Exact for those weights alone: a kernel before batch normalisation is one (but for epsilon),
    gamma, beta and the last layer are not. And for the losses of training alone: moving statistics
    lag behind a scale that changes, so that inference agrees only once they are measured anew
    (:func:`bnutils.averaging.recalibrated`).

    Parameters
    ----------
    learning_rate : float or Schedule
        eta, with which there was a decay.
    decay : float
        As of :class:`bnutils.optimizers.Optimizer`, not negative; ``eta * decay`` stays below 1.

    Raises
    ------
    ValueError
        If a number is out of range.
    """

    learning_rate: float | Schedule
    decay: float

    def __post_init__(self) -> None:
        settle(self, learning_rate=rate_or_schedule("learning_rate", self.learning_rate))
        settle(self, decay=not_negative("decay", self.decay))
        self(0)

    @property
    def lasts(self) -> float:  # type: ignore[override]
        """How many updates the other rate is known for."""
        return getattr(self.learning_rate, "lasts", inf)

    def _rates(self, t: np.ndarray) -> np.ndarray:
        eta = rates_at(self.learning_rate, np.arange(t.max(initial=0) + 1))
        kept = 1.0 - eta * self.decay
        if kept.min() <= 0:
            raise ValueError(
                "learning_rate * decay must be below 1, or a step of decay turns the weights "
                f"around; received {eta.max():g} * {self.decay:g}. Lower one of them."
            )
        before = np.cumprod([1.0, *kept[:-1]])
        with np.errstate(over="ignore", divide="ignore"):
            rates: np.ndarray = (eta / (kept * before**2))[t]
        return rates


def rate_or_schedule(name: str, value: object) -> float | Schedule:
    """Return a learning rate: a schedule as it is, a number as a ``float``.

    Raises
    ------
    ValueError
        If it is neither.
    """
    if is_a(value, Schedule):
        schedule: Any = value
        return schedule  # type: ignore[no-any-return]
    return positive(name, value, "A rate that changes is one of bnutils.schedules.")


def rates_at(rate: float | Schedule, step: Steps) -> np.ndarray:
    """Return the rates of some updates, float64; a number stands for itself at all of them."""
    return np.full(np.shape(step), rate) if isinstance(rate, float) else rate(step)


def require_rates(rate: float | Schedule, updates: int) -> None:
    """Raise ``ValueError`` if a training of so many updates cannot have the rates of a schedule."""
    if isinstance(rate, float):
        return
    if rate.lasts < updates:
        raise ValueError(
            f"learning_rate must have a rate for each of the {updates} updates; received {rate!r}."
            " Add rates, or train for fewer updates."
        )
    largest = rates_at(rate, [0, updates - 1]).max()
    if not largest <= LARGEST:
        raise ValueError(
            f"learning_rate must stay below {LARGEST:.2g}, the largest number of float32; received "
            f"{rate!r}, which passes it within {updates} updates. Take a smaller factor or decay."
        )


def as_keras(rate: float | Schedule, updates: int) -> Any:
    """Return what a Keras optimiser takes as its ``learning_rate``.

    Parameters
    ----------
    rate : float or Schedule
        A number stays one.
    updates : int
        How many rates there must be.

    Returns
    -------
    float or keras.optimizers.schedules.LearningRateSchedule
        The latter looks the rates up: they are the very ones of the engine.
    """
    if isinstance(rate, float):
        return rate
    keras = import_keras()
    table = rates_at(rate, np.arange(updates)).astype(np.float32)

    class PerStep(keras.optimizers.schedules.LearningRateSchedule):  # type: ignore[misc,name-defined]
        def __call__(self, step: Any) -> Any:
            return keras.ops.take(keras.ops.convert_to_tensor(table), step)

    return PerStep()


def _rates(values: Iterable[float]) -> tuple[float, ...]:
    """One or more rates as floats, checked."""
    rates = [real(value) for value in several("rates", values, "numbers")]
    if not rates or not all(0 <= rate <= LARGEST for rate in rates):
        raise ValueError(
            "rates must be one or more finite numbers that are not negative, such as (0.1, 0.01); "
            f"received {shown(values)}."
        )
    return tuple(rates)
