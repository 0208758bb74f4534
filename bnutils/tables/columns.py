"""The columns of a table, as they are shown."""

from dataclasses import dataclass

MISSING = "-"  # a cell for which there is nothing


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    title : str
        Its heading.
    cells : tuple of str
        One for each row, as they are shown; :data:`MISSING` where there is nothing.
    numeric : bool
        Whether the cells are numbers, which stand right and are never broken.
    names_rows : bool
        Whether the cells say what their rows are about.
    """

    title: str
    cells: tuple[str, ...]
    numeric: bool = True
    names_rows: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", printable(self.title))
        object.__setattr__(self, "cells", tuple(printable(cell) or MISSING for cell in self.cells))


def printable(text: str) -> str:
    """Return a text without line breaks and without what a terminal would obey."""
    visible = (c if c.isprintable() or c.isspace() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return " ".join("".join(visible).split())
