"""Tasks and runs that the store's tests file."""

from typing import Any

import numpy as np

from bnutils.models import mlp
from bnutils.optimizers import Optimizer
from bnutils.runs import Run
from bnutils.tasks import Task


def task(**changes: Any) -> Task:
    """A task as ``planned`` makes it."""
    usual: dict[str, Any] = {
        "model": mlp(8), "batch_size": 32, "optimizer": Optimizer(), "stops": (5, 10),
        "engine": "replicas", "classes": 10, "dataset": "digits", "data": "0123456789abcdef",
    }  # fmt: skip
    return Task(**{**usual, **changes})


def weights(scale: float = 1.0) -> dict[str, list[np.ndarray]]:
    """Twelve arrays, so that alphabetical order is not the right one."""
    arrays = [np.full((2, index), scale / 3, np.float32) for index in range(12)]
    return {"final": arrays, "best": [np.array(np.nan), np.arange(3)]}


def run(seed: int = 3, value: float = 0.1 + 0.2, **changes: Any) -> Run:
    """A run; its weights can be told from its metrics."""
    series = {"val_loss": (1.0, value), "accuracy": (0.5, value)}
    return Run("", seed, (5, 10), (0.5, 1.0), series, **changes)


def group(seeds: range | list[int] = range(3), value: float = 0.5, keep: bool = True) -> list[Run]:
    """Runs that were trained together."""
    return [run(seed, value, weights=weights(value) if keep else {}) for seed in seeds]
