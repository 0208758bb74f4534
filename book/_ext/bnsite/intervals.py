"""A small drawing of an interval beside the value that the claim is held against."""

from __future__ import annotations

import html
import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .records import Record

WIDTH, HEIGHT, EDGE = 220, 26, 12


def span(group: list[Record]) -> tuple[float, float]:
    """The common scale of a group's drawings: all numbers and bounds, with a margin."""
    values = [v for record in group for v in (*record.numbers, *bounds(record))]
    finite = [v for v in values if math.isfinite(v)]
    low, high = min(finite, default=0.0), max(finite, default=1.0)
    margin = 0.08 * (high - low) or 1.0
    return low - margin, high + margin


def bounds(record: Record) -> list[float]:
    """What the effect is held against."""
    return [float(b) for k in ("above", "below") if (b := record.fields.get(k)) is not None]


def drawing(record: Record, group: list[Record]) -> str:
    """An inline SVG in the page's own colours; its words are the numbers beside it."""
    low_end, high_end = span(group)

    def x(value: float) -> float:
        inside = min(max(value, low_end), high_end)
        return round(EDGE + (WIDTH - 2 * EDGE) * (inside - low_end) / (high_end - low_end), 1)

    effect, low, high = record.numbers
    middle = HEIGHT / 2
    lines = [f'<line class="bn-axis" x1="{EDGE}" x2="{WIDTH - EDGE}" y1="{middle}" y2="{middle}"/>']
    lines += [
        f'<line class="bn-bound" x1="{x(b)}" x2="{x(b)}" y1="3" y2="{HEIGHT - 3}"/>'
        for b in bounds(record)
    ]
    lines += [
        f'<line class="bn-interval" x1="{x(low)}" x2="{x(high)}" y1="{middle}" y2="{middle}"/>',
        f'<circle class="bn-effect" cx="{x(effect)}" cy="{middle}" r="5"/>',
    ]
    held = " and ".join(f"{b:g}" for b in bounds(record))
    words = f"Interval {record.interval}" + (f", held against {held}" if held else "")
    return (
        f'<svg class="bn-drawing" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'role="img" aria-label="{html.escape(words)}">{"".join(lines)}</svg>'
    )
