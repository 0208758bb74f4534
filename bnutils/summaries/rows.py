"""One arm of a summary, and the columns that several of them make."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from bnutils.intervals import Interval
from bnutils.runs import METRICS, is_share
from bnutils.summaries.words import divergences, ends, sentence, written
from bnutils.tables import MISSING, Column, Shown, wrapped

if TYPE_CHECKING:
    import pandas as pd

NOTHING = Interval(float("nan"), float("nan"), float("nan"), 0)
LEVEL = "95 % interval"


@dataclass(frozen=True, repr=False)
class Row:
    """One arm of a summary. Its numbers are in the metric's unit, accuracies as shares.

    Attributes
    ----------
    arm, metric : str
        Whose, and what was measured.
    mean : Interval
        Over the seeds that did not diverge.
    difference : Interval or None
        From the baseline, over the seeds that diverged in neither; None for the baseline itself.
    seeds : int
        Number of seeds that were trained.
    diverged : tuple of int
        The seeds that diverged.
    """

    arm: str
    metric: str
    mean: Interval
    difference: Interval | None
    seeds: int
    diverged: tuple[int, ...] = ()

    def __repr__(self) -> str:
        name, unit = METRICS.get(self.metric, self.metric), " %" if is_share(self.metric) else ""
        told = f"{self.arm}, {name}: {sentence(self.metric, self.mean, unit)}."
        gone = [f"{says}." for says in divergences({self.arm: self.diverged}, self.seeds)]
        parts = [told, *gone, *([] if self.difference is None else [repr(self.difference)])]
        return "\n".join(line for part in parts for line in wrapped(part))

    def numbers(self) -> dict[str, float]:
        """Return the numbers of the row by the names of a frame's columns."""
        gap = NOTHING if self.difference is None else self.difference
        return {
            "mean": self.mean.estimate,
            "low": self.mean.low,
            "high": self.mean.high,
            "difference": gap.estimate,
            "difference_low": gap.low,
            "difference_high": gap.high,
            "seeds": self.seeds,
            "diverged": len(self.diverged),
        }


class OfRows(Shown):
    """What is shown with a row for each of several arms; a frozen dataclass with these rows."""

    rows: tuple[Row, ...]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __eq__(self, other: object) -> bool:
        """Whether all that is shown is the same, and all numbers; nothing is equal to nothing."""
        if not isinstance(other, type(self)):
            return NotImplemented
        return self._told() == other._told() and self.to_frame().equals(other.to_frame())

    @abstractmethod
    def to_frame(self) -> "pd.DataFrame":
        """Return the numbers: one row for each of these."""

    def _told(self) -> list[Any]:
        """All that is said beside the numbers."""
        names = [one.name for one in fields(self) if one.name != "rows"]  # type: ignore[arg-type]
        return [getattr(self, name) for name in names]


def means(rows: Sequence[Row]) -> list[Column]:
    """Return the columns of the means and of their intervals, if there are any."""
    columns = interval_columns("mean", [row.mean for row in rows], rows[0].metric)
    told = [
        text if row.mean.n else "diverged" for text, row in zip(columns[0].cells, rows, strict=True)
    ]
    return [Column("mean", tuple(told)), *columns[1:]]


def differences(rows: Sequence[Row]) -> list[Column]:
    """Return the columns of the differences and of their intervals, if there is a difference."""
    gaps = [row.difference or NOTHING for row in rows]
    known = any(gap.n for gap in gaps)
    return interval_columns("difference", gaps, rows[0].metric, plus=True) if known else []


def interval_columns(
    heading: str, intervals: Sequence[Interval], metric: str, *, plus: bool = False
) -> list[Column]:
    """Return a column of estimates and, if there is one, a column of intervals."""
    write = written(metric, intervals, plus=plus)
    estimates = Column(heading, tuple(write(one.estimate) for one in intervals))
    sides = Column(LEVEL, tuple(ends(one, write) for one in intervals))
    return [estimates] if set(sides.cells) == {MISSING} else [estimates, sides]


def seeds(rows: Sequence[Row]) -> Column:
    """Return the column that says how many seeds count, and out of how many."""
    left = [row.seeds - len(row.diverged) for row in rows]
    pairs = zip(left, rows, strict=True)
    cells = [f"{n}" if n == row.seeds else f"{n} of {row.seeds}" for n, row in pairs]
    return Column("seeds", tuple(cells))
