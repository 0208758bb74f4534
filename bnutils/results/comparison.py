"""What was measured: plain numbers, apart from how they came about and how they are drawn."""

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

import lazy_loader
import numpy as np

from bnutils.datasets import Dataset
from bnutils.intervals import interval
from bnutils.results.files import read, write
from bnutils.results.frames import of_metrics, of_readings
from bnutils.results.images import sampling_error
from bnutils.runs import Run, kept_as, unpacked
from bnutils.summaries import Difference, Row, Summary
from bnutils.tables import wrapped
from bnutils.utils.validation import instance, one_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
else:  # half a second, which finished runs need not wait for
    pd = lazy_loader.load("pandas")


@dataclass(frozen=True, repr=False)
class Comparison:
    """Several arms trained with the same seeds.

    Attributes
    ----------
    runs : tuple of Run
        All runs, arm by arm.
    budget : str
        ``"epochs"`` or ``"updates"``: what the arms had the same number of.
    dataset : str
        Name of the data set.
    provenance : mapping
        Checksum and source of the data, settings of the arms, versions of the packages.
    """

    runs: tuple[Run, ...]
    budget: str
    dataset: str
    provenance: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def __repr__(self) -> str:
        if not self.runs:
            return f"Comparison without runs on {self.dataset}"
        seeds = len(self._seeds)
        said = f"on {self.dataset}, {seeds} seed{'s' * (seeds > 1)}, {self.length}"
        return "\n".join(wrapped(f"Comparison of {', '.join(self.arms)}: {said}"))

    @property
    def arms(self) -> list[str]:
        """Names of the arms, in the order given."""
        return list(dict.fromkeys(run.arm for run in self.runs))

    @property
    def metrics(self) -> list[str]:
        """Names of the metrics."""
        return list(self._first.metrics)

    @property
    def _first(self) -> Run:
        """A run that stands for all, where what is alike in all of them is asked for."""
        if not self.runs:
            raise ValueError(
                f"A comparison must have runs for this; received one without, on {self.dataset}. "
                "Compare at least one arm; of a sweep see .failures."
            )
        return self.runs[0]

    @property
    def _seeds(self) -> list[int]:
        """In the order given."""
        return list(dict.fromkeys(run.seed for run in self.runs))

    def _known(self, name: str, arm: str) -> str:
        """The name of an arm, if there is one of that name."""
        return one_of(name, arm, self.arms if self._first else [])

    def to_frame(self) -> "pd.DataFrame":
        """Return one row for each arm, seed, evaluation and metric."""
        return of_metrics(self.runs)

    def readings(self) -> "pd.DataFrame":
        """Return one row for each arm, seed, update, statistic and place that was probed.

        Columns ``arm``, ``seed``, ``update``, ``statistic``, ``where``, ``value``; no rows if
        the comparison had no probes. See :mod:`bnutils.probes`.
        """
        return of_readings(self.runs)

    def weights(self, arm: str, seed: int, which: str | int = "final") -> list[np.ndarray]:
        """Return the weights of one run, in the order of ``keras.Model.set_weights``.

        Parameters
        ----------
        arm, seed : str, int
            Which run.
        which : {"final", "best"} or int
            After the last update, where the validation loss was lowest, or after so many updates.

        Raises
        ------
        ValueError
            If there is no such run, or the comparison did not ask for weights.
        """
        arm = self._known("arm", arm)
        runs = {run.seed: run for run in self.runs if run.arm == arm}
        seed = one_of("seed", seed, runs)
        if not runs[seed].weights:
            raise ValueError(
                f"Weights must be asked for; the run {arm!r}, seed {seed} has none. Call "
                "compare(..., weights=True)."
            )
        return runs[seed].weights[one_of("which", kept_as(which), runs[seed].weights)]

    def final(self, metric: str = "test_accuracy") -> "pd.DataFrame":
        """Return the last value of a metric: one row for each seed, one column for each arm.

        Raises
        ------
        ValueError
            If the metric is unknown.
        """
        metric = one_of("metric", metric, self.metrics)
        last = {(run.seed, run.arm): run.metrics[metric][-1] for run in self.runs}
        seeds = self._seeds
        table = [[last[seed, arm] for arm in self.arms] for seed in seeds]
        return pd.DataFrame(table, pd.Index(seeds, name="seed"), pd.Index(self.arms, name="arm"))

    def hits(self, arm: str) -> np.ndarray:
        """Return which test images the networks of an arm recognised, bool.

        Returns
        -------
        numpy.ndarray
            Shape ``(seeds, images)``. With own splits the images of a seed are those of
            ``data.split(seed).test``.

        Raises
        ------
        ValueError
            If the arm is unknown, or its runs do not say it.
        """
        arm = self._known("arm", arm)
        return np.stack([unpacked(run.hits) for run in self.runs if run.arm == arm])

    def image_error(self, arm: str, baseline: str, data: Dataset) -> float:
        """Return the standard error of the difference in test accuracy from sampling images.

        The interval of :meth:`difference` speaks of new seeds on these images. This is how far
        the mean difference, as a share, would vary with other test images and these seeds.
        See :func:`bnutils.results.images.sampling_error`.

        Parameters
        ----------
        arm, baseline : str
            What is subtracted from what.
        data : Dataset
            That the arms were compared on.

        Raises
        ------
        ValueError
            If an arm is unknown, or the data are others.
        """
        gaps = self.hits(arm).astype(int) - self.hits(self._known("baseline", baseline))
        there = self.provenance.get("data", {}).get("checksum")
        if instance("data", data, Dataset, "from bnutils.load(...)").checksum != there:
            raise ValueError(
                f"data must be those of the comparison, {self.dataset}; received others, "
                f"{data.name}. Pass what compare() was given."
            )
        own = self.provenance["split"] == "own"
        tested = [data.split(seed if own else None).test for seed in self._seeds]
        return sampling_error(gaps, data.originals[np.stack(tested)])

    def difference(self, metric: str, arm: str, baseline: str) -> Difference:
        """Return the mean over seeds of ``arm`` minus ``baseline``, seed by seed.

        A seed that diverged in either arm is left out: ``n`` counts the others, ``lost`` these.
        If none is left, the numbers are NaN.

        Raises
        ------
        ValueError
            If the metric or an arm is unknown.
        """
        arm, baseline = self._known("arm", arm), self._known("baseline", baseline)
        metric = one_of("metric", metric, self.metrics)
        diverged = {name: sorted(self.diverged(name)) for name in (arm, baseline)}
        lost = {seed for seeds in diverged.values() for seed in seeds}
        final = self.final(metric)
        gap = vars(interval((final[arm] - final[baseline]).where(~final.index.isin(list(lost)))))
        names: dict[str, Any] = {"arm": arm, "baseline": baseline, "metric": metric}
        return Difference(**gap, **names, seeds=len(final), diverged=diverged)

    def setting(self, *arms: str) -> dict[str, Any]:
        """Return what the numbers of these arms (of all, if none is named) depend on.

        For :func:`bnutils.finding`, which says how it differs from the record's.

        Raises
        ------
        ValueError
            If an arm is unknown.
        """
        named = [self._known("every one of arms", arm) for arm in arms]
        setting = dict(self.provenance.get("setting", {}))
        known = setting.get("arms", {})
        chosen = {arm: known[arm] for arm in named or self.arms if arm in known}
        return {**setting, "arms": chosen} if setting else {}

    def diverged(self, arm: str) -> set[int]:
        """Return the seeds of an arm in which a loss was not finite.

        Raises
        ------
        ValueError
            If the arm is unknown.
        """
        arm = self._known("arm", arm)
        return {run.seed for run in self.runs if run.arm == arm and run.diverged}

    def summary(self, metric: str = "test_accuracy", baseline: str | None = None) -> Summary:
        """Return a table: each arm's mean, and its paired difference from the baseline.

        Parameters
        ----------
        metric : str
            Which metric, taken at the end.
        baseline : str, optional
            The arm that the others are compared with; the first one by default.

        Returns
        -------
        Summary
            To be shown; its ``to_frame()`` has the numbers. Seeds that diverged are counted, and
            left out of means and differences.

        Raises
        ------
        ValueError
            If the metric or the baseline is unknown.
        """
        metric = one_of("metric", metric, self.metrics)
        baseline = self._first.arm if baseline is None else self._known("baseline", baseline)
        rows = tuple(self._row(metric, arm, baseline) for arm in self.arms)
        return Summary(metric, f"on {self.dataset} after {self.length}", baseline, rows)

    @property
    def length(self) -> str:
        """How long each arm was trained: ``"5 epochs"``."""
        run = self._first
        count = run.epochs[-1] if self.budget == "epochs" else run.updates[-1]
        return f"{count:g} {self.budget if count != 1 else self.budget.removesuffix('s')}"

    def _row(self, metric: str, arm: str, baseline: str) -> Row:
        final, lost = self.final(metric)[arm], sorted(self.diverged(arm))
        mean = interval(final.drop(index=lost))
        gap = None if arm == baseline else self.difference(metric, arm, baseline)
        return Row(arm, metric, mean, gap, len(final), tuple(lost))

    def plot(self, metric: str = "val_accuracy", ax: "Axes | None" = None) -> "Axes":
        """Draw a metric against the budget; see :func:`bnutils.plotting.plot_curves`."""
        from bnutils.plotting import plot_curves

        return plot_curves(self, metric, ax=ax)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write everything but weights to a JSON file, whole or not at all.

        Raises
        ------
        TypeError
            If ``path`` is not the name of a file.
        OSError
            If it cannot be written.
        """
        write(path, asdict(replace(self, runs=())), self.runs)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> "Comparison":
        """Read what :meth:`save` wrote.

        Raises
        ------
        TypeError
            If ``path`` is not the name of a file.
        ValueError
            If the file is not a saved comparison of this format.
        OSError
            If it cannot be read.
        """
        return cls(*read(path))
