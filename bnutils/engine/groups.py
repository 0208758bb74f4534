"""Trains an arm group by group: as many seeds side by side as fit the stated memory."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from bnutils.datasets import Dataset
from bnutils.engine.memory import group_sizes
from bnutils.engine.randomness import draws
from bnutils.engine.readings import Reader
from bnutils.engine.recorder import Best, Recorder
from bnutils.engine.replicas import EVALUATED, Replicas
from bnutils.engine.schedule import most_steps, plan
from bnutils.errors import MemoryBudgetError
from bnutils.models import initial_weights, is_described
from bnutils.runs import Run
from bnutils.tasks import Task
from bnutils.utils.progress import Tick
from bnutils.utils.quiet import without_advice


def train(task: Task, seeds: Sequence[int], data: Dataset, tick: Tick) -> Iterator[list[Run]]:
    """Train one run for each seed, group by group; a group is trained all at once.

    Parameters
    ----------
    task : Task
        Architecture, batch size, optimiser, after how many updates to evaluate, and the
        memory that a group may take.
    seeds : sequence of int
        One for each replica.
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

    def build(seed: int) -> Any:
        return task.model.build(data.input_shape, data.classes, seed)

    model = build(seeds[0])

    def start(seed: int) -> list[np.ndarray]:
        if is_described(task.model):
            return initial_weights(model, seed)
        built = model if seed == seeds[0] else build(seed)
        weights: list[np.ndarray] = built.get_weights()
        return weights

    remaining, slots = list(seeds), task.optimizer.slot_count
    replicas = reader = None
    x, y = tf.constant(data.x_train), tf.constant(data.y_train)
    sizes = group_sizes(model, len(seeds), task.batch_size, EVALUATED, slots, task.memory_gib)
    for size in sizes:
        group, remaining = remaining[:size], remaining[size:]
        try:
            starts = [start(seed) for seed in group]
            if replicas is None or replicas.count != size:
                replicas = Replicas(model, starts, task.optimizer)
                reader = Reader(task.probes, replicas, data) if task.probes else None
            else:
                replicas.restart(starts)  # the compiled program serves again
            with without_advice():
                runs = _train_group(replicas, reader, task, group, data, x, y, tick)
            yield runs
        except (MemoryError, tf.errors.ResourceExhaustedError) as problem:
            raise MemoryBudgetError(
                f"This machine must have memory for {size} replicas at a time; it has not "
                f"({type(problem).__name__}). Lower memory_gib, which is {task.memory_gib:g}, "
                "or take a smaller batch or network."
            ) from problem


def _train_group(
    replicas: Replicas,
    reader: Reader | None,
    task: Task,
    seeds: Sequence[int],
    data: Dataset,
    x: tf.Tensor,
    y: tf.Tensor,
    tick: Tick,
) -> list[Run]:
    """Train a group from its first update to its last; x and y are the training split."""
    examples, shapes = len(y), replicas.mask_shapes()
    probed = task.probes.times(task.stops[-1]) if task.probes else ()
    most = most_steps(len(seeds), task.batch_size, shapes)
    pieces = plan(examples, task.batch_size, sorted({*task.stops, *probed} - {0}), most)
    replicas.prepare(max(piece.steps for piece in pieces), task.batch_size, task.stops[-1])
    recorder, best = Recorder(seeds, task.stops, examples, task.batch_size), Best(len(seeds))
    if reader and 0 in probed:
        recorder.reading(0, reader.read())
    for piece, order, masks in draws(seeds, pieces, examples, shapes):
        losses, hits = replicas.run(x, y, order, masks)
        recorder.steps(losses, hits, piece.batch_size)
        tick(piece.steps * len(seeds))
        if piece.done in task.stops:
            loss, accuracy = replicas.score(data.x_val, data.y_val)
            recorder.evaluation(loss, accuracy)
            if task.weights:
                best.keep(loss, replicas.all_weights())
        if reader and piece.done in probed:
            recorder.reading(piece.done, reader.read())
    kept = {"final": replicas.all_weights(), "best": best.weights} if task.weights else {}
    return recorder.runs(*replicas.score(data.x_test, data.y_test), kept)
