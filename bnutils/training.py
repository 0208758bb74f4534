"""Fair comparisons: the same seeds in every arm, equal budgets, one difference at a time."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from bnutils import surroundings
from bnutils.datasets import Dataset
from bnutils.engine.programs import SHELF
from bnutils.engine.threads import at_a_time, cut, side_by_side
from bnutils.models import import_keras
from bnutils.probes import Probes
from bnutils.results import Comparison, provenance
from bnutils.runs import Run
from bnutils.schedules import Schedule
from bnutils.store import BaseStore, opened
from bnutils.tasks import MEMORY_GIB, Architecture, Arm, Task, planned, seed_list, setting_of
from bnutils.utils.progress import Tick, bar

Engine = Callable[[Task, Sequence[int], Dataset, Tick], Iterator[list[Run]]]


def compare(
    arms: Mapping[str, Architecture | Arm],
    data: Dataset,
    *,
    epochs: int | None = None,
    updates: int | None = None,
    evaluations: int | None = None,
    batch_size: int = 32,
    seeds: int | Iterable[int] = 10,
    optimizer: str = "adam",
    learning_rate: float | Schedule | None = None,
    weight_decay: float | None = None,
    decayed: str = "all",
    engine: str = "replicas",
    split: str = "given",
    probes: Probes | None = None,
    weights: bool | Iterable[int] = False,
    memory_gib: float = MEMORY_GIB,
    store: BaseStore | None = None,
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
        Metrics are taken after each epoch, or at equal distances on the way.
    evaluations : int, optional
        How often they are taken where the budget is in updates: ten times if not given, and with
        more, such as ``updates`` itself, when a loss first reaches a target can be told.
    batch_size : int
        Examples in a batch. As in ``fit``, the last batch of an epoch takes what is left.
    seeds : int or iterable of int
        A number n stands for the seeds 0..n-1.
    optimizer : {"sgd", "momentum", "adam", "adamw"}
        With Keras' defaults.
    learning_rate : float or Schedule, optional
        Step size, or one of :mod:`bnutils.schedules`; Keras' default for the optimiser if not
        given.
    weight_decay : float, optional
        As in Keras, decoupled from the gradient; Keras' default for the optimiser if not given.
    decayed : {"all", "kernels", "normalised"}
        Which weights decay: see :class:`bnutils.optimizers.Optimizer`.
    engine : {"replicas", "keras"}
        ``"replicas"`` trains all seeds as one program. ``"keras"`` calls ``fit`` in a loop: much
        slower, but it takes any layer; its dropout masks are Keras' own.
    split : {"given", "own"}
        ``"own"`` deals the images of all three parts anew for each seed, to parts of the same
        sizes, as :meth:`Dataset.resplit <bnutils.datasets.Dataset.resplit>` does: what is
        measured then does not hang on one split.
    probes : Probes, optional
        What to read inside the networks on the way; see :meth:`Comparison.readings`.
    weights : bool or several int
        Whether to keep each seed's weights, the final and the best; or numbers of updates after
        which to keep them as well: see :meth:`Comparison.weights`.
    memory_gib : float
        About how much memory, in GiB, the seeds that are trained as one program may take; more
        seeds are trained in groups. There are as many groups at a time as there are cores, at
        most four.
    store : BaseStore, optional
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
    tasks = planned(
        arms,
        data,
        epochs=epochs,
        updates=updates,
        evaluations=evaluations,
        batch_size=batch_size,
        optimizer=optimizer,
        learning_rate=learning_rate,
        weight_decay=weight_decay,
        decayed=decayed,
        engine=engine,
        split=split,
        probes=probes,
        weights=weights,
        memory_gib=memory_gib,
    )
    numbers = seed_list(seeds)
    origin = {
        **provenance(data),
        "split": split,
        "arms": {name: repr(task) for name, task in tasks.items()},
    }
    origin["setting"] = setting_of(tasks, numbers, data, epochs, updates)
    runs = _complete(tasks, numbers, data, opened(store), progress)
    named = tuple(replace(run, arm=name) for name, own in runs.items() for run in own)
    return Comparison(named, "epochs" if updates is None else "updates", data.name, origin)


def _complete(
    tasks: Mapping[str, Task],
    seeds: Sequence[int],
    data: Dataset,
    store: BaseStore,
    progress: bool | None,
) -> dict[str, list[Run]]:
    """Take from the store what is there and train the rest; the runs in the order of the seeds."""
    runs = {name: store.find(task, seeds) for name, task in tasks.items()}
    missing = {name: [seed for seed in seeds if seed not in runs[name]] for name in tasks}
    done = sum(tasks[name].stops[-1] * len(found) for name, found in runs.items())
    total = len(seeds) * sum(task.stops[-1] for task in tasks.values())
    with bar(progress, total=total, initial=done, unit="update", unit_scale=True, delay=2) as shown:
        for name, new in _trained(tasks, missing, data, store, shown.update):
            runs[name] |= new
    return {name: [found[seed] for seed in seeds] for name, found in runs.items()}


def _trained(
    tasks: Mapping[str, Task],
    missing: Mapping[str, Sequence[int]],
    data: Dataset,
    store: BaseStore,
    tick: Tick,
) -> Iterable[tuple[str, dict[int, Run]]]:
    """Train the missing seeds of each arm, side by side where trainings do not disturb."""
    names = [name for name in tasks if missing[name]]
    if not names:
        return []
    train = _engine()  # loads TensorFlow, before there are threads
    threads = at_a_time() if all(tasks[name].is_alone for name in names) else 1

    def train_part(part: tuple[str, Sequence[int]], tick: Tick) -> tuple[str, dict[int, Run]]:
        """What is finished, group by group, goes to the store."""
        name, seeds = part
        done: dict[int, Run] = {}
        with surroundings.ours():  # in the thread that trains
            for group in train(tasks[name], seeds, data, tick):
                store.add(tasks[name], group)
                done |= {run.seed: run for run in group}
        return name, done

    parts = [
        (name, seeds)
        for name in names
        for seeds in cut(missing[name], tasks[name].stops[-1], threads // len(names))
    ]
    with surroundings.ours(), SHELF.opened():
        return side_by_side(train_part, parts, tick, threads)


def _engine() -> Engine:
    """The function that trains, imported when it is needed: it loads TensorFlow."""
    import_keras()
    from bnutils.engine.groups import train

    return train
