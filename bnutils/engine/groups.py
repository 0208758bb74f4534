"""Trains an arm group by group: as many seeds side by side as fit the stated memory."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import groupby, islice
from typing import Any

import numpy as np
import tensorflow as tf

from bnutils.datasets import Dataset
from bnutils.engine.examples import examples
from bnutils.engine.keras_fit import one_by_one
from bnutils.engine.memory import group_sizes, weight_bytes
from bnutils.engine.programs import SHELF, structure
from bnutils.engine.reader import Reader
from bnutils.engine.replicas import EVALUATED, Replicas
from bnutils.engine.trainer import Trainer
from bnutils.errors import MemoryBudgetError
from bnutils.models import initial_weights
from bnutils.models.chain import computing
from bnutils.runs import Run
from bnutils.tasks import Task
from bnutils.utils.progress import Tick
from bnutils.utils.quiet import without_advice


def train(task: Task, seeds: Sequence[int], data: Dataset, tick: Tick) -> Iterator[list[Run]]:
    """Train one run for each seed, group by group, with the task's engine.

    Parameters
    ----------
    task : Task
        Architecture, batch size, optimiser, after how many updates to evaluate, the engine,
        and the memory that a group may take.
    seeds : sequence of int
        One for each network.
    data : Dataset
        What they all learn.
    tick : callable
        Told the number of updates done, for a progress bar.

    Yields
    ------
    list of Run
        The finished runs of each group, in the order of ``seeds``.

    Raises
    ------
    UnsupportedLayer
        If the engine has no rule for a layer of the model.
    MemoryBudgetError
        If one replica does not fit into the task's memory, or the machine has too little.
    """
    way = one_by_one if task.engine == "keras" else in_groups
    yield from way(Trainer(task, data, tick), seeds)


def in_groups(trainer: Trainer, seeds: Sequence[int]) -> Iterator[list[Run]]:
    """Train the seeds of a group all at once, and groups of equal size with one program."""
    task, data = trainer.task, trainer.data
    model = built(task, data, seeds[0])
    starts = _starts(model, task, data, seeds)
    x, y = examples(data)
    for size, groups in groupby(groups_of(model, task, seeds), key=len):
        with enough_memory(size, task.memory_gib), program(model, size, task, x, y) as ours:
            replicas, reader = ours
            for group in groups:
                replicas.begin(list(islice(starts, size)), task.optimizer)
                with without_advice():
                    runs = trainer.train(replicas, group, reader)
                yield runs


def program(
    model: Any, size: int, task: Task, x: Any, y: Any
) -> AbstractContextManager[tuple[Replicas, Reader | None]]:
    """Replicas and what reads them: those of an arm before, if it differed in numbers only.

    Parameters
    ----------
    model : keras.Model
        One of them, built.
    size : int
        How many there are.
    task : Task
        What they are trained for.
    x, y : tf.Tensor
        All examples; the same tensors, not equal ones, are the same program's.
    """

    def make() -> tuple[Replicas, Reader | None]:
        replicas = Replicas(model, size, task.optimizer, x, y)
        return replicas, Reader(task.probes, replicas) if task.probes else None

    if not task.is_described:  # of somebody else's layers no text says all
        return nullcontext(make())
    optimizer = task.optimizer
    rule = (optimizer.name, *optimizer.decays(computing(model)))
    key = (structure(model), size, rule, task.batch_size, task.probes, x.ref(), y.ref())
    return SHELF.borrowed(key, size * weight_bytes(model, optimizer.slot_count), make)


def built(task: Task, data: Dataset, seed: int) -> Any:
    """Return the Keras model of a seed."""
    return task.model.build(data.input_shape, data.classes, seed)


def _starts(
    model: Any, task: Task, data: Dataset, seeds: Sequence[int]
) -> Iterator[list[np.ndarray]]:
    """The initial weights of each seed; the model is already built for the first."""
    if task.is_described:
        yield from (initial_weights(model, seed) for seed in seeds)
    else:
        yield model.get_weights()
        yield from (built(task, data, seed).get_weights() for seed in seeds[1:])


def groups_of(model: Any, task: Task, seeds: Sequence[int]) -> list[list[int]]:
    """Return the seeds, cut into groups that fit the memory."""
    remaining, slots = iter(seeds), task.optimizer.slot_count
    sizes = group_sizes(model, len(seeds), task.batch_size, EVALUATED, slots, task.memory_gib)
    return [list(islice(remaining, size)) for size in sizes]


@contextmanager
def enough_memory(size: int, memory_gib: float) -> Iterator[None]:
    """Say what to do about it where the machine has too little memory for a group."""
    try:
        yield
    except (MemoryError, tf.errors.ResourceExhaustedError) as problem:
        raise MemoryBudgetError(
            f"This machine must have memory for {size} replicas at a time; it has not "
            f"({type(problem).__name__}). Lower memory_gib, which is {memory_gib:g}, "
            "or take a smaller batch or network."
        ) from problem
