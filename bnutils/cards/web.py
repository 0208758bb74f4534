"""A finding as HTML: a row for each data set, and the card around them."""

import html
from collections.abc import Iterator, Sequence

from bnutils.cards.drawing import drawing
from bnutils.cards.small import small_print
from bnutils.cards.style import STYLE
from bnutils.records import DATASETS, Fields, formatted, has_interval, unit_of
from bnutils.tables import markup
from bnutils.utils.words import THIN, counted

LABELS = {
    "theorem": "theorem",
    "measured": "measured here",
    "literature": "literature",
    "folklore": "folklore",
}
VERDICTS = {
    "supported": "✓",
    "contradicted": "✗",
    "undecided": "?",
    "described": "–",
    "holds": "✓",
    "fails": "✗",
}
LONG = 14  # signs of the two ends of an interval that has no room in one line
HEADINGS = ("Data", "Effect", f"95{THIN}% interval", "Interval (shaded: claimed)", "Verdict")


def card(fields: Fields, note: str) -> str:
    """Return a finding as HTML, as the chapters show it.

    Parameters
    ----------
    fields : mapping
        Of the finding, with its ``verdict``.
    note : str
        A sentence below, such as how the finding compares with its record; may be empty.
    """
    after = f'<p class="bn-note">{html.escape(note)}</p>' if note else ""
    return (
        f'<div class="bn-card" id="{anchor(fields["name"])}">'
        f'<div class="bn-card-head">{badge(fields["label"])}</div>'
        f'<div class="bn-claim"><p>{html.escape(fields["claim"])}</p></div>'
        f"{rows([fields])}{after}</div>"
    )


def anchor(name: str) -> str:
    """Return the part of an address that leads to a finding, in its chapter and in its lab."""
    return f"finding-{name.rpartition('/')[2]}"


def badge(label: str) -> str:
    """Return the mark of a kind of evidence."""
    return f'<span class="bn-badge bn-{label}">{LABELS[label]}</span>'


def verdict(word: str) -> str:
    """Return a verdict with its sign."""
    sign = f'<span aria-hidden="true">{VERDICTS[word]}</span>'
    return f'<span class="bn-verdict bn-{word}">{sign} {word}</span>'


def rows(group: Sequence[Fields]) -> str:
    """Return the table of a finding: one line for each data set, drawn at one scale.

    Parameters
    ----------
    group : sequence of mapping
        The finding on one data set each.

    Returns
    -------
    str
        One ``<div class="bn-findings">`` with its style.
    """
    lines = [markup.row(_cells(fields, group)) for fields in group]
    table = markup.table("", map(markup.heading, HEADINGS), lines)
    small = "".join(f'<p class="bn-small">{one}</p>' for one in map(_small, group))
    return f'<div class="bn-findings"><style>{STYLE}</style>{table}{small}</div>'


def _small(fields: Fields) -> str:
    """The small print of one data set."""
    return f"{_named(fields)}: {html.escape(small_print(fields))}"


def _named(fields: Fields) -> str:
    """The data set, and who measured on it if that was somebody else."""
    who = f", measured by {fields['who']}" if fields.get("who") else ""
    return html.escape(f"{DATASETS.get(fields['dataset'], fields['dataset'])}{who}")


def _cells(fields: Fields, group: Sequence[Fields]) -> Iterator[str]:
    """Data set, effect with unit, interval with seeds, drawing, verdict."""
    effect, low, high = formatted(fields)
    interval = _between(low, high) if has_interval(fields) else "–"
    seeds = counted(int(fields["n"]), "seed")
    yield markup.name(_named(fields))
    yield markup.cell(_with_unit(effect, unit_of(fields)), ["bn-number"], HEADINGS[1])
    yield markup.cell(_with_unit(interval, f" {seeds}"), ["bn-number"], HEADINGS[2])
    yield markup.cell(drawing(fields, group), ["bn-drawn"])
    yield markup.cell(verdict(fields["verdict"]), ["bn-judged"])


def _with_unit(number: str, unit: str) -> str:
    """A number; a unit in words stands below it where there is room for a table."""
    words = html.escape(unit)
    return number + (f'<span class="bn-unit">{words}</span>' if unit.startswith(" ") else words)


def _between(low: str, high: str) -> str:
    """An interval; only a long one may break, before its end."""
    return f"{low} to {'<wbr/>' * (len(low + high) > LONG)}{high}"
