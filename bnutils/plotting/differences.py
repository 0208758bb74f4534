"""Paired differences of a comparison, drawn on the axes given (or on new ones)."""

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes

from bnutils.intervals import Interval
from bnutils.plotting.axes import (
    LINE,
    folded,
    given_or_new,
    label,
    literally,
    quantity,
    scale,
    set_title,
)
from bnutils.plotting.curves import Curves, require_curves
from bnutils.plotting.letters import legible
from bnutils.plotting.looks import Look, looks
from bnutils.plotting.words import REMARK
from bnutils.runs import is_share, title
from bnutils.summaries import POINTS, divergences
from bnutils.tables import wrapped

if TYPE_CHECKING:
    import pandas as pd

REMARK_WIDTH = 70  # columns
ROW = 0.6  # inches


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
    TypeError
        If ``result`` is no comparison, or ``ax`` are no axes.
    """
    require_curves(result)
    final, metric = result.final(metric), str(metric)  # raises where the metric is unknown
    final = scale(metric) * final
    baseline, *others = result.arms
    if not others:
        raise ValueError(
            f"A difference needs at least two arms; received {result.arms}. Compare two."
        )
    ax = given_or_new(ax, 7.0, _height(others))
    chosen = looks(result.arms)
    for row, arm in enumerate(others):
        gap = result.difference(metric, arm, baseline) * scale(metric)
        lost = {name: sorted(result.diverged(name)) for name in (arm, baseline)}
        values = (final[arm] - final[baseline]).drop(index=list({*lost[arm], *lost[baseline]}))
        _draw_row(ax, values, gap, arm, row, chosen[arm])
        _note(ax, row, "; ".join(divergences(lost, len(final))), alone=not gap.n)
    _dress(ax, result, metric)
    return ax


def _height(arms: list[str]) -> float:
    """How tall a figure is in which no name touches the next, in inches."""
    lines = max(folded(arm).count("\n") + 1 for arm in arms)
    return 1.4 + len(arms) * max(ROW, LINE * (lines + 1))


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
    lines = "\n".join(wrapped(legible(words), REMARK_WIDTH))
    literally([ax.text(*place, lines, transform=ax.get_yaxis_transform(), **style)])
    ax.plot([], [], label=label(words), linestyle="none", gid=REMARK)  # to be read aloud


def _dress(ax: Axes, result: Curves, metric: str) -> None:
    """Zero, names, unit and title."""
    baseline, *others = result.arms
    ax.axvline(0, color="0.5", linewidth=1, linestyle="-")
    ax.set_yticks(range(len(others)), [folded(arm) for arm in others])
    literally(ax.get_yticklabels())
    unit = POINTS if is_share(metric) else f"difference in {quantity(metric)}"
    ax.set(xlabel=unit, ylim=(len(others) - 0.4, -0.6))  # the first arm on top
    set_title(ax, f"{title(metric)} on {result.dataset}: difference from {baseline}")
