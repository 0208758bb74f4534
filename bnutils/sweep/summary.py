"""The table of a sweep: a row for each point, with the settings in which the points differ."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bnutils.summaries import ONE_SEED, OfRows, Row, caption, means, seeds
from bnutils.tables import MISSING, Column, Table
from bnutils.utils.validation import one_of

if TYPE_CHECKING:
    import pandas as pd

Settings = Mapping[str, Any]


@dataclass(frozen=True, repr=False, eq=False)
class SweepSummary(OfRows):
    """The mean of each point of a sweep that did not fail.

    ``summary[str(point)]`` is the row of a point, with its interval; :meth:`to_frame` gives all
    settings and numbers.

    Attributes
    ----------
    metric : str
        What was measured, at the end.
    where : str
        On which data and after which budget, in words.
    settings : tuple of mapping
        Of each point that did not fail.
    rows : tuple of Row
        What was measured there.
    failed : int
        Number of points that failed.
    """

    metric: str
    where: str
    settings: tuple[Settings, ...]
    rows: tuple[Row, ...]
    failed: int = 0

    def __getitem__(self, point: object) -> Row:
        named = {row.arm: row for row in self.rows}
        one_of("point", str(point), named)
        return named[str(point)]

    def to_frame(self) -> "pd.DataFrame":
        """Return the numbers: one row for each point.

        Returns
        -------
        pandas.DataFrame
            All settings; then ``mean``, ``low``, ``high`` (95 % interval over seeds), ``seeds``,
            ``diverged``. Accuracies are shares. What is not there is NaN.
        """
        import pandas as pd

        measured = pd.DataFrame([row.numbers() for row in self.rows])
        numbers = measured[["mean", "low", "high", "seeds", "diverged"]]
        return pd.DataFrame([dict(one) for one in self.settings]).join(numbers)

    def table(self) -> Table:
        """Return what is shown, accuracies in per cent."""
        names = dict.fromkeys(name for one in self.settings for name in one)
        varied = [name for name in names if len(set(_texts(name, self.settings))) > 1]
        heads = [_head(name, self.settings) for name in varied]
        same = [f"{_title(n)} {self.settings[0][n]}" for n in names if n not in varied]
        columns = (*heads, *means(self.rows), seeds(self.rows))
        return Table(caption(self.metric, self.where), columns, tuple(self._notes(same)))

    def _notes(self, same: Sequence[str]) -> Iterator[str]:
        """What is not in the table."""
        if same:
            yield f"In all points: {', '.join(same)}."
        if any(row.diverged for row in self.rows):
            yield "Seeds that diverged are left out of the means."
        if any(row.mean.n == 1 for row in self.rows):
            yield ONE_SEED
        if self.failed:
            points = "1 point" if self.failed == 1 else f"{self.failed} points"
            yield f"{points} failed, without a row here: see .failures."


def _texts(name: str, settings: Sequence[Settings]) -> tuple[str, ...]:
    """One setting of each point."""
    return tuple(str(one.get(name, MISSING)) for one in settings)


def _head(name: str, settings: Sequence[Settings]) -> Column:
    numeric = all(isinstance(one.get(name), int | float) for one in settings)
    return Column(_title(name), _texts(name, settings), numeric, names_rows=True)


def _title(name: str) -> str:
    return name.replace("_", " ")
