"""Checked tasks, one for each arm: all that decides their numbers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bnutils.datasets import Dataset
from bnutils.models import is_described, require_images, require_mates
from bnutils.optimizers import Optimizer
from bnutils.probes import Probes
from bnutils.schedules import Schedule, require_rates
from bnutils.settings import as_json
from bnutils.tasks.arms import Architecture, Arm, checked_arms
from bnutils.tasks.budgets import EVALUATIONS, require_within, stops_of, weights_kept
from bnutils.utils.validation import at_least, instance, one_of, positive

ENGINES = ("replicas", "keras")
SPLITTINGS = ("given", "own")
MEMORY_GIB = 0.5  # that the replicas of an arm trained side by side may take


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
        Rule, step size and weight decay.
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
    snapshots : tuple of int
        Numbers of updates after which to keep them, besides the best and the last.
    memory_gib : float
        What the seeds that are trained side by side may take.
    split : str
        ``"given"``, or ``"own"`` and the checksum of the images' originals.
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
    split: str = "given"
    snapshots: tuple[int, ...] = field(default=(), repr=False)

    @property
    def keeps(self) -> frozenset[str]:
        """The names of the weights that a run must have: see :class:`bnutils.runs.Run`."""
        return frozenset({"final", "best", *map(str, self.snapshots)} if self.weights else ())

    @property
    def is_described(self) -> bool:
        """Whether the architecture is the package's own, and so has a name to file it under."""
        return is_described(self.model)

    @property
    def is_alone(self) -> bool:
        """Whether training shares no global random state, as ``fit`` and users' code may."""
        return self.engine == "replicas" and self.is_described

    @property
    def has_own_splits(self) -> bool:
        """Whether each seed has a split of its own of all images."""
        return self.split != "given"

    def settings(self) -> dict[str, Any]:
        """Return what the runs of this task are filed under."""
        return {
            "model": repr(self.model),
            "batch_size": self.batch_size,
            "optimizer": self.optimizer.settings(),
            "stops": self.stops,
            "engine": self.engine,
            "classes": self.classes,
            "probes": repr(self.probes),
            "dataset": self.dataset,
            "data": self.data,
            "split": self.split,
        }


def planned(
    arms: Mapping[str, Architecture | Arm],
    data: Dataset,
    *,
    epochs: int | None = None,
    updates: int | None = None,
    evaluations: int | None = None,
    batch_size: int = 32,
    optimizer: str = "adam",
    learning_rate: float | Schedule | None = None,
    weight_decay: float | None = None,
    decayed: str = "all",
    engine: str = "replicas",
    split: str = "given",
    probes: Probes | None = None,
    weights: bool | Iterable[int] = False,
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
    keep, moments = weights_kept(weights)
    common: dict[str, Any] = {
        "engine": _checked_engine(engine, probes, data),
        "classes": data.classes,
        "dataset": data.name,
        "data": data.checksum,
        "split": _checked_split(split, data),
        "probes": probes,
        "weights": keep,
        "memory_gib": positive("memory_gib", memory_gib),
    }
    usual = {
        "optimizer": optimizer, "learning_rate": learning_rate, "weight_decay": weight_decay,
        "decayed": decayed,
    }  # fmt: skip
    tasks = {}
    for name, arm in checked_arms(arms).items():
        require_images(arm.model, data.input_shape)
        size = at_least("batch_size", _own(arm.batch_size, batch_size), 1)
        require_mates(arm.model, data.input_shape, size)
        stops = stops_of(name, len(data.x_train), size, epochs, updates, evaluations)
        rule = Optimizer(*(_own(getattr(arm, each), usual[each]) for each in usual))
        require_rates(rule.rate, stops[-1])
        require_within(name, moments, stops[-1])
        tasks[name] = Task(arm.model, size, rule, stops, **common, snapshots=moments)
    return tasks


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


def _checked_split(split: str, data: Dataset) -> str:
    """The split as it is filed: dealing anew depends on what the images were made from."""
    split = one_of("split", split, SPLITTINGS)
    return split if split == "given" else f"{split} {data.originals_checksum[:12]}"


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
    taken = max(len(task.stops) for task in tasks.values())
    if updates is not None and taken != min(EVALUATIONS, budget[name]):
        budget["evaluations"] = taken
    arms = {name: _setting_of_arm(task) for name, task in tasks.items()}
    shared = {"training images": len(data.x_train), "data": data.checksum[:12]}
    if any(task.has_own_splits for task in tasks.values()):
        shared["split"] = "each seed its own"
    return {"seeds": as_json(list(seeds)), **budget, **shared, "arms": arms}


def _setting_of_arm(task: Task) -> dict[str, Any]:
    """What the numbers of an arm depend on; weight decay only where it is not the rule's own."""
    rule = task.optimizer.settings()
    decay = {name.replace("_", " "): one for name, one in rule.items() if "decay" in name}
    return {
        "model": repr(task.model),
        "batch size": task.batch_size,
        "optimiser": rule["name"],
        "learning rate": rule["learning_rate"],
        **decay,
        "engine": task.engine,
    }
