"""A table as HTML: headings that screen readers announce, rows that stack on a phone.

The style comes with the table, so that it looks the same in the book, in JupyterLab, and in a
notebook converted to HTML. Colours are those of the page.
"""

import html
import re
from collections.abc import Iterator, Sequence

from bnutils.tables.columns import MISSING, Column

STYLE = """
.bn-table { container-type: inline-size; margin: .5rem 0 1rem; }
.bn-table table { border-collapse: collapse; margin: 0; font-variant-numeric: tabular-nums; }
.bn-table caption { caption-side: top; text-align: left; padding: 0 0 .4rem; color: inherit; }
.bn-table :is(th, td) { padding: .3rem .75rem; text-align: left; vertical-align: baseline;
  border: 0; border-bottom: 1px solid var(--pst-color-border, #8886); background: none; }
.bn-table th { overflow-wrap: anywhere; }
.bn-table .bn-number { text-align: right; white-space: nowrap; }
.bn-table th.bn-number { white-space: normal; overflow-wrap: normal; }
.bn-table .bn-note { margin: .4rem 0 0; font-size: .92em; }
@container (max-width: 36rem) {
  .bn-table.bn-wide :is(table, tbody, caption) { display: block; }
  .bn-table.bn-wide thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px;
    overflow: hidden; white-space: nowrap; }
  .bn-table.bn-wide tbody tr { display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; padding: .4rem 0;
    background: none; border-top: 1px solid var(--pst-color-border, #8886); }
  .bn-table.bn-wide tbody :is(th, td) { display: inline-flex; gap: .4rem; border: 0; padding: 0;
    text-align: left; max-width: 100%; }
  .bn-table.bn-wide tbody .bn-name { flex-basis: 100%; }
  .bn-table.bn-wide tbody :is(td, .bn-named)::before { content: attr(data-title);
    font-weight: 400; white-space: normal; color: var(--pst-color-text-muted, inherit); }
  .bn-table.bn-wide tbody .bn-nothing { display: none; }
}
"""
ROOM = 36  # letters beside each other on a narrow phone
GAP = 3  # letters that the space between two columns takes
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
    wide = "bn-wide " if stacks(columns) else ""
    title = f"<caption>{html.escape(caption)}</caption>" if caption else ""
    below = "".join(f'<p class="bn-note">{html.escape(note)}</p>' for note in notes)
    return (
        f'<div class="bn-table {wide}{MATHEMATICS}"><style>{STYLE}</style>'
        f'<table role="table">{title}{"".join(head(columns))}{"".join(body(columns))}</table>'
        f"{below}</div>"
    )


def stacks(columns: Sequence[Column]) -> bool:
    """Whether the rows are to be stacked where there is little room."""
    return sum(widest(column) + GAP for column in columns) > ROOM


def widest(column: Column) -> int:
    """Letters of the longest cell, or word of the heading, which may wrap."""
    return max(map(len, [*column.title.split(), *column.cells]), default=0)


def head(columns: Sequence[Column]) -> Iterator[str]:
    """The row of headings."""
    yield '<thead role="rowgroup"><tr role="row">'
    for column in columns:
        marks = f'{classes(column)} role="columnheader" scope="col"'
        yield f"<th{marks}>{html.escape(column.title)}</th>" if column.title else "<td></td>"
    yield "</tr></thead>"


def body(columns: Sequence[Column]) -> Iterator[str]:
    """The rows."""
    several = sum(column.names_rows for column in columns) > 1
    yield '<tbody role="rowgroup">'
    for cells in zip(*(column.cells for column in columns), strict=True):
        pairs = zip(columns, cells, strict=True)
        yield f'<tr role="row">{"".join(cell(*pair, several) for pair in pairs)}</tr>'
    yield "</tbody>"


def cell(column: Column, text: str, several: bool) -> str:
    """One cell; it carries its heading for where rows are stacked."""
    shown = "–" if text == MISSING else html.escape(minus(text) if column.numeric else text)
    title = f' data-title="{html.escape(column.title)}"'
    if column.names_rows:
        named = classes(column, "bn-named") + title if several else classes(column, "bn-name")
        return f'<th{named} role="rowheader" scope="row">{shown}</th>'
    marks = classes(column, *["bn-nothing"] * (text == MISSING)) + title
    return f'<td{marks} role="cell">{shown}</td>'


def minus(text: str) -> str:
    """Numbers with the sign that is as wide as a plus; an exponent keeps its own."""
    return re.sub(r"(?<!e)-", "\N{MINUS SIGN}", text)


def classes(column: Column, *others: str) -> str:
    """The attribute that says how a cell looks."""
    names = [*(["bn-number"] if column.numeric else []), *others]
    return f' class="{" ".join(names)}"' if names else ""
