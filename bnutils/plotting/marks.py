"""Curves, bars and points in words: where they begin and end, their extremes, their peaks."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.container import BarContainer
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from bnutils.utils.words import decimals, number

FEW = 8  # bars that are named one by one
BULGE = 0.1  # of a curve's range: by how much an extreme between its ends is worth a word
PEAK = 0.25  # of the tallest bar: by how much a peak stands out from its surroundings

Points = NDArray[np.float64]


def readable(value: float) -> str:
    """Return a number of about three digits, to be read aloud: ``"1,500"``, ``"−0.25"``."""
    text = number(value, max(0, decimals(value, 3)) if value and np.isfinite(value) else 0)
    return text.rstrip("0").rstrip(".") if "." in text and "×" not in text else text


def span(values: Any) -> str:
    """Return the smallest and the largest of the finite values; empty if there are none."""
    numbers = np.asarray(values, dtype=float)
    numbers = numbers[np.isfinite(numbers)]
    if not len(numbers):
        return ""
    low, high = readable(numbers.min()), readable(numbers.max())
    return low if low == high else f"from {low} to {high}"


def points_of(line: Line2D) -> Points:
    """Return the points of a line that have a place, without negative zeros."""
    points: Points = np.asarray(line.get_xydata(), dtype=np.float64)
    kept: Points = points[np.isfinite(points).all(axis=1)] + 0.0
    return kept


def place(ax: Axes, line: Line2D) -> str:
    """Return where a line across the whole axes lies; empty for one that is drawn from data."""
    across, up = line.get_transform().contains_branch_seperately(ax.transData)
    if across and up:
        return ""
    values = np.asarray(line.get_ydata() if up else line.get_xdata(), dtype=float)
    return f"a {'level' if up else 'vertical'} line at {readable(values[0])}"


def curve(line: Line2D) -> str:
    """Return the values of a curve, or of single points, which must not be empty."""
    points = points_of(line)
    x, y = points.T
    if len(points) > 1 and not np.ptp(y):
        lone = line.get_linestyle() == "None"
        return f"{len(x)} points {span(x)}" if lone else f"{readable(y[0])} {span(x)}"
    ends = dict.fromkeys(_at(points, n) for n in (0, -1))
    return ", ".join(ends) + _extremes(points)


def _at(points: Points, n: int) -> str:
    """The value of a curve at one of its points."""
    return f"{readable(points[n, 1])} at {readable(points[n, 0])}"


def _extremes(points: Points) -> str:
    """Where a curve goes clearly beyond its ends."""
    y = points[:, 1]
    low, high, enough = min(y[0], y[-1]), max(y[0], y[-1]), BULGE * np.ptp(y)
    found = [f"lowest {_at(points, int(y.argmin()))}"] if low - y.min() > enough else []
    found += [f"highest {_at(points, int(y.argmax()))}"] if y.max() - high > enough else []
    return "".join(f", {one}" for one in found)


def bundle(lines: list[Line2D]) -> str:
    """Return between which values several curves begin and end."""
    curves = [points_of(line) for line in lines]
    first, last = (np.array([one[n] for one in curves]) for n in (0, -1))
    starts, ends = (f"{span(one[:, 1])} at {span(one[:, 0])}" for one in (first, last))
    return f"{starts}; {ends}" if starts != ends else starts


def bars(ax: Axes, drawn: BarContainer) -> str:
    """Return the height of each bar, or of many the range and the peaks; empty without bars."""
    if not len(drawn):
        return ""
    across = drawn.orientation != "horizontal"
    heights = np.asarray(drawn.datavalues, dtype=float)
    boxes = [patch.get_bbox() for patch in drawn.patches]
    places = np.array([sum(box.intervalx if across else box.intervaly) / 2 for box in boxes])
    if len(heights) > FEW:
        return f"{len(heights)} bars{_peaks(places, heights)}"
    names = _tick_names(ax.xaxis if across else ax.yaxis)
    at = [names.get(one) or readable(one) for one in places]
    each = [f"{readable(h)} at {one}" for one, h in zip(at, heights, strict=True)]
    return f"{len(heights)} bars: {', '.join(each)}"


def _tick_names(axis: Axis) -> dict[float, str]:
    """What stands beside the ticks of an axis, if it is more than their numbers."""
    named = zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=True)
    texts = {float(place): text.get_text() for place, text in named}
    return {place: text for place, text in texts.items() if any(map(str.isalpha, text))}


def _peaks(places: Points, heights: Points) -> str:
    """Where many bars lie, and where they are tallest: around a histogram's peaks."""
    from scipy.signal import find_peaks

    width = len(heights) // 24 * 2 + 1  # bars that are looked at together: single ones are noise
    smooth = np.convolve(np.nan_to_num(heights), np.ones(width) / width, "same")
    found, _ = find_peaks(np.pad(smooth, 1), prominence=PEAK * smooth.max())
    near = [readable(places[n - 1]) for n in found]
    tops = f", tallest around {' and '.join(near)}" if near else ""
    return f" {span(places)}, heights {span(heights)}{tops}"


def error_bars(drawn: Any) -> str:
    """Return points with error bars: one with its interval, or several with their range."""
    if drawn.lines[0] is None:
        return ""
    x, y = (np.asarray(values, dtype=float) for values in drawn.lines[0].get_data())
    if drawn.has_xerr and len(x) == 1:
        ends = [point[0] for segment in drawn.lines[2][0].get_segments() for point in segment]
        return f"{readable(x[0])}, interval {span(ends)}"
    return f"{len(x)} points {span(y)}"


def cloud(drawn: Any) -> str:
    """Return how many points are scattered, and their range."""
    points = np.asarray(drawn.get_offsets(), dtype=float)
    return f"{len(points)} points {span(points[:, 1])}"
