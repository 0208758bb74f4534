"""One paired difference, which says what it is the difference of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bnutils.intervals import Interval
from bnutils.runs import METRICS, is_share
from bnutils.summaries.words import POINTS, divergences, sentence
from bnutils.tables import wrapped


@dataclass(frozen=True, repr=False)
class Difference(Interval):
    """The mean over seeds of one arm minus another, seed by seed, with its 95 % interval.

    An :class:`~bnutils.intervals.Interval` in the metric's unit, accuracies as shares;
    ``100 * difference`` is a plain one, in percentage points.

    Attributes
    ----------
    arm, baseline, metric : str
        What was subtracted from what.
    seeds : int
        Number of seeds that were trained.
    diverged : mapping of str to sequence of int
        The seeds that diverged, by arm. A seed that did in either arm is left out.
    """

    arm: str = field(default="", kw_only=True)
    baseline: str = field(default="", kw_only=True)
    metric: str = field(default="", kw_only=True)
    seeds: int = field(default=0, kw_only=True)
    diverged: Mapping[str, Sequence[int]] = field(default_factory=dict, kw_only=True, compare=False)

    def __repr__(self) -> str:
        name = METRICS.get(self.metric, self.metric)
        unit = f" {POINTS}" if is_share(self.metric) else ""
        told = sentence(self.metric, self, unit, plus=True)
        gone = [f" {says}." for says in divergences(self.diverged, self.seeds)]
        return "\n".join(
            wrapped(f"{self.arm} minus {self.baseline}, {name}: {told}.{''.join(gone)}")
        )
