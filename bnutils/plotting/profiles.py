"""Readings through depth, before and after: a line for each arm."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import SubFigure

from bnutils.intervals import interval
from bnutils.plotting.axes import add_legend, label, literally
from bnutils.plotting.grids import Grids
from bnutils.plotting.looks import Look, looks

MARKED = 12  # layers up to which each has a marker
NAMED = 12  # names below the axis


def draw_profiles(
    part: SubFigure,
    drawn: Grids,
    names: Sequence[str],
    statistic: str,
    log: bool,
    reference: float | None,
) -> list[Axes]:
    """Draw the first and the last reading of each arm through depth.

    Parameters
    ----------
    part : matplotlib.figure.SubFigure
        Where to draw.
    drawn : Grids
        What was read.
    names : sequence of str
        Of the places.
    statistic : str
        What is read.
    log : bool
        Whether to draw by logarithm, for which all values must be positive.
    reference : float or None
        Where to draw a level line.

    Returns
    -------
    list of matplotlib.axes.Axes
        Two, or one where there is one reading only.
    """
    ends = sorted({0, len(drawn.updates) - 1})
    panels: list[Axes] = list(part.subplots(1, len(ends), sharey=True, squeeze=False)[0])
    for ax, end in zip(panels, ends, strict=True):
        for arm, look in looks(list(drawn.values)).items():
            _draw(ax, drawn.values[arm][:, :, end], arm, look, log)
        if reference is not None:
            ax.axhline(reference, color="0.5", linewidth=1, linestyle="-")
        ax.set_title(_moment(drawn.updates[end]), fontsize=11)
        ax.set_yscale("log" if log else "linear")
        _name_places(ax, names)
    panels[0].set_ylabel(statistic)
    literally([panels[0].yaxis.label])
    add_legend(panels[-1])
    return panels


def _draw(ax: Axes, values: np.ndarray, arm: str, look: Look, log: bool) -> None:
    """One arm: the mean over seeds of each place that it has, and its interval."""
    places = np.flatnonzero(np.isfinite(values).any(axis=0))
    terms = np.log(values[:, places]) if log else values[:, places]
    bands = [interval(term) for term in terms.T]
    lines = np.array([[band.estimate, band.low, band.high] for band in bands]).reshape(-1, 3)
    mean, low, high = np.exp(lines.T) if log else lines.T
    ax.fill_between(places + 1, low, high, color=look.colour, alpha=0.15, linewidth=0)
    marker = look.marker if len(places) <= MARKED else ""
    style = {"color": look.colour, "linestyle": look.dash, "marker": marker, "markersize": 4}
    ax.plot(places + 1, mean, label=label(arm), **style)


def _moment(update: int) -> str:
    return f"After {update} update{'s' * (update != 1)}" if update else "Before training"


def _name_places(ax: Axes, names: Sequence[str]) -> None:
    """Names below as many places as have room, from the first."""
    step = -(-len(names) // NAMED)
    chosen = range(0, len(names), step)
    texts = [names[place] for place in chosen]
    turned = 0 if all(map(str.isdecimal, texts)) else 90
    ax.set_xticks([place + 1 for place in chosen], texts, fontsize=9, rotation=turned)
    literally(ax.get_xticklabels())
    ax.set_xlabel("layer")
