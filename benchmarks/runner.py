"""Take turns: each contestant in a process of its own, one after the other, several times."""

import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.records import Record
from tools.build_book import end

ROOT = Path(__file__).resolve().parents[1]
LIMIT = 900.0  # seconds for one measurement
ERRORS = 3_000  # characters shown of what a process that failed had to say
Say = Callable[[str], object]


class MeasurementError(Exception):
    """A process failed, took too long or said nothing that can be read."""


@dataclass(frozen=True)
class Job:
    """One contestant: a command whose last line of output is a JSON object of numbers.

    ``most`` bounds the repetitions, ``times`` multiplies them.
    """

    benchmark: str
    contestant: str
    setting: Mapping[str, Any]
    command: Sequence[str]
    limit: float = LIMIT
    times: int = 1
    most: int = 1000

    def __str__(self) -> str:
        details = ", ".join(f"{name} {value}" for name, value in self.setting.items())
        return f"{self.benchmark}: {self.contestant}{f' ({details})' if details else ''}"


@dataclass
class Tally:
    """What one job has given so far."""

    values: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    problem: str = ""

    def add(self, numbers: Mapping[str, float]) -> None:
        for name, value in numbers.items():
            self.values[name].append(value)


def worker(name: str, **settings: Any) -> list[str]:
    """The command that measures ``name`` in a process of its own."""
    return [sys.executable, "-m", "benchmarks.worker", name, json.dumps(settings)]


def take_turns(jobs: Sequence[Job], repeats: int, say: Say) -> list[Record]:
    """Run all jobs once, then all again, and so on; one that fails is left out from then on."""
    tallies = [Tally() for _ in jobs]
    most = max((min(repeats * job.times, job.most) for job in jobs), default=0)
    for turn in range(most):
        for job, tally in zip(jobs, tallies, strict=True):
            if not tally.problem and turn < min(repeats * job.times, job.most):
                _once(job, tally, f"[{turn + 1}/{min(repeats * job.times, job.most)}]", say)
    return [
        Record(job.benchmark, job.contestant, dict(job.setting), dict(tally.values), tally.problem)
        for job, tally in zip(jobs, tallies, strict=True)
    ]


def _once(job: Job, tally: Tally, turn: str, say: Say) -> None:
    try:
        numbers = measure(job.command, job.limit)
    except MeasurementError as problem:
        tally.problem = str(problem)
        say(f"{turn} {job}: {problem}")
        return
    tally.add(numbers)
    say(f"{turn} {job}: " + ", ".join(f"{name} {value:.4g}" for name, value in numbers.items()))


def measure(command: Sequence[str], limit: float) -> dict[str, float]:
    """Run a command; what it printed, and ``process``, the seconds that it took in all.

    Raises
    ------
    MeasurementError
        If it fails, does not end in time, or prints no JSON object last.
    """
    begun = time.perf_counter()
    output = _output(command, limit)
    process = time.perf_counter() - begun
    try:
        numbers = json.loads(output.splitlines()[-1])
        return {"process": process, **{name: float(value) for name, value in numbers.items()}}
    except (IndexError, ValueError, TypeError, AttributeError) as problem:
        raise MeasurementError("its last line is not a JSON object of numbers") from problem


def _output(command: Sequence[str], limit: float) -> str:
    """Standard output of a command; it is ended with all that it started if it takes too long."""
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=ROOT, env=_environment(), stdout=pipe, stderr=pipe, start_new_session=True
    ) as process:
        try:
            output, errors = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired as reason:
            end(process)
            raise MeasurementError(f"stopped after {limit:.0f} s") from reason
        except KeyboardInterrupt:
            end(process)
            raise
    if process.returncode:
        print(errors.decode(errors="replace")[-ERRORS:], file=sys.stderr)
        raise MeasurementError(f"failed with exit code {process.returncode}")
    return output.decode(errors="replace")


def _environment() -> dict[str, str]:
    """Quiet, and with this checkout first on the path."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return {"TF_CPP_MIN_LOG_LEVEL": "2", **os.environ, "PYTHONPATH": path}
