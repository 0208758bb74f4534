"""What was measured: plain numbers, apart from how they came about and how they are drawn."""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bnutils.errors import one_of
from bnutils.files import write_atomically

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FORMAT = 2  # of saved comparisons
METRICS = {
    "loss": "training loss",
    "accuracy": "training accuracy",
    "val_loss": "validation loss",
    "val_accuracy": "validation accuracy",
    "test_loss": "test loss",
    "test_accuracy": "test accuracy",
}


@dataclass(frozen=True)
class Interval:
    """A mean over seeds with its 95 % interval.

    Attributes
    ----------
    estimate, low, high : float
        The mean and the ends of its interval, in the unit of the values.
    n : int
        Number of values, usually seeds.
    """

    estimate: float
    low: float
    high: float
    n: int

    def __mul__(self, factor: float) -> "Interval":
        low, high = sorted((self.low * factor, self.high * factor))
        return Interval(self.estimate * factor, low, high, self.n)

    __rmul__ = __mul__

    def __str__(self) -> str:
        return (
            f"{self.estimate:.4g} (95 % interval {self.low:.4g} to {self.high:.4g}, n = {self.n})"
        )


def interval(values: Iterable[float]) -> Interval:
    """Return the mean of one value per seed with its 95 % interval.

    The interval is Student's: mean +- t * s / sqrt(n), with s the sample standard deviation
    (ddof = 1) and t the 97.5 % quantile for n - 1 degrees of freedom. With one value there is
    no interval, and its ends are NaN.

    Raises
    ------
    ValueError
        If there is no value, or one is not finite.
    """
    numbers = np.asarray(list(values), dtype=float)
    if numbers.ndim != 1 or len(numbers) == 0 or not np.isfinite(numbers).all():
        raise ValueError(
            "values must be one or more finite numbers, one for each seed; received "
            f"{numbers.tolist()}. Leave out the seeds that diverged, and say how many."
        )
    from scipy.special import stdtrit

    n, mean = len(numbers), float(numbers.mean())
    if n == 1:
        return Interval(mean, float("nan"), float("nan"), 1)
    half = float(stdtrit(n - 1, 0.975) * numbers.std(ddof=1) / np.sqrt(n))
    return Interval(mean, mean - half, mean + half, n)


Weights = Mapping[str, list[np.ndarray]]


@dataclass(frozen=True)
class Run:
    """One training of one arm with one seed.

    Attributes
    ----------
    arm : str
        Name of the arm.
    seed : int
        Seed of initial weights, data order and dropout masks.
    updates : tuple of int
        Numbers of updates after which the metrics were taken.
    epochs : tuple of float
        The same in passes over the training split.
    metrics : mapping of str to tuple of float
        ``loss`` and ``accuracy`` (mean over the updates since the last evaluation, in training
        mode), ``val_loss`` and ``val_accuracy`` (inference mode), one value for each entry of
        ``updates``; ``test_loss`` and ``test_accuracy``, one value at the end.
    diverged : bool
        Whether a loss was not finite.
    probed : tuple of int
        Numbers of updates after which the probes were read; empty without probes.
    readings : mapping of str to tuple of float
        What :mod:`bnutils.probes` read: ``"<statistic>/<where>"``, one value for each entry of
        ``probed``.
    weights : mapping of str to list of numpy.ndarray
        ``"final"`` and ``"best"`` (lowest validation loss), in the order of
        ``keras.Model.get_weights``; empty unless they were asked for.
    """

    arm: str
    seed: int
    updates: tuple[int, ...]
    epochs: tuple[float, ...]
    metrics: Mapping[str, tuple[float, ...]]
    diverged: bool = False
    probed: tuple[int, ...] = ()
    readings: Mapping[str, tuple[float, ...]] = field(default_factory=dict, repr=False)
    weights: Weights = field(default_factory=dict, repr=False, compare=False)

    def to_dict(self) -> dict[str, Any]:
        """Return all but the weights, as JSON can hold it."""
        return asdict(replace(self, weights={}))

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Run":
        """Rebuild a run, without weights, from what :meth:`to_dict` and JSON made of it."""
        return cls(
            str(values["arm"]),
            int(values["seed"]),
            tuple(values["updates"]),
            tuple(values["epochs"]),
            _series(values["metrics"]),
            bool(values["diverged"]),
            tuple(values["probed"]),
            _series(values["readings"]),
        )


