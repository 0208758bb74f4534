"""What is to be trained: arms, and all that decides their numbers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol, cast

from bnutils.datasets import Dataset
from bnutils.models import is_described, require_images
from bnutils.optimizers import RULES, Optimizer
from bnutils.probes import Probes
from bnutils.runs import LONGEST
from bnutils.settings import as_json
from bnutils.utils.scalars import plain
from bnutils.utils.validation import (
    at_least,
    flag,
    instance,
    is_a,
    one_of,
    positive,
    settle,
    several,
    text,
)
from bnutils.utils.wording import shown

ENGINES = ("replicas", "keras")
EVALUATIONS = 10  # of a budget in updates
MOST_SEEDS, MOST_EPOCHS = 10**6, 10**6  # more are hardly meant, and fill the memory
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

    Raises
    ------
    ValueError, TypeError
        If the model is no description of a network, or a setting is out of range.
    """

    model: Architecture
    batch_size: int | None = None
    optimizer: str | None = None
    learning_rate: float | None = None

    def __post_init__(self) -> None:
        _check_described("model", self.model)
        if self.batch_size is not None:
            settle(self, batch_size=at_least("batch_size", self.batch_size, 1))
        if self.optimizer is not None:
            settle(self, optimizer=one_of("optimizer", self.optimizer, RULES))
        if self.learning_rate is not None:
            settle(self, learning_rate=positive("learning_rate", self.learning_rate))


@dataclass(frozen=True)
class Task:
    """All that decides the numbers of an arm, but for the seed; and what to keep.

    Attributes
    ----------
    model : Architecture
        What is trained.
    batch_size : int
        Examples in a batch.
    optimizer : Optimizer
        Rule and step size.
    stops : tuple of int
        Numbers of updates after which the metrics are taken; the last is the budget.
    engine : {"replicas", "keras"}
        What trains it.
    classes : int
        Number of outputs.
    dataset, data : str
        Name and checksum of the data.
    probes : Probes or None
        What to read on the way.
    weights : bool
        Whether to keep the weights.
    memory_gib : float
        What the seeds that are trained side by side may take.
    """

    model: Architecture
    batch_size: int
    optimizer: Optimizer
    stops: tuple[int, ...]
    engine: str
    classes: int
    dataset: str = field(repr=False)
    data: str = field(repr=False)
    probes: Probes | None = None
    weights: bool = False
    memory_gib: float = MEMORY_GIB

    @property
    def is_described(self) -> bool:
        """Whether the architecture is the package's own, and so has a name to file it under."""
        return is_described(self.model)

    @property
    def is_alone(self) -> bool:
        """Whether training shares no global random state, as ``fit`` and users' code may."""
        return self.engine == "replicas" and self.is_described

    def settings(self) -> dict[str, Any]:
        """Return what the runs of this task are filed under."""
        return {
            "model": repr(self.model),
            "batch_size": self.batch_size,
            "optimizer": asdict(self.optimizer),
            "stops": self.stops,
            "engine": self.engine,
            "classes": self.classes,
            "probes": repr(self.probes),
            "dataset": self.dataset,
            "data": self.data,
        }


def planned(
    arms: Mapping[str, Architecture | Arm],
    data: Dataset,
    *,
    epochs: int | None = None,
    updates: int | None = None,
    batch_size: int = 32,
    optimizer: str = "adam",
    learning_rate: float | None = None,
    engine: str = "replicas",
    probes: Probes | None = None,
    weights: bool = False,
    memory_gib: float = MEMORY_GIB,
) -> dict[str, Task]:
    """Return the task of each arm, all settings checked; see :func:`bnutils.compare`.

    Raises
    ------
    ValueError
        If there is no arm, a setting is out of range, a batch is larger than the training
        split, not exactly one of ``epochs`` and ``updates`` is given, or probes are asked of
        plain Keras.
    TypeError
        If ``data`` is not a data set, or a count is not a whole number.
    """
    data = instance("data", data, Dataset, "from bnutils.load(...) or of your own arrays")
    common: dict[str, Any] = {
        "engine": _checked_engine(engine, probes, data),
        "classes": data.classes,
        "dataset": data.name,
        "data": data.checksum,
        "probes": probes,
        "weights": flag("weights", weights),
        "memory_gib": positive("memory_gib", memory_gib),
    }
    tasks = {}
    for name, arm in checked_arms(arms).items():
        require_images(arm.model, data.input_shape)
        size = at_least("batch_size", _own(arm.batch_size, batch_size), 1)
        rule = Optimizer(_own(arm.optimizer, optimizer), _own(arm.learning_rate, learning_rate))
        stops = stops_of(name, len(data.x_train), size, epochs, updates)
        tasks[name] = Task(arm.model, size, rule, stops, **common)
    return tasks


