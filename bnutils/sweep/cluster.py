"""A sweep on a Dask cluster: data go out once, finished runs come back to this store."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bnutils.datasets import Dataset
from bnutils.errors import BnutilsError
from bnutils.runs import Run
from bnutils.store import BaseStore, MemoryStore
from bnutils.store.identity import present
from bnutils.sweep.processes import Job, Outcome, attempt, reason
from bnutils.tasks import Task
from bnutils.utils.scalars import plain
from bnutils.utils.wording import shown

DASK = "distributed>=2024.5"  # what the extra "cluster" asks for
Filed = tuple[Task, tuple[Run, ...]]
PATIENCE = 10  # seconds in which a scheduler must have answered
WORKERS_WAIT = 60  # seconds in which a cluster must have its first worker


class ClusterError(BnutilsError):
    """The cluster that a sweep was to use cannot be used."""


def checked_cluster(cluster: Any) -> Any:
    """Return the address of a scheduler, or a cluster object; None stands for no cluster.

    Raises
    ------
    TypeError
        If it is none of these.
    """
    address = plain(getattr(cluster, "scheduler_address", cluster))
    if cluster is not None and not (isinstance(address, str) and address.strip()):
        raise TypeError(
            "cluster must be the address of a Dask scheduler, such as tcp://10.0.0.1:8786, or a "
            f"cluster object that distributed.Client takes; received {shown(cluster)}."
        )
    return plain(cluster)


def on_cluster(
    jobs: Sequence[Job], data: Dataset, store: BaseStore, cluster: Any
) -> Iterator[tuple[int, Outcome]]:
    """As many points at a time as the cluster has threads.

    Dask cannot tell which of its tasks killed a worker, and loses data with the worker that
    held them. So whatever a lost worker left undone is tried again, one point at a time with
    the data sent anew; what is lost then is that point's own doing.
    """
    suspects = []
    with _connect(cluster) as client:
        for number, future in _submit(client, enumerate(jobs), data):
            if future.exception() is None:
                yield number, _file(future.result(), store)
            else:
                suspects.append((number, jobs[number]))
        for suspect in suspects:
            for number, future in _submit(client, [suspect], data):
                problem = future.exception()
                yield number, reason(problem) if problem else _file(future.result(), store)


def _submit(
    client: Any, jobs: Iterable[tuple[int, Job]], data: Dataset
) -> Iterator[tuple[int, Any]]:
    """Send data and jobs; give back each finished future with the number of its job."""
    from distributed import as_completed

    _wait_for_worker(client)
    shared = client.scatter(data, broadcast=True, hash=False)
    here = dict(present())
    futures = {
        client.submit(_remote, job, shared, here, pure=False): number for number, job in jobs
    }
    for future in as_completed(futures, loop=client.loop):
        yield futures[future], future


def _remote(job: Job, data: Dataset, asking: dict[str, Any]) -> tuple[Outcome, list[Filed]]:
    """Train on another machine; return the outcome, and the runs as they are to be filed."""
    here = dict(present())
    if here != asking:
        differing = " and ".join(sorted(n for n in here | asking if here.get(n) != asking.get(n)))
        return (
            "The cluster's workers must have the same bnutils, Keras, TensorFlow and settings as "
            f"the machine that asks; this worker has other {differing}. Install the same versions "
            "there, and start the workers with the same settings."
        ), []
    memory = MemoryStore()
    return attempt(job, data, memory), memory.groups


def _file(answer: tuple[Outcome, list[Filed]], store: BaseStore) -> Outcome:
    """Put what a remote worker finished into the store of this machine."""
    outcome, finished = answer
    for task, runs in finished:
        store.add(task, runs)
    return outcome


def _connect(cluster: Any) -> Any:
    """A client of the scheduler at an address, or of a cluster object."""
    try:
        from distributed import Client
    except ImportError as problem:
        raise ClusterError(
            f"A sweep on a cluster needs the package distributed ({problem}). Install it with "
            f'pip install "{DASK}", in the version that the workers have.'
        ) from problem
    try:
        return Client(cluster, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError) as problem:
        raise ClusterError(
            "cluster must be the address of a Dask scheduler that answers, such as "
            f"tcp://10.0.0.1:8786; received {shown(cluster)} ({problem}). Check that the scheduler "
            "runs and can be reached from here."
        ) from problem


def _wait_for_worker(client: Any) -> None:
    try:
        client.wait_for_workers(1, timeout=WORKERS_WAIT)
    except TimeoutError as problem:
        raise ClusterError(
            f"The cluster must have at least one worker; the scheduler {client.scheduler.address} "
            f"had none for {WORKERS_WAIT} s. Start workers, or scale the cluster up, first."
        ) from problem
