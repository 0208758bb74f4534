"""Any data frame as a table: what the labs compute by hand looks like the rest."""

from collections.abc import Callable, Iterable
from functools import partial
from math import isfinite, isnan
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

from bnutils.tables.columns import MISSING, Column
from bnutils.tables.numbers import fixed, writer
from bnutils.tables.table import Table
from bnutils.utils.validation import at_least, instance, text

if TYPE_CHECKING:
    import pandas as pd


def from_frame(frame: "pd.DataFrame", caption: str = "", digits: int = 4) -> Table:
    """Return a data frame as a table that is ready to be read.

    Parameters
    ----------
    frame : pandas.DataFrame
        Its index names the rows, unless it only counts them.
    caption : str
        Says what the table shows.
    digits : int
        Significant digits of the largest number in a column; whole numbers, and those that were
        rounded to at most three decimals, are written in full.

    Returns
    -------
    Table

    Raises
    ------
    TypeError
        If ``frame`` is no data frame, ``caption`` no text or ``digits`` no whole number.
    ValueError
        If ``digits`` is less than 1.

    Examples
    --------
    >>> import pandas as pd
    >>> from_frame(pd.DataFrame({"loss": [0.25, float("nan")]}, index=["plain", "hot"]))
           loss
    -----  ----
    plain  0.25
    hot       -
    """
    require_frame("frame", frame)
    caption, digits = text("caption", caption, empty=True), at_least("digits", digits, 1, 100)
    levels = [] if _only_counts(frame.index) else range(frame.index.nlevels)
    names = [_column(frame.index.get_level_values(level), digits, True) for level in levels]
    series = [frame.iloc[:, number] for number in range(frame.shape[1])]
    return Table(caption, (*names, *(_column(one, digits, False) for one in series)))


def require_frame(name: str, value: object) -> None:
    """Raise ``TypeError`` if something is not a data frame of pandas."""
    import pandas as pd

    instance(name, value, pd.DataFrame, "of pandas")


def _only_counts(index: "pd.Index[Any]") -> bool:
    """Whether an index is the one that pandas gives by itself."""
    return index.name is None and index.nlevels == 1 and list(index) == list(range(len(index)))


def _column(series: Any, digits: int, names_rows: bool) -> Column:
    """One column or level of the index."""
    title = "" if series.name is None else _title(series.name)
    values = list(series)
    numeric = all(_is_number(value) or _is_missing(value) for value in values)
    return Column(title, tuple(_written(values, digits)), numeric, names_rows)


def _title(name: Any) -> str:
    """A heading; the parts of one on several levels side by side."""
    return " ".join(map(str, name)) if isinstance(name, tuple) else str(name)


def _written(values: list[Any], digits: int) -> Iterable[str]:
    """The values as text, numbers in one way."""
    broken = [float(v) for v in values if _is_number(v) and not isinstance(v, Integral)]
    write = _rounded(broken) or writer(broken, digits)
    for value in values:
        if _is_missing(value):
            yield MISSING
        else:
            whole = isinstance(value, Integral) or not _is_number(value)
            yield str(value) if whole else write(float(value))


def _rounded(values: list[float]) -> Callable[[float], str] | None:
    """How to write numbers that were rounded to one or two decimals or three; None for others."""
    for decimals in (1, 2, 3):
        if all(round(value, decimals) == value for value in values if isfinite(value)):
            return partial(fixed, decimals=decimals)
    return None


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _is_missing(value: Any) -> bool:
    """Whether there is nothing: None, or any kind of NaN."""
    return value is None or (isinstance(value, Real) and isnan(value)) or str(value) == "NaT"
