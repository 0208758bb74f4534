"""The plain way: ``fit``, one seed after the other. It takes any Keras model."""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from bnutils.datasets import Dataset
from bnutils.engine.schedule import MaskShapes
from bnutils.engine.trainer import Trainer
from bnutils.models import import_keras
from bnutils.models.chain import computing
from bnutils.runs import Run
from bnutils.tasks import Task


def one_by_one(trainer: Trainer, seeds: Sequence[int]) -> Iterator[list[Run]]:
    """Train one run for each seed with plain Keras; see :func:`bnutils.compare`.

    Initial weights and data order are those of the engine; dropout masks are Keras' own, for
    which Keras' global seed is set.
    """
    for seed in seeds:
        with _global_random_state_kept():
            runs = trainer.train(KerasNetwork(trainer.task, trainer.data, seed), [seed])
        yield runs


@contextmanager
def _global_random_state_kept() -> Iterator[None]:
    """Keras' seed is also Python's and NumPy's: their random numbers go on where they were."""
    python, numpy = random.getstate(), np.random.get_state()  # noqa: NPY002 - it is the global one
    try:
        yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)  # noqa: NPY002


class KerasNetwork:
    """A single Keras model, as the training loop wants its networks.

    Parameters
    ----------
    task : Task
        Architecture and optimiser.
    data : Dataset
        What the network learns.
    seed : int
        Of its initial weights, and of all that Keras draws.
    """

    def __init__(self, task: Task, data: Dataset, seed: int) -> None:
        import_keras().utils.set_random_seed(seed)
        self.x, self.y = data.pooled("x"), data.pooled("y")
        self.model = task.model.build(data.input_shape, data.classes, seed)
        rule = task.optimizer.keras(computing(self.model), task.stops[-1])
        self.model.compile(rule, "sparse_categorical_crossentropy", metrics=["accuracy"])

    def mask_shapes(self) -> MaskShapes:
        """None: Keras draws its own masks."""
        return []

    def prepare(self, length: int, batch_size: int, updates: int) -> None:
        """Nothing: Keras prepares itself."""

    def run(self, order: np.ndarray, masks: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Call ``fit`` on the batches of ``order``, which tells their mean as one stretch."""
        rows, batch_size = order.reshape(-1), order.shape[-1]
        x, y = self.x[rows], self.y[rows]
        history = self.model.fit(x, y, batch_size, shuffle=False, verbose=0).history
        return np.array([history["loss"]]), np.array([history["accuracy"]]) * len(rows)

    def score(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Mean loss, shape (1,), and which answers are right, (1, examples), in inference mode."""
        x, y = self.x[rows[0]], self.y[rows[0]]
        loss, _ = self.model.evaluate(x, y, batch_size=1000, verbose=0)
        answers = self.model.predict(x, batch_size=1000, verbose=0).argmax(axis=-1)
        return np.array([loss]), (answers == y)[None]

    def all_weights(self) -> list[np.ndarray]:
        """Copies of the weights, with a leading axis for the one network."""
        return [weight[None].copy() for weight in self.model.get_weights()]
