"""What probes have read through depth and training: a picture for each arm, and its two ends."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import SubFigure
from matplotlib.patches import Rectangle

from bnutils.plotting.axes import literally
from bnutils.plotting.grids import Grids, grids, short
from bnutils.plotting.letters import legible
from bnutils.plotting.profiles import draw_profiles
from bnutils.plotting.shades import Shades
from bnutils.tables import wrapped
from bnutils.utils.validation import finite, flag
from bnutils.utils.words import counted

if TYPE_CHECKING:
    import pandas as pd

ROW, TALLEST = 0.17, 4.5  # inches: of a layer in a picture, of a picture
LABELS, TICKS = 8, 3  # names beside a picture, numbers below it


def plot_readings(
    readings: "pd.DataFrame",
    statistic: str,
    layers: str | None = None,
    *,
    reference: float | None = None,
    log: bool | None = None,
) -> list[Axes]:
    """Draw what probes have read in all layers, through training, arm beside arm.

    Above, a picture for each arm: updates across, layers downwards, in colour the mean over
    seeds, on one scale for all arms. Below, the first and the last reading through depth, with the
    95 % interval of each mean. By logarithm means are geometric ones.

    A seed is left out of a mean where its value is not finite. Where that is so for all of them
    the picture is hatched; it is empty where an arm has no such layer. By logarithm it is ruled,
    and the line has a gap, where a seed has a 0, since there is no geometric mean.

    Parameters
    ----------
    readings : pandas.DataFrame
        Of :meth:`Comparison.readings() <bnutils.results.Comparison.readings>`, or some of its
        rows.
    statistic : str
        Which one, such as ``"activation sd"``; see :mod:`bnutils.probes`.
    layers : str, optional
        The kind of layer to draw, such as ``"dense"``; all by default.
    reference : float, optional
        A value that is special: colours then turn there, from blue by grey to yellow, with the
        same strength at the same distance.
    log : bool, optional
        Whether to draw by logarithm. By default it is so where nine tenths of the positive values
        span two decades, no value is negative, and at most a third of them are 0.

    Returns
    -------
    list of matplotlib.axes.Axes
        A picture for each arm, and the readings before and after.

    Raises
    ------
    ValueError
        If there is no such statistic, kind of layer or finite value, a logarithm is to be drawn
        of values that have none, the reference is no number, or the arms have their layers in
        different orders.
    TypeError
        If the readings are no table, or ``log`` is neither True nor False.
    """
    drawn, statistic = grids(readings, statistic, layers), str(statistic)
    by_log = drawn.spans_decades() if log is None else flag("log", log)
    turn = None if reference is None else finite("reference", reference)
    if by_log:
        drawn.require_logarithms(turn)
    means = drawn.means(by_log)
    colours = _shades(means, by_log, turn)
    above, below = _parts(drawn, f"{statistic[:1].upper()}{statistic[1:]}", by_log)
    pictures = _draw_pictures(above, drawn, means, colours)
    return [*pictures, *draw_profiles(below, drawn, statistic, by_log, turn)]


def _shades(means: Mapping[str, np.ndarray], log: bool, reference: float | None) -> Shades:
    """The scale of all pictures, as far as there are numbers to draw."""
    every = np.stack(list(means.values()))
    known = every[np.isfinite(every) & ((every > 0) | (not log))]
    if not len(known):
        raise ValueError(
            "What is drawn by logarithm must have a geometric mean somewhere; received a 0 of some "
            "seed everywhere. Draw it with log=False."
        )
    return Shades(float(known.min()), float(known.max()), log, reference)


def _parts(drawn: Grids, name: str, log: bool) -> tuple[SubFigure, SubFigure]:
    """The two parts of a new figure, which has its title and its words."""
    tall = min(TALLEST, max(1.6, ROW * len(drawn.places))) + 0.7
    wide = max(7.0, 1.8 + 2.4 * len(drawn.values))
    figure = plt.figure(figsize=(wide, tall + 3.0), layout="constrained")
    above, below = figure.subfigures(2, 1, squeeze=False, height_ratios=(tall, 2.7))[:, 0]
    of = f"{'geometric ' * log}mean of {counted(drawn.seeds, 'seed')}"
    title = f"{name}, {of if drawn.seeds > 1 else 'one seed'}"
    literally([figure.suptitle(legible(title), x=0.01, ha="left")])
    first, last = drawn.places[0], drawn.places[-1]
    figure.set_label(
        f"{title}. Images: layers from {first} on top down to {last}, readings from update "
        f"{drawn.updates[0]} on the left to update {drawn.updates[-1]} on the right."
    )
    return above, below


def _draw_pictures(
    part: SubFigure, drawn: Grids, means: Mapping[str, np.ndarray], colours: Shades
) -> list[Axes]:
    """One for each arm, and the scale of all."""
    panels: list[Axes] = list(part.subplots(1, len(means), sharey=True, squeeze=False)[0])
    for ax, (arm, mean) in zip(panels, means.items(), strict=True):
        _draw_picture(ax, mean, colours)
        _hatch(ax, ~np.isfinite(mean) & drawn.there[arm][:, None], "////")
        _hatch(ax, (mean == 0) & colours.log, "||||")
        literally([ax.set_title("\n".join(wrapped(legible(arm), 24)), fontsize=11)])
        _number_updates(ax, drawn.updates)
    _name_layers(panels[0], drawn.places)
    _add_scale(part, panels, colours)
    return panels


def _add_scale(part: SubFigure, panels: list[Axes], colours: Shades) -> None:
    """The colours beside the pictures, as far as there are numbers."""
    bar: Any = part.colorbar(panels[0].images[0], ax=panels, aspect=24, pad=0.02)
    if colours.low < colours.high:
        bar.ax.set_ylim(colours.low, colours.high)
    bar.solids.set_rasterized(True)  # else there are 256 rectangles, half of the file
    bar.outline.set_visible(False)
    bar.ax.minorticks_off()


def _draw_picture(ax: Axes, mean: np.ndarray, colours: Shades) -> None:
    """Cells in colour; what is not a number stays empty."""
    style: dict[str, Any] = {"aspect": "auto", "interpolation": "none"}
    drawn = np.where((mean > 0) | (not colours.log), mean, np.nan)
    ax.imshow(np.ma.masked_invalid(drawn), colours.colours, colours.norm, **style)
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    ax.tick_params(length=2)


def _hatch(ax: Axes, which: np.ndarray, pattern: str) -> None:
    """Hatch some of the cells, those side by side together."""
    for row, cells in enumerate(which):
        edges = np.flatnonzero(np.diff([0, *cells, 0]))
        for start, end in edges.reshape(-1, 2):
            style: dict[str, Any] = {"hatch": pattern, "edgecolor": "0.5", "linewidth": 0}
            place = (start - 0.5, row - 0.5)
            ax.add_patch(Rectangle(place, end - start, 1, facecolor="none", **style))


def _number_updates(ax: Axes, updates: list[int]) -> None:
    """Numbers of updates below a few columns, the first and the last among them."""
    chosen = np.unique(np.linspace(0, len(updates) - 1, TICKS).round().astype(int))
    ax.set_xticks(chosen, [str(updates[column]) for column in chosen], fontsize=9)
    ax.set_xlabel("update")


def _name_layers(ax: Axes, places: list[str]) -> None:
    """Names beside as many rows as have room: every second or third, from the first."""
    step = -(-len(places) // LABELS)
    rows = range(0, len(places), step)
    ax.set_yticks(rows, [legible(short(places[row])) for row in rows], fontsize=9)
    literally(ax.get_yticklabels())
