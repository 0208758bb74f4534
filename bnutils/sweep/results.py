"""The results of a sweep: runs or reasons, point by point, and tables of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from bnutils.results import Comparison
from bnutils.runs import Run
from bnutils.sweep.points import Point
from bnutils.sweep.summary import SweepSummary
from bnutils.tables import wrapped

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Result:
    """What became of one point: its runs, or why there are none.

    Attributes
    ----------
    point : Point
        Which one.
    runs : tuple of Run
        One for each seed; empty if the point failed.
    error : str
        Kind and text of what went wrong; empty if nothing did.
    """

    point: Point
    runs: tuple[Run, ...] = ()
    error: str = ""


@dataclass(frozen=True, repr=False)
class Sweep:
    """The results of all points.

    Attributes
    ----------
    results : tuple of Result
        In the order of the points.
    budget : str
        ``"epochs"`` or ``"updates"``: what all points had the same number of.
    dataset : str
        Name of the data set.
    provenance : mapping
        Checksum and source of the data, versions of the packages.
    """

    results: tuple[Result, ...]
    budget: str
    dataset: str
    provenance: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def __repr__(self) -> str:
        points, failed = len(self.results), len(self.failures)
        said = f"Sweep of {points} point{'s' * (points != 1)} on {self.dataset}, {failed} failed"
        return "\n".join(wrapped(said))

    @property
    def failures(self) -> tuple[Result, ...]:
        """The points that failed, each with its ``error``."""
        return tuple(result for result in self.results if result.error)

    def comparison(self) -> Comparison:
        """Return all runs as a comparison whose arms are the points: to plot, pair and save."""
        runs = [run for result in self.results for run in result.runs]
        return Comparison(tuple(runs), self.budget, self.dataset, self.provenance)

    def to_frame(self) -> "pd.DataFrame":
        """Return one row for each point, seed, evaluation and metric.

        The settings are the first columns; then ``seed``, ``epoch``, ``update``, ``metric``,
        ``value``. Points that failed have no rows.
        """
        return self._beside_settings(self.comparison().to_frame().set_index("arm"))

    def readings(self) -> "pd.DataFrame":
        """Return one row for each point, seed, update, statistic and place that was probed.

        The settings are the first columns; then ``seed``, ``update``, ``statistic``, ``where``,
        ``value``, as in :meth:`bnutils.results.Comparison.readings`.
        """
        return self._beside_settings(self.comparison().readings().set_index("arm"))

    def summary(self, metric: str = "test_accuracy") -> SweepSummary:
        """Return a table with a row for each point that did not fail.

        Shown are the settings in which the points differ, each point's mean at the end with its
        95 % interval, and its seeds. ``to_frame()`` has all settings and numbers.

        Raises
        ------
        ValueError
            If the metric is unknown, or all points failed.
        """
        if len(self.failures) == len(self.results):
            raise ValueError(
                f"A summary needs a point that did not fail; received {len(self.failures)} "
                "failures. See .failures."
            )
        of_all = self.comparison().summary(metric)
        rows = tuple(replace(row, difference=None) for row in of_all)
        settings = tuple(one.point.settings for one in self.results if not one.error)
        return SweepSummary(of_all.metric, of_all.where, settings, rows, len(self.failures))

    def _beside_settings(self, rows: "pd.DataFrame") -> "pd.DataFrame":
        """Rows indexed by the names of points, behind the points' settings."""
        import pandas as pd

        points = [result.point for result in self.results]
        names = [str(point) for point in points]
        settings = pd.DataFrame([dict(point.settings) for point in points], index=names)
        left = settings.loc[rows.index].reset_index(drop=True)
        return left.join(rows.reset_index(drop=True))
