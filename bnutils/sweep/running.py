"""Runs a sweep: what the store has is taken from there, the rest is trained, point by point."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from bnutils.datasets import Dataset
from bnutils.models import mlp
from bnutils.probes import Probes
from bnutils.results import provenance
from bnutils.runs import Run
from bnutils.store import BaseStore, opened
from bnutils.sweep.cluster import checked_cluster, on_cluster
from bnutils.sweep.points import Point, checked, part
from bnutils.sweep.processes import Job, Outcome, in_processes, in_this_process, reason
from bnutils.sweep.results import Result, Sweep
from bnutils.tasks import MEMORY_GIB, Arm, planned, seed_list
from bnutils.utils.progress import bar
from bnutils.utils.validation import at_least
from bnutils.utils.wording import shown

Found = dict[int, Run] | str  # runs by seed, or why there are none


def run(
    points: Sequence[Point],
    data: Dataset,
    *,
    epochs: int | None = None,
    updates: int | None = None,
    evaluations: int | None = None,
    seeds: int | Iterable[int] = 10,
    split: str = "given",
    probes: Probes | None = None,
    weights: bool | Iterable[int] = False,
    memory_gib: float = MEMORY_GIB,
    workers: int = 1,
    cluster: Any = None,
    shard: tuple[int, int] | None = None,
    store: BaseStore | None = None,
    progress: bool | None = None,
) -> Sweep:
    """Train every point with every seed.

    A point that fails is reported in the result and does not stop the others. Failures are
    not stored: the same call again trains what failed, and nothing else.

    Parameters
    ----------
    points : sequence of Point
        From :func:`grid`, or your own.
    data : Dataset
        From :func:`bnutils.load`.
    epochs, updates : int
        The budget of each point, as in :func:`bnutils.compare`. Give one.
    evaluations : int, optional
        As in :func:`bnutils.compare`.
    seeds : int or iterable of int
        A number n stands for the seeds 0..n-1.
    split : {"given", "own"}
        Whether each seed has a split of its own, as in :func:`bnutils.compare`.
    probes : Probes, optional
        What to read inside the networks on the way; see :meth:`Sweep.readings`.
    weights : bool or several int
        Whether to keep the weights of each run, in :attr:`Result.runs`; as in
        :func:`bnutils.compare`.
    memory_gib : float
        About how much memory, in GiB, the seeds that one process trains side by side may take.
    workers : int
        Processes on this machine; with 1 the points are trained in this one.
    cluster : str or Dask cluster, optional
        Address of a Dask scheduler, such as ``"tcp://10.0.0.1:8786"``, or a cluster object
        that ``distributed.Client`` takes. Its workers need the same packages, but no shared
        folder: this machine sends the data and files the results.
    shard : (int, int), optional
        ``(i, n)`` trains part i of n; see :func:`part`.
    store : BaseStore, optional
        Where finished runs are kept; by default that of :func:`bnutils.compare`.
    progress : bool, optional
        Whether to show a progress bar with the remaining time; on by default, off with
        ``BNUTILS_PROGRESS=0``.

    Returns
    -------
    Sweep

    Raises
    ------
    ValueError
        If points, budget, seeds, shard or memory_gib cannot be what is meant.
    TypeError
        If ``data`` is not a data set, or a count is not a whole number.
    ClusterError
        If the cluster's package is missing, or its scheduler does not answer.
    """
    every, cluster = checked(points), checked_cluster(cluster)
    mine = every if shard is None else part(every, shard)
    if at_least("workers", workers, 1) > 1 and cluster is not None:
        raise ValueError(
            f"Give workers or cluster, not both; received {workers} and {shown(cluster)}."
        )
    numbers = tuple(seed_list(seeds))
    shelf = opened(store)
    options: dict[str, Any] = {
        "epochs": epochs, "updates": updates, "evaluations": evaluations, "split": split,
        "probes": probes, "weights": weights, "memory_gib": memory_gib,
    }  # fmt: skip
    smallest = {"point": Arm(mlp(), batch_size=1)}
    planned(smallest, data, **options)  # raises what no point can do
    jobs = [Job(point.arm, numbers, options) for point in mine]
    outcomes = _outcomes(jobs, data, shelf, workers, cluster, progress)
    results = tuple(_result(*pair) for pair in zip(mine, outcomes, strict=True))
    unit = "epochs" if updates is None else "updates"
    return Sweep(results, unit, data.name, provenance(data))


def _outcomes(
    jobs: Sequence[Job],
    data: Dataset,
    store: BaseStore,
    workers: int,
    cluster: Any,
    progress: bool | None,
) -> list[Outcome]:
    """Take from the store what is there; have the rest trained."""
    found = [_stored(job, data, store) for job in jobs]
    todo = [number for number, job in enumerate(jobs) if _missing(job, found[number])]
    rest = [replace(jobs[number], seeds=_missing(jobs[number], found[number])) for number in todo]
    # What came from the store does not count for the remaining time.
    done = len(jobs) - len(rest)
    with bar(progress, total=len(jobs), initial=done, unit="point", smoothing=0) as shown:
        for index, outcome in _train(rest, data, store, workers, cluster):
            number = todo[index]
            found[number] = _joined(found[number], outcome)
            shown.update()
    return [_in_order(job, runs) for job, runs in zip(jobs, found, strict=True)]


def _stored(job: Job, data: Dataset, store: BaseStore) -> Found:
    """The finished runs of a job, or why it cannot be trained."""
    try:
        return job.stored(data, store)
    except (ValueError, TypeError) as problem:
        return reason(problem)


def _missing(job: Job, found: Found) -> tuple[int, ...]:
    """The seeds that are still to be trained."""
    return () if isinstance(found, str) else tuple(s for s in job.seeds if s not in found)


def _joined(found: Found, trained: Outcome) -> Found:
    """Stored and new runs, or why there are none."""
    if isinstance(found, str):
        return found
    return trained if isinstance(trained, str) else found | {run.seed: run for run in trained}


def _in_order(job: Job, found: Found) -> Outcome:
    """The runs in the order of the seeds."""
    return found if isinstance(found, str) else tuple(found[seed] for seed in job.seeds)


def _train(
    jobs: Sequence[Job], data: Dataset, store: BaseStore, workers: int, cluster: Any
) -> Iterator[tuple[int, Outcome]]:
    """The backend that was asked for; none if there is nothing to do."""
    if not jobs:
        return iter(())
    if cluster is not None:
        return on_cluster(jobs, data, store, cluster)
    if workers > 1:
        return in_processes(jobs, data, store, workers)
    return in_this_process(jobs, data, store)


def _result(point: Point, outcome: Outcome) -> Result:
    if isinstance(outcome, str):
        return Result(point, error=outcome)
    return Result(point, tuple(replace(run, arm=str(point)) for run in outcome))
