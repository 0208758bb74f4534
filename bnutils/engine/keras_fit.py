"""The plain way: ``fit``, one seed after the other. It takes any Keras model."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from bnutils.datasets import Dataset
from bnutils.engine.randomness import draws
from bnutils.engine.recorder import Best, Recorder
from bnutils.engine.schedule import plan
from bnutils.models import import_keras
from bnutils.runs import Run
from bnutils.tasks import Task
from bnutils.utils.progress import Tick


def train(task: Task, seeds: Sequence[int], data: Dataset, tick: Tick) -> Iterator[list[Run]]:
    """Train one run for each seed with plain Keras; see :func:`bnutils.compare`.

    Initial weights and data order are those of the engine; dropout masks are Keras' own, for
    which Keras' global seed is set.
    """
    for seed in seeds:
        yield [_train_one(task, seed, data, tick)]


def _train_one(task: Task, seed: int, data: Dataset, tick: Tick) -> Run:
    import_keras().utils.set_random_seed(seed)
    model = task.model.build(data.input_shape, data.classes, seed)
    model.compile(task.optimizer.keras(), "sparse_categorical_crossentropy", metrics=["accuracy"])
    examples = len(data.x_train)
    recorder, best = Recorder([seed], task.stops, examples, task.batch_size), Best(1)
    pieces = plan(examples, task.batch_size, task.stops, examples)
    for piece, order, _ in draws([seed], pieces, examples, []):
        loss, hits = _fit(model, data, order)
        recorder.steps(loss, hits, order.size)
        tick(piece.steps)
        if piece.done in task.stops:
            loss, accuracy = _evaluate(model, data.x_val, data.y_val)
            recorder.evaluation(loss, accuracy)
            if task.weights:
                best.keep(loss, _weights(model))
    kept = {"final": _weights(model), "best": best.weights} if task.weights else {}
    return recorder.runs(*_evaluate(model, data.x_test, data.y_test), kept)[0]


def _weights(model: Any) -> list[np.ndarray]:
    """With a leading axis for the one replica."""
    return [weight[None].copy() for weight in model.get_weights()]


def _fit(model: Any, data: Dataset, order: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Train on the batches of ``order``; mean loss and right answers, as one long step."""
    rows, batch_size = order.reshape(-1), order.shape[-1]
    x, y = data.x_train[rows], data.y_train[rows]
    history = model.fit(x, y, batch_size, shuffle=False, verbose=0).history
    return np.array([history["loss"]]), np.array([history["accuracy"]]) * len(rows)


def _evaluate(model: Any, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    loss, accuracy = model.evaluate(x, y, batch_size=1000, verbose=0)
    return np.array([loss]), np.array([accuracy])
