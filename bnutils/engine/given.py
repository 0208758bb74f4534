"""Networks with weights that are given: scored, and their statistics measured anew.

All seeds at once, by the rules that training uses.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from bnutils.datasets import Dataset
from bnutils.engine.axes import over_examples
from bnutils.engine.examples import as_floats, examples
from bnutils.engine.groups import built, enough_memory, groups_of, program
from bnutils.engine.replicas import Replicas, parts_of
from bnutils.engine.rows import Rows, rows_for
from bnutils.tasks import Task
from bnutils.utils.quiet import without_advice
from bnutils.utils.validation import shaped_like

Given = Mapping[int, Sequence[np.ndarray]]  # by seed, in the order of Model.get_weights
MOVING = ("moving_mean", "moving_variance")


def scores(task: Task, weights: Given, data: Dataset, part: str) -> dict[int, tuple[float, float]]:
    """Return loss and accuracy of each seed, in inference mode.

    Parameters
    ----------
    task : Task
        Architecture, how the data are split, and the memory that a group may take.
    weights : mapping of int to list of numpy.ndarray
        By seed.
    data : Dataset
        What they have learned.
    part : {"train", "val", "test"}
        On what they are scored.
    """
    found: dict[int, tuple[float, float]] = {}
    for seeds, replicas, rows in _networks(task, weights, data):
        loss, right = replicas.score(getattr(rows, part))
        pairs = zip(loss.tolist(), right.mean(axis=1).tolist(), strict=True)
        found |= dict(zip(seeds, pairs, strict=True))
    return found


def recalibrated(task: Task, weights: Given, data: Dataset) -> dict[int, list[np.ndarray]]:
    """Return the weights with moving statistics measured anew; see :mod:`bnutils.averaging`."""
    found: dict[int, list[np.ndarray]] = {}
    for seeds, replicas, rows in _networks(task, weights, data):
        for place, layer in enumerate(replicas.layers):
            names = [weight.name for weight in layer.weights]
            if set(MOVING) & set(names):
                moments = zip(MOVING, _moments(replicas, place, rows.train), strict=True)
                for name, values in moments:
                    if name in names:  # a half of batch normalisation has one of the two
                        replicas.weights[place][names.index(name)].assign(values)
        now = replicas.all_weights()
        found |= {seed: [stack[index] for stack in now] for index, seed in enumerate(seeds)}
    return found


def _networks(
    task: Task, weights: Given, data: Dataset
) -> Iterator[tuple[list[int], Replicas, Rows]]:
    """Group by group: its seeds, its networks, and the examples of each."""
    seeds, (x, y) = list(weights), examples(data)
    model = built(task, data, seeds[0])
    for seed in seeds:
        _check(model, seed, weights[seed])
    for group in groups_of(model, task, seeds):
        size = len(group)
        with enough_memory(size, task.memory_gib), program(model, size, task, x, y) as ours:
            replicas, _ = ours
            replicas.begin([weights[seed] for seed in group])
            with without_advice():
                yield group, replicas, rows_for(task, data, group)


def _check(model: Any, seed: int, weights: Sequence[np.ndarray]) -> None:
    """Raise ``ValueError`` if the weights of a seed are those of another network."""
    received: Any = tuple(np.shape(weight) for weight in weights)
    shapes: Any = tuple(tuple(weight.shape) for weight in model.weights)
    name, whose = f"The weights of seed {seed}", "the model's weights"
    shaped_like(name, received, whose, shapes, "Take them of the same architecture.")


def _moments(replicas: Replicas, place: int, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and variance of what arrives at a layer, (R, channels), over all of these examples.

    Of parts with n_i examples, means m_i and variances v_i: mean = sum n_i m_i / n, and
    variance = sum n_i (v_i + (m_i - mean)^2) / n.
    """
    measure = tf.function(
        lambda part: _of_part(replicas, place, part), autograph=False, reduce_retracing=True
    )
    parts = list(parts_of(rows))
    measured = [[part.numpy() for part in measure(tf.constant(part))] for part in parts]
    means, variances = (np.stack(each).astype(float) for each in zip(*measured, strict=True))
    share = np.array([part.shape[1] for part in parts])[:, None, None] / rows.shape[1]
    mean = (share * means).sum(axis=0)
    return mean, (share * (variances + (means - mean) ** 2)).sum(axis=0)


def _of_part(replicas: Replicas, place: int, rows: Any) -> Any:
    """The same of a part of the examples, (R, channels)."""
    x = replicas.forward(as_floats(tf.gather(replicas.x, rows)), (), False, until=place)
    x = tf.broadcast_to(x, [replicas.count, *tf.unstack(tf.shape(x))[1:]])
    return tf.nn.moments(x, axes=over_examples(x))
