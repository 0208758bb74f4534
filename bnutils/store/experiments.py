"""The files of results that a function computed, beside those of the runs: one for each call."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from bnutils.errors import StoreWarning
from bnutils.store.checksums import seal, unseal
from bnutils.store.entries import PRUNE, READABLE
from bnutils.utils.files import write_atomically
from bnutils.utils.notices import warn

FORMAT = 1  # of these entries


def path_of(folder: Path, key: str) -> Path:
    """Return the file of a call's result."""
    return folder / key[:2] / f"{key}.result.json"


def read(folder: Path, key: str) -> list[Any]:
    """Return the result of a call as a list of one; empty if it is not there, or not sound."""
    path = path_of(folder, key)
    try:
        entry = unseal(path)
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as problem:
        _warn(f"The stored result {path} cannot be read ({problem.strerror})", READABLE)
        return []
    except ValueError as problem:
        _warn(f"The stored result {path} is damaged ({problem})", PRUNE)
        return []
    with suppress(OSError):
        os.utime(path)  # used just now
    return [entry["result"]] if entry["format"] == FORMAT else []


def write(folder: Path, key: str, made: Mapping[str, Any], result: Any) -> Path:
    """Write the result of a call and return its file.

    Raises
    ------
    OSError
        If it cannot be written; an entry that was there is then left as it was.
    """
    path = path_of(folder, key)
    entry = {**made, "format": FORMAT, "result": result}
    write_atomically(path, seal(path.stem, entry))
    return path


def _warn(problem: str, advice: str) -> None:
    warn(f"{problem}; it is computed again. {advice}", StoreWarning, stacklevel=6)
