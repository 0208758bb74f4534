"""A finding as HTML: a row for each data set, and the card around them."""

import html
from collections.abc import Sequence

from bnutils.cards.drawing import drawing
from bnutils.cards.style import STYLE
from bnutils.records import DATASETS, Fields, formatted, has_interval, unit_of
from bnutils.utils.words import THIN, counted

LABELS = {
    "theorem": "theorem",
    "measured": "measured here",
    "literature": "literature",
    "folklore": "folklore",
}
VERDICTS = {"supported": "✓", "contradicted": "✗", "undecided": "?"}
HEADINGS = ("Data", "Effect", f"95{THIN}% interval", "Interval (shaded: claimed)")


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
    titles = "".join(f'<th role="columnheader" scope="col">{title}</th>' for title in HEADINGS)
    head = f'<tr role="row">{titles}<th role="columnheader" scope="col">Verdict</th></tr>'
    lines = "".join(_row(fields, group) for fields in group)
    return (
        f'<div class="bn-findings"><style>{STYLE}</style><table role="table">'
        f'<thead role="rowgroup">{head}</thead><tbody role="rowgroup">{lines}</tbody></table></div>'
    )


def _row(fields: Fields, group: Sequence[Fields]) -> str:
    """Data set, effect with unit, interval with seeds, drawing, verdict."""
    effect, low, high = formatted(fields)
    name = DATASETS.get(fields["dataset"], fields["dataset"])
    interval = f"{low} to {high}" if has_interval(fields) else "–"
    effects = _cell("number", _with_unit(effect, unit_of(fields)), HEADINGS[1])
    seeds = counted(int(fields["n"]), "seed")
    intervals = _cell("number", _with_unit(interval, f" {seeds}"), HEADINGS[2])
    drawn = _cell("drawn", drawing(fields, group))
    judged = _cell("judged", verdict(fields["verdict"]))
    data = f'<th role="rowheader" scope="row">{html.escape(str(name))}</th>'
    return f'<tr role="row">{data}{effects}{intervals}{drawn}{judged}</tr>'


def _with_unit(number: str, unit: str) -> str:
    """A number; a unit in words stands below it where there is room for a table."""
    words = html.escape(unit)
    return number + (f'<span class="bn-unit">{words}</span>' if unit.startswith(" ") else words)


def _cell(kind: str, content: str, title: str = "") -> str:
    """One cell; it carries its heading for where rows are stacked."""
    heading = f' data-title="{title}"' if title else ""
    return f'<td class="bn-{kind}" role="cell"{heading}>{content}</td>'
