"""Finished runs on disk.

Seeds that were trained as a group are filed as a group, because rounding depends on the group:
one file, written whole or not at all, with a checksum of its own. So an interrupted comparison
goes on where it stopped, several processes may share a store, and a damaged entry is computed
again. Plain files need no locks, which are unreliable on network file systems (SQLite), and no
pickle, which runs whatever it reads (joblib.Memory, diskcache).
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bnutils.errors import StoreError, StoreWarning
from bnutils.runs import Run
from bnutils.store import experiments, inventory, limit
from bnutils.store.base import BaseStore, MemoryStore, require_store
from bnutils.store.entries import Entries
from bnutils.store.identity import asked, is_code_on_disk, key, key_of, present
from bnutils.store.inventory import Held
from bnutils.tasks import Task
from bnutils.utils.notices import warn
from bnutils.utils.validation import at_least, path, settle

VARIABLE = "BNUTILS_STORE"
REMEDY = f"Set {VARIABLE} to a folder that you can read and write and that has room."


def default_folder() -> Path:
    """``BNUTILS_STORE`` if set, else the user's cache folder.

    Raises
    ------
    StoreError
        If that depends on a home folder and there is none.
    """
    from platformdirs import user_cache_path

    named = os.environ.get(VARIABLE)
    try:
        return Path(named).expanduser() if named else user_cache_path("bnutils") / "runs"
    except RuntimeError as problem:
        where = f"{VARIABLE}={named}" if named else "the user's cache"
        raise StoreError(
            f"The folder of finished runs, {where}, must be in a home folder that exists "
            f"({problem}). {REMEDY}"
        ) from problem


def default_store() -> "Store":
    """Return the store that is used where none is given; see :func:`default_folder`."""
    return Store(default_folder())


def opened(store: BaseStore | None) -> BaseStore:
    """Return the store that was given, or the default one.

    Where that has no folder a warning says so, and runs are kept as long as they are used.

    Raises
    ------
    TypeError
        If something else was given.
    """
    if store is not None:
        require_store("store", store)
        return store
    try:
        return default_store()
    except StoreError as problem:
        warn(f"Finished runs are not kept: {problem}", StoreWarning, stacklevel=3)
        return MemoryStore()


@dataclass(frozen=True)
class Store(BaseStore):
    """A folder of finished runs.

    Parameters
    ----------
    folder : path-like
        Where the entries are; made when the first one is written.
    limit : int, optional
        Bytes that it may take. When they are used up, the entries that were not used for the
        longest time are deleted. Default: ``BNUTILS_STORE_LIMIT`` (such as ``500MB``), else 2 GB.

    Raises
    ------
    ValueError
        If the limit is not positive, or ``BNUTILS_STORE_LIMIT`` is not a size.
    TypeError
        If the folder is not the name of one, or the limit is not a whole number.
    StoreError
        From the methods that say what is there and that delete, if the folder cannot be read or
        changed. To find and to add never fails: a warning says once what cannot be done.
    """

    folder: Path
    limit: int = field(default_factory=limit.default_limit)
    _told: set[str] = field(default_factory=set, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        folder = _expanded(path("folder", self.folder))
        settle(self, folder=folder, limit=at_least("limit", self.limit, 1))

    def _find(self, task: Task, seeds: frozenset[int]) -> dict[int, Run]:
        try:
            return self._found(task, seeds)
        except OSError as problem:
            self._report(problem)
            return {}

    def _found(self, task: Task, seeds: frozenset[int]) -> dict[int, Run]:
        found: dict[int, Run] = {}
        if not is_code_on_disk():
            return found
        groups = self._entries.groups(key(task), with_weights=task.weights)
        # As few groups as possible: the runs of one were rounded alike.
        for group in sorted(groups, key=lambda group: -len(seeds & group.runs.keys())):
            missing = seeds & group.runs.keys() - found.keys()
            usable = self._entries.use(group, missing, task.weights) if missing else {}
            found |= {s: run for s, run in usable.items() if run.weights.keys() >= task.keeps}
        return found

    def _add(self, task: Task, runs: Sequence[Run]) -> None:
        if not is_code_on_disk():
            return
        whole = asked(task)
        try:
            files = self._entries.write(key_of(whole), whole, runs)
        except OSError as problem:
            self._report(problem)
        else:
            self._keep_within_limit(files)

    def recall(self, key: str) -> list[Any]:
        """Return what was computed under a key, as a list of one; empty if it is not kept."""
        return experiments.read(self.folder, key)

    def remember(self, key: str, made: Mapping[str, Any], result: Any) -> None:
        """Keep what was computed under a key; where it cannot be kept, a warning says so."""
        try:
            file = experiments.write(self.folder, key, made, result)
        except OSError as problem:
            self._report(problem)
        else:
            self._keep_within_limit([file])

    def entries(self) -> list[Path]:
        """Return the files of all stored groups, as far as they can be seen."""
        return sorted(self.folder.glob("??/*.json"))

    def contents(self) -> list[Held]:
        """Read all entries and say what they are."""
        with _in_words(self.folder, "read"):
            return list(inventory.read(self.folder, present()))

    def size(self) -> int:
        """Return the bytes that the store takes, as far as they can be seen."""
        with _in_words(self.folder, "read"):
            return limit.total(limit.measure(self.folder))

    def clear(self) -> int:
        """Delete everything and return how many runs there were."""
        runs = sum(held.count for held in self.contents())
        with _in_words(self.folder, "cleared"):
            for path in [*self.entries(), *limit.all_files(self.folder)]:
                path.unlink(missing_ok=True)
        return runs

    def prune(self) -> int:
        """Delete what can no longer be used and return how many runs that were.

        These are the entries of other code or package versions, those that are damaged,
        weights that no entry refers to, and what interrupted writes left. What cannot be read
        may be sound, and stays.
        """
        with _in_words(self.folder, "pruned"):
            return inventory.prune(self.folder, present())

    @property
    def _entries(self) -> Entries:
        return Entries(self.folder)

    def _keep_within_limit(self, written: Sequence[Path]) -> None:
        meter = limit.meter(self.folder)
        if meter.is_due(limit.size_of(written), self.limit):
            keep = {limit.unit_of(path) for path in written}
            meter.set(limit.make_room(self.folder, self.limit, keep))

    def _report(self, problem: OSError) -> None:
        """Warn, once for each store object: one cause makes finding and adding fail."""
        if not self._told:
            self._told.add(VARIABLE)
            reason = problem.strerror or type(problem).__name__
            warn(
                f"Finished runs cannot be stored in {self.folder} ({reason}); what is missing "
                f"there will be computed again next time. {REMEDY}",
                StoreWarning,
                stacklevel=4,
            )


def _expanded(folder: Path) -> Path:
    """The folder, with ``~`` as the home folder."""
    try:
        return folder.expanduser()
    except RuntimeError as problem:
        raise StoreError(f"The store {folder} cannot be found ({problem}). {REMEDY}") from problem


@contextmanager
def _in_words(folder: Path, done: str) -> Iterator[None]:
    """Say of which store a file could not be read or changed, and what to do."""
    try:
        yield
    except OSError as problem:
        where = "" if problem.filename in (None, str(folder)) else f": {problem.filename}"
        raise StoreError(
            f"The store {folder} cannot be {done} ({problem.strerror or problem}{where}). {REMEDY}"
        ) from problem
