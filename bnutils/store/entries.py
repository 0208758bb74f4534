"""The files of the store: entries, weights beside them, and journals of groups.

Seeds that were trained as a group are filed as a group, because rounding depends on the group.
All its entries first go to a journal, one file that is there or not; whoever misses a run
finishes the journals that killed processes left. To finish one twice, or while its writer is
still at work, does no harm: each writes the same.
"""

import uuid
import warnings
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bnutils.errors import StoreWarning
from bnutils.runs import Weights
from bnutils.store.checksums import digest, pack, seal, unpack, unseal
from bnutils.utils.files import write_atomically

Entry = Mapping[str, Any]  # "run"; "weights": their SHA-256 or ""; and what was asked


@dataclass(frozen=True)
class Shelf:
    """Reads and writes the files of one folder."""

    folder: Path

    @property
    def groups(self) -> Path:
        """Folder of the journals."""
        return self.folder / ".groups"

    def path(self, key: str) -> Path:
        """Return the file of an entry."""
        return self.folder / key[:2] / f"{key}.json"

    def weights_path(self, key: str, checksum: str) -> Path:
        """Return the file of weights; named by content, so that no writer changes another's."""
        return self.folder / key[:2] / f"{key}.{checksum[:16]}.npz"

    def read(self, key: str, report: bool = False) -> Entry | None:
        """Return an entry that can be trusted, or None; if asked to, report a damaged one."""
        path = self.path(key)
        try:
            return dict(unseal(path))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError) as problem:
            if report:
                _warn(f"The stored run {path} is damaged ({problem}); it is computed again.")
            return None

    def read_weights(self, key: str, checksum: str) -> Weights | None:
        """Return the weights of an entry, or None where they are gone or damaged."""
        path = self.weights_path(key, checksum)
        try:
            return unpack(path, checksum)
        except FileNotFoundError:  # deleted to make room
            return None
        except (OSError, ValueError) as problem:
            _warn(f"The stored weights {path} are damaged ({problem}); the run is computed again.")
            return None

    def write_weights(self, key: str, weights: Weights) -> str:
        """Write weights, if there are any, and return their checksum."""
        if not weights:
            return ""
        packed = pack(weights)
        checksum = digest(packed)
        write_atomically(self.weights_path(key, checksum), packed)
        return checksum

    def write_group(self, entries: Mapping[str, Entry]) -> None:
        """Write entries so that all of them will be found or none."""
        journal = self.groups / f"{uuid.uuid4().hex}.json"
        if len(entries) > 1:  # a single file is written whole anyway
            write_atomically(journal, seal(journal.stem, entries))
        self._finish(journal, entries)

    def finish_journals(self) -> dict[str, Entry]:
        """Write what killed writers could not; return it, for a disk that takes no more."""
        lacking: dict[str, Entry] = {}
        for journal in self.groups.glob("*.json"):
            with suppress(OSError):  # gone, not ours to read, a full disk
                group = self._lacking(journal)
                lacking |= group
                self._finish(journal, group)
        return lacking

    def _finish(self, journal: Path, entries: Mapping[str, Entry]) -> None:
        for key, entry in entries.items():
            write_atomically(self.path(key), seal(key, entry))
        journal.unlink(missing_ok=True)

    def _lacking(self, journal: Path) -> dict[str, Entry]:
        """What a journal has and the folder has not, or has without weights."""
        try:
            group = dict(unseal(journal))
        except ValueError as problem:
            _warn(f"The journal {journal} is damaged ({problem}); its runs are computed again.")
            return {}
        return {key: entry for key, entry in group.items() if _adds(entry, self.read(key))}


def _adds(entry: Entry, held: Entry | None) -> bool:
    """Whether an entry has something that the one on disk has not."""
    return held is None or bool(entry["weights"] and not held["weights"])


def _warn(text: str) -> None:
    warnings.warn(text, StoreWarning, stacklevel=4)
