"""Comparisons that take long: their curves are committed, and a part of them is trained again.

A lab that calls :func:`recorded` instead of :func:`bnutils.compare` draws what its chapter has
kept in ``recorded/``, and trains one seed of two arms itself, others every day. It says how far
they lie from what was kept. A build trains two seeds, and fails where they are too far; with
``train="build"`` nobody else waits for them. ``train="all"`` trains everything, as do other
settings than those that were recorded, and ``make findings``, which writes the file.
"""

import json
import lzma
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bnutils.agreement import mode_now
from bnutils.datasets import Dataset
from bnutils.errors import FindingMismatch
from bnutils.probes import Probes
from bnutils.results import Comparison, files, with_measured
from bnutils.runs import Measure, Run
from bnutils.schedules import Schedule
from bnutils.settings import differences, listed
from bnutils.tables import wrapped
from bnutils.tasks import Architecture, Arm, planned, seed_list, setting_of
from bnutils.training import compare
from bnutils.utils.chapters import checkout, recording_path
from bnutils.utils.files import write_atomically
from bnutils.utils.validation import function, instance, matching, one_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TRAIN = ("part", "build", "all")
ARMS_AGAIN = 2  # so many arms are trained again, with one seed, and with two where it is checked
APART = 6.0  # standard deviations over seeds that a run trained again may be away
LARGEST = 64_000  # bytes of a file of curves
DIGITS = 7  # of a metric: what a training in float32 knows
READ = 5  # digits of what a probe reads, which is looked at and not compared
Training = Callable[[Mapping[str, Architecture | Arm], list[int]], Comparison]


@dataclass(frozen=True, repr=False)
class Recorded(Comparison):
    """A comparison that was trained before, and in part again.

    Attributes
    ----------
    again : Comparison
        What was trained here: a seed, or in a build two, in two arms.
    """

    again: Comparison = field(default_factory=lambda: Comparison((), "epochs", ""), kw_only=True)

    def __repr__(self) -> str:
        seeds, arms = self.again.final().index, ", ".join(self.again.arms)
        said = f"Trained again here: seeds {', '.join(map(str, seeds))} of {arms}"
        far = f"at most {self.distance:.2g} standard deviations of a seed from what is recorded"
        return "\n".join([super().__repr__(), *wrapped(f"{said}; {far}.")])

    @property
    def distance(self) -> float:
        """The largest distance of a run trained again, over all metrics at the end.

        In standard deviations of the recorded seeds of its arm.
        """
        return max(self._distance(metric) for metric in self.metrics)

    def _distance(self, metric: str) -> float:
        here = self.again.final(metric)
        every = self.final(metric)[here.columns]
        there = every.loc[here.index]
        gaps = ((here - there).abs() / every.std()).fillna(inf)
        # All seeds alike have no deviation, nor have those that diverged; these do here as there.
        same = np.isclose(here, there, rtol=10.0 ** (1 - DIGITS), atol=0.0, equal_nan=True)
        return float(gaps.mask(same, 0.0).to_numpy().max())

    def plot(self, metric: str = "val_accuracy", ax: "Axes | None" = None) -> "Axes":
        """Draw the recorded curves, and over them in black what was trained again."""
        from bnutils.plotting import draw_over

        return draw_over(super().plot(metric, ax), self.again, metric)


def recorded(
    name: str,
    arms: Mapping[str, Architecture | Arm],
    data: Dataset,
    *,
    seeds: int | Iterable[int],
    on: str = "mnist",
    train: str = "part",
    epochs: int | None = None,
    updates: int | None = None,
    evaluations: int | None = None,
    batch_size: int = 32,
    optimizer: str = "adam",
    learning_rate: float | Schedule | None = None,
    split: str = "given",
    probes: Probes | None = None,
    measure: Measure | None = None,
) -> Comparison:
    """Return a comparison from the curves that are committed with a chapter.

    Parameters
    ----------
    name : str
        ``"<chapter>/<comparison>"``; the file is ``<comparison>.<data set>.json.xz`` in the folder
        ``recorded`` of the chapter.
    arms, data, seeds, epochs, updates, evaluations, batch_size, optimizer, learning_rate, split, \
probes
        As of :func:`bnutils.compare`. What probes read is kept with the curves; of what is trained
        again in part, only the metrics are held against them.
    on : str
        The data set on which the comparison is recorded. On others it is trained.
    train : {"part", "build", "all"}
        Whether to train one seed of two arms, in a build two; nothing but in a build; or
        everything.
    measure : callable, optional
        ``measure(arm, seed, weights) -> {name: number}``: what else is asked of each network, from
        its weights at the end. ``final(name)`` has the numbers; they are kept, and compared, as
        the metrics are. What the function computes is not among the settings: whoever changes it
        records anew.

    Returns
    -------
    Comparison
        If the settings are those that were recorded, what was; a :class:`Recorded` one, if some of
        it was trained again.

    Raises
    ------
    FindingMismatch
        With ``BNUTILS_FINDINGS=check`` only: if there is no file, it is of other settings, or what
        was trained again is too far from it.
    """
    name = matching("name", name, "[a-z0-9-]+/[a-z0-9-]+", "'<chapter>/<comparison>'")
    on = matching("on", on, "[a-z0-9-]+", "the name of a data set")
    mode = mode_now()
    train = one_of("train", os.environ.get("BNUTILS_TRAIN") or train, TRAIN)
    options: dict[str, Any] = {"epochs": epochs, "updates": updates, "evaluations": evaluations}
    options |= {"batch_size": batch_size, "optimizer": optimizer}
    options |= {"learning_rate": learning_rate, "split": split, "probes": probes}
    numbers, root, training = seed_list(seeds), checkout(), _training(data, options, measure)
    if root is None or instance("data", data, Dataset, "from bnutils.load(...)").name != on:
        return training(arms, numbers)
    path = recording_path(root, f"{name}.{data.name}")
    if mode == "refresh" or train == "all":
        whole = training(arms, numbers)
        return _written(whole, path, probes) if mode == "refresh" else whole
    asked = setting_asked(arms, data, numbers, options)
    try:
        there = _fitting(asked, path)
        if train == "build" and mode != "check":
            return there
        return _with_part(there, arms, training, mode, path)
    except FindingMismatch:
        if mode == "check":
            raise
        return training(arms, numbers)


