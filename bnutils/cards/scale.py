"""The axis that the intervals of a finding are drawn on."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bnutils.records import Fields, bounds_of, is_signed

MARGIN = 0.08  # of the whole, beyond the outermost value
LEAST = 1e-9  # of the largest value: a narrower axis would have ticks that read the same
MOST_TICKS = 6
STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Scale:
    """From ``low`` to ``high``, both finite, the first the smaller."""

    low: float
    high: float

    def place(self, value: float) -> float:
        """Where a value lies, from 0 at the low end to 1 at the high one."""
        inside = min(max(value, self.low), self.high)
        return (inside - self.low) / (self.high - self.low)

    @property
    def step(self) -> float:
        """The distance between ticks: 1, 2 or 5 times a power of ten, so that they are few."""
        power = math.floor(math.log10(self.high - self.low)) - 1
        steps = (first * 10.0**more for more in (power, power + 1) for first in STEPS)
        return next(step for step in steps if (self.high - self.low) / step <= MOST_TICKS)

    def ticks(self) -> Iterator[float]:
        """The multiples of the step on the axis."""
        first, last = math.ceil(self.low / self.step), math.floor(self.high / self.step)
        return (count * self.step for count in range(first, last + 1))


def scale_of(group: Sequence[Fields]) -> Scale:
    """Return the common axis of some records: all their numbers and bounds, and a margin.

    Zero is on it if the effects are differences, for which it says "none".
    """
    values = [value for fields in group for value in _on_axis(fields) if math.isfinite(value)]
    low, high = min(values, default=0.0), max(values, default=1.0)
    margin = max(MARGIN * (high - low), LEAST * max(abs(low), abs(high))) or 1.0
    return Scale(low - margin, high + margin)


def _on_axis(fields: Fields) -> list[float]:
    values = [float(fields[key]) for key in ("effect", "low", "high")]
    return values + bounds_of(fields) + ([0.0] if is_signed(fields) else [])
