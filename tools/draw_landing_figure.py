"""Draw the landing page's figure: what batch normalisation does to three features.

Usage: python tools/draw_landing_figure.py
"""

from __future__ import annotations

import io
from pathlib import Path

import matplotlib as mpl
import numpy as np

mpl.use("svg")
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

TARGET = Path(__file__).parents[1] / "book" / "_static" / "landing.svg"
TITLE = "What batch normalisation does to the features of a batch"
WORDS = (
    "Left: histograms of three features of one batch, with means near -6, 1 and 9 and very "
    "different widths. Right: the same three features after normalisation: each has mean 0 "
    "and standard deviation 1, and each keeps its own shape, symmetric, skewed or with two peaks."
)
COLOURS = ("#0f6f6a", "#c2600f", "#3b5bb5")


def features(rng: np.random.Generator, size: int = 6000) -> list[np.ndarray]:
    """Three features of different place, width and shape."""
    peaks = rng.choice([-1.0, 1.0], size)
    return [
        rng.normal(-6.0, 0.9, size),
        rng.gamma(2.0, 1.0, size) - 1.0,
        9.0 + 2.2 * peaks + rng.normal(0.0, 0.9, size),
    ]


def draw(axes: Axes, values: list[np.ndarray], title: str, edges: list[float]) -> None:
    """Draw the histograms of one panel."""
    for value, colour in zip(values, COLOURS, strict=True):
        axes.hist(value, edges, density=True, histtype="stepfilled", color=colour, alpha=0.28)
        axes.hist(value, edges, density=True, histtype="step", color=colour, linewidth=1.6)
    axes.set_title(title, fontsize=11)
    axes.set_yticks([])
    axes.spines[["left", "right", "top"]].set_visible(False)


def main() -> None:
    """Write the figure."""
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "bn", "font.family": "sans-serif"})
    raw = features(np.random.default_rng(0))
    normalised = [(x - x.mean()) / x.std() for x in raw]
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 2.6), layout="constrained")
    draw(left, raw, "three features of a batch", np.linspace(-10, 16, 105).tolist())
    title = "normalised: mean 0, variance 1, shape unchanged"
    draw(right, normalised, title, np.linspace(-4, 4, 81).tolist())
    text = io.StringIO()
    figure.savefig(text, format="svg", transparent=True, metadata={"Date": None})
    _, tag, rest = text.getvalue().partition("<svg")
    opening, close, body = rest.partition(">")
    words = f"<title>{TITLE}</title><desc>{WORDS}</desc>"
    svg = tag + opening + close + words + body
    TARGET.write_text("\n".join(line.rstrip() for line in svg.splitlines()) + "\n", "utf8")


if __name__ == "__main__":
    main()
