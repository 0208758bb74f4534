"""What a schedule is, and what is asked of any: its rates, whether they will do, Keras' form."""

from abc import ABC, abstractmethod
from math import inf
from typing import Any

import numpy as np
import numpy.typing as npt

from bnutils.surroundings import import_keras
from bnutils.utils.validation import is_a, positive

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
