"""The bounded size of the store: when it is measured, and what has to go.

Measuring means to look at every file, so it is not done at each write. A process measures a
folder at its first write, adds up what it writes, and measures again when that reaches the
limit or, since others may write too, a twentieth of the limit. P processes that write at once
can therefore exceed the limit by at most P/20 of it, and only for a while.
"""

import os
import re
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

VARIABLE = "BNUTILS_STORE_LIMIT"
DEFAULT = "2 GB"
UNITS = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
HOUR = 3600  # seconds; no write takes so long
FULL = 0.9  # of the limit: what stays when something has to go
Files = list[tuple[float, int, Path]]  # time of last use, bytes, path
Units = dict[str, Files]


def default_limit() -> int:
    """Return ``BNUTILS_STORE_LIMIT`` in bytes if it is set, else 2 GB.

    Raises
    ------
    ValueError
        If it is not a size.
    """
    text = os.environ.get(VARIABLE) or DEFAULT
    size = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]?B|)\s*", text, re.IGNORECASE)
    limit = int(float(size[1]) * UNITS[size[2].upper()]) if size else 0
    if limit < 1:
        raise ValueError(
            f"{VARIABLE} must be a size such as 500MB or 2GB; received {text!r}. "
            f"Without it the limit is {DEFAULT}."
        )
    return limit


@dataclass
class Meter:
    """What this process knows of a folder's size, in bytes.

    Attributes
    ----------
    size : int
        As measured, and what this process has written since.
    since : int or None
        Bytes written since it was measured; None before the first time.
    """

    size: int = 0
    since: int | None = None

    def is_due(self, written: int, limit: int) -> bool:
        """Note a write; return whether the folder has to be measured."""
        if self.since is None:
            return True
        self.size += written
        self.since += written
        return self.size > limit or self.since > limit / 20

    def set(self, size: int) -> None:
        """Note what was measured."""
        self.size, self.since = size, 0


@cache
def meter(folder: Path) -> Meter:
    """Return the one meter that this process has for a folder."""
    return Meter()


def all_files(folder: Path) -> Iterator[Path]:
    """Entries, weights, and what interrupted writes left; journals of format 2 too."""
    for pattern in ("??/*", ".groups/*"):
        yield from (path for path in folder.glob(pattern) if _is_file(path))


def _is_file(path: Path) -> bool:
    """Whether it is a file; in a folder that is closed to us nothing is known to be one."""
    try:
        return path.is_file()
    except OSError:
        return False


def unit_of(path: Path) -> str:
    """Return what files that belong together have in common: an entry, its weights, its drafts."""
    return ".".join(path.name.lstrip(".").split(".")[:2])


def measure(folder: Path) -> Units:
    """Return time of last use, bytes and path of all files, by the unit that they belong to."""
    units = defaultdict(list)
    for path in all_files(folder):
        with suppress(OSError):  # another process may be clearing
            found = path.stat()
            units[unit_of(path)].append((found.st_mtime, found.st_size, path))
    return dict(units)


def total(units: Units) -> int:
    """Return the bytes of all files."""
    return sum(size for files in units.values() for _, size, _ in files)


def size_of(paths: Iterable[Path]) -> int:
    """Return the bytes of those files that are there."""
    size = 0
    for path in paths:
        with suppress(OSError):
            size += path.stat().st_size
    return size


def is_under_way(path: Path, written: float) -> bool:
    """Whether a journal or a temporary file may still have a writer."""
    unfinished = path.name.startswith(".") or path.parent.name.startswith(".")
    return unfinished and written > time.time() - HOUR


def make_room(folder: Path, limit: int, keep: Collection[str]) -> int:
    """Delete what was longest unused, if need be, and return the bytes that are left.

    Parameters
    ----------
    folder : pathlib.Path
        Of the store.
    limit : int
        Bytes above which files are deleted, down to nine tenths of it.
    keep : collection of str
        Units whose files stay in any case.
    """
    units = measure(folder)
    size = total(units)
    if size <= limit:
        return size
    for unit, files in sorted(units.items(), key=lambda item: max(item[1])):
        if unit not in keep:
            size -= _delete(files)
        if size <= FULL * limit:
            break
    return size


def _delete(files: Files) -> int:
    """Delete entries before the weights that they refer to; return the bytes freed."""
    freed = 0
    for used, size, path in sorted(files, key=lambda file: file[2].suffix != ".json"):
        if is_under_way(path, used):
            continue
        with suppress(OSError):
            path.unlink(missing_ok=True)
            freed += size
    return freed
