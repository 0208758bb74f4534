"""A table as text of at most 80 columns, in which nothing is left out."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from unicodedata import combining, east_asian_width

from bnutils.tables.columns import MISSING, Column

WIDTH = 79  # an old terminal of 80 columns goes to the next line after the last one
GAP = "  "
LEAST = 12  # texts are not broken into columns narrower than this
INDENT = "    "


def as_text(caption: str, columns: Sequence[Column], notes: Sequence[str] = ()) -> str:
    """Return caption, table and notes.

    Where the columns do not fit side by side even with their texts broken, each row becomes a
    paragraph.

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
        Lines of at most :data:`WIDTH` columns.
    """
    widths = fitting(columns)
    body = side_by_side(columns, widths) if widths else paragraphs(columns)
    parts = [wrapped(caption), list(body), [line for note in notes for line in wrapped(note)]]
    return "\n\n".join("\n".join(part) for part in parts if part)


def fitting(columns: Sequence[Column]) -> list[int]:
    """Return the widths of columns that fit side by side; an empty list if they cannot."""
    widths = [max(map(width, (column.title, *column.cells))) for column in columns]
    least = [narrowest(column) for column in columns]
    room = WIDTH - len(GAP) * (len(columns) - 1)
    if sum(least) > room:
        return []
    while sum(widths) > room:
        spare = [index for index, wide in enumerate(widths) if wide > least[index]]
        widths[max(spare, key=widths.__getitem__)] -= 1
    return widths


def narrowest(column: Column) -> int:
    """The width below which a column cannot be read."""
    words = max(map(width, column.title.split()), default=1)
    cells = max(map(width, column.cells), default=1)
    return max(words, cells if column.numeric else min(LEAST, cells))


def side_by_side(columns: Sequence[Column], widths: Sequence[int]) -> Iterator[str]:
    """The lines of headings and rows."""
    yield from row([column.title for column in columns], columns, widths)
    yield GAP.join("-" * wide for wide in widths)
    for cells in zip(*(column.cells for column in columns), strict=True):
        yield from row(cells, columns, widths)


def row(cells: Sequence[str], columns: Sequence[Column], widths: Sequence[int]) -> Iterator[str]:
    """The lines of one row, whose cells may take several."""
    broken = [wrapped(cell, wide) for cell, wide in zip(cells, widths, strict=True)]
    for parts in zip_longest(*broken, fillvalue=""):
        placed = zip(parts, columns, widths, strict=True)
        yield GAP.join(padded(part, wide, column.numeric) for part, column, wide in placed).rstrip()


def padded(text: str, wide: int, right: bool) -> str:
    """The text in a space so wide, at its right or left end."""
    blank = " " * (wide - width(text))
    return blank + text if right else text + blank


def paragraphs(columns: Sequence[Column]) -> Iterator[str]:
    """Each row as a paragraph: what it is about, and below it the rest."""
    names = [column for column in columns if column.names_rows]
    others = [column for column in columns if not column.names_rows]
    for index in range(len(columns[0].cells)):
        heads = [column.cells[index] for column in names]
        if len(names) > 1:
            heads = [f"{column.title} {column.cells[index]}" for column in names]
        yield from wrapped(", ".join(heads))
        known = [column for column in others if column.cells[index] != MISSING]
        told = "; ".join(f"{column.title} {column.cells[index]}" for column in known)
        yield from (INDENT + line for line in wrapped(told, WIDTH - len(INDENT)))


def width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    wide = sum(east_asian_width(letter) in "WF" for letter in text)
    return len(text) + wide - sum(combining(letter) > 0 for letter in text)


def wrapped(text: str, limit: int = WIDTH) -> list[str]:
    """Return a text in lines no wider than ``limit``, broken at blanks where there are some."""
    lines: list[str] = []
    for word in pieces(text, limit):
        if lines and width(lines[-1]) + 1 + width(word) <= limit:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def pieces(text: str, limit: int) -> Iterator[str]:
    """The words of a text, in parts where they are too wide."""
    for word in text.split():
        part = ""
        for letter in word:
            if part and width(part + letter) > limit:
                yield part
                part = ""
            part += letter
        yield part
