"""A table, and what is shown by one."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from bnutils.tables.columns import Column
from bnutils.tables.text import as_text
from bnutils.tables.web import as_html


@dataclass(frozen=True, repr=False)
class Table:
    """What is to be read: a caption, columns of text, notes.

    Attributes
    ----------
    caption : str
        Says what the table shows; may be empty.
    columns : tuple of Column
        All of the same length.
    notes : tuple of str
        Sentences below the table.
    """

    caption: str
    columns: tuple[Column, ...]
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return as_text(self.caption, self.columns, self.notes)

    def _repr_html_(self) -> str:
        return as_html(self.caption, self.columns, self.notes)


class Shown(ABC):
    """Something that is shown by its table, wherever that is."""

    @abstractmethod
    def table(self) -> Table:
        """Return what is shown."""

    def __repr__(self) -> str:
        return repr(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()
