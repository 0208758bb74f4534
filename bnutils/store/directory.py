"""Finished runs on disk, so that none is computed twice.

A run is filed under everything that its numbers depend on: the arm's settings, the seed, the
data, the budget, the package versions and the source of the modules that compute it. Each run
is one file, written whole or not at all, with a checksum of its own: an interrupted
comparison goes on where it stopped, several processes may share a store, and a damaged entry
is computed again. Plain files need no locks, which are unreliable on network file systems
(SQLite), and no pickle, which runs whatever it reads (joblib.Memory, diskcache).
"""

import json
import os
import warnings
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from bnutils.errors import StoreWarning
from bnutils.runs import Run
from bnutils.store import inventory
from bnutils.store import limit as room
from bnutils.store.checksums import digest
from bnutils.store.entries import Entry, Shelf
from bnutils.store.inventory import Held
from bnutils.utils.validation import at_least
from bnutils.utils.versions import versions

__all__ = ["Held", "Key", "Store", "StoreWarning", "code_fingerprint", "default_folder"]

VARIABLE = "BNUTILS_STORE"
FORMAT = 2  # of the entries
COMPUTED_BY = ("engine/*.py", "models.py", "optimizers.py", "probes.py", "tasks.py", "training.py")


@cache
def code_fingerprint() -> str:
    """SHA-256 of the source of all modules that compute a run."""
    package = Path(__file__).parents[1]
    modules = [path for pattern in COMPUTED_BY for path in sorted(package.glob(pattern))]
    named = (path.relative_to(package).as_posix().encode() for path in modules)
    parts = zip(named, (path.read_bytes() for path in modules), strict=True)
    return digest(b"".join(name + b"\0" + source for name, source in parts))


@cache
def present() -> Mapping[str, Any]:
    """Return what an entry must have been made with to be used here and now."""
    return {"code": code_fingerprint(), "versions": versions(), "format": FORMAT}


def default_folder() -> Path:
    """``BNUTILS_STORE`` if set, else the user's cache folder."""
    from platformdirs import user_cache_path

    named = os.environ.get(VARIABLE)
    return Path(named).expanduser() if named else user_cache_path("bnutils") / "runs"


class Key(str):
    """The name of an entry, a SHA-256, that remembers what it is the digest of."""

    asked: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Store:
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
    limit: int = field(default_factory=room.default_limit)

    def __post_init__(self) -> None:
        at_least("limit", self.limit, 1)

    def key(self, settings: Mapping[str, Any]) -> Key:
        """Return the name under which a run with these settings is filed."""
        asked = {"settings": dict(settings), **present()}
        key = Key(digest(json.dumps(asked, sort_keys=True)))
        key.asked = asked
        return key

    def get(self, key: str, weights: bool = False) -> Run | None:
        """Return a run, or None where there is none that can be trusted.

        Parameters
        ----------
        key : str
            From :meth:`key`.
        weights : bool
            Whether the run is wanted with its weights; None then if they were not kept.
        """
        entry = self._shelf.read(key)
        if entry is None or (weights and not entry["weights"]):
            entry = self._shelf.finish_journals().get(key) or self._shelf.read(key, report=True)
        if entry is None or (weights and not entry["weights"]):
            return None
        with suppress(OSError):
            os.utime(self._shelf.path(key))  # used just now
        run = Run.from_dict(entry["run"])
        kept = self._shelf.read_weights(key, entry["weights"]) if weights else {}
        return None if kept is None else replace(run, weights=kept)

    def put(self, key: str, run: Run) -> None:
        """File one run; where that fails, say so and go on."""
        self.put_all({key: run})

    def put_all(self, runs: Mapping[str, Run]) -> None:
        """File runs that were trained as a group, all or none of them.

        Where that fails, say so and go on; whatever a journal holds by then is not lost.
        """
        checksums = self._write_weights(runs)
        entries = {
            key: {**_asked(key), "weights": checksums.get(key, ""), "run": run.to_dict()}
            for key, run in runs.items()
        }
        try:
            self._shelf.write_group(entries)
        except OSError as problem:
            self._report(problem)
        self._keep_within_limit(entries)

    def entries(self) -> list[Path]:
        """Return the files of all stored runs."""
        return sorted(self.folder.glob("??/*.json"))

    def contents(self) -> list[Held]:
        """Read all entries and say what they are."""
        return list(inventory.read(self._shelf, present()))

    def size(self) -> int:
        """Return the bytes that the store takes."""
        return sum(size for unit in room.measure(self.folder).values() for _, size, _ in unit)

    def clear(self) -> int:
        """Delete everything and return how many runs there were."""
        entries = self.entries()
        for path in [*self._shelf.groups.glob("*.json"), *room.all_files(self.folder)]:
            path.unlink(missing_ok=True)
        return len(entries)

    def prune(self) -> int:
        """Delete what can no longer be used and return how many runs that were.

        These are the entries of other code or package versions, those that are damaged,
        weights that no entry refers to, and what interrupted writes left.
        """
        return inventory.prune(self._shelf, present())

    @property
    def _shelf(self) -> Shelf:
        return Shelf(self.folder)

    def _write_weights(self, runs: Mapping[str, Run]) -> dict[str, str]:
        """Write what weights there are and return their checksums."""
        checksums: dict[str, str] = {}
        try:
            for key, run in runs.items():
                checksums[key] = self._shelf.write_weights(key, run.weights)
        except OSError as problem:
            self._report(problem)
        return checksums

    def _keep_within_limit(self, written: Mapping[str, Entry]) -> None:
        meter = room.meter(self.folder)
        paths = [self._shelf.path(key) for key in written]
        paths += [self._shelf.weights_path(key, e["weights"]) for key, e in written.items()]
        if meter.is_due(room.size_of(paths), self.limit):
            meter.set(room.make_room(self.folder, self.limit, keep=written))

    def _report(self, problem: OSError) -> None:
        warnings.warn(
            f"Finished runs cannot be stored in {self.folder} ({problem}); what is missing there "
            f"will be computed again next time. Set {VARIABLE} to a folder that can be written "
            "and has room.",
            StoreWarning,
            stacklevel=4,
        )


def _asked(key: str) -> Mapping[str, Any]:
    """What a key of this module stands for; nothing if it is a plain string."""
    return key.asked if isinstance(key, Key) else {}
