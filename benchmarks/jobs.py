"""What is measured, and how much of it."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.expected import CONV, MIDDLE
from benchmarks.records import Record
from benchmarks.runner import ROOT, Job, worker
from benchmarks.sameness import OTHER
from tools import labs as book_labs

LINES = {  # contestant: (script, what it needs, where its interpreter can be named)
    "JAX": ("line_jax.py", "jax", "BNUTILS_BENCH_PYTHON_JAX"),
    "PyTorch": ("line_torch.py", "torch", "BNUTILS_BENCH_PYTHON_TORCH"),
}
IMPORT = """
import json, sys, time
begun = time.perf_counter()
import bnutils
work = time.perf_counter() - begun
print(json.dumps({"work": work, "data": 0, "tensorflow": "tensorflow" in sys.modules}))
"""
RACES = ((2, "sgd"), (10, "sgd"), (30, "sgd"), (10, "adam"))  # hidden layers, optimiser
KERAS, ENGINE = "Keras fit", "compare"
COSTS = (  # dense networks that differ from the middle one in one thing, and convolutions
    MIDDLE,
    *({**MIDDLE, "batch": batch} for batch in (1, 8, 512)),
    *({**MIDDLE, "width": width} for width in (32, 512)),
    *({**MIDDLE, "depth": depth} for depth in (1, 16)),
    CONV,
    {**CONV, "batch": 8},
)
PRINTS = {  # large enough for activations to be most of a step's memory
    "dense": {"batch": 8_192, "width": 512, "depth": 8},
    "conv": {"batch": 4_096, "width": 32, "depth": 3},
}


@dataclass(frozen=True)
class Sizes:
    """How much is measured; the defaults take about 45 minutes on two cores."""

    repeats: int = 3
    data: str = "auto"
    examples: int | None = None  # of the training split; None: all
    epochs: int = 5
    batches: tuple[int, ...] = (32, 128, 512)
    seeds: tuple[int, ...] = (1, 5, 10, 20)
    step_examples: int = 9_600
    growth_examples: int = 9_600
    growth_seeds: tuple[int, ...] = (1, 2, 5, 10, 20, 50)
    depths: tuple[int, ...] = (1, 2, 4, 8)
    widths: tuple[int, ...] = (32, 64, 128, 256, 512)
    most_epochs: int = 10
    imports: int = 7  # times the repetitions
    many: tuple[int, ...] = (50, 1_000)
    many_updates: int = 100
    pairs: int = 20
    pair_epochs: int = 10
    labs: tuple[str, ...] = ()  # their slugs; none: all


QUICK = Sizes(
    repeats=1, examples=3_200, epochs=1, seeds=(1, 10), step_examples=640, growth_examples=3_200,
    growth_seeds=(1, 10), depths=(1, 2), widths=(64, 128), most_epochs=2, imports=3,
    many=(10, 50), many_updates=20, pairs=3, pair_epochs=1, labs=("the-transform",),
)  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """The contestants of a benchmark, what must be done before, and who cannot take part."""

    jobs: Sequence[Job]
    before: Sequence[Sequence[str]] = ()
    missing: Sequence[Record] = field(default_factory=tuple)


def textbook(sizes: Sizes, folder: Path) -> Plan:
    """The experiments of two labs: plain Keras against the package."""
    task: dict[str, Any] = {"data": _data(sizes), "epochs": sizes.epochs}
    jobs = [Job("textbook", KERAS, {"seeds": 1}, worker("textbook_keras", **task))]
    for shared in (True, False):
        for seeds in (1, 10):
            setting = {"seeds": seeds, "shared": shared}
            jobs.append(
                Job("textbook", ENGINE, setting, worker("textbook_compare", **task, **setting))
            )
    return Plan(jobs)


def profile(sizes: Sizes, folder: Path) -> Plan:
    """Where the time of one arm with one seed goes."""
    task: dict[str, Any] = {"data": _data(sizes), "epochs": max(2, sizes.epochs)}
    return Plan(
        [
            Job("profile", ENGINE, {"batch": batch}, worker("profile", batch=batch, **task))
            for batch in sizes.batches
        ]
    )


def step(sizes: Sizes, folder: Path) -> Plan:
    """What a step is made of, and how near its products come to the processor's best."""
    jobs = []
    for batch in sizes.batches:
        task = {"batch": batch, "seeds": 5, "steps": max(8, sizes.step_examples // batch)}
        jobs.append(Job("step", ENGINE, {"batch": batch}, worker("step", **task)))
    return Plan(jobs)


def epoch(sizes: Sizes, folder: Path) -> Plan:
    """Seconds per epoch and seed, without compilation, beside Keras, JAX and PyTorch."""
    data, file = _data(sizes), str(folder / "data.npz")
    jobs, missing = [], []
    present = {line: _interpreter(line) for line in LINES}
    for batch in sizes.batches:
        few = min(2, sizes.most_epochs)
        command = worker("epoch_keras", data=data, batch=batch, epochs=few)
        jobs.append(Job("epoch", KERAS, {"batch": batch, "seeds": 1}, command))
        for line, (interpreter, version) in present.items():
            setting = {"batch": batch, "seeds": 1, "version": version}
            script = str(ROOT / "benchmarks" / LINES[line][0])
            command = [interpreter, script, file, str(batch), str(sizes.most_epochs)]
            if interpreter:
                jobs.append(Job("epoch", line, setting, command))
            else:
                missing.append(Record("epoch", line, setting, skipped=_not_there(line)))
        jobs += [_epoch("epoch", sizes, data, batch, seeds) for seeds in sizes.seeds]
    before = (
        [worker("save_data", data=data, path=file)]
        if any(python for python, _ in present.values())
        else []
    )
    return Plan(jobs, before, missing)


def growth(sizes: Sizes, folder: Path) -> Plan:
    """How the cost of a seed changes with the number of seeds, the depth and the width."""
    data = _data(sizes) | {"examples": sizes.growth_examples, "validation": 1_000}
    seeds = [
        _epoch("growth", sizes, data, 32, count, axis="seeds", value=count)
        for count in sizes.growth_seeds
    ]
    depths = [
        _epoch("growth", sizes, data, 32, 10, (128,) * depth, axis="depth", value=depth)
        for depth in sizes.depths
    ]
    widths = [
        _epoch("growth", sizes, data, 32, 10, (width,), axis="width", value=width)
        for width in sizes.widths
    ]
    return Plan([*seeds, *depths, *widths])


def _epoch(
    benchmark: str,
    sizes: Sizes,
    data: dict[str, Any],
    batch: int,
    seeds: int,
    hidden: tuple[int, ...] = (128,),
    **more: Any,
) -> Job:
    """Few seeds take many epochs, so that there is something to measure."""
    scale = 40 if benchmark == "growth" else 10
    epochs = max(2, min(scale // seeds, 2 * sizes.most_epochs))
    command = worker(
        "epoch_engine", data=data, batch=batch, seeds=seeds, epochs=epochs, hidden=hidden
    )
    return Job(benchmark, ENGINE, more or {"batch": batch, "seeds": seeds}, command)


def start(sizes: Sizes, folder: Path) -> Plan:
    """Importing the package, and a comparison that is in the store already."""
    task: dict[str, Any] = {
        "data": _data(sizes), "path": str(folder / "store"), "epochs": sizes.epochs, "seeds": 10
    }  # fmt: skip
    command = worker("from_store", **task)
    jobs = [
        Job("start", "import bnutils", {}, [sys.executable, "-c", IMPORT], times=sizes.imports),
        Job("start", "compare from the store", {}, command, times=sizes.imports),
    ]
    return Plan(jobs, [command])


def memory(sizes: Sizes, folder: Path) -> Plan:
    """Peak memory with few seeds and with many."""
    task = {"data": {"name": "digits"}, "updates": sizes.many_updates}
    return Plan(
        [
            Job("memory", ENGINE, {"seeds": seeds}, worker("many_seeds", seeds=seeds, **task))
            for seeds in sizes.many
        ]
    )


def accuracy(sizes: Sizes, folder: Path) -> Plan:
    """Whether both engines reach the same accuracy; once, as it is no matter of time."""
    task = {"data": {"name": "digits"}, "epochs": sizes.pair_epochs, "seeds": sizes.pairs}
    return Plan(
        [
            Job("accuracy", name, {}, worker("accuracy", norm=norm, **task), 3_600, most=1)
            for name, norm in (("batch norm", "batch"), ("plain", None))
        ]
    )


def rounding(sizes: Sizes, folder: Path) -> Plan:
    """How exactly numbers are the same; once, as it is no matter of time."""
    task = {"data": {"name": "digits"}, "updates": 100}
    return Plan(
        [
            Job("rounding", model, {}, worker("rounding", model=model, **task), most=1)
            for model in ("mlp", "convnet")
        ]
    )


def pace(sizes: Sizes, folder: Path) -> Plan:
    """What an update costs with the layer; the networks take turns within a process."""
    size = {"updates": 6 * sizes.many_updates, "turns": 5 * sizes.repeats}
    jobs = []
    for depth, optimizer in RACES:
        setting = {"depth": depth, "optimizer": optimizer}
        jobs.append(Job("pace", KERAS, setting, worker("pace", **setting, **size), most=1))
    return Plan(jobs)


def cost(sizes: Sizes, folder: Path) -> Plan:
    """What the layer costs in time, in training and in inference."""
    quick = sizes.examples is not None
    size = {"turns": 5 * sizes.repeats, "few": quick}
    settings = (MIDDLE, CONV) if quick else COSTS
    return Plan(
        [Job("cost", KERAS, one, worker("cost", **one, **size), most=1) for one in settings]
    )


def footprint(sizes: Sizes, folder: Path) -> Plan:
    """What it costs in memory: of a step, and of parameters and state."""
    quick, jobs = sizes.examples is not None, []
    for kind, size in PRINTS.items():
        for compiled in (False, True):
            for norm in ("plain", "batch"):
                setting = {"kind": kind, "norm": norm, "compiled": compiled}
                command = worker(
                    "footprint", **setting, **(size | ({"batch": 64} if quick else {}))
                )
                jobs.append(Job("footprint", KERAS, setting, command, most=2))
    return Plan(jobs)


def sameness(sizes: Sizes, folder: Path) -> Plan:
    """How nearly the same a training comes out elsewhere; once, as it is no matter of time."""
    task = {"epochs": sizes.epochs, "seeds": min(10, max(sizes.seeds))}
    return Plan(
        [
            Job("sameness", name, {}, worker("sameness", circumstances=name, **task), most=1)
            for name in OTHER
        ]
    )


def labs(sizes: Sizes, folder: Path) -> Plan:
    """Peak memory of each lab, on one core and on all, and where it may be on both data sets."""
    jobs = []
    for slug in sizes.labs or book_labs.every(ROOT):
        chosen = ("digits28", "") if book_labs.chooses_data(book_labs.every(ROOT)[slug]) else ("",)
        for data in chosen:
            for cores in (1, None) if hasattr(os, "sched_setaffinity") else (None,):
                setting = {"data": data, "cores": cores}
                command = worker("lab", slug=slug, **setting)
                jobs.append(Job("labs", slug, setting, command, 3_600, most=1))
    return Plan(jobs)


def probes(sizes: Sizes, folder: Path) -> Plan:
    """What it costs to look inside while a network trains."""
    if not find_spec("bnutils.probes"):
        return Plan([], missing=[Record("probes", "probes", skipped="there is no bnutils.probes")])
    task: dict[str, Any] = {"data": _data(sizes), "seeds": 10, "epochs": min(2, sizes.most_epochs)}
    choices = {"without probes": None, "every 20 updates": 20, "every 100 updates": 100}
    return Plan(
        [
            Job("probes", name, {}, worker("probes", every=every, **task))
            for name, every in choices.items()
        ]
    )


def book(sizes: Sizes, folder: Path) -> Plan:
    """Building the whole book in a fresh copy, and again with nothing changed."""
    command = worker("book", checkout=str(ROOT), path=str(folder / "copy"))
    return Plan([Job("book", name, {}, command, 3_600, most=1) for name in ("cold", "warm")])


BENCHMARKS: dict[str, Callable[[Sizes, Path], Plan]] = {
    plan.__name__: plan
    for plan in (
        textbook, profile, step, epoch, growth, pace, cost, footprint, start, memory, labs,
        accuracy, rounding, sameness, probes, book,
    )
}  # fmt: skip


def _data(sizes: Sizes) -> dict[str, Any]:
    return {"name": sizes.data, "examples": sizes.examples}


def _interpreter(line: str) -> tuple[str, str]:
    """The interpreter that has what the line needs, and its version there; '' if there is none."""
    _, module, variable = LINES[line]
    python = os.environ.get(variable, sys.executable)
    code = f"from importlib.metadata import version; print(version({module!r}))"
    try:
        found = subprocess.run([python, "-c", code], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return "", ""
    return ("", "") if found.returncode else (python, found.stdout.strip())


def _not_there(line: str) -> str:
    _, module, variable = LINES[line]
    return f"{module} is not installed; {variable} can name an interpreter that has it"
