"""Draw the figure of *What it is*: a batch of four on its way through batch normalisation.

Usage: python -m tools.draw_steps_figure
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bnutils import reference

FILE = Path(__file__).parents[1] / "book" / "what-it-is" / "steps.svg"
BATCH, GAMMA, BETA = (1.0, 3.0, 3.0, 9.0), 3.0, 2.0
NEGLIGIBLE = 1e-12  # the reference wants an epsilon
WIDTH, ROW = 480, 96  # pixels
UNIT, ZERO = 36, 130  # pixels: of the number 1, and where 0 is
THIRDS = ("", "⅓", "⅔")
NUMBER = 'text-anchor="middle" font-size="14"'
DOT, SPREAD, PALE, MUTED = "#0f6f6a", "#c2600f", "#808a96", "#59636e"


@dataclass(frozen=True)
class Step:
    """One line of numbers, and what has been done to get there."""

    words: str
    values: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Of the four values."""
        return float(np.mean(self.values))

    @property
    def spread(self) -> float:
        """Their standard deviation, with m in the denominator."""
        return float(np.std(self.values))


def steps() -> list[Step]:
    """The batch, and what each step makes of it."""
    x = np.array(BATCH)[:, None]
    mean, _ = reference.moments(x)
    normalised, _ = reference.batch_norm_train(x, [1.0], [0.0], epsilon=NEGLIGIBLE)
    output, _ = reference.batch_norm_train(x, [GAMMA], [BETA], epsilon=NEGLIGIBLE)
    return [
        Step("the batch x", BATCH),
        Step("subtract the mean: x − 4", tuple((x - mean).ravel().tolist())),
        Step("divide by the spread: x̂ = (x − 4) / 3", tuple(normalised.ravel().tolist())),
        Step("scale and shift: y = 3 x̂ + 2", tuple(output.ravel().tolist())),
    ]


def number(value: float) -> str:
    """A value as it is written under its dot: whole, or with thirds."""
    thirds = round(3 * value)
    if abs(thirds - 3 * value) > 1e-6:
        raise ValueError(f"The figure writes whole numbers and thirds; received {value}.")
    whole, rest = divmod(abs(thirds), 3)
    return ("−" if thirds < 0 else "") + (str(whole) if whole or not rest else "") + THIRDS[rest]


def place(value: float) -> float:
    """Where on the line a value is, in pixels."""
    return round(ZERO + UNIT * value, 1)


def line(step: Step, top: int) -> Iterator[str]:
    """One step: its words, its mean and spread, its dots, its numbers."""
    y = top + 58
    low, high = place(step.mean - step.spread), place(step.mean + step.spread)
    yield f'<text x="12" y="{top + 18}">{step.words}</text>'
    yield f'<path d="M12 {y} H{WIDTH - 12}" stroke="{PALE}" stroke-width="1.5"/>'
    yield f'<path d="M{low} {y} H{high}" stroke="{SPREAD}" stroke-width="7" stroke-opacity="0.45"/>'
    yield f'<path d="M{place(step.mean)} {y - 11} V{y + 11}" stroke="{SPREAD}" stroke-width="3"/>'
    if min(map(abs, step.values)) > 0.9:  # there is room for it
        yield f'<path d="M{ZERO} {y - 6} V{y + 6}" stroke="{PALE}" stroke-width="1.5"/>'
        yield f'<text x="{ZERO}" y="{y + 25}" {NUMBER} fill="{MUTED}">0</text>'
    for value in sorted(set(step.values)):
        for level in range(step.values.count(value)):
            yield f'<circle cx="{place(value)}" cy="{y - 15 * level}" r="6.5" fill="{DOT}"/>'
        yield f'<text x="{place(value)}" y="{y + 25}" {NUMBER}>{number(value)}</text>'


def words(drawn: Sequence[Step]) -> str:
    """The same in a sentence for each step."""
    return " ".join(
        f"{step.words}: {', '.join(map(number, step.values))}; mean {number(step.mean)}, "
        f"standard deviation {number(step.spread)}."
        for step in drawn
    )


def svg() -> str:
    """The figure."""
    drawn = steps()
    height = ROW * len(drawn) + 8
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" role="img" font-size="16" fill="#14202e" '
        "font-family=\"system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif\">"
    )
    title = "<title>A batch of four on its way through batch normalisation</title>"
    lines = [part for index, step in enumerate(drawn) for part in line(step, index * ROW)]
    return "\n".join([head, title, f"<desc>{words(drawn)}</desc>", *lines, "</svg>"]) + "\n"


def main() -> None:
    """Write it."""
    FILE.write_text(svg(), "utf8")


if __name__ == "__main__":
    argparse.ArgumentParser("python -m tools.draw_steps_figure", description=__doc__).parse_args()
    main()
