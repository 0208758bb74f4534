"""Draw the landing page's figure: what batch normalisation does to three features.

The page shows its two panels, side by side or on a phone one below the other; a reader of the
README sees both in one file.

Usage: python -m tools.draw_landing_figure
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np

mpl.use("svg")
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from bnutils.plotting import LETTERS

FOLDER = Path(__file__).parents[1] / "book" / "_static"
WIDTH, HEIGHT = 3.4, 2.2  # inches, of one panel
COLOURS = ("#0f6f6a", "#c2600f", "#3b5bb5")


@dataclass(frozen=True)
class Panel:
    """One of the two pictures: its file's name, titles, words, and bins."""

    name: str
    title: str
    short: str
    words: str
    edges: tuple[float, float, int]


BEFORE = Panel(
    "landing-before",
    "before: three features of a batch",
    "Three features of one batch",
    "Histograms with means near -6, 1 and 9 and very different widths; one is symmetric, one "
    "skewed, one has two peaks.",
    (-10, 16, 105),
)
AFTER = Panel(
    "landing-after",
    "after: mean 0, variance 1, same shape",
    "The same three features after batch normalisation",
    "Histograms that lie over one another: each has mean 0 and standard deviation 1, and each "
    "keeps its own shape, symmetric, skewed or with two peaks.",
    (-4, 4, 81),
)


def features(rng: np.random.Generator, size: int = 6000) -> list[np.ndarray]:
    """Three features of different place, width and shape."""
    peaks = rng.choice([-1.0, 1.0], size)
    return [
        rng.normal(-6.0, 0.9, size),
        rng.gamma(2.0, 1.0, size) - 1.0,
        9.0 + 2.2 * peaks + rng.normal(0.0, 0.9, size),
    ]


def draw(axes: Axes, values: list[np.ndarray], panel: Panel) -> None:
    """Draw the histograms of one panel."""
    edges = np.linspace(*panel.edges).tolist()
    for value, colour in zip(values, COLOURS, strict=True):
        axes.hist(value, edges, density=True, histtype="stepfilled", color=colour, alpha=0.28)
        axes.hist(value, edges, density=True, histtype="step", color=colour, linewidth=1.6)
    axes.set_title(panel.title, fontsize=11)
    axes.set_yticks([])
    axes.spines[["left", "right", "top"]].set_visible(False)


def write(
    name: str, title: str, words: str, drawn: Sequence[tuple[list[np.ndarray], Panel]]
) -> None:
    """Write panels, side by side, into one file that says in words what it shows."""
    size = (WIDTH * len(drawn), HEIGHT)
    figure, places = plt.subplots(1, len(drawn), figsize=size, layout="constrained", squeeze=False)
    for axes, (values, panel) in zip(places[0], drawn, strict=True):
        draw(axes, values, panel)
    text = io.StringIO()
    figure.savefig(text, format="svg", transparent=True, metadata={"Date": None})
    _, tag, rest = text.getvalue().partition("<svg")
    opening, close, body = rest.partition(">")
    svg = f"{tag}{opening}{close}<title>{title}</title><desc>{words}</desc>{body}"
    lines = "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"
    (FOLDER / f"{name}.svg").write_text(lines, "utf8")


def main() -> None:
    """Write the figures."""
    style: dict[Any, Any] = {**LETTERS, "svg.hashsalt": "bn", "font.family": "sans-serif"}
    mpl.rcParams.update(style)
    raw = features(np.random.default_rng(0))
    both = [(raw, BEFORE), ([(x - x.mean()) / x.std() for x in raw], AFTER)]
    for values, panel in both:
        write(panel.name, panel.short, panel.words, [(values, panel)])
    title = "What batch normalisation does to the features of a batch"
    write("landing", title, f"Left: {BEFORE.words} Right: {AFTER.words}", both)


if __name__ == "__main__":
    argparse.ArgumentParser("python -m tools.draw_landing_figure", description=__doc__).parse_args()
    main()
