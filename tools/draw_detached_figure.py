"""Draw the figure of *The backward pass*: what the right and the detached gradient end at.

Every number comes from the chapter's records: ``python -m tools.draw_detached_figure`` after
``make findings LAB=the-backward-pass``.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bnutils import interval
from bnutils.plotting import COLOURS
from bnutils.records import read_record
from bnutils.utils.chapters import Chapter, record_path

ROOT = Path(__file__).parents[1]
SLUG, DATA = "the-backward-pass", "digits"
FILE = Chapter(ROOT, SLUG).folder / "detached-accuracies.svg"
WIDTH, HEIGHT = 480, 320
TOP, BOTTOM = 52, 284  # of the axes
LEFT, PANEL, BETWEEN = 60, 196, 22
HIGHEST = 100.0
PALE, GREY = "#c3c9d1", "#5b6672"
DETACHED, RIGHT = COLOURS[:2]  # as in the lab


@dataclass(frozen=True)
class Panel:
    """One comparison.

    Attributes
    ----------
    title, images : str
        How the rates were chosen, and on which images the accuracies were measured.
    right, detached : sequence of float
        Accuracies in per cent, by seed.
    """

    title: str
    images: str
    right: Sequence[float]
    detached: Sequence[float]

    @property
    def words(self) -> str:
        """What the panel shows."""
        right, detached = interval(self.right), interval(self.detached)
        return (
            f"{self.title.capitalize()}, on {self.images}: mean accuracy {right.estimate:.1f} % "
            f"with the right gradient (seeds from {min(self.right):.1f} to {max(self.right):.1f}), "
            f"{detached.estimate:.1f} % with the detached one (from {min(self.detached):.1f} to "
            f"{max(self.detached):.1f})."
        )


def panels() -> tuple[Panel, Panel]:
    """Return both comparisons, from the records."""
    fields = {
        name: read_record(record_path(ROOT, f"{SLUG}/{name}.{DATA}"))
        for name in (
            "tuned-accuracy-reference",
            "tuned-accuracy-found",
            "detached-still-trains",
            "detached-trains-worse",
        )
    }
    values = {name: one["values"] for name, one in fields.items()}
    found, gaps = values["detached-still-trains"], values["detached-trains-worse"]
    rate = fields["detached-trains-worse"]["setting"]["learning rates"][0]
    right = [one - gap for one, gap in zip(found, gaps, strict=True)]
    tuned = values["tuned-accuracy-reference"], values["tuned-accuracy-found"]
    return (
        Panel("each at its own best rate", "test images", *tuned),
        Panel(f"both at the rate {rate:g}", "validation images", right, found),
    )


def drawn(both: Sequence[Panel]) -> str:
    """Return the figure as SVG."""
    lowest = min(min(panel.detached) for panel in both) // 5 * 5
    parts = [part for at, panel in enumerate(both) for part in _panel(panel, at, lowest)]
    ticks = range(int(lowest), int(HIGHEST) + 1, 5)
    axis = [
        _text(LEFT - 8, _height(tick, lowest) + 5, f"{tick} %", "end", GREY, 14) for tick in ticks
    ]
    words = " ".join(panel.words for panel in both)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
            f'width="{WIDTH}" height="{HEIGHT}" role="img" font-family="system-ui, sans-serif">',
            "<title>Accuracies with the right and with the detached gradient</title>",
            f"<desc>Each line is a seed. {words}</desc>",
            *axis,
            *parts,
            "</svg>\n",
        ]
    )


def _panel(panel: Panel, at: int, lowest: float) -> list[str]:
    """Return the seeds as pairs of dots, and over them means with their intervals."""
    start = LEFT + at * (PANEL + BETWEEN)
    middle, places = start + PANEL / 2, (start + PANEL * 0.25, start + PANEL * 0.75)
    ticks = [_height(tick, lowest) for tick in range(int(lowest), int(HIGHEST) + 1, 5)]
    grid = [_line(start, y, start + PANEL, y, PALE, 0.6) for y in ticks]
    pairs = zip(panel.right, panel.detached, strict=True)
    seeds = [_seed(places, one, other, lowest) for one, other in pairs]
    arms = [("right", RIGHT, panel.right), ("detached", DETACHED, panel.detached)]
    means = [
        part
        for place, (name, colour, values) in zip(places, arms, strict=True)
        for part in (
            *_mean(place, values, colour, lowest),
            _text(place, 308, name),
        )
    ]
    return [
        _text(middle, 22, panel.title),
        _text(middle, 40, f"on {panel.images}", "middle", GREY, 14),
        *grid,
        *seeds,
        *means,
    ]


def _seed(places: tuple[float, float], right: float, detached: float, lowest: float) -> str:
    y, z = _height(right, lowest), _height(detached, lowest)
    dots = [
        f'<circle cx="{x:.1f}" cy="{h:.1f}" r="2.6" fill="{colour}" fill-opacity="0.55"/>'
        for x, h, colour in ((places[0], y, RIGHT), (places[1], z, DETACHED))
    ]
    return _line(places[0], y, places[1], z, PALE, 1.2) + "".join(dots)


def _mean(x: float, values: Sequence[float], colour: str, lowest: float) -> list[str]:
    found, half = interval(values), 30.0
    top, bottom = _height(found.high, lowest), _height(found.low, lowest)
    mean = _height(found.estimate, lowest)
    side = x - 1.25 * half if colour == RIGHT else x + 1.25 * half
    band = (
        f'<rect x="{x - half / 2:.1f}" y="{top:.1f}" width="{half:.1f}" '
        f'height="{bottom - top:.1f}" fill="{colour}" fill-opacity="0.22"/>'
    )
    number = _text(side, mean + 5, f"{found.estimate:.1f}", size=14)
    return [band, _line(x - half / 2, mean, x + half / 2, mean, colour, 3), number]


def _height(accuracy: float, lowest: float) -> float:
    return BOTTOM - (accuracy - lowest) / (HIGHEST - lowest) * (BOTTOM - TOP)


def _line(x: float, y: float, x2: float, y2: float, colour: str, width: float) -> str:
    ends = f'x1="{x:.1f}" y1="{y:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} stroke="{colour}" stroke-width="{width:g}"/>'


def _text(
    x: float, y: float, text: str, anchor: str = "middle", colour: str = "#14202e", size: int = 15
) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text {place} font-size="{size}" fill="{colour}">{text}</text>'


def main() -> None:
    """Write the figure."""
    FILE.write_text(drawn(panels()), "utf8")


if __name__ == "__main__":
    argparse.ArgumentParser(
        "python -m tools.draw_detached_figure", description=__doc__
    ).parse_args()
    main()
