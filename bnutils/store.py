"""Finished runs on disk, so that none is computed twice.

A run is filed under everything that its numbers depend on: the arm's settings, the seed, the
data, the budget, the package versions and the source of the modules that compute it. Each run
is one file, written whole or not at all, with a checksum of its own: an interrupted
comparison goes on where it stopped, several processes may share a store, and a damaged entry
is computed again.
"""

import hashlib
import json
import os
import warnings
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from bnutils.files import write_atomically
from bnutils.results import Run, versions

VARIABLE = "BNUTILS_STORE"
COMPUTED_BY = (
    "_keras_engine.py",
    "_recorder.py",
    "_replica_layers.py",
    "_streams.py",
    "models.py",
    "optimizers.py",
    "replicas.py",
    "training.py",
)


class StoreWarning(UserWarning):
    """An entry is damaged or cannot be written; the run is computed, now or next time."""


@cache
def code_fingerprint() -> str:
    """SHA-256 of the source of all modules that compute a run."""
    digest = hashlib.sha256()
    for name in COMPUTED_BY:
        digest.update(name.encode() + b"\0" + (files("bnutils") / name).read_bytes())
    return digest.hexdigest()


def default_folder() -> Path:
    """``BNUTILS_STORE`` if set, else the user's cache folder."""
    from platformdirs import user_cache_path

    named = os.environ.get(VARIABLE)
    return Path(named).expanduser() if named else user_cache_path("bnutils") / "runs"


@dataclass(frozen=True)
class Store:
    """A folder of finished runs.

    Parameters
    ----------
    folder : pathlib.Path
        Where the entries are; made when the first one is written.
    """

    folder: Path

    def key(self, settings: Mapping[str, Any]) -> str:
        """Return the name under which a run with these settings is filed."""
        asked = {"settings": dict(settings), "code": code_fingerprint(), "versions": versions()}
        return _digest(json.dumps(asked, sort_keys=True))

    def get(self, key: str) -> Run | None:
        """Return a run, or None where there is none that can be trusted."""
        path = self._path(key)
        try:
            entry = json.loads(path.read_text("utf-8"))
            if entry["sha256"] != _digest(key + entry["run"]):
                raise ValueError("its checksum is wrong")
            return Run.from_dict(json.loads(entry["run"]))
        except FileNotFoundError:
            return None
        except (OSError, KeyError, TypeError, AttributeError, ValueError) as problem:
            warnings.warn(
                f"The stored run {path} is damaged ({problem}); it is computed again.",
                StoreWarning,
                stacklevel=2,
            )
            return None

    def put(self, key: str, run: Run) -> None:
        """File a run; where that fails, say so and go on."""
        content = json.dumps(run.to_dict())
        entry = json.dumps({"sha256": _digest(key + content), "run": content})
        try:
            write_atomically(self._path(key), entry)
        except OSError as problem:
            warnings.warn(
                f"The run cannot be stored in {self.folder} ({problem}); it will be computed "
                f"again next time. Set {VARIABLE} to a folder that can be written.",
                StoreWarning,
                stacklevel=2,
            )

    def entries(self) -> list[Path]:
        """Return the files of all stored runs."""
        return sorted(self.folder.glob("??/*.json"))

    def _all_files(self) -> list[Path]:
        """Entries, and what an interrupted write may have left."""
        return [path for path in self.folder.glob("??/*") if path.is_file()]

    def size(self) -> int:
        """Return the bytes that all entries take."""
        sizes = 0
        for path in self._all_files():
            with suppress(FileNotFoundError):  # another process may be clearing
                sizes += path.stat().st_size
        return sizes

    def clear(self) -> int:
        """Delete all entries and return how many there were."""
        entries = self.entries()
        for path in self._all_files():
            path.unlink(missing_ok=True)
        return len(entries)

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.json"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
