"""Tables that are ready to be read: in a terminal of 80 columns, a notebook, a page, on a phone.

A :class:`Table` holds what is shown, as text. Objects that have numbers behind their table, such
as the summary of a comparison, are :class:`Shown` by it, and give the numbers by ``to_frame()``.
"""

from bnutils.tables.columns import MISSING, Column
from bnutils.tables.frames import from_frame, require_frame
from bnutils.tables.numbers import fixed, ranges, signed, writer
from bnutils.tables.table import Shown, Table
from bnutils.tables.text import WIDTH, width, wrapped

__all__ = [
    "MISSING",
    "WIDTH",
    "Column",
    "Shown",
    "Table",
    "fixed",
    "from_frame",
    "ranges",
    "require_frame",
    "signed",
    "width",
    "wrapped",
    "writer",
]
