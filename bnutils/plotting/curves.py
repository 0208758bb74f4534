"""Curves of a comparison, drawn on the axes given (or on new ones)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from matplotlib.axes import Axes

from bnutils.intervals import Interval, interval
from bnutils.plotting.axes import (
    LINE,
    add_legend,
    count_along_x,
    folded,
    given_or_new,
    is_beside,
    label,
    quantity,
    scale,
    set_title,
)
from bnutils.plotting.looks import Look, looks
from bnutils.runs import title
from bnutils.utils.wording import shown

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

    @property
    def metrics(self) -> Sequence[str]:
        """Names of the metrics."""

    @property
    def dataset(self) -> str:
        """Name of the data set."""

    def to_frame(self) -> "pd.DataFrame":
        """Columns ``arm``, ``seed``, ``epoch``, ``update``, ``metric``, ``value``."""

    def final(self, metric: str) -> "pd.DataFrame":
        """Last values of a metric: a row for each seed, a column for each arm."""

    def diverged(self, arm: str) -> set[int]:
        """The seeds of an arm that diverged."""

    def difference(self, metric: str, arm: str, baseline: str) -> Interval:
        """Paired difference of two arms; its ``n`` is 0 where no seed is left."""


def require_curves(result: object) -> None:
    """Raise ``TypeError`` if a result has not what a figure needs."""
    needed = [name for name in dir(Curves) if not name.startswith("_")]
    if isinstance(result, type) or not all(hasattr(result, name) for name in needed):
        raise TypeError(
            f"result must be a comparison, such as bnutils.compare(...) gives; received "
            f"{shown(result)}."
        )


def plot_curves(result: Curves, metric: str = "val_accuracy", ax: Axes | None = None) -> Axes:
    """Draw a metric against the budget: all seeds lightly, each arm's mean with its interval.

    A seed that diverged ends in a cross and is left out of the mean; the legend counts them.

    Parameters
    ----------
    result : Curves
        Such as a comparison from :func:`bnutils.compare`.
    metric : str
        A metric that was taken on the way, such as ``"val_accuracy"``. Accuracies are drawn in
        per cent.
    ax : matplotlib.axes.Axes, optional
        Where to draw; new axes by default.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If the metric is unknown.
    TypeError
        If ``result`` is no comparison, or ``ax`` are no axes.
    """
    require_curves(result)
    seeds, metric = len(result.final(metric)), str(metric)  # raises where the metric is unknown
    ax = given_or_new(ax, *_size(result))
    curves = _curves(result, metric)
    for arm, look in looks(result.arms).items():
        _draw_arm(ax, curves[arm], sorted(result.diverged(arm)), arm, look)
    _keep_in_view(ax, [curves[arm].drop(columns=list(result.diverged(arm))) for arm in curves])
    ax.set(xlabel=result.budget.removesuffix("s"), ylabel=quantity(metric))
    count_along_x(ax)
    number = f"{seeds} seeds" if seeds > 1 else "one seed"
    set_title(ax, f"{title(metric)} on {result.dataset}, {number}")
    add_legend(ax)
    return ax


def draw_over(ax: Axes, again: Curves, metric: str) -> Axes:
    """Draw each run of a comparison once more, in the colour of the text, over what is there.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        With the curves of :func:`plot_curves`.
    again : Curves
        What was trained again.
    metric : str
        As of :func:`plot_curves`.

    Returns
    -------
    matplotlib.axes.Axes
    """
    for curves in _curves(again, metric).values():
        for seed in curves:
            ax.plot(curves.index, curves[seed], ":", color="k", linewidth=1.2)
    ax.get_lines()[-1].set_label("trained again here")
    add_legend(ax)
    return ax


def _size(result: Curves) -> tuple[float, float]:
    """Width and height of a figure with room for the legend, in inches."""
    seeds = len(result.final(result.metrics[0]))
    names = [label(arm, _losses(len(result.diverged(arm)), seeds)) for arm in result.arms]
    lines = sum(folded(name).count("\n") + 1 for name in names)
    return (9.0 if is_beside(names) else 7.0), max(4.0, LINE * lines + 0.6)


def _curves(result: Curves, metric: str) -> dict[str, "pd.DataFrame"]:
    """Each arm's curves (rows: budget, columns: seeds), in the unit in which they are drawn."""
    frame, budget = result.to_frame(), result.budget.removesuffix("s")
    rows = frame[frame["metric"] == metric]
    pieces = {arm: rows[rows["arm"] == arm] for arm in result.arms}
    return {
        arm: scale(metric) * piece.pivot(index=budget, columns="seed", values="value")
        for arm, piece in pieces.items()
    }


def _draw_arm(ax: Axes, curves: "pd.DataFrame", lost: Sequence[int], arm: str, look: Look) -> None:
    """One arm: its seeds, and the mean of those that did not diverge."""
    ax.plot(curves.index, curves, color=look.colour, linewidth=0.7, alpha=0.3, linestyle="-")
    for seed in lost:
        end = curves[seed].dropna().tail(1)
        ax.plot(end.index, end, "x", color=look.colour, alpha=0.6)
    _draw_mean(ax, curves.drop(columns=list(lost)).dropna(how="all"), look)
    ax.get_lines()[-1].set_label(label(arm, _losses(len(lost), curves.shape[1])))


def _draw_mean(ax: Axes, curves: "pd.DataFrame", look: Look) -> None:
    """The mean over seeds with its interval, a bar where there is one evaluation only."""
    bands = [interval(row.dropna()) for _, row in curves.iterrows()]
    low, high = [band.low for band in bands], [band.high for band in bands]
    if len(bands) == 1:
        ax.vlines(curves.index, low, high, color=look.colour, alpha=0.4, linewidth=3)
    else:
        ax.fill_between(curves.index, low, high, color=look.colour, alpha=0.15, linewidth=0)
    means = [band.estimate for band in bands]
    ax.plot(curves.index, means, color=look.colour, linestyle=look.dash, marker=look.marker)


def _losses(lost: int, seeds: int) -> str:
    """How many seeds diverged, in words; nothing if none did."""
    if not lost:
        return ""
    if lost == seeds:
        return f"diverged in {f'all {seeds} seeds' if seeds > 1 else 'its one seed'}"
    return f"diverged in {lost} of {seeds} seeds"


def _keep_in_view(ax: Axes, kept: Sequence["pd.DataFrame"]) -> None:
    """Fit the y axis to the seeds that did not diverge: the others go up without end."""
    lows = [float(one.to_numpy().min()) for one in kept if one.size and one.notna().all(axis=None)]
    highs = [float(one.to_numpy().max()) for one in kept if one.size and one.notna().all(axis=None)]
    if lows and min(lows) < max(highs):
        margin = 0.05 * (max(highs) - min(lows))
        ax.set_ylim(min(lows) - margin, max(highs) + margin)
