"""The picture that a preview of a page shows: the book's name above what the layer does."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure
from PIL import Image

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

NAME = "_static/preview.png"
WIDTH, HEIGHT = 1200, 630  # pixels, as previews want it
TITLE = "Batch Normalization, hands on"
LINE = "Derive it, write it, check it, measure it."
WORDS = (
    "Three curves of different place and width on the left become, on the right, three curves "
    "of mean 0 and variance 1 that keep their shapes."
)
PAPER, INK, MUTED = "#fffefb", "#20262c", "#525c66"
COLOURS = ("#0f6f6a", "#c2600f", "#3b5bb5")
DPI = 100


def densities() -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Three features: where their values lie, and how often."""
    x = np.linspace(-12.0, 18.0, 1500)
    late = np.clip(x + 1.0, 0.0, None)
    heights = [
        np.exp(-(((x + 6.0) / 0.9) ** 2) / 2),
        late * np.exp(-late),
        np.exp(-(((x - 6.8) / 0.9) ** 2) / 2) + np.exp(-(((x - 11.2) / 0.9) ** 2) / 2),
    ]
    return [(x, height / height.sum() / (x[1] - x[0])) for height in heights]


def normalised(
    x: NDArray[np.float64], height: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A feature of mean 0 and variance 1, of the same shape."""
    mean = np.average(x, weights=height)
    spread = np.sqrt(np.average((x - mean) ** 2, weights=height))
    return (x - mean) / spread, height * spread


def draw(ax: Axes, curves: list[tuple[NDArray[np.float64], NDArray[np.float64]]]) -> None:
    """Draw some features over one axis."""
    for (x, height), colour in zip(curves, COLOURS, strict=True):
        ax.fill_between(x, height, color=colour, alpha=0.18, linewidth=0)
        ax.plot(x, height, color=colour, linewidth=4)
    ax.set_axis_off()
    ax.axhline(0, color=MUTED, linewidth=2)


def picture() -> Figure:
    """The whole picture."""
    size = (WIDTH / DPI, HEIGHT / DPI)
    figure = Figure(size, dpi=DPI, facecolor=PAPER)
    figure.set_layout_engine("none")  # whatever the session draws in
    figure.text(0.06, 0.8, TITLE, fontsize=43, family="DejaVu Serif", color=COLOURS[0])
    figure.text(0.06, 0.69, LINE, fontsize=24, family="DejaVu Sans", color=MUTED)
    left = figure.add_axes((0.05, 0.12, 0.47, 0.5), xlim=(-10, 15))
    right = figure.add_axes((0.64, 0.12, 0.31, 0.5), xlim=(-4, 4))
    draw(left, densities())
    draw(right, [normalised(*feature) for feature in densities()])
    figure.text(0.58, 0.3, "\N{RIGHTWARDS ARROW}", fontsize=44, ha="center", color=INK)
    return figure


def write(out: Path) -> None:
    """Write the picture, unless it is there as this module draws it."""
    path = out / NAME
    if path.exists() and path.stat().st_mtime >= Path(__file__).stat().st_mtime:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    picture().savefig(buffer, format="png")
    Image.open(buffer).convert("RGB").quantize(64).save(path, optimize=True)
