"""What the store holds, and which of it can still be used."""

import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bnutils.store.checksums import unseal
from bnutils.store.entries import Shelf
from bnutils.store.limit import HOUR, all_files


@dataclass(frozen=True)
class Held:
    """One entry, as far as it can be read.

    Attributes
    ----------
    key : str
        Its name.
    state : {"usable", "old", "damaged"}
        ``"old"``: made by other code or package versions, so nobody asks for it any more.
    settings : mapping
        What was asked; empty if it is damaged.
    weights : str
        Checksum of the weights; empty if none were kept.
    """

    key: str
    state: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    weights: str = ""


def read(shelf: Shelf, present: Mapping[str, Any]) -> Iterator[Held]:
    """Read all entries; those that agree with ``present`` are usable."""
    shelf.finish_journals()
    for path in sorted(shelf.folder.glob("??/*.json")):
        with suppress(FileNotFoundError):  # another process may be clearing
            yield _held(path, present)


def _held(path: Path, present: Mapping[str, Any]) -> Held:
    try:
        entry = unseal(path)
    except ValueError:
        return Held(path.stem, "damaged")
    usable = all(entry.get(name) == value for name, value in present.items())
    state = "usable" if usable else "old"
    return Held(path.stem, state, entry.get("settings", {}), entry["weights"])


def prune(shelf: Shelf, present: Mapping[str, Any]) -> int:
    """Delete what cannot be used and return how many entries that were."""
    kept: set[Path] = set()
    useless = 0
    for held in read(shelf, present):
        files = {shelf.path(held.key), shelf.weights_path(held.key, held.weights)}
        if held.state == "usable":
            kept |= files
        else:
            useless += 1
            _delete(files)
    _delete(path for path in all_files(shelf.folder) if path not in kept and _is_stray(path))
    return useless


def _is_stray(path: Path) -> bool:
    """Whether a file that no entry needs is old enough not to be a write under way."""
    try:
        return path.stat().st_mtime < time.time() - HOUR
    except FileNotFoundError:
        return False


def _delete(files: Iterator[Path] | set[Path]) -> None:
    for path in files:
        path.unlink(missing_ok=True)
