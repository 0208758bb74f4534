"""Paired differences of a comparison, drawn on the axes given (or on new ones)."""

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes

from bnutils.intervals import Interval
from bnutils.plotting.axes import folded, label, literally, new_axes, quantity, scale, set_title
from bnutils.plotting.curves import Curves
from bnutils.plotting.looks import Look, looks
from bnutils.runs import is_share, title
from bnutils.summaries import POINTS, divergences

if TYPE_CHECKING:
    import pandas as pd


def plot_differences(result: Curves, metric: str = "test_accuracy", ax: Axes | None = None) -> Axes:
    """Draw each arm's paired difference from the first: one dash for each seed, mean, interval.

    Seeds that diverged in one of the two are left out, and counted; where none is left, words
    stand in the place of the difference.

    Parameters
    ----------
    result : Curves
        Such as a comparison from :func:`bnutils.compare`, with at least two arms.
    metric : str
        Taken at the end. Differences of accuracies are drawn in percentage points.
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
    final = scale(metric) * result.final(metric)  # raises where the metric is unknown
    baseline, *others = result.arms
    if not others:
        raise ValueError(
            f"A difference needs at least two arms; received {result.arms}. Compare two."
        )
    ax = new_axes(7.0, 1.4 + 0.6 * len(others)) if ax is None else ax
    chosen = looks(result.arms)
    for row, arm in enumerate(others):
        gap = result.difference(metric, arm, baseline) * scale(metric)
        lost = {name: sorted(result.diverged(name)) for name in (arm, baseline)}
        values = (final[arm] - final[baseline]).drop(index=list({*lost[arm], *lost[baseline]}))
        _draw_row(ax, values, gap, arm, row, chosen[arm])
        _note(ax, row, "; ".join(divergences(lost, len(final))), alone=not gap.n)
    _dress(ax, result, metric)
    return ax


def _draw_row(
    ax: Axes, values: "pd.Series[float]", gap: Interval, arm: str, row: int, look: Look
) -> None:
    """One arm's differences, a value for each seed, in the row of the axes that is its own."""
    if not gap.n:
        return
    ax.plot(values, np.full(len(values), row), "|", color=look.colour, alpha=0.6, markersize=14)
    ends = [[gap.estimate - gap.low], [gap.high - gap.estimate]]
    style: dict[str, Any] = {"color": look.colour, "fmt": look.marker, "capsize": 4}
    what = "mean and 95 % interval" if gap.n > 1 else "one seed, no interval"
    ax.errorbar([gap.estimate], [row], xerr=ends, label=label(f"{arm}, {what}"), **style)


def _note(ax: Axes, row: int, words: str, *, alone: bool) -> None:
    """What diverged: in the row itself if there is nothing else in it, or below its mean."""
    if not words:
        return
    place = (0.5, row if alone else row + 0.42)
    style: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 9}
    literally([ax.text(*place, words, transform=ax.get_yaxis_transform(), **style)])
    ax.plot([], [], label=label(words), linestyle="none")  # for those who have it read aloud


def _dress(ax: Axes, result: Curves, metric: str) -> None:
    """Zero, names, unit and title."""
    baseline, *others = result.arms
    ax.axvline(0, color="0.5", linewidth=1, linestyle="-")
    ax.set_yticks(range(len(others)), [folded(arm) for arm in others])
    literally(ax.get_yticklabels())
    unit = POINTS if is_share(metric) else f"difference in {quantity(metric)}"
    ax.set(xlabel=unit, ylim=(len(others) - 0.4, -0.6))  # the first arm on top
    set_title(ax, f"{title(metric)} on {result.dataset}: difference from {baseline}")
