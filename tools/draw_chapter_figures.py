"""Draw the figures of prose pages that are computed: signal and gradient through depth, an outlier.

Each is computed from ``bnutils.reference`` on the seeds that its chapter's lab uses, and written
beside the page. A test fails if a committed file is not what this program would write.

Usage: python -m tools.draw_chapter_figures
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np

mpl.use("svg")
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bnutils import predictions, reference
from bnutils.plotting import LETTERS, STYLE, to_svg
from bnutils.utils.chapters import Chapter

ROOT = Path(__file__).parents[1]
SIZE = (4.2, 3.2)  # inches: its letters can be read on a phone too
DEPTH, WIDTH = 50, 256
GAINS = (1.25, 1.0, 0.8)
M = 8
LAYERS = np.arange(1, DEPTH + 1)
BLUE, ORANGE = "#0072b2", "#d55e00"

Trace = list[tuple[np.ndarray, np.ndarray, reference.BatchNormCache | None]]


def main() -> None:
    """Write all figures."""
    for path, drawn in drawings().items():
        path.write_text(drawn(), "utf8")


def drawings() -> dict[Path, Callable[[], str]]:
    """Each file with the function that makes its text."""
    scale, transform = (ROOT / "book" / name for name in ("why-scale-matters", "the-transform"))
    return {
        scale / "signal-through-depth.svg": partial(written, signal),
        scale / "gradient-through-depth.svg": partial(written, gradient),
        transform / "outlier.svg": partial(written, outlier),
    }


def written(draw: Callable[[Axes], str]) -> str:
    """Return one figure as SVG that says what it shows; letters stay letters."""
    style: dict[Any, Any] = {**STYLE, **LETTERS, "figure.figsize": SIZE}
    with mpl.rc_context(style):
        figure, axes = plt.subplots()
        words = draw(axes)
        text = _small(figure, words)
        plt.close(figure)
    return text


def _small(figure: Figure, words: str) -> str:
    """Return the SVG with words of our own, which say all that its numbers do."""
    figure.set_label(words)
    lines = (line.rstrip() for line in to_svg(figure).splitlines())
    return "\n".join(lines) + "\n"


def forward(seed: int, gain: float, batch_norm: bool) -> tuple[np.ndarray, Trace]:
    """Send a batch of random examples through ReLU layers.

    Parameters
    ----------
    seed : int
        Of examples and weights.
    gain : float
        By what He's scale is multiplied.
    batch_norm : bool
        Whether each layer is normalised before its ReLU.

    Returns
    -------
    spreads : ndarray, shape (DEPTH,)
        Standard deviation of what each ReLU receives.
    trace : list
        Weights, pre-activations and cache of each layer.
    """
    rng = np.random.default_rng(seed)
    h, spreads, trace = rng.normal(size=(WIDTH, WIDTH)), [], []
    for _ in range(DEPTH):
        weights = gain * np.sqrt(2 / WIDTH) * rng.normal(size=(WIDTH, WIDTH))
        z, cache = h @ weights, None
        if batch_norm:
            z, cache = reference.batch_norm_train(z, None, None)
        spreads.append(z.std())
        trace.append((weights, z, cache))
        h = np.maximum(z, 0)
    return np.array(spreads), trace


def gradients(seed: int, batch_norm: bool) -> np.ndarray:
    """Return the norm of a gradient of norm 1 at the top, below each layer; shape (DEPTH,)."""
    _, trace = forward(seed, 1.0, batch_norm)
    gradient = np.random.default_rng(seed + 1000).normal(size=trace[-1][1].shape)
    gradient, norms = gradient / np.linalg.norm(gradient), []
    for weights, z, cache in reversed(trace):
        gradient = gradient * (z > 0)
        if cache is not None:
            gradient, _, _ = reference.batch_norm_backward(gradient, cache)
        gradient = gradient @ weights.T
        norms.append(np.linalg.norm(gradient))
    return np.array(norms[::-1])


def seeds() -> list[int]:
    """Return the seeds of the chapter's first predictions, as its lab takes them."""
    return predictions.read(Chapter(ROOT, "why-scale-matters"))[0].seeds


def signal(axes: Axes) -> str:
    """Draw the spread of the signal against depth: one seed, three gains, with and without."""
    for batch_norm, colour in ((False, BLUE), (True, ORANGE)):
        for gain, dash in zip(GAINS, ("-", "--", ":"), strict=True):
            spreads, _ = forward(seeds()[0], gain, batch_norm)
            name = "with batch norm, all" if batch_norm else f"gain {gain:g}"
            in_legend = gain == GAINS[0] or not batch_norm
            axes.semilogy(LAYERS, spreads, dash, color=colour, label=name if in_legend else None)
    axes.set(xlabel="layer", ylabel="spread of what the ReLU receives")
    axes.legend(fontsize=10)
    return (
        "Without batch normalisation three lines fan out from layer to layer: one rises, one stays "
        "level, one falls. With batch normalisation all three lie on 1."
    )


def gradient(axes: Axes) -> str:
    """Draw the norm of the gradient against depth: all seeds and their mean."""
    kinds = ((False, BLUE, "-", "He's scale"), (True, ORANGE, "--", "with batch norm"))
    for batch_norm, colour, dash, name in kinds:
        curves = np.array([gradients(seed, batch_norm) for seed in seeds()])
        some = [0, *range(1, DEPTH, 6)]  # enough for lines that are straight but at the first layer
        axes.semilogy(LAYERS[some], curves.T[some], "-", color=colour, alpha=0.3, linewidth=0.7)
        axes.semilogy(LAYERS, curves.mean(axis=0), dash, color=colour, label=name)
    axes.set(xlabel="layer", ylabel="norm of the gradient below it")
    axes.legend(fontsize=10)
    return (
        "A gradient of norm 1 starts above layer 50. Without batch normalisation its norm stays "
        "level down to layer 1. With batch normalisation it grows in a straight line down to layer "
        "2, and falls a little at the first. All seeds lie close together."
    )


def outlier(axes: Axes) -> str:
    """Draw the normalised values of a batch of which one example walks away."""
    others = np.random.default_rng(1).normal(size=M - 1)
    distances = np.geomspace(0.1, 1000, 60)
    batches = np.array([np.append(others, distance) for distance in distances]).T
    x_hat, _ = reference.batch_norm_train(batches, None, None, epsilon=1e-200)
    axes.semilogx(distances, x_hat[:-1].T, "-", color="0.55", linewidth=1)
    axes.semilogx(distances, x_hat[-1], "-", color=BLUE, label="the one that walks away")
    axes.plot([], [], "-", color="0.55", linewidth=1, label="the seven others")
    axes.axhline(np.sqrt(M - 1), linestyle="--", color="0.3", label="root of 7")
    axes.set(xlabel="its value", ylabel="normalised values")
    axes.legend(fontsize=10, loc="center right", bbox_to_anchor=(1, 0.66))
    return (
        "The normalised value of the example that walks away rises and levels off at the root of "
        "7. The seven others are squeezed together a little below 0."
    )


if __name__ == "__main__":
    argparse.ArgumentParser(
        "python -m tools.draw_chapter_figures", description=__doc__
    ).parse_args()
    main()
