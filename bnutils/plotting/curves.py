"""Curves and differences of a comparison, drawn on the axes given (or on new ones)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from bnutils.intervals import Interval, interval
from bnutils.plotting.style import COLOURS, DASHES, MARKERS
from bnutils.runs import METRICS

if TYPE_CHECKING:
    import pandas as pd


class Curves(Protocol):
    """What can be drawn: the part of a comparison that a figure needs."""

    @property
    def arms(self) -> Sequence[str]:
        """Names of the arms; the first is the baseline."""

    @property
    def budget(self) -> str:
        """``"epochs"`` or ``"updates"``."""

    def to_frame(self) -> "pd.DataFrame":
        """Columns ``arm``, ``seed``, ``epoch``, ``update``, ``metric``, ``value``."""

    def final(self, metric: str) -> "pd.DataFrame":
        """Last values of a metric: a row for each seed, a column for each arm."""

    def difference(self, metric: str, arm: str, baseline: str) -> Interval:
        """Paired difference of two arms."""


def plot_curves(result: Curves, metric: str = "val_accuracy", ax: Axes | None = None) -> Axes:
    """Draw a metric against the budget: all seeds lightly, each arm's mean with its interval.

    Parameters
    ----------
    result : Curves
        Such as a comparison from :func:`bnutils.compare`.
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


def plot_differences(result: Curves, metric: str = "test_accuracy", ax: Axes | None = None) -> Axes:
    """Draw each arm's paired difference from the first: one dot for each seed, mean, interval.

    Parameters
    ----------
    result : Curves
        Such as a comparison from :func:`bnutils.compare`, with at least two arms.
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
        mean = result.difference(metric, arm, baseline)
        _draw_difference(ax, final[arm] - final[baseline], mean, arm, row)
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


def _draw_difference(
    ax: Axes, values: "pd.Series[float]", mean: Interval, arm: str, row: int
) -> None:
    """One arm's differences, a value for each seed, in the row of the axes that is its own."""
    colour = COLOURS[(row + 1) % len(COLOURS)]
    ax.plot(values, np.full(len(values), row), "|", color=colour, alpha=0.6, markersize=14)
    ends = [[mean.estimate - mean.low], [mean.high - mean.estimate]]
    style: dict[str, Any] = {"color": colour, "fmt": MARKERS[(row + 1) % len(MARKERS)]}
    label = f"{arm}: mean and 95 % interval"
    ax.errorbar([mean.estimate], [row], xerr=ends, label=label, capsize=4, **style)
