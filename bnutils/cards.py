"""How a finding looks: a line for each data set, with a drawing of its interval."""

import html
import math
from collections.abc import Sequence
from textwrap import fill

from bnutils.records import DATASETS, Fields, formatted, phrase
from bnutils.tables import WIDTH as COLUMNS
from bnutils.utils.words import MINUS

WIDTH, HEIGHT, EDGE = 220, 26, 12
LABELS = {
    "theorem": "theorem",
    "measured": "measured here",
    "literature": "literature",
    "folklore": "folklore",
}
VERDICTS = {"supported": "✓", "contradicted": "✗", "undecided": "?"}
# As in the style sheet, for notebooks that have none; its rules take precedence.
STROKES = {"axis": ("#8884", 1), "bound": ("#888", 1.5), "interval": ("#2563a6", 4)}


def text(fields: Fields, note: str) -> str:
    """Return a finding as plain text: claim, verdict with numbers, and the note below."""
    name = DATASETS.get(fields["dataset"], fields["dataset"])
    numbers = phrase(fields).replace(MINUS, "-")
    below = [f"{fields['verdict']} on {name}: {numbers}", *([note] if note else [])]
    lines = [fill(one, COLUMNS, initial_indent="  ", subsequent_indent="  ") for one in below]
    return "\n".join([fill(fields["claim"], COLUMNS), *lines])


def card(fields: Fields, note: str) -> str:
    """Return a finding as HTML, as the chapters show it."""
    label, verdict = fields["label"], fields["verdict"]
    name = html.escape(str(DATASETS.get(fields["dataset"], fields["dataset"])))
    mark = f'<span aria-hidden="true">{VERDICTS[verdict]}</span>'
    after = f'<p class="bn-note">{html.escape(note)}</p>' if note else ""
    return (
        f'<div class="bn-card"><div class="bn-card-head">'
        f'<span class="bn-badge bn-{label}">{LABELS[label]}</span></div>'
        f'<div class="bn-claim"><p>{html.escape(fields["claim"])}</p></div>'
        f'<div class="bn-row"><span class="bn-dataset">{name}</span> {drawing(fields, [fields])} '
        f'<span class="bn-numbers">{html.escape(phrase(fields))}</span> '
        f'<span class="bn-verdict bn-{verdict}">{mark} {verdict}</span></div>{after}</div>'
    )


def drawing(fields: Fields, group: Sequence[Fields]) -> str:
    """Return an interval beside what it is held against, as SVG; nothing without an interval.

    Parameters
    ----------
    fields : mapping
        Of the record drawn.
    group : sequence of mapping
        The records that are drawn at the same scale.
    """
    if not all(math.isfinite(fields[key]) for key in ("effect", "low", "high")):
        return '<span class="bn-drawing"></span>'
    ends = _span(group)
    effect, low, high = (_place(float(fields[key]), ends) for key in ("effect", "low", "high"))
    middle = HEIGHT / 2
    lines = [_line("axis", (EDGE, WIDTH - EDGE), (middle, middle))]
    for bound in _bounds(fields):
        lines.append(_line("bound", (_place(bound, ends),) * 2, (3, HEIGHT - 3)))
    lines.append(_line("interval", (low, high), (middle, middle)))
    lines.append(f'<circle class="bn-effect" cx="{effect}" cy="{middle}" r="5" fill="#b45309"/>')
    return (
        f'<svg class="bn-drawing" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'role="img" aria-label="{html.escape(_words(fields))}">{"".join(lines)}</svg>'
    )


def _words(fields: Fields) -> str:
    """Return the drawing in words."""
    _, low, high = formatted(fields)
    held = " and ".join(f"{bound:g}" for bound in _bounds(fields))
    return f"Interval {low} to {high}" + (f", held against {held}" if held else "")


def _bounds(fields: Fields) -> list[float]:
    """Return what the effect is held against."""
    return [float(b) for key in ("above", "below") if (b := fields.get(key)) is not None]


def _span(group: Sequence[Fields]) -> tuple[float, float]:
    """Return the common scale of a group: all numbers and bounds, with a margin."""
    values = [float(one[key]) for one in group for key in ("effect", "low", "high")]
    values += [bound for one in group for bound in _bounds(one)]
    finite = [value for value in values if math.isfinite(value)]
    low, high = min(finite, default=0.0), max(finite, default=1.0)
    margin = 0.08 * (high - low) or 1.0
    return low - margin, high + margin


def _place(value: float, ends: tuple[float, float]) -> float:
    """Return where a value lies in the drawing, in pixels from the left."""
    low, high = ends
    inside = min(max(value, low), high)
    return round(EDGE + (WIDTH - 2 * EDGE) * (inside - low) / (high - low), 1)


def _line(kind: str, x: tuple[float, float], y: tuple[float, float]) -> str:
    colour, width = STROKES[kind]
    return (
        f'<line class="bn-{kind}" x1="{x[0]}" x2="{x[1]}" y1="{y[0]}" y2="{y[1]}" '
        f'stroke="{colour}" stroke-width="{width}"/>'
    )
