"""An interval, drawn beside what the claim says, as SVG."""

import html
import math
from collections.abc import Iterator, Mapping, Sequence

from bnutils.cards.scale import Scale, scale_of
from bnutils.records import Fields, bounds_of, claimed, formatted
from bnutils.utils.words import decimals, number

WIDTH, EDGE = 260, 14
TOP, MIDDLE, AXIS, NUMBERS, UNIT = 15, 26, 37, 49, 62  # from above, in pixels
LETTER = 5.4  # width of a letter
# For where no style sheet reaches; the rules of bnutils.cards.style take precedence.
COLOURS = {"axis": "#888", "bound": "#666", "interval": "#0f6f6a"}


def drawing(fields: Fields, group: Sequence[Fields]) -> str:
    """Return an interval on an axis with what was claimed; nothing without an interval.

    Parameters
    ----------
    fields : mapping
        Of the record drawn.
    group : sequence of mapping
        The records that are drawn at the same scale.
    """
    if not all(math.isfinite(fields[key]) for key in ("effect", "low", "high")):
        return ""
    scale = scale_of(group)
    height = UNIT + 4 if fields["unit"] else NUMBERS + 4
    parts = [*_claim(fields, scale), *_axis(fields, scale), *_interval(fields, scale)]
    return (
        f'<svg class="bn-drawing" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
        f'height="{height}" role="img" aria-label="{html.escape(in_words(fields))}">'
        f"{''.join(parts)}</svg>"
    )


def in_words(fields: Fields) -> str:
    """Return the drawing in words."""
    _, low, high = formatted(fields)
    unit = f" {fields['unit']}" if fields["unit"] else ""
    said = claimed(fields)
    return f"Interval {low} to {high}{unit}" + (f"; claimed: {said}" if said else "")


def _claim(fields: Fields, scale: Scale) -> Iterator[str]:
    """Where the effect lies if the claim holds: shaded, with its bounds, and in words."""
    above, below = fields.get("above"), fields.get("below")
    left = EDGE if above is None else _across(above, scale)
    right = WIDTH - EDGE if below is None else _across(below, scale)
    if said := claimed(fields):
        yield (
            f'<rect class="bn-claimed" x="{left}" y="{TOP}" width="{max(0, right - left):.1f}" '
            f'height="{AXIS - TOP}" fill="#0f6f6a" fill-opacity=".13"/>'
        )
        yield _text((left + right) / 2, TOP - 5, f"claimed: {said}")
    for bound in bounds_of(fields):
        yield _line("bound", (_across(bound, scale),) * 2, (TOP, AXIS), 'stroke-dasharray="3 3"')


def _axis(fields: Fields, scale: Scale) -> Iterator[str]:
    """The axis with its numbers; zero, if it is there, reaches up to the interval."""
    yield _line("axis", (EDGE, WIDTH - EDGE), (AXIS, AXIS))
    digits = max(0, decimals(scale.step, 1))
    named = {tick: number(tick, digits if tick else 0) for tick in scale.ticks()}
    every = _apart(named, scale)
    for tick, name in named.items():
        x = _across(tick, scale)
        yield _line("axis", (x, x), (AXIS if tick else TOP, AXIS + 3))
        if round(tick / scale.step) % every == 0:
            yield _text(x, NUMBERS, name)
    if fields["unit"]:
        yield _text(WIDTH / 2, UNIT, str(fields["unit"]))


def _apart(named: Mapping[float, str], scale: Scale) -> int:
    """How many ticks there are from one number to the next, so that they do not touch."""
    room = (WIDTH - 2 * EDGE) * scale.step / (scale.high - scale.low)
    return math.ceil((max(map(len, named.values())) + 2) * LETTER / room)


def _interval(fields: Fields, scale: Scale) -> Iterator[str]:
    effect, low, high = (_across(fields[key], scale) for key in ("effect", "low", "high"))
    yield _line("interval", (low, high), (MIDDLE, MIDDLE), 'stroke-width="4"')
    yield f'<circle class="bn-effect" cx="{effect}" cy="{MIDDLE}" r="4.5" fill="#a24a08"/>'


def _across(value: float, scale: Scale) -> float:
    """Where a value is drawn, in pixels from the left."""
    return round(EDGE + (WIDTH - 2 * EDGE) * scale.place(float(value)), 1)


def _line(kind: str, x: tuple[float, float], y: tuple[float, float], more: str = "") -> str:
    place = f'x1="{x[0]}" x2="{x[1]}" y1="{y[0]}" y2="{y[1]}"'
    return f'<line class="bn-{kind}" {place} stroke="{COLOURS[kind]}" {more}/>'


def _text(x: float, y: float, words: str) -> str:
    """Words around a place, but inside the drawing."""
    half = min(LETTER * len(words) / 2, WIDTH / 2)
    middle = round(min(max(x, half), WIDTH - half), 1)
    return (
        f'<text x="{middle}" y="{y}" text-anchor="middle" font-size="10" fill="currentColor">'
        f"{html.escape(words)}</text>"
    )
