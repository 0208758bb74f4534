"""Fair comparisons: the same seeds in every arm, equal budgets, one difference at a time."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import inf
from numbers import Real
from typing import Any

from bnutils.datasets import Dataset
from bnutils.engine.threads import ARMS_AT_A_TIME, side_by_side
from bnutils.models import import_keras, is_described
from bnutils.optimizers import Optimizer
from bnutils.probes import Probes
from bnutils.results import Comparison, provenance
from bnutils.runs import Run
from bnutils.store import Store, default_folder
from bnutils.tasks import MEMORY_GIB, Architecture, Arm, Task, checked_arms, seed_list, stops_of
from bnutils.utils.progress import Tick, bar
from bnutils.utils.validation import at_least, one_of

ENGINES = ("replicas", "keras")
Engine = Callable[[Task, Sequence[int], Dataset, Tick], Iterator[list[Run]]]


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
        About how much memory, in GiB, the seeds of an arm that are trained side by side may
        take; more seeds are trained in groups one after the other. Two arms are trained at a
        time.
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
    for name, arm in checked_arms(arms).items():
        size = at_least("batch_size", _own(arm.batch_size, batch_size), 1)
        rule = Optimizer(_own(arm.optimizer, optimizer), _own(arm.learning_rate, learning_rate))
        stops = stops_of(name, len(data.x_train), size, epochs, updates)
        tasks[name] = Task(arm.model, size, rule, stops, engine, probes, weights, float(memory_gib))
    described = {name: repr(task) for name, task in tasks.items()}
    origin = {**provenance(data), "arms": described}
    shelf = Store(default_folder()) if store is None else store
    runs = {name: _stored(task, numbers, data, shelf) for name, task in tasks.items()}
    done = sum(tasks[name].stops[-1] * len(found) for name, found in runs.items())
    total = len(numbers) * sum(task.stops[-1] for task in tasks.values())
    with bar(progress, total=total, initial=done, unit="update", unit_scale=True, delay=2) as shown:
        _complete(runs, tasks, numbers, data, shelf, shown.update)
    named = (replace(runs[name][seed], arm=name) for name in tasks for seed in numbers)
    return Comparison(tuple(named), budget, data.name, origin)


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


def _stored(task: Task, seeds: Sequence[int], data: Dataset, store: Store) -> dict[int, Run]:
    """The finished runs of a task, by seed."""
    if not is_described(task.model):  # others have no dependable name
        return {}
    found = {seed: store.get(_key(task, seed, data, store), task.weights) for seed in seeds}
    return {seed: run for seed, run in found.items() if run}


def _key(task: Task, seed: int, data: Dataset, store: Store) -> str:
    return store.key(task.settings(seed, data))


def _complete(
    runs: Mapping[str, dict[int, Run]],
    tasks: Mapping[str, Task],
    seeds: Sequence[int],
    data: Dataset,
    store: Store,
    tick: Tick,
) -> None:
    """Add to the runs of each arm those that are missing."""
    missing = {name: [seed for seed in seeds if seed not in runs[name]] for name in tasks}
    arms = [name for name in tasks if missing[name]]
    if not arms:
        return
    engine = _engine(tasks[arms[0]].engine)  # loads TensorFlow, before there are threads

    def train(name: str, tick: Tick) -> dict[int, Run]:
        return _train(engine, tasks[name], missing[name], data, store, tick)

    at_a_time = ARMS_AT_A_TIME if all(_is_alone(tasks[name]) for name in arms) else 1
    for name, new in zip(arms, side_by_side(train, arms, tick, at_a_time), strict=True):
        runs[name].update(new)


def _train(
    engine: Engine, task: Task, seeds: Sequence[int], data: Dataset, store: Store, tick: Tick
) -> dict[int, Run]:
    """Train, group by group; what is finished goes to the store."""
    done: dict[int, Run] = {}
    for group in engine(task, seeds, data, tick):
        done |= {run.seed: run for run in group}
        if is_described(task.model):
            store.put_all({_key(task, run.seed, data, store): run for run in group})
    return done


def _is_alone(task: Task) -> bool:
    """Whether training shares no global random state, as ``fit`` and users' own code may."""
    return task.engine == "replicas" and is_described(task.model)


def _engine(name: str) -> Engine:
    """The function that trains, imported when it is needed: it loads TensorFlow."""
    import_keras()
    if name == "keras":
        from bnutils.engine.keras_fit import train
    else:
        from bnutils.engine.groups import train
    return train
