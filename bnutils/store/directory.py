"""Finished runs on disk.

Seeds that were trained as a group are filed as a group, because rounding depends on the group:
one file, written whole or not at all, with a checksum of its own. So an interrupted comparison
goes on where it stopped, several processes may share a store, and a damaged entry is computed
again. Plain files need no locks, which are unreliable on network file systems (SQLite), and no
pickle, which runs whatever it reads (joblib.Memory, diskcache).
"""

import os
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bnutils.errors import StoreWarning
from bnutils.runs import Run
from bnutils.store import inventory, limit
from bnutils.store.base import BaseStore
from bnutils.store.entries import Entries
from bnutils.store.identity import asked, key, present
from bnutils.store.inventory import Held
from bnutils.tasks import Task
from bnutils.utils.validation import at_least

VARIABLE = "BNUTILS_STORE"


def default_folder() -> Path:
    """``BNUTILS_STORE`` if set, else the user's cache folder."""
    from platformdirs import user_cache_path

    named = os.environ.get(VARIABLE)
    return Path(named).expanduser() if named else user_cache_path("bnutils") / "runs"


def default_store() -> "Store":
    """Return the store that is used where none is given."""
    return Store(default_folder())


@dataclass(frozen=True)
class Store(BaseStore):
    """A folder of finished runs.

    Parameters
    ----------
    folder : pathlib.Path
        Where the entries are; made when the first one is written.
    limit : int, optional
        Bytes that it may take. When they are used up, the entries that were not used for the
        longest time are deleted. Default: ``BNUTILS_STORE_LIMIT`` (such as ``500MB``), else 2 GB.

    Raises
    ------
    ValueError
        If the limit is not positive, or ``BNUTILS_STORE_LIMIT`` is not a size.
    """

    folder: Path
    limit: int = field(default_factory=limit.default_limit)

    def __post_init__(self) -> None:
        at_least("limit", self.limit, 1)

    def _find(self, task: Task, seeds: frozenset[int]) -> dict[int, Run]:
        found: dict[int, Run] = {}
        groups = self._entries.groups(key(task), with_weights=task.weights)
        # As few groups as possible: the runs of one were rounded alike.
        for group in sorted(groups, key=lambda group: -len(seeds & group.runs.keys())):
            missing = seeds & group.runs.keys() - found.keys()
            found |= self._entries.use(group, missing, task.weights) if missing else {}
        return found

    def _add(self, task: Task, runs: Sequence[Run]) -> None:
        try:
            files = self._entries.write(key(task), asked(task), runs)
        except OSError as problem:
            self._report(problem)
        else:
            self._keep_within_limit(files)

    def entries(self) -> list[Path]:
        """Return the files of all stored groups."""
        return sorted(self.folder.glob("??/*.json"))

    def contents(self) -> list[Held]:
        """Read all entries and say what they are."""
        return list(inventory.read(self.folder, present()))

    def size(self) -> int:
        """Return the bytes that the store takes."""
        return limit.total(limit.measure(self.folder))

    def clear(self) -> int:
        """Delete everything and return how many runs there were."""
        runs = sum(held.count for held in self.contents())
        for path in [*self.entries(), *limit.all_files(self.folder)]:
            path.unlink(missing_ok=True)
        return runs

    def prune(self) -> int:
        """Delete what can no longer be used and return how many runs that were.

        These are the entries of other code or package versions, those that are damaged,
        weights that no entry refers to, and what interrupted writes left.
        """
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
        warnings.warn(
            f"Finished runs cannot be stored in {self.folder} ({problem}); what is missing there "
            f"will be computed again next time. Set {VARIABLE} to a folder that can be written "
            "and has room.",
            StoreWarning,
            stacklevel=4,
        )
