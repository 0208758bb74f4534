"""What is to be trained: arms, and all that decides their numbers."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from bnutils.datasets import Dataset
from bnutils.optimizers import Optimizer
from bnutils.probes import Probes
from bnutils.utils.validation import at_least

EVALUATIONS = 10  # of a budget in updates
MEMORY_GIB = 0.5  # that the replicas of an arm trained side by side may take


class Architecture(Protocol):
    """Anything that builds a Keras model for a seed, such as :func:`bnutils.mlp`."""

    def build(self, input_shape: tuple[int, ...], classes: int, seed: int) -> Any:
        """Return a compiled or uncompiled ``keras.Model`` with softmax outputs."""


@dataclass(frozen=True)
class Arm:
    """An architecture, with what this arm does differently from the others.

    Parameters
    ----------
    model : Architecture
        For example ``bnutils.mlp(norm="batch")``.
    batch_size : int, optional
        Instead of the comparison's.
    optimizer : {"sgd", "momentum", "adam", "adamw"}, optional
        Instead of the comparison's.
    learning_rate : float, optional
        Instead of the comparison's.
    """

    model: Architecture
    batch_size: int | None = None
    optimizer: str | None = None
    learning_rate: float | None = None


@dataclass(frozen=True)
class Task:
    """All that decides the numbers of an arm, but for seed and data; and what to keep."""

    model: Architecture
    batch_size: int
    optimizer: Optimizer
    stops: tuple[int, ...]
    engine: str
    probes: Probes | None = None
    weights: bool = False
    memory_gib: float = MEMORY_GIB

    def settings(self, seed: int, data: Dataset) -> dict[str, Any]:
        """Return what a run of this task is filed under."""
        return {
            "model": repr(self.model),
            "batch_size": self.batch_size,
            "optimizer": asdict(self.optimizer),
            "stops": self.stops,
            "engine": self.engine,
            "probes": repr(self.probes),
            "seed": seed,
            "dataset": data.name,
            "data": data.checksum,
        }


def checked_arms(arms: Mapping[str, Architecture | Arm]) -> dict[str, Arm]:
    """Return every arm as an :class:`Arm`, checked."""
    if not isinstance(arms, Mapping) or not arms:
        raise ValueError(
            "arms must be a dictionary with at least one entry, such as "
            f'{{"plain": bnutils.mlp()}}; received {arms!r}.'
        )
    full = {name: arm if isinstance(arm, Arm) else Arm(arm) for name, arm in arms.items()}
    for name, arm in full.items():
        if not hasattr(arm.model, "build") or hasattr(arm.model, "get_weights"):
            raise ValueError(
                f"The arm {name!r} must be the description of a network, such as "
                f"bnutils.mlp(norm='batch'), from which one is built for each seed, not a built "
                f"one; received {arm.model!r}."
            )
    return full


def seed_list(seeds: int | Iterable[int]) -> list[int]:
    """Return the seeds as a list, checked; a number n stands for 0..n-1."""
    if isinstance(seeds, Iterable):
        numbers = list(seeds)
    else:
        numbers = list(range(at_least("seeds", seeds, 1)))
    numbers = [at_least("every seed", number, 0) for number in numbers]
    if not numbers or len(set(numbers)) != len(numbers):
        raise ValueError(f"seeds must be one or more different numbers; received {numbers}.")
    return numbers


def stops_of(
    name: str, examples: int, batch_size: int, epochs: int | None, updates: int | None
) -> tuple[int, ...]:
    """Return the numbers of updates after which an arm is evaluated."""
    if batch_size > examples:
        raise ValueError(
            f"batch_size must be at most the {examples} examples of the training split; "
            f"received {batch_size} for the arm {name!r}. Take a smaller batch or more data."
        )
    if (epochs is None) == (updates is None):
        raise ValueError(
            "Give exactly one of epochs and updates, the budget that all arms share; received "
            f"epochs={epochs} and updates={updates}."
        )
    if epochs is not None:
        per_epoch = -(-examples // batch_size)
        return tuple(per_epoch * (epoch + 1) for epoch in range(at_least("epochs", epochs, 1)))
    return _evenly(updates or 0)


def _evenly(updates: int) -> tuple[int, ...]:
    """At most EVALUATIONS numbers of updates, evenly spaced, the last being all."""
    updates = at_least("updates", updates, 1)
    count = min(EVALUATIONS, updates)
    return tuple(updates * (part + 1) // count for part in range(count))