def checked_arms(arms: Mapping[str, Architecture | Arm]) -> dict[str, Arm]:
    """Return every arm as an :class:`Arm`, checked."""
    if not isinstance(arms, Mapping) or not arms:
        raise ValueError(
            "arms must be a dictionary with at least one entry, such as "
            f'{{"plain": bnutils.mlp()}}; received {shown(arms)}.'
        )
    return {text("every name in arms", name): _checked_arm(name, arm) for name, arm in arms.items()}


def _checked_arm(name: str, arm: Architecture | Arm) -> Arm:
    """What is given for an arm as an :class:`Arm`."""
    if is_a(arm, Arm):
        return cast(Arm, arm)
    _check_described(f"The arm {name!r}", arm)
    return Arm(cast(Architecture, arm))


def _check_described(what: str, model: Any) -> None:
    """Check that a network can be built for each seed."""
    described = callable(getattr(model, "build", None)) and not isinstance(model, type)
    if not described or hasattr(model, "get_weights"):
        raise ValueError(
            f"{what} must be the description of a network, such as bnutils.mlp(norm='batch'), "
            f"from which one is built for each seed, not a built one; received {shown(model)}."
        )


def _checked_engine(engine: str, probes: Probes | None, data: Dataset) -> str:
    """The engine, if it is known and can read the probes on these data."""
    engine = one_of("engine", engine, ENGINES)
    if probes is not None:
        instance("probes", probes, Probes, "such as bnutils.Probes()")
    if probes is not None and engine != "replicas":
        raise ValueError(
            f"Probes need engine='replicas'; received engine={engine!r}. Leave out probes, or "
            "take the other engine."
        )
    if probes is not None:
        probes.batch(data)  # raises where the data are too few
    return engine


def _own(value: Any, common: Any) -> Any:
    """The arm's own setting, or the comparison's."""
    return common if value is None else value


def setting_of(
    tasks: Mapping[str, Task],
    seeds: Sequence[int],
    data: Dataset,
    epochs: int | None,
    updates: int | None,
) -> dict[str, Any]:
    """Return what the numbers of a comparison depend on, by names that a reader knows."""
    name, count = ("updates", updates) if epochs is None else ("epochs", epochs)
    budget = {name: at_least(name, count, 1)}
    arms = {
        name: {
            "model": repr(task.model),
            "batch size": task.batch_size,
            "optimiser": task.optimizer.name,
            "learning rate": task.optimizer.learning_rate,
            "engine": task.engine,
        }
        for name, task in tasks.items()
    }
    shared = {"training images": len(data.x_train), "data": data.checksum[:12]}
    return {"seeds": as_json(list(seeds)), **budget, **shared, "arms": arms}


def seed_list(seeds: int | Iterable[int]) -> list[int]:
    """Return the seeds as a list, checked; a number n stands for 0..n-1."""
    given = plain(seeds)
    if isinstance(given, str) or not isinstance(given, Iterable):
        return list(range(at_least("seeds", given, 1, MOST_SEEDS)))
    each = several("seeds", given)
    numbers = [at_least("every seed in seeds", number, 0) for number in each]
    if not numbers or len(set(numbers)) != len(numbers):
        raise ValueError(f"seeds must be one or more different numbers; received {shown(seeds)}.")
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
            f"epochs={shown(epochs)} and updates={shown(updates)}."
        )
    if epochs is not None:
        per_epoch = -(-examples // batch_size)
        passes = at_least("epochs", epochs, 1, min(MOST_EPOCHS, LONGEST // per_epoch))
        return tuple(per_epoch * (epoch + 1) for epoch in range(passes))
    return _evenly(at_least("updates", updates, 1, LONGEST))


def _evenly(updates: int) -> tuple[int, ...]:
    """At most EVALUATIONS numbers of updates, evenly spaced, the last being all."""
    count = min(EVALUATIONS, updates)
    return tuple(updates * (part + 1) // count for part in range(count))
