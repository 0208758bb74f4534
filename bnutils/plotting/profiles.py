"""Readings through depth, before and after: a line for each arm."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import SubFigure

from bnutils.intervals import interval
from bnutils.plotting.axes import add_legend, label, literally
from bnutils.plotting.grids import Grids, is_numbered, kind, short
from bnutils.plotting.letters import legible
from bnutils.plotting.looks import Look, looks

MARKED = 12  # layers up to which each has a marker
NAMED = 6  # names below the axis


def draw_profiles(
    part: SubFigure,
    drawn: Grids,
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
    statistic : str
        What is read.
    log : bool
        Whether to draw by logarithm, for which no value may be negative.
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
        ax.minorticks_off()
        _name_places(ax, drawn.places)
    panels[0].set_ylabel(statistic)
    literally([panels[0].yaxis.label])
    add_legend(panels[-1])
    return panels


def _draw(ax: Axes, values: np.ndarray, arm: str, look: Look, log: bool) -> None:
    """One arm: the mean over seeds of each place that it has, and its interval."""
    places = np.flatnonzero(np.isfinite(values).any(axis=0))
    gaps = log & (values == 0).any(axis=0)
    drawn = np.where(gaps, np.nan, values)[:, places]
    terms = np.log(drawn) if log else drawn
    bands = [interval(term) for term in terms.T]
    lines = np.array([[band.estimate, band.low, band.high] for band in bands]).reshape(-1, 3)
    mean, low, high = np.exp(lines.T) if log else lines.T
    ax.fill_between(places + 1, low, high, color=look.colour, alpha=0.15, linewidth=0)
    marker = look.marker if len(places) <= MARKED else ""
    style = {"color": look.colour, "linestyle": look.dash, "marker": marker, "markersize": 4}
    ax.plot(places + 1, mean, label=label(arm), **style)


def _moment(update: int) -> str:
    return f"After {update} update{'s' * (update != 1)}" if update else "Before training"


def _name_places(ax: Axes, places: Sequence[str]) -> None:
    """Names below as many places as have room; of one kind of layer numbers are enough."""
    first, *others = dict.fromkeys(map(kind, places))
    alone = not others and all(map(is_numbered, places))
    chosen = range(0, len(places), -(-len(places) // NAMED))
    names = [short(places[row]) for row in chosen]
    texts = [name.rpartition(" ")[-1] if alone else legible(name) for name in names]
    turned = 0 if alone or len(places) == 1 else 90
    ax.set_xticks([row + 1 for row in chosen], texts, fontsize=9, rotation=turned)
    literally(ax.get_xticklabels())
    ax.grid(visible=False, axis="x")
    ax.set_xlabel(f"{short(first)} layer" if alone else "layer")
    literally([ax.xaxis.label])
