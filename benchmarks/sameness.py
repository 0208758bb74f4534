"""How nearly a training comes out the same under other circumstances, run by run."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

import bnutils
from benchmarks.runner import ROOT
from bnutils.results import Comparison
from bnutils.store import MemoryStore

ARMS = {"plain": bnutils.mlp(), "batch norm": bnutils.mlp(norm="batch")}


@dataclass(frozen=True)
class Circumstances:
    """What may differ between two sessions, and is no part of a comparison's settings."""

    environment: Mapping[str, str] = field(default_factory=dict)
    memory_gib: float = 0.5


USUAL = Circumstances()
OTHER = {
    "the same call again": USUAL,
    "one training at a time": Circumstances({"LOKY_MAX_CPU_COUNT": "1"}),
    "groups of two seeds": Circumstances(memory_gib=0.03),
    "two threads for an operation": Circumstances({"TF_NUM_INTRAOP_THREADS": "2"}),
    "an older processor": Circumstances({"XLA_FLAGS": "--xla_cpu_max_isa=SSE4_2"}),
}


def sameness(circumstances: str, epochs: int, seeds: int) -> dict[str, float]:
    """Compare every run of one call with its like under other circumstances, on digits28.

    Differences are of test accuracy, in points: the largest and the median over the runs, and
    the largest of an arm's mean over seeds.
    """
    with TemporaryDirectory() as folder:
        here, there = (
            _elsewhere(one, Path(folder, name), epochs, seeds)
            for name, one in (("here", USUAL), ("there", OTHER[circumstances]))
        )
    ours, theirs = here.final("test_accuracy"), there.final("test_accuracy")
    gaps = 100 * np.abs(np.asarray(ours) - np.asarray(theirs))
    means = 100 * np.abs(np.asarray(ours.mean()) - np.asarray(theirs.mean()))
    equal = [one.metrics == other.metrics for one, other in zip(here.runs, there.runs, strict=True)]
    return {
        "equal": float(sum(equal)), "runs": float(len(equal)), "largest": float(gaps.max()),
        "median": float(np.median(gaps)), "mean": float(means.max()),
    }  # fmt: skip


def train(path: str, memory_gib: float, epochs: int, seeds: int) -> None:
    """Train in this process, and save what comes out."""
    settings = {"epochs": epochs, "seeds": seeds, "memory_gib": memory_gib}
    data = bnutils.load("digits28")
    bnutils.compare(ARMS, data, store=MemoryStore(), progress=False, **settings).save(path)


def _elsewhere(one: Circumstances, path: Path, epochs: int, seeds: int) -> Comparison:
    """The comparison of a process of its own, under these circumstances."""
    call = f"train({str(path)!r}, {one.memory_gib}, {epochs}, {seeds})"
    command = [sys.executable, "-c", f"from benchmarks.sameness import train; {call}"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)} | dict(one.environment)
    subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=600)
    return Comparison.load(path)
