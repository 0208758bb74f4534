"""The tags of a table whose rows are stacked where there is no room for a table.

Roles say what is a row, a heading or a cell, whatever it looks like; a cell carries its heading.
Contents are HTML already.
"""

from collections.abc import Iterable, Sequence


def table(title: str, head: Iterable[str], rows: Iterable[str]) -> str:
    """Return a table: its caption if it has one, a row of headings, and its rows."""
    caption = f"<caption>{title}</caption>" if title else ""
    return (
        f'<table role="table">{caption}<thead role="rowgroup">{row(head)}</thead>'
        f'<tbody role="rowgroup">{"".join(rows)}</tbody></table>'
    )


def row(cells: Iterable[str]) -> str:
    """Return a row of cells."""
    return f'<tr role="row">{"".join(cells)}</tr>'


def heading(content: str, classes: Sequence[str] = ()) -> str:
    """Return the heading of a column."""
    return f'<th{_attributes(classes)} role="columnheader" scope="col">{content}</th>'


def name(content: str, classes: Sequence[str] = (), title: str = "") -> str:
    """Return the name of a row; ``title`` is the heading of its column, where that is said."""
    return f'<th{_attributes(classes, title)} role="rowheader" scope="row">{content}</th>'


def cell(content: str, classes: Sequence[str] = (), title: str = "") -> str:
    """Return a cell; ``title`` is the heading of its column, where that is said."""
    return f'<td{_attributes(classes, title)} role="cell">{content}</td>'


def _attributes(classes: Sequence[str], title: str = "") -> str:
    """How a cell looks, and its heading."""
    looks = f' class="{" ".join(classes)}"' if classes else ""
    return f'{looks} data-title="{title}"' if title else looks
