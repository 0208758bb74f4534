"""Figures in one house style: crisp, at home on light and dark pages, readable without colour.

Every function draws on the axes it is given (or on new ones) and returns them. What a figure
shows can be read aloud: :func:`describe` puts it into words, from the data drawn.
"""

import html
import io
import re
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from matplotlib.figure import Figure

from bnutils.intervals import interval
from bnutils.results import Comparison
from bnutils.runs import METRICS

if TYPE_CHECKING:
    import pandas as pd

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")  # Okabe and Ito
DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (1, 1)))
MARKERS = ("o", "s", "^", "D", "v", "P")
STYLE: dict[str, Any] = {
    "figure.figsize": (7.0, 4.0),
    "figure.facecolor": "none",
    "figure.constrained_layout.use": True,
    "savefig.facecolor": "none",
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.titlelocation": "left",
    "grid.alpha": 0.25,
    "legend.frameon": False,
    "font.size": 11,
    "lines.linewidth": 2,
    "axes.prop_cycle": cycler(color=COLOURS, linestyle=DASHES),
    "svg.hashsalt": "bnutils",
}


def use_house_style() -> None:
    """Use the style from here on: figures as SVG with a description, tables with four digits."""
    plt.rcParams.update(STYLE)  # type: ignore[arg-type]
    try:
        from IPython import get_ipython
    except ImportError:
        return
    shell = get_ipython()
    if shell is None or not hasattr(shell, "kernel"):
        return
    import pandas as pd
    from matplotlib_inline.backend_inline import set_matplotlib_formats

    pd.set_option("display.precision", 4)
    plt.switch_backend("module://matplotlib_inline.backend_inline")
    set_matplotlib_formats("svg")
    shell.display_formatter.formatters["image/svg+xml"].for_type(Figure, to_svg)


def to_svg(figure: Figure) -> str:
    """Return a figure as SVG that says what it shows."""
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", bbox_inches="tight", metadata={"Date": None})
    words = html.escape(describe(figure))
    title = f"<title>Figure</title><desc>{words}</desc>"
    return re.sub(r"(<svg\b[^>]*>)", lambda tag: tag[1] + title, buffer.getvalue(), count=1)


def describe(figure: Figure) -> str:
    """Put into words what a figure shows: titles, axes, and where each curve begins and ends.

    A description of your own goes first: ``figure.set_label("...")``.
    """
    own = [str(figure.get_label())] if figure.get_label() else []
    return " ".join(own + [_describe_axes(ax) for ax in figure.axes if ax.get_visible()])


def plot_curves(result: Comparison, metric: str = "val_accuracy", ax: Axes | None = None) -> Axes:
    """Draw a metric against the budget: all seeds lightly, each arm's mean with its interval.

    Parameters
    ----------
    result : Comparison
        From :func:`bnutils.compare`.
    metric : str
        A metric that was taken on the way, such as ``"val_accuracy"``.
    ax : matplotlib.axes.Axes, optional
        Where to draw; new axes by default.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If the metric is unknown.
    """
    result.final(metric)  # raises where the metric is unknown
    ax = _axes(ax)
    frame = result.to_frame()
    budget = "epoch" if result.budget == "epochs" else "update"
    for index, arm in enumerate(result.arms):
        rows = frame[(frame["arm"] == arm) & (frame["metric"] == metric)]
        _draw_arm(ax, rows.pivot(index=budget, columns="seed", values="value"), arm, index)
    ax.set(xlabel=budget, ylabel=METRICS[metric])
    ax.legend()
    return ax


def plot_differences(
    result: Comparison, metric: str = "test_accuracy", ax: Axes | None = None
) -> Axes:
    """Draw each arm's paired difference from the first: one dot for each seed, mean, interval.

    Parameters
    ----------
    result : Comparison
        From :func:`bnutils.compare`, with at least two arms.
    metric : str
        Taken at the end.
    ax : matplotlib.axes.Axes, optional
        Where to draw; new axes by default.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If the metric is unknown or there is only one arm.
    """
    final = result.final(metric)
    baseline, *others = result.arms
    if not others:
        raise ValueError(f"A difference needs at least two arms; received {result.arms}.")
    ax = _axes(ax)
    for row, arm in enumerate(others):
        values = final[arm] - final[baseline]
        colour = COLOURS[(row + 1) % len(COLOURS)]
        ax.plot(values, np.full(len(values), row), "|", color=colour, alpha=0.6, markersize=14)
        mean = result.difference(metric, arm, baseline)
        ends = [[mean.estimate - mean.low], [mean.high - mean.estimate]]
        label = f"{arm}: mean and 95 % interval"
        style = {"fmt": MARKERS[(row + 1) % len(MARKERS)], "color": colour, "capsize": 4}
        ax.errorbar([mean.estimate], [row], xerr=ends, label=label, **style)  # type: ignore[arg-type]
    ax.axvline(0, color="0.5", linewidth=1, linestyle="-")
    ax.set_yticks(range(len(others)), others)
    ax.set(xlabel=f"{METRICS[metric]} minus that of {baseline}", ylim=(-0.6, len(others) - 0.4))
    return ax


def _axes(ax: Axes | None) -> Axes:
    return plt.subplots()[1] if ax is None else ax


def _draw_arm(ax: Axes, curves: "pd.DataFrame", arm: str, index: int) -> None:
    """One arm's curves (rows: budget, columns: seeds)."""
    colour, dash = COLOURS[index % len(COLOURS)], DASHES[index % len(DASHES)]
    ax.plot(curves.index, curves, color=colour, linewidth=0.7, alpha=0.3, linestyle="-")
    finite = curves.dropna(how="all")
    bands = [interval(row.dropna()) for _, row in finite.iterrows()]
    low, high = [band.low for band in bands], [band.high for band in bands]
    ax.fill_between(finite.index, low, high, color=colour, alpha=0.15, linewidth=0)
    style: dict[str, Any] = {"color": colour, "linestyle": dash}
    style["marker"] = MARKERS[index % len(MARKERS)]
    ax.plot(finite.index, [band.estimate for band in bands], label=arm, **style)


def _describe_axes(ax: Axes) -> str:
    """One axes in words."""
    title = ax.get_title(loc="left") or ax.get_title()
    parts = [f"{title}." if title else ""]
    if ax.get_xlabel() or ax.get_ylabel():
        parts.append(f"{ax.get_ylabel() or 'values'} against {ax.get_xlabel() or 'position'}.")
    lines = [line for line in ax.get_lines() if not str(line.get_label()).startswith("_")]
    parts += [_describe_line(str(line.get_label()), line.get_xydata()) for line in lines]
    parts += [_describe_bars(bars) for bars in ax.containers]
    parts += [
        _describe_cloud(cloud) for cloud in ax.collections if str(cloud.get_label())[0] != "_"
    ]
    if ax.images:
        parts.append(f"{len(ax.images)} image{'s' if len(ax.images) > 1 else ''}.")
    return " ".join(part for part in parts if part)


def _describe_line(label: str, points: Any) -> str:
    points = np.asarray(points, dtype=float)
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        return f"{label}: no values."
    (x_first, y_first), (x_last, y_last) = points[0], points[-1]
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
