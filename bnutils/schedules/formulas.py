"""Schedules that a formula of one line gives."""

from dataclasses import dataclass
from math import pi

import numpy as np

from bnutils.schedules.schedule import Schedule
from bnutils.utils.validation import at_least, not_negative, positive, settle


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
