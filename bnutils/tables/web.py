"""A table as HTML: headings that screen readers announce, rows that stack on a phone.

The style comes with the table, so that it looks the same in the book, in JupyterLab, and in a
notebook converted to HTML. Colours are those of the page.
"""

import html
import re
from collections.abc import Iterator, Sequence

from bnutils.tables import markup
from bnutils.tables.columns import MISSING, Column

STYLE = """
.bn-table { container-type: inline-size; margin: .5rem 0 1rem; }
.bn-table table { border-collapse: collapse; margin: 0; font-variant-numeric: tabular-nums; }
.bn-table caption { caption-side: top; text-align: left; padding: 0 0 .4rem; color: inherit; }
.bn-table :is(th, td) { padding: .3rem .6rem; text-align: left; vertical-align: baseline;
  border: 0; border-bottom: 1px solid var(--pst-color-border, #8886); background: none; }
.bn-table :is(caption, .bn-note, .bn-long) { overflow-wrap: anywhere; }
.bn-table .bn-number { text-align: right; white-space: nowrap; }
.bn-table th.bn-number { white-space: normal; overflow-wrap: normal; }
.bn-table .bn-note { margin: .4rem 0 0; font-size: .92em; }
"""
STACKED = """@container (max-width: ROOMrem) {
  .bn-below-ROOM :is(table, tbody, caption) { display: block; }
  .bn-below-ROOM thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px;
    overflow: hidden; white-space: nowrap; }
  .bn-below-ROOM tbody tr { display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; padding: .4rem 0;
    background: none; border-top: 1px solid var(--pst-color-border, #8886); }
  .bn-below-ROOM tbody :is(th, td) { display: inline-flex; gap: .4rem; border: 0; padding: 0;
    text-align: left; max-width: 100%; }
  .bn-below-ROOM tbody .bn-name { flex-basis: 100%; }
  .bn-below-ROOM tbody :is(td, .bn-named)::before { content: attr(data-title);
    font-weight: 400; white-space: normal; color: var(--pst-color-text-muted, inherit); }
  .bn-below-ROOM tbody .bn-nothing { display: none; }
}
"""
ROOMS = (18, 24, 36, 46, 60)  # widths in rem below which tables are stacked: no phone is below 18
LETTER, BOLD, PADDING = 0.53, 0.7, 1.2  # rem
BROKEN = 20  # letters of a text that may go on in the next line, of a word that need not be whole
MATHEMATICS = "tex2jax_ignore mathjax_ignore"  # a dollar in a name is a dollar


def as_html(caption: str, columns: Sequence[Column], notes: Sequence[str] = ()) -> str:
    """Return caption, table and notes, with their style.

    Parameters
    ----------
    caption : str
        Says what the table shows; may be empty.
    columns : sequence of Column
        All of the same length.
    notes : sequence of str
        Sentences below the table.

    Returns
    -------
    str
        One ``<div class="bn-table">``.
    """
    least = least_room(columns)
    wide, style = f"bn-below-{least} ", STYLE + STACKED.replace("ROOM", f"{least}")
    whole = markup.table(html.escape(caption), head(columns), body(columns))
    below = "".join(f'<p class="bn-note">{html.escape(note)}</p>' for note in notes)
    return f'<div class="bn-table {wide}{MATHEMATICS}"><style>{style}</style>{whole}{below}</div>'


def least_room(columns: Sequence[Column]) -> int:
    """Return the width below which the rows are stacked, in ``rem``."""
    needed = sum(widest(column) + PADDING for column in columns)
    return next((room for room in ROOMS if needed <= room), 999)


def widest(column: Column) -> float:
    """Width in ``rem`` of the longest cell, or of the longest word of the heading."""
    letters = max(map(len, column.cells), default=0)
    shown = letters if column.numeric else min(letters, BROKEN)
    heading = max(map(len, column.title.split()), default=0)
    return max(BOLD * heading, (BOLD if column.names_rows else LETTER) * shown)


def head(columns: Sequence[Column]) -> Iterator[str]:
    """The headings; above a column without one the corner is empty."""
    for column in columns:
        looks = classes(column, *long(column.title))
        yield markup.heading(html.escape(column.title), looks) if column.title else "<td></td>"


def body(columns: Sequence[Column]) -> Iterator[str]:
    """The rows."""
    several = sum(column.names_rows for column in columns) > 1
    for cells in zip(*(column.cells for column in columns), strict=True):
        yield markup.row(cell(*pair, several) for pair in zip(columns, cells, strict=True))


def cell(column: Column, text: str, several: bool) -> str:
    """One cell; it carries its heading for where rows are stacked."""
    shown = "–" if text == MISSING else html.escape(minus(text) if column.numeric else text)
    title = html.escape(column.title)
    if column.names_rows:
        looks = classes(column, "bn-named" if several else "bn-name", *long(text))
        return markup.name(shown, looks, title if several else "")
    looks = classes(column, *long(text), *["bn-nothing"] * (text == MISSING))
    return markup.cell(shown, looks, title)


def long(text: str) -> list[str]:
    """The class of a text with a word that is too long to be kept whole."""
    return ["bn-long"] if any(len(word) > BROKEN for word in text.split()) else []


def minus(text: str) -> str:
    """Numbers with the sign that is as wide as a plus; an exponent keeps its own."""
    return re.sub(r"(?<!e)-", "\N{MINUS SIGN}", text)


def classes(column: Column, *others: str) -> list[str]:
    """How a cell of a column looks."""
    return [*(["bn-number"] if column.numeric else []), *others]
