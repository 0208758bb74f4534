"""Measure one thing in this process: ``python -m benchmarks.worker NAME '{"setting": 1}'``.

The last line of the output is a JSON object of numbers.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from math import ceil
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

import bnutils
from benchmarks.cost import cost, footprint
from benchmarks.labs import lab
from benchmarks.machine import peak_memory
from benchmarks.pace import pace
from benchmarks.sameness import sameness
from benchmarks.steps import parts
from benchmarks.stopwatch import seconds
from bnutils.datasets import Dataset, load
from bnutils.store import VARIABLE, MemoryStore, Store
from bnutils.tasks import Arm

Numbers = dict[str, float]
BATCHES = (32, 128, 512)  # of the second lab


def main(name: str, settings: Mapping[str, Any]) -> Numbers:
    """Measure, and add the peak memory of this process, unless that of another was measured."""
    found = WORK[name](**settings)
    peak = peak_memory()
    return found if peak is None else {"memory": peak, **found}


def data_of(name: str, examples: int | None = None, validation: int | None = None) -> Dataset:
    """A data set, or the beginning of its training and validation splits."""
    data = load(name, report=lambda line: print(line, file=sys.stderr))
    data = data if examples is None else data.take(examples)
    if validation is None:
        return data
    return replace(
        data, x_val=data.x_val[:validation], y_val=data.y_val[:validation], origins=data.origins[:0]
    )


def timed(function: Callable[..., Any], tell: Callable[[Any, float], object]) -> Any:
    """The same function, which also tells the arguments of each call and its seconds."""

    def told(*arguments: Any) -> Any:
        begun = time.perf_counter()
        found = function(*arguments)
        tell(arguments, time.perf_counter() - begun)
        return found

    return told


def updates_in_an_epoch(data: Dataset, batch: int) -> int:
    return ceil(len(data.x_train) / batch)


def compare(arms: Mapping[str, Any], data: Dataset, folder: Path, **settings: Any) -> Any:
    """``bnutils.compare`` with a store in ``folder`` and no progress bar."""
    return bnutils.compare(arms, data, store=Store(folder), progress=False, **settings)


def afresh(arms: Mapping[str, Any], data: Dataset, **settings: Any) -> Any:
    """The same with an empty store."""
    with tempfile.TemporaryDirectory() as folder:
        return compare(arms, data, Path(folder), **settings)


def unstored(arms: Mapping[str, Any], data: Dataset, **settings: Any) -> Any:
    """The same without files: those look whether the engine is the one on disk, timed it is not."""
    return bnutils.compare(arms, data, store=MemoryStore(), progress=False, **settings)


def load_tensorflow() -> None:
    """All that a comparison imports, which counts as imports and not as training."""
    from bnutils.models import import_keras

    import_keras()
    import bnutils.engine.groups
    import bnutils.training  # noqa: F401


# ---- the textbook experiments -------------------------------------------------------------
def textbook_keras(data: Mapping[str, Any], epochs: int) -> Numbers:
    def imports() -> None:
        from benchmarks import textbook_keras  # noqa: F401

    imported = seconds(imports)
    from benchmarks import textbook_keras

    loaded = data_of(**data)
    work = seconds(lambda: textbook_keras.main(loaded, epochs))
    return {"imports": imported, "work": work}


def textbook_compare(data: Mapping[str, Any], epochs: int, seeds: int, shared: bool) -> Numbers:
    """Both comparisons; ``shared``: with one store, where the second finds a run of the first."""
    imported = seconds(load_tensorflow)
    loaded = data_of(**data)
    batch_norm = bnutils.mlp(norm="batch")
    first = {"plain": bnutils.mlp(), "batch norm": batch_norm}
    second = {str(size): Arm(batch_norm, batch_size=size) for size in BATCHES}
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        compare(first, loaded, Path(folder, "1"), epochs=epochs, seeds=seeds)
        second_store = Path(folder, "1" if shared else "2")
        compare(second, loaded, second_store, epochs=epochs, seeds=seeds)
        work = time.perf_counter() - begun
    return {"imports": imported, "work": work}


def profile(data: Mapping[str, Any], batch: int, epochs: int) -> Numbers:
    """Where the seconds of one arm with one seed go; what is not in a part is in ``rest``.

    The first call of a program traces and compiles it: what it takes longer than the later
    ones is ``compile``.
    """
    load_tensorflow()
    from bnutils.engine.replicas import Replicas

    runs: list[tuple[int, float]] = []  # examples of a batch, seconds of a call
    scores: list[float] = []
    run = timed(Replicas.run, lambda call, took: runs.append((call[1].shape[-1], took)))
    score = timed(Replicas.score, lambda call, took: scores.append(took))
    loaded, arms = data_of(**data), {"batch norm": bnutils.mlp(norm="batch")}
    afresh(arms, loaded.take(2 * batch), updates=2, seeds=1)  # what only the first pays
    with patch.multiple(Replicas, run=run, score=score):
        work = seconds(lambda: unstored(arms, loaded, epochs=epochs, batch_size=batch, seeds=1))
    compiling = 0.0
    for size in {size for size, _ in runs}:
        first, *later = [took for other, took in runs if other == size]
        compiling += first - median(later or [first])
    steps = sum(took for _, took in runs) - compiling
    known = {"compile": compiling, "steps": steps, "evaluate": sum(scores)}
    return {"work": work, **known, "rest": work - sum(known.values())}


def step(batch: int, seeds: int, steps: int) -> Numbers:
    """What a step is made of, once TensorFlow has been loaded as the package loads it."""
    load_tensorflow()
    return parts(batch, seeds, steps)


# ---- one epoch ----------------------------------------------------------------------------
def two_budgets(
    arms: Mapping[str, Any], data: Dataset, epochs: int, **settings: Any
) -> tuple[float, float]:
    """Seconds for one more epoch, and for all that a comparison costs besides.

    Two budgets are timed, a short one and one of ``epochs`` more, both long enough to be
    compiled; what both pay cancels in the difference. What only the first training of a process
    pays is paid before.
    """
    load_tensorflow()
    from bnutils.engine.loop import WORTH_COMPILING

    few = ceil(WORTH_COMPILING / updates_in_an_epoch(data, settings.get("batch_size", 32)))
    afresh(arms, data, epochs=1, **{**settings, "seeds": 1})
    short = seconds(lambda: afresh(arms, data, epochs=few, **settings))
    long = seconds(lambda: afresh(arms, data, epochs=few + epochs, **settings))
    per_epoch = (long - short) / epochs
    return per_epoch, short - few * per_epoch


def epoch_engine(
    data: Mapping[str, Any],
    batch: int,
    seeds: int,
    epochs: int,
    hidden: tuple[int, ...] = (128,),
) -> Numbers:
    """Seconds per epoch and seed, milliseconds per update and seed."""
    loaded = data_of(**data)
    arms = {"batch norm": bnutils.mlp(tuple(hidden), norm="batch")}
    per_epoch, fixed = two_budgets(arms, loaded, epochs, batch_size=batch, seeds=seeds)
    per_seed = per_epoch / seeds
    per_update = 1000 * per_seed / updates_in_an_epoch(loaded, batch)
    return {"epoch": per_seed, "fixed": fixed, "update": per_update}


def epoch_keras(data: Mapping[str, Any], batch: int, epochs: int) -> Numbers:
    imported = seconds(load_tensorflow)
    from benchmarks import textbook_keras

    loaded = data_of(**data)
    model = textbook_keras.network(loaded, batch_norm=True)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    validation = (loaded.x_val, loaded.y_val)

    def fit(count: int) -> object:
        return model.fit(
            loaded.x_train, loaded.y_train, batch, count, validation_data=validation, verbose=0
        )

    first = seconds(lambda: fit(1))
    steady = seconds(lambda: fit(epochs)) / epochs
    return {"epoch": steady, "fixed": first - steady, "imports": imported}


def save_data(data: Mapping[str, Any], path: str) -> Numbers:
    """The arrays in a file, for interpreters without this package."""
    import numpy as np

    d = data_of(**data)
    np.savez(path, x=d.x_train, y=d.y_train, x_val=d.x_val, y_val=d.y_val)
    return {}


# ---- store and memory ---------------------------------------------------------------------
def from_store(data: Mapping[str, Any], path: str, epochs: int, seeds: int) -> Numbers:
    """The first experiment of the book; from the second call on, all of it is in the store."""
    begun = time.perf_counter()
    loaded = data_of(**data)
    read = time.perf_counter() - begun
    arms = {"plain": bnutils.mlp(), "batch norm": bnutils.mlp(norm="batch")}
    work = seconds(lambda: compare(arms, loaded, Path(path), epochs=epochs, seeds=seeds))
    return {"work": work, "data": read, "tensorflow": float("tensorflow" in sys.modules)}


def many_seeds(data: Mapping[str, Any], seeds: int, updates: int) -> Numbers:
    """Its memory is what counts; see :func:`main`."""
    arms = {"batch norm": bnutils.mlp(norm="batch")}
    loaded = data_of(**data)
    return {"work": seconds(lambda: afresh(arms, loaded, updates=updates, seeds=seeds))}


# ---- equal accuracy, the price of probes, the book ----------------------------------------
def accuracy(data: Mapping[str, Any], norm: str | None, epochs: int, seeds: int) -> Numbers:
    """Paired difference in test accuracy between the two engines, with its 95 % interval."""
    from bnutils.intervals import interval

    loaded, arms = data_of(**data), {"arm": bnutils.mlp(norm=norm)}
    ours, plain = (
        afresh(arms, loaded, epochs=epochs, seeds=seeds, engine=engine).final()["arm"]
        for engine in ("replicas", "keras")
    )
    gap = 100 * interval(ours - plain)
    return {
        "difference": gap.estimate, "low": gap.low, "high": gap.high, "seeds": gap.n,
        "ours": 100 * float(ours.mean()), "plain": 100 * float(plain.mean()),
    }  # fmt: skip


def rounding(data: Mapping[str, Any], model: str, updates: int) -> Numbers:
    """Largest difference of a training loss of one seed: called again, and among ten."""
    import numpy as np

    loaded = data_of(**data)
    network = bnutils.convnet(norm="batch") if model == "convnet" else bnutils.mlp(norm="batch")

    def losses(seeds: int) -> Any:
        result = afresh({"arm": network}, loaded, updates=updates, seeds=seeds)
        return np.array(result.runs[0].metrics["loss"])

    alone, again, among_ten = losses(1), losses(1), losses(10)
    return {
        "repeated": float(np.abs(alone - again).max()),
        "grouped": float(np.abs(alone - among_ten).max()),
    }


def probes(data: Mapping[str, Any], every: int | None, seeds: int, epochs: int) -> Numbers:
    """Seconds per epoch and seed with probes read every so many updates, or without."""
    extra: dict[str, Any] = {}
    if every:
        from bnutils.probes import Probes

        extra["probes"] = Probes(every=every)
    arms = {"batch norm": bnutils.mlp(norm="batch")}
    per_epoch, fixed = two_budgets(arms, data_of(**data), epochs, seeds=seeds, **extra)
    return {"epoch": per_epoch / seeds, "fixed": fixed}


def book(checkout: str, path: str) -> Numbers:
    """Build the book in a copy of the checkout's last commit; the first call makes the copy."""
    if not Path(path).exists():
        subprocess.run(["git", "clone", "--quiet", checkout, path], check=True)
    own = {name: value for name, value in os.environ.items() if name != VARIABLE}
    command = [sys.executable, "-m", "tools.build_book"]
    environment = {**own, "PYTHONPATH": path}

    def build() -> None:
        subprocess.run(command, cwd=path, env=environment, stdout=subprocess.DEVNULL, check=True)

    return {"work": seconds(build)}


TASKS: tuple[Callable[..., Numbers], ...] = (
    textbook_keras,
    textbook_compare,
    profile,
    step,
    epoch_engine,
    epoch_keras,
    save_data,
    from_store,
    many_seeds,
    accuracy,
    rounding,
    sameness,
    pace,
    cost,
    footprint,
    probes,
    lab,
    book,
)
WORK = {task.__name__: task for task in TASKS}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], json.loads(sys.argv[2]))))
