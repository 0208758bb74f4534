"""Fair comparisons: the same seeds in every arm, equal budgets, one difference at a time."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from math import inf
from numbers import Real
from typing import Any, Protocol

from bnutils._progress import bar
from bnutils.datasets import Dataset
from bnutils.errors import at_least, one_of
from bnutils.models import DESCRIPTIONS, import_keras
from bnutils.optimizers import Optimizer
from bnutils.probes import Probes
from bnutils.results import Comparison, Run, versions
from bnutils.store import Store, default_folder

ENGINES = ("replicas", "keras")
EVALUATIONS = 10  # of a budget in updates
MEMORY_GIB = 1.0  # that the replicas trained side by side may take
Tick = Callable[[int], object]


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


def compare(
    arms: Mapping[str, Architecture | Arm],
    data: Dataset,
    *,
    epochs: int | None = None,
    updates: int | None = None,
    batch_size: int = 32,
    seeds: int | Iterable[int] = 10,
    optimizer: str = "adam",
    learning_rate: float | None = None,
    engine: str = "replicas",
    probes: Probes | None = None,
    weights: bool = False,
    memory_gib: float = MEMORY_GIB,
    store: Store | None = None,
    progress: bool | None = None,
) -> Comparison:
    """Train every arm with every seed, paired, on an equal budget.

    Seed *s* fixes initial weights, data order and dropout masks in all arms alike, so that
    the difference between two arms can be taken seed by seed.

    Parameters
    ----------
    arms : mapping of str to Architecture or Arm
        What is compared, by name; the first is the baseline of the summary.
    data : Dataset
        From :func:`bnutils.load`.
    epochs, updates : int
        The budget: passes over the training split, or steps of the optimiser. Give one.
        Metrics are taken after each epoch, or ten times on the way.
    batch_size : int
        Examples in a batch. As in ``fit``, the last batch of an epoch takes what is left.
    seeds : int or iterable of int
        A number n stands for the seeds 0..n-1.
    optimizer : {"sgd", "momentum", "adam", "adamw"}
        With Keras' defaults.
    learning_rate : float, optional
        Step size; Keras' default for the optimiser if not given.
    engine : {"replicas", "keras"}
        ``"replicas"`` trains all seeds as one program. ``"keras"`` calls ``fit`` in a loop: much
        slower, but it takes any layer; its dropout masks are Keras' own.
    probes : Probes, optional
        What to read inside the networks on the way; see :meth:`Comparison.readings`.
    weights : bool
        Whether to keep each seed's weights; see :meth:`Comparison.weights`.
    memory_gib : float
        About how much memory, in GiB, the seeds that are trained side by side may take; more
        seeds are trained in groups one after the other.
    store : Store, optional
        Where finished runs are kept; by default in the folder that ``BNUTILS_STORE`` names
        or in the user's cache.
    progress : bool, optional
        Whether to show a progress bar once two seconds have passed; on by default, off with
        ``BNUTILS_PROGRESS=0``.

    Returns
    -------
    Comparison

    Raises
    ------
    ValueError
        If there is no arm, a setting is out of range, a batch is larger than the training
        split, not exactly one of ``epochs`` and ``updates`` is given, or probes are asked of
        plain Keras.
    TypeError
        If ``data`` is not a data set, or a count is not a whole number.
    UnsupportedLayer
        If the engine cannot train a layer of a model.
    MemoryBudgetError
        If one network alone does not fit into ``memory_gib``.
    """
    one_of("engine", engine, ENGINES)
    if not isinstance(data, Dataset):
        raise TypeError(f"data must be a Dataset from bnutils.load(...); received {data!r}.")
    _check_extras(engine, probes, memory_gib)
    if probes is not None:
        probes.batch(data)  # raises where the data are too few
    numbers = seed_list(seeds)
    budget = "epochs" if updates is None else "updates"
    tasks = {}
    for name, arm in _arms(arms).items():
        size = at_least("batch_size", _own(arm.batch_size, batch_size), 1)
        rule = Optimizer(_own(arm.optimizer, optimizer), _own(arm.learning_rate, learning_rate))
        stops = _stops(name, len(data.x_train), size, epochs, updates)
        tasks[name] = Task(arm.model, size, rule, stops, engine, probes, weights, float(memory_gib))
    shelf = Store(default_folder()) if store is None else store
    total = len(numbers) * sum(task.stops[-1] for task in tasks.values())
    with bar(progress, total=total, unit="update", unit_scale=True, delay=2) as shown:
        runs = [
            replace(run, arm=name)
            for name, task in tasks.items()
            for run in _train(task, numbers, data, shelf, shown.update)
        ]
    return Comparison(tuple(runs), budget, data.name, _provenance(tasks, data))


def _arms(arms: Mapping[str, Architecture | Arm]) -> dict[str, Arm]:
    """Every arm as an :class:`Arm`, checked."""
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


def _check_extras(engine: str, probes: Probes | None, memory_gib: float) -> None:
    if probes is not None and engine != "replicas":
        raise ValueError(
            f"Probes need engine='replicas'; received engine={engine!r}. Leave out probes, or "
            "take the other engine."
        )
    if not (isinstance(memory_gib, Real) and 0 < memory_gib < inf):
        raise ValueError(f"memory_gib must be a positive, finite number; received {memory_gib!r}.")


def _own(value: Any, common: Any) -> Any:
    """The arm's own setting, or the comparison's."""
    return common if value is None else value


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


def _stops(
    name: str, examples: int, batch_size: int, epochs: int | None, updates: int | None
) -> tuple[int, ...]:
    """Numbers of updates after which an arm is evaluated."""
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


def _train(task: Task, seeds: Sequence[int], data: Dataset, store: Store, tick: Tick) -> list[Run]:
    """Take finished runs from the store; train the others, group by group."""
    keys = {seed: store.key(task.settings(seed, data)) for seed in seeds}
    known = type(task.model) in DESCRIPTIONS  # others have no dependable name
    done = {seed: run for seed in seeds if known and (run := store.get(keys[seed], task.weights))}
    tick(task.stops[-1] * len(done))
    missing = [seed for seed in seeds if seed not in done]
    for runs in _engine(task.engine)(task, missing, data, tick) if missing else ():
        done |= {run.seed: run for run in runs}
        if known:
            store.put_all({keys[run.seed]: run for run in runs})
    return [done[seed] for seed in seeds]


def _engine(
    name: str,
) -> Callable[[Task, Sequence[int], Dataset, Tick], Iterator[list[Run]]]:
    """The function that trains, imported when it is needed: it loads TensorFlow."""
    import_keras()
    if name == "keras":
        from bnutils._keras_engine import train
    else:
        from bnutils.replicas import train
    return train


def _provenance(tasks: Mapping[str, Task], data: Dataset) -> dict[str, Any]:
    described = {name: repr(task) for name, task in tasks.items()}
    source = {"name": data.name, "source": data.source, "checksum": data.checksum}
    return {"data": source, "arms": described, "versions": versions()}
