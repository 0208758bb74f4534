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

from bnutils.schedules.decay import InsteadOfDecay
from bnutils.schedules.formulas import Cosine, Exponential, WarmUp
from bnutils.schedules.listed import PerUpdate, Piecewise
from bnutils.schedules.schedule import (
    LARGEST,
    Schedule,
    Steps,
    as_keras,
    rate_or_schedule,
    rates_at,
    require_rates,
)

__all__ = [
    "LARGEST",
    "Cosine",
    "Exponential",
    "InsteadOfDecay",
    "PerUpdate",
    "Piecewise",
    "Schedule",
    "Steps",
    "WarmUp",
    "as_keras",
    "rate_or_schedule",
    "rates_at",
    "require_rates",
]
