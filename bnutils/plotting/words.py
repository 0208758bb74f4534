"""What a figure shows, in words, from the data drawn."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from bnutils.utils.validation import instance

REMARK = "remark"  # the gid of an empty line whose label is a sentence


def describe(figure: Figure) -> str:
    """Put into words what a figure shows: titles, axes, and where each curve begins and ends.

    A description of your own goes first: ``figure.set_label("...")``.

    Parameters
    ----------
    figure : matplotlib.figure.Figure

    Returns
    -------
    str
        Sentences, to be read aloud.

    Raises
    ------
    TypeError
        If it is no figure.
    """
    instance("figure", figure, Figure, "of matplotlib, such as plt.figure()")
    own = [str(figure.get_label())] if figure.get_label() else []
    return " ".join(own + [_describe_axes(ax) for ax in figure.axes if ax.get_visible()])


def _describe_axes(ax: Axes) -> str:
    """One axes in words."""
    title = ax.get_title(loc="left") or ax.get_title()
    parts = [f"{title}." if title else ""]
    if labels := [label for label in (ax.get_ylabel(), ax.get_xlabel()) if label]:
        parts.append(f"{' against '.join(labels)}.")
    lines = [line for line in ax.get_lines() if not str(line.get_label()).startswith("_")]
    parts += [_describe_line(line) for line in lines]
    parts += [_describe_bars(bars) for bars in ax.containers]
    parts += [
        _describe_cloud(cloud) for cloud in ax.collections if str(cloud.get_label())[0] != "_"
    ]
    if ax.images:
        parts.append(f"{len(ax.images)} image{'s' if len(ax.images) > 1 else ''}.")
    return " ".join(part for part in parts if part)


def _describe_line(line: Line2D) -> str:
    """A curve, or a remark that is drawn as words and has no points."""
    points = np.asarray(line.get_xydata(), dtype=float)
    points = points[np.isfinite(points).all(axis=1)]
    label = str(line.get_label()).strip()
    if not len(points):
        return f"{label}." if line.get_gid() == REMARK else f"{label} has no values to draw."
    (x_first, y_first), (x_last, y_last) = points[0] + 0.0, points[-1] + 0.0  # no negative zero
    return f"{label}: {y_first:.3g} at {x_first:.3g}, {y_last:.3g} at {x_last:.3g}."


def _describe_bars(bars: Any) -> str:
    """Bars, or points with error bars, in words."""
    label = str(bars.get_label())
    name = "" if label.startswith("_") else f"{label}: "
    if isinstance(bars, BarContainer):
        return f"{name}{len(bars)} bars{_range(bars.datavalues)}." if len(bars) else ""
    points = bars.lines[0]
    if points is None:
        return ""
    x, y = (np.asarray(values, dtype=float) for values in points.get_data())
    if bars.has_xerr and len(x) == 1:
        ends = [point[0] for segment in bars.lines[2][0].get_segments() for point in segment]
        return f"{name}{x[0]:.3g}{_range(ends)}."
    return f"{name}{len(x)} points{_range(y)}."


def _describe_cloud(cloud: Any) -> str:
    """Scattered points in words."""
    points = np.asarray(cloud.get_offsets(), dtype=float)
    return f"{cloud.get_label()}: {len(points)} points{_range(points[:, 1])}."


def _range(values: Any) -> str:
    """The smallest and the largest of the finite values, if there are any."""
    numbers = np.asarray(values, dtype=float)
    numbers = numbers[np.isfinite(numbers)]
    return f", from {numbers.min():.3g} to {numbers.max():.3g}" if len(numbers) else ""
