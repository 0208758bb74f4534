"""What a store is, and the two simple kinds: in memory, and one that is only read."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bnutils.runs import Run
from bnutils.tasks import Task
from bnutils.utils.validation import at_least, instance, is_a, several
from bnutils.utils.wording import shown


class BaseStore(ABC):
    """Keeps finished runs, so that none is computed twice.

    A kind of store says how runs are looked up and kept, in ``_find`` and ``_add``. Runs of an
    architecture of the user's own are never kept: nothing dependable names it.
    """

    def find(self, task: Task, seeds: Iterable[int]) -> dict[int, Run]:
        """Return those runs of a task that are kept and can be trusted.

        Parameters
        ----------
        task : Task
            What was trained. If it asks for weights, only runs that were kept with their
            weights are found.
        seeds : iterable of int
            Which runs are wanted.

        Returns
        -------
        dict of int to Run
            By seed; empty if there are none.
        """
        instance("task", task, Task, "from bnutils.tasks.planned(...)")
        wanted = frozenset(at_least("every seed in seeds", s, 0) for s in several("seeds", seeds))
        return self._find(task, wanted) if task.is_described else {}

    def add(self, task: Task, runs: Sequence[Run]) -> None:
        """Keep runs of a task that were trained as a group, all or none of them.

        Parameters
        ----------
        task : Task
            What was trained.
        runs : sequence of Run
            One for each seed of the group. Where they cannot be kept, a warning says so.
        """
        instance("task", task, Task, "from bnutils.tasks.planned(...)")
        group = several("runs", runs, "runs")
        for run in group:
            instance("every run in runs", run, Run, "from a comparison")
        if group and task.is_described:
            self._add(task, group)

    def recall(self, key: str) -> list[Any]:
        """Return what was computed under a key, as a list of one; empty if it is not kept.

        Only folders keep such results; :func:`bnutils.remembered` makes the keys.
        """
        return []

    def remember(  # noqa: B027 - not to keep it is right
        self, key: str, made: Mapping[str, Any], result: Any
    ) -> None:
        """Keep what was computed under a key; by default nothing is kept.

        Parameters
        ----------
        key : str
            64 hexadecimal digits: all that the result hangs on.
        made : mapping
            Function and versions, for the inventory.
        result : object
            What JSON can hold, from :func:`bnutils.store.plain.packed`.
        """

    @abstractmethod
    def _find(self, task: Task, seeds: frozenset[int]) -> dict[int, Run]:
        """As :meth:`find`, for a task whose name can be depended on."""

    @abstractmethod
    def _add(self, task: Task, runs: Sequence[Run]) -> None:
        """As :meth:`add`, for at least one run of such a task."""


@dataclass(frozen=True)
class MemoryStore(BaseStore):
    """Keeps runs as long as it lives: for tests, and for machines without a folder to share.

    Attributes
    ----------
    groups : list of (Task, tuple of Run)
        What was added, in that order.
    """

    groups: list[tuple[Task, tuple[Run, ...]]] = field(default_factory=list, init=False)

    def _find(self, task: Task, seeds: frozenset[int]) -> dict[int, Run]:
        usable = [runs for kept, runs in self.groups if _answers(kept, task)]
        found = {run.seed: run for runs in usable for run in runs if run.seed in seeds}
        return found if task.weights else {s: replace(r, weights={}) for s, r in found.items()}

    def _add(self, task: Task, runs: Sequence[Run]) -> None:
        self.groups.append((task, tuple(runs)))


@dataclass(frozen=True)
class ReadOnlyStore(BaseStore):
    """Finds what another store has and adds nothing to it.

    For runs that come with a book or lie where others write: what is missing is trained, and
    forgotten.

    Parameters
    ----------
    store : BaseStore
        Where runs are looked up.
    """

    store: BaseStore

    def __post_init__(self) -> None:
        require_store("store", self.store)

    def recall(self, key: str) -> list[Any]:
        """Return what the other store has under a key."""
        return self.store.recall(key)

    def _find(self, task: Task, seeds: frozenset[int]) -> dict[int, Run]:
        return self.store.find(task, seeds)

    def _add(self, task: Task, runs: Sequence[Run]) -> None:
        """Keep nothing."""


def require_store(name: str, value: object) -> None:
    """Raise ``TypeError`` if something is not a store: a folder's name is none yet."""
    if isinstance(value, type) or not is_a(value, BaseStore):
        raise TypeError(
            f"{name} must be a store, such as bnutils.store.Store(folder) or MemoryStore(); "
            f"received {shown(value)}."
        )


def _answers(kept: Task, task: Task) -> bool:
    """Whether the runs of one task are what another asks for."""
    return kept.settings() == task.settings() and kept.keeps >= task.keeps
