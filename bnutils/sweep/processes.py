"""Where a sweep trains its points on this machine: in this process or in several.

Each backend takes the same jobs and yields ``(number of the job, outcome)`` as they finish.
An outcome is the runs of a point or, where it failed, the reason as text: a point that fails
costs nothing but itself.
"""

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

from bnutils.datasets import Dataset
from bnutils.engine.programs import SHELF
from bnutils.runs import Run
from bnutils.store import BaseStore
from bnutils.tasks import Arm, planned
from bnutils.training import compare

Outcome = tuple[Run, ...] | str


@dataclass(frozen=True)
class Job:
    """Seeds of one point that are to be trained, with the options of ``compare``."""

    arm: Arm
    seeds: tuple[int, ...]
    options: Mapping[str, Any]

    def stored(self, data: Dataset, store: BaseStore) -> dict[int, Run]:
        """Those runs that the store has, by seed; raises what is wrong with the settings."""
        task = planned({"point": self.arm}, data, **self.options)["point"]
        return store.find(task, self.seeds)

    def train(self, data: Dataset, store: BaseStore) -> tuple[Run, ...]:
        """Compare the arm with nothing: its runs, from the store where it has them."""
        return compare(
            {"point": self.arm},
            data,
            seeds=self.seeds,
            store=store,
            progress=False,
            **self.options,
        ).runs


def attempt(job: Job, data: Dataset, store: BaseStore) -> Outcome:
    """Train a job; whatever goes wrong is its outcome, not the end of the sweep."""
    try:
        return job.train(data, store)
    except Exception as problem:  # noqa: BLE001 - of any kind: reported as this point's failure
        return reason(problem)


def in_this_process(
    jobs: Sequence[Job], data: Dataset, store: BaseStore
) -> Iterator[tuple[int, Outcome]]:
    """One point after the other."""
    with SHELF.opened():  # points that differ in numbers only share a program
        for number, job in enumerate(jobs):
            yield number, attempt(job, data, store)


def in_processes(
    jobs: Sequence[Job], data: Dataset, store: BaseStore, workers: int
) -> Iterator[tuple[int, Outcome]]:
    """Several points at a time, each in a process of its own."""
    waiting = list(enumerate(jobs))
    crew = Crew(min(workers, len(jobs)))
    with TemporaryDirectory(prefix="bnutils-") as folder:
        file = _write_data(data, Path(folder))
        try:
            while waiting or crew.busy:
                while waiting and crew.idle:
                    number, job = waiting.pop(0)
                    crew.start(number, _attempt_on_file, job, file, store)
                yield from crew.finished()
        finally:
            crew.dismiss()


class Crew:
    """Pools of one process each, so that it is known which job a process died of."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.idle = [self._new_pool() for _ in range(size)]
        self.busy: dict[Future[Outcome], tuple[int, Any]] = {}

    def start(self, number: int, task: Callable[..., Outcome], *arguments: Any) -> None:
        """Give a job to an idle process."""
        pool = self.idle.pop()
        self.busy[pool.submit(task, *arguments)] = number, pool

    def finished(self) -> Iterator[tuple[int, Outcome]]:
        """Wait for at least one job; replace a process that died."""
        for future in wait(self.busy, return_when=FIRST_COMPLETED).done:
            number, pool = self.busy.pop(future)
            problem = future.exception()
            if isinstance(problem, BrokenExecutor):
                pool.shutdown(kill_workers=True)
                pool = self._new_pool()
            self.idle.append(pool)
            yield number, reason(problem) if problem else future.result()

    def dismiss(self) -> None:
        """End all processes, whatever they do."""
        for _, pool in self.busy.values():
            pool.shutdown(kill_workers=True)
        for pool in self.idle:
            pool.shutdown()

    def _new_pool(self) -> Any:
        """A process with its share of the cores; it starts with its first job."""
        from joblib import cpu_count
        from joblib.externals.loky import ProcessPoolExecutor

        share = str(max(1, cpu_count() // self.size))
        env = {"LOKY_MAX_CPU_COUNT": share, "TF_NUM_INTEROP_THREADS": share}
        return ProcessPoolExecutor(1, env=env, initializer=_end_with, initargs=(os.getpid(),))


def _end_with(parent: int) -> None:
    """Have this process end soon after the one that started it, even if that was killed."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    Thread(target=watch, daemon=True).start()


def _write_data(data: Dataset, folder: Path) -> Path:
    """One file that all processes map into memory, so that the data are there once."""
    from joblib import dump

    file = folder / "data.joblib"
    dump(data, file)
    return file


@cache
def _read_data(file: Path) -> Dataset:
    from joblib import load

    data: Dataset = load(file, mmap_mode="r")
    return data


def _attempt_on_file(job: Job, file: Path, store: BaseStore) -> Outcome:
    return attempt(job, _read_data(file), store)


def reason(problem: BaseException) -> str:
    """Kind and text of a problem."""
    return f"{type(problem).__name__}: {problem}"