def _training(data: Dataset, options: Mapping[str, Any], measure: Measure | None) -> Training:
    """How these arms are trained with these seeds, and what is measured of them."""
    asked = None if measure is None else function("measure", measure)
    kept = {**options, "weights": asked is not None}
    return lambda arms, seeds: with_measured(compare(arms, data, seeds=seeds, **kept), asked)


def setting_asked(
    arms: Mapping[str, Architecture | Arm],
    data: Dataset,
    seeds: list[int],
    options: Mapping[str, Any],
) -> dict[str, Any]:
    """Return what the numbers of a comparison depend on, and what its probes read."""
    budget = options.get("epochs"), options.get("updates")
    setting = setting_of(planned(arms, data, **options), seeds, data, *budget)
    return {**setting, "probes": repr(options.get("probes"))}


def unlike(there: Comparison, asked: Mapping[str, Any]) -> list[str]:
    """Say how a recorded comparison differs from what :func:`setting_asked` returned."""
    read = there.provenance.get("probes", repr(None))
    return differences(asked, {**there.setting(), "probes": read})


def _fitting(asked: Mapping[str, Any], path: Path) -> Comparison:
    """The comparison in a file, if it is of what is asked for."""
    there = read_recording(path)
    if other := unlike(there, asked):
        raise FindingMismatch(
            f"The curves in {path} must be of the lab's settings; they are not: {listed(other)}. "
            f"{_refresh(path)}"
        )
    return there


def _refresh(path: Path) -> str:
    """How a file of curves comes about."""
    return f"Run `make findings LAB={path.parents[1].name}` and commit it."


def _with_part(
    there: Comparison, arms: Mapping[str, Any], training: Training, mode: str, path: Path
) -> Recorded:
    """Train today's seeds of today's arms, and hold them against the file."""
    rng = np.random.default_rng(date.today().toordinal())
    names, seeds = list(arms), list(there.final().index)
    chosen = sorted(rng.choice(len(names), min(ARMS_AGAIN, len(names)), replace=False))
    few = min(2 if mode == "check" else 1, len(seeds))  # a reader waits; a build need not
    numbers = [seeds[k] for k in sorted(rng.choice(len(seeds), few, replace=False))]
    part = {names[k]: arms[names[k]] for k in chosen}
    again = training(part, numbers)
    if set(again.metrics) != set(there.metrics):
        raise FindingMismatch(
            f"The curves in {path} must be of {', '.join(again.metrics)}; they are of "
            f"{', '.join(there.metrics)}. {_refresh(path)}"
        )
    found = Recorded(**vars(there), again=again)
    if mode == "check" and not found.distance <= APART:
        raise FindingMismatch(
            f"What is trained again must be within {APART:g} standard deviations of the recorded "
            f"curves; it is {found.distance:.2g} away. {found!r} If the change is meant, run "
            "`make findings` for this lab."
        )
    return found


def _written(whole: Comparison, path: Path, probes: Probes | None) -> Comparison:
    """Commit the curves, in few bytes."""
    named = {} if probes is None else {"probes": repr(probes)}
    head = replace(whole, runs=(), provenance={**whole.provenance, **named})
    values = files.whole(asdict(head), [_rounded(run) for run in whole.runs])
    content = lzma.compress(json.dumps(values, separators=(",", ":")).encode(), preset=9)
    if len(content) > LARGEST:
        raise ValueError(
            f"The curves of a comparison must fit into {LARGEST:,} bytes; {path.name} has "
            f"{len(content):,}. Record fewer seeds, arms or evaluations."
        )
    write_atomically(path, content)
    return whole


def _rounded(run: Run) -> Run:
    metrics, readings = _short(run.metrics, DIGITS), _short(run.readings, READ)
    return replace(run, metrics=metrics, readings=readings)


def _short(values: Mapping[str, tuple[float, ...]], digits: int) -> dict[str, tuple[float, ...]]:
    return {
        name: tuple(float(f"{value:.{digits}g}") for value in series)
        for name, series in values.items()
    }


def read_recording(path: Path) -> Comparison:
    """Return the comparison whose curves are in a file.

    Parameters
    ----------
    path : Path
        From :func:`bnutils.utils.chapters.recording_path`.

    Returns
    -------
    Comparison
        Its metrics are rounded to seven digits, what probes have read to five.

    Raises
    ------
    FindingMismatch
        If there is no file, or none that ``make findings`` wrote.
    """
    try:
        return Comparison(*files.parts(json.loads(lzma.decompress(path.read_bytes()))))
    except (OSError, lzma.LZMAError, ValueError, KeyError, TypeError) as problem:
        raise FindingMismatch(
            f"The curves of a recorded comparison must be whole; those in {path} are not "
            f"({type(problem).__name__}: {problem}). {_refresh(path)}"
        ) from problem
