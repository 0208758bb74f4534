"""The table of a comparison: each arm's mean, and its paired difference from the baseline."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bnutils.runs import is_share
from bnutils.summaries.rows import OfRows, Row, differences, means, seeds
from bnutils.summaries.words import ONE_SEED, POINTS, caption, divergences
from bnutils.tables import Column, Table
from bnutils.utils.validation import one_of

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, repr=False, eq=False)
class Summary(OfRows):
    """Each arm's mean, and its paired difference from the baseline.

    ``summary["batch norm"]`` is the :class:`Row` of an arm, with its intervals;
    :meth:`to_frame` gives all numbers.

    Attributes
    ----------
    metric : str
        What was measured, at the end.
    where : str
        On which data and after which budget, in words.
    baseline : str
        The arm that the others are compared with.
    rows : tuple of Row
        One for each arm.
    """

    metric: str
    where: str
    baseline: str
    rows: tuple[Row, ...]

    def __getitem__(self, arm: str) -> Row:
        named = {row.arm: row for row in self.rows}
        return named[one_of("arm", arm, named)]

    def to_frame(self) -> "pd.DataFrame":
        """Return the numbers: one row for each arm.

        Returns
        -------
        pandas.DataFrame
            Columns ``mean``, ``low``, ``high`` (95 % interval of the mean), ``difference``,
            ``difference_low``, ``difference_high`` (paired), ``seeds``, ``diverged``. Accuracies
            are shares. What is not there is NaN.
        """
        import pandas as pd

        arms = [row.arm for row in self.rows]
        return pd.DataFrame([row.numbers() for row in self.rows], index=arms)

    def table(self) -> Table:
        """Return what is shown, accuracies in per cent and their differences in points."""
        arms = Column("arm", tuple(row.arm for row in self.rows), numeric=False, names_rows=True)
        gaps = differences(self.rows)
        told = caption(self.metric, self.where)
        if gaps:
            unit = f", in {POINTS}" if is_share(self.metric) else ""
            told += f"; difference from {self.baseline}, seed by seed{unit}"
        columns = (arms, *means(self.rows), *gaps, seeds(self.rows))
        return Table(told, columns, tuple(self._notes(bool(gaps))))

    def _notes(self, compared: bool) -> Iterator[str]:
        """What is missing, and why."""
        lost = {row.arm: row.diverged for row in self.rows}
        said = [f"{arm}." for arm in divergences(lost, self.rows[0].seeds)]
        if said:
            places = "means and differences" if compared else "the mean"
            yield " ".join([*said, f"Seeds that diverged are left out of {places}."])
        if any(one and one.n == 1 for row in self.rows for one in (row.mean, row.difference)):
            yield ONE_SEED
