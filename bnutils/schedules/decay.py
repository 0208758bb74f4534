"""The schedule that does without weight decay what another one does with it."""

from dataclasses import dataclass
from math import inf

import numpy as np

from bnutils.schedules.schedule import Schedule, rate_or_schedule, rates_at
from bnutils.utils.validation import not_negative, settle


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
