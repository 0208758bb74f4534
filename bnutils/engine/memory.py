"""How many replicas fit into a stated amount of memory."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from bnutils.errors import MemoryBudgetError
from bnutils.models.chain import computing

FLOAT = 4  # bytes
LARGEST_GROUP = 50  # more replicas side by side no longer make one cheaper
CACHE = 8 * 2**20  # bytes: weights that are near the processor; each step reads and writes all
NOISE = 3  # numbers for each that becomes noisy: itself, its factor, its shift
COPIES = 3  # of each activation: its value, its gradient, and one on the way


def group_sizes(
    model: Any, seeds: int, batch_size: int, evaluated: int, slots: int, memory_gib: float
) -> list[int]:
    """Cut a number of seeds into groups of nearly equal size that fit the budget.

    Larger groups come first, so that what is left after an interruption is cut in the same
    way.

    Parameters
    ----------
    model : keras.Model
        One of the replicas.
    seeds : int
        How many replicas there are in all.
    batch_size, evaluated : int
        Examples that a replica trains on, and is evaluated on, at a time.
    slots : int
        Numbers that the optimiser remembers of each weight.
    memory_gib : float
        The budget in GiB, without the data.

    Raises
    ------
    MemoryBudgetError
        If not even one replica fits.
    """
    need = replica_bytes(model, batch_size, evaluated, slots)
    fit = int(memory_gib * 2**30 // need)
    near = max(1, CACHE // max(1, weight_bytes(model, slots)))
    if fit < 1:
        raise MemoryBudgetError(
            f"One replica must fit into memory_gib; it takes about {need / 2**30:.2g} GiB with "
            f"batches of {batch_size}, and memory_gib is {memory_gib:g}. Raise memory_gib, or "
            "take a smaller batch or network."
        )
    count = -(-seeds // min(fit, near, LARGEST_GROUP))
    return [seeds // count + (index < seeds % count) for index in range(count)]


def replica_bytes(model: Any, batch_size: int, evaluated: int, slots: int) -> int:
    """Estimate the bytes of one replica: weights, what the optimiser keeps, activations."""
    layers = computing(model)
    units = _size(layers[0].input.shape) + sum(map(_units, layers))
    activations = FLOAT * units * max(COPIES * batch_size, evaluated)
    return weight_bytes(model, slots) + int(activations)


def weight_bytes(model: Any, slots: int) -> int:
    """Bytes of the weights of one replica, of their gradient, and of what the optimiser keeps."""
    return FLOAT * int(model.count_params()) * (2 + slots)


def _units(layer: Any) -> int:
    """Numbers that a layer computes for one example."""
    if type(layer).__name__ == "ActivationNoise":
        return NOISE * _size(layer.output.shape)
    if type(layer).__name__ != "Conv2D":
        return _size(layer.output.shape)
    height, width, filters = layer.output.shape[1:]
    patch = int(np.prod(layer.kernel.shape[:3]))
    return int(height * width * (patch + filters))


def _size(shape: Sequence[Any]) -> int:
    return int(np.prod(shape[1:]))