@dataclass(frozen=True)
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

    @property
    def arms(self) -> list[str]:
        """Names of the arms, in the order given."""
        return list(dict.fromkeys(run.arm for run in self.runs))

    @property
    def metrics(self) -> list[str]:
        """Names of the metrics."""
        return list(self.runs[0].metrics)

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each arm, seed, evaluation and metric."""
        rows = [
            (run.arm, run.seed, epoch, update, metric, value)
            for run in self.runs
            for metric, series in run.metrics.items()
            for epoch, update, value in zip(
                run.epochs[-len(series) :], run.updates[-len(series) :], series, strict=True
            )
        ]
        names = ["arm", "seed", "epoch", "update", "metric", "value"]
        return pd.DataFrame(rows, columns=names)

    def readings(self) -> pd.DataFrame:
        """Return one row for each arm, seed, update, statistic and place that was probed.

        Columns ``arm``, ``seed``, ``update``, ``statistic``, ``where``, ``value``; no rows if
        the comparison had no probes. See :mod:`bnutils.probes`.
        """
        rows = [
            (run.arm, run.seed, update, *name.split("/", 1), value)
            for run in self.runs
            for name, series in run.readings.items()
            for update, value in zip(run.probed, series, strict=True)
        ]
        names = ["arm", "seed", "update", "statistic", "where", "value"]
        return pd.DataFrame(rows, columns=names)

    def weights(self, arm: str, seed: int, which: str = "final") -> list[np.ndarray]:
        """Return the weights of one run, in the order of ``keras.Model.set_weights``.

        Parameters
        ----------
        arm, seed : str, int
            Which run.
        which : {"final", "best"}
            After the last update, or where the validation loss was lowest.

        Raises
        ------
        ValueError
            If there is no such run, or the comparison did not ask for weights.
        """
        one_of("arm", arm, self.arms)
        runs = {run.seed: run for run in self.runs if run.arm == arm}
        one_of("seed", seed, runs)
        if not runs[seed].weights:
            raise ValueError(
                f"Weights must be asked for; the run {arm!r}, seed {seed} has none. Call "
                "compare(..., weights=True)."
            )
        one_of("which", which, runs[seed].weights)
        return runs[seed].weights[which]

    def final(self, metric: str = "test_accuracy") -> pd.DataFrame:
        """Return the last value of a metric: one row for each seed, one column for each arm.

        Raises
        ------
        ValueError
            If the metric is unknown.
        """
        one_of("metric", metric, self.metrics)
        last = {(run.seed, run.arm): run.metrics[metric][-1] for run in self.runs}
        seeds = list(dict.fromkeys(run.seed for run in self.runs))
        table = [[last[seed, arm] for arm in self.arms] for seed in seeds]
        return pd.DataFrame(table, pd.Index(seeds, name="seed"), pd.Index(self.arms, name="arm"))

    def difference(self, metric: str, arm: str, baseline: str) -> Interval:
        """Return the mean over seeds of ``arm`` minus ``baseline``, seed by seed.

        A seed that diverged in either arm is left out; ``n`` counts the others.

        Raises
        ------
        ValueError
            If the metric or an arm is unknown, or no seed is left.
        """
        one_of("arm", arm, self.arms)
        one_of("baseline", baseline, self.arms)
        lost = self.diverged(arm) | self.diverged(baseline)
        final = self.final(metric).drop(index=list(lost))
        return interval(final[arm] - final[baseline])

    def diverged(self, arm: str) -> set[int]:
        """Return the seeds of an arm in which a loss was not finite."""
        return {run.seed for run in self.runs if run.arm == arm and run.diverged}

    def summary(self, metric: str = "test_accuracy", baseline: str | None = None) -> pd.DataFrame:
        """Return a table: each arm's mean, and its paired difference from the baseline.

        Parameters
        ----------
        metric : str
            Which metric, taken at the end.
        baseline : str, optional
            The arm that the others are compared with; the first one by default.

        Returns
        -------
        pandas.DataFrame
            Columns ``mean``, ``low``, ``high`` (95 % interval of the mean), ``difference``,
            ``difference_low``, ``difference_high`` (paired), ``seeds``, ``diverged``. Seeds that
            diverged are counted and left out of means and differences.

        Raises
        ------
        ValueError
            If the metric or the baseline is unknown.
        """
        baseline = self.arms[0] if baseline is None else baseline
        one_of("baseline", baseline, self.arms)
        rows = [self._summary_row(metric, arm, baseline) for arm in self.arms]
        return pd.DataFrame(rows, index=self.arms)

    def _summary_row(self, metric: str, arm: str, baseline: str) -> dict[str, float]:
        final, lost = self.final(metric), self.diverged(arm)
        left = final.drop(index=list(lost | self.diverged(baseline)))
        mean = _interval_or_nan(final[arm].drop(index=list(lost)))
        gap = _interval_or_nan([] if arm == baseline else left[arm] - left[baseline])
        return {
            "mean": mean.estimate,
            "low": mean.low,
            "high": mean.high,
            "difference": gap.estimate,
            "difference_low": gap.low,
            "difference_high": gap.high,
            "seeds": len(final),
            "diverged": len(lost),
        }

    def plot(self, metric: str = "val_accuracy", ax: "Axes | None" = None) -> "Axes":
        """Draw a metric against the budget; see :func:`bnutils.plotting.plot_curves`."""
        from bnutils.plotting import plot_curves

        return plot_curves(self, metric, ax=ax)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write everything but weights to a JSON file, whole or not at all."""
        runs = [run.to_dict() for run in self.runs]
        whole = {"format": FORMAT, **asdict(replace(self, runs=())), "runs": runs}
        write_atomically(path, json.dumps(whole, indent=1) + "\n")

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> "Comparison":
        """Read what :meth:`save` wrote.

        Raises
        ------
        ValueError
            If the file is not a saved comparison of this format.
        OSError
            If it cannot be read.
        """
        try:
            values = json.loads(Path(path).read_text("utf-8"))
            if values["format"] != FORMAT:
                raise ValueError(f"format {values['format']}")
            runs = tuple(Run.from_dict(run) for run in values["runs"])
            return cls(runs, values["budget"], values["dataset"], values["provenance"])
        except (KeyError, TypeError, AttributeError, ValueError) as problem:
            raise ValueError(
                f"{path} must be a comparison saved by Comparison.save in format {FORMAT}; "
                f"it is not ({type(problem).__name__}: {problem}). Run the comparison again."
            ) from problem


def _series(values: Mapping[str, Any]) -> dict[str, tuple[float, ...]]:
    """JSON's lists as tuples."""
    return {name: tuple(series) for name, series in values.items()}


def _interval_or_nan(values: Iterable[float]) -> Interval:
    """The interval of what is left, which may be nothing."""
    numbers = list(values)
    nan = float("nan")
    return interval(numbers) if numbers else Interval(nan, nan, nan, 0)


def versions() -> dict[str, str]:
    """Return the versions of the packages that numbers depend on, without importing them."""
    found = {}
    for package in ("bnutils", "numpy", "keras", "tensorflow-cpu", "tensorflow"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
