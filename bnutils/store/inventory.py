"""What the store holds, and which of it can still be used."""

import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bnutils.keys import made
from bnutils.store.checksums import unseal
from bnutils.store.entries import weights_path
from bnutils.store.limit import HOUR, all_files, unit_of


@dataclass(frozen=True)
class Held:
    """One entry, as far as it can be read.

    Attributes
    ----------
    path : pathlib.Path
        Its file.
    state : {"usable", "old", "damaged", "unreadable"}
        ``"old"``: made by other code or package versions, or in the format that had one file
        for each run, so nobody asks for it any more. ``"unreadable"``: it may be sound, but
        this user cannot read it; that can be a whole folder.
    settings : mapping
        What was asked; empty if it is damaged or unreadable.
    seeds : tuple of int
        Of its runs; empty if it is damaged or unreadable.
    weights : str
        Checksum of the weights; empty if none were kept.
    """

    path: Path
    state: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    seeds: tuple[int, ...] = ()
    weights: str = ""

    @property
    def count(self) -> int:
        """How many runs; an entry of which that is not known counts as one."""
        return len(self.seeds) or 1


def read(folder: Path, present: Mapping[str, Any]) -> Iterator[Held]:
    """Read all entries; those that agree with ``present`` are usable.

    Raises
    ------
    OSError
        If the folder itself is there and cannot be listed.
    """
    for part in listed(folder):
        if len(part.name) == 2:
            yield from _part(part, present)


def listed(folder: Path) -> list[Path]:
    """Return what is in a folder, in the order of the names; nothing if there is no folder."""
    try:
        return sorted(folder / name for name in os.listdir(folder))
    except FileNotFoundError:
        return []


def _part(folder: Path, present: Mapping[str, Any]) -> Iterator[Held]:
    """Read the entries of one folder of the store."""
    try:
        paths = listed(folder)
    except NotADirectoryError:
        return
    except OSError:
        yield Held(folder, "unreadable")
        return
    for path in paths:
        if path.suffix == ".json" and not path.name.startswith("."):
            with suppress(FileNotFoundError):  # another process may be clearing
                yield _held(path, present)


def _held(path: Path, present: Mapping[str, Any]) -> Held:
    try:
        entry = unseal(path)
    except FileNotFoundError:
        raise
    except OSError:
        return Held(path, "unreadable")
    except ValueError:
        return Held(path, "damaged")
    if "function" in entry:
        return _result(path, entry)
    usable = all(entry.get(name) == value for name, value in present.items())
    runs = entry["runs"] if "runs" in entry else [entry["run"]]
    seeds = tuple(run["seed"] for run in runs)
    state = "usable" if usable else "old"
    return Held(path, state, entry.get("settings", {}), seeds, entry["weights"])


def _result(path: Path, entry: Mapping[str, Any]) -> Held:
    """An entry that a function computed: usable as long as the code of the function is the same."""
    state = "usable" if entry["versions"] == made() else "old"
    blank = {"data": "", "optimizer": {"name": ""}}
    return Held(path, state, {"model": f"{entry['function']}()", **blank})


def prune(folder: Path, present: Mapping[str, Any]) -> int:
    """Delete what cannot be used and return how many runs that were."""
    kept: set[Path] = set()
    unread: set[str] = set()  # whose weights are not known
    useless = 0
    for held in read(folder, present):
        files = {held.path, weights_path(held.path, held.weights)}
        if held.state in ("usable", "unreadable"):
            kept |= files
            unread |= {unit_of(held.path)} if held.state == "unreadable" else set()
        else:
            useless += held.count
            _delete(files)
    others = (path for path in all_files(folder) if path not in kept)
    _delete(path for path in others if unit_of(path) not in unread and _is_stray(path))
    return useless


def _is_stray(path: Path) -> bool:
    """Whether a file that no entry needs is old enough not to be a write under way."""
    try:
        return path.stat().st_mtime < time.time() - HOUR
    except FileNotFoundError:
        return False


def _delete(files: Iterable[Path]) -> None:
    for path in files:
        path.unlink(missing_ok=True)
