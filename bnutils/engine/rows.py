"""Which examples each network learns from, and is scored on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bnutils.datasets import Dataset
from bnutils.tasks import Task


@dataclass(frozen=True)
class Rows:
    """Numbers of examples among those of all parts of a data set.

    Attributes
    ----------
    train, val, test : numpy.ndarray
        A row for each network, shape ``(R, examples)``; or one for all of them.
    """

    train: np.ndarray
    val: np.ndarray
    test: np.ndarray

    def named(self, order: np.ndarray) -> np.ndarray:
        """Return what an order within the training part, (steps, R, batch), names."""
        networks = np.arange(len(self.train))[None, :, None]
        found: np.ndarray = self.train[networks, order]
        return found


def rows_for(task: Task, data: Dataset, seeds: Sequence[int]) -> Rows:
    """Return the examples of each seed: those of the split given, or of one of its own."""
    own = [data.split(seed) for seed in seeds] if task.has_own_splits else [data.split()]
    parts = ("train", "val", "test")
    stacked = (np.stack([getattr(split, part) for split in own]) for part in parts)
    return Rows(*(rows.astype(np.int32) for rows in stacked))
