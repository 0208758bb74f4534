"""Colours that stand for numbers: from dark to light, so that they are in order without colour."""

from dataclasses import dataclass
from functools import cached_property

from matplotlib import colormaps
from matplotlib.colors import Colormap, LinearSegmentedColormap, LogNorm, Normalize

RISING = "viridis"
TURNING = ("#0a1f5c", "#1d4fa3", "#5f83b8", "#a0a0a0", "#d2ab62", "#f2c230", "#fff04d")
"""From blue by grey, which is the reference, to yellow; each is lighter than the one before."""


@dataclass(frozen=True)
class Shades:
    """Which colour stands for which number.

    Attributes
    ----------
    low, high : float
        The smallest and the largest number that is drawn.
    log : bool
        Whether colours follow the logarithm.
    reference : float or None
        What is grey; the same distance from it on either side has a colour of the same strength.
    """

    low: float
    high: float
    log: bool
    reference: float | None = None

    @cached_property
    def colours(self) -> Colormap:
        """The map of matplotlib."""
        if self.reference is None:
            return colormaps[RISING]
        return LinearSegmentedColormap.from_list("turning", TURNING)

    @cached_property
    def norm(self) -> Normalize:
        """From numbers to [0, 1]; the reference is at 1/2."""
        low, high = self.low, self.high
        if self.reference is not None and self.log:
            factor = max(self.reference / low, high / self.reference)
            low, high = self.reference / factor, self.reference * factor
        elif self.reference is not None:
            distance = max(abs(self.reference - low), abs(high - self.reference))
            low, high = self.reference - distance, self.reference + distance
        if low == high:  # one number has a colour too
            low, high = (low / 2, low * 2) if self.log else (low - 0.5, low + 0.5)
        return LogNorm(low, high) if self.log else Normalize(low, high)
