"""The files of the store: one for each group of seeds, and its weights beside it."""

import fnmatch
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bnutils.errors import StoreWarning
from bnutils.runs import Run, Weights
from bnutils.store.checksums import digest, pack, seal, unpack, unseal
from bnutils.utils.files import write_atomically
from bnutils.utils.notices import warn

PRUNE = "`python -m bnutils store prune` deletes what is damaged."
READABLE = "Make it readable for you, or set BNUTILS_STORE to a folder of your own."


@dataclass(frozen=True)
class Group:
    """Runs that were trained together, as read from their file.

    Attributes
    ----------
    path : pathlib.Path
        Their file.
    runs : mapping of int to Run
        By seed, without weights.
    weights : str
        SHA-256 of the file of their weights; empty if none were kept.
    """

    path: Path
    runs: Mapping[int, Run]
    weights: str


@dataclass(frozen=True)
class Entries:
    """Reads and writes the files of one folder."""

    folder: Path

    def groups(self, key: str, with_weights: bool) -> Iterator[Group]:
        """Read the groups that are filed under a key, in a fixed order.

        Parameters
        ----------
        key : str
            From :func:`bnutils.store.identity.key`.
        with_weights : bool
            Whether to leave out those whose weights were not kept.

        Raises
        ------
        OSError
            If the folder is there and cannot be listed.
        """
        for path in _filed(self.folder / key[:2], key):
            group = _read(path)
            if group and (group.weights or not with_weights):
                yield group

    def use(self, group: Group, seeds: Collection[int], with_weights: bool) -> dict[int, Run]:
        """Return some runs of a group, used just now; none if their weights are lost."""
        runs = {seed: group.runs[seed] for seed in seeds}
        if with_weights:
            weights = _read_weights(group)
            runs = {s: replace(run, weights=weights[s]) for s, run in runs.items() if s in weights}
        with suppress(OSError):
            os.utime(group.path)
        return runs

    def write(self, key: str, asked: Mapping[str, Any], runs: Sequence[Run]) -> list[Path]:
        """Write a group, weights first, and return its files.

        Parameters
        ----------
        key : str
            What it is filed under.
        asked : mapping
            What that is the digest of, for the inventory.
        runs : sequence of Run
            The group.

        Raises
        ------
        OSError
            If it cannot be written; an entry that was there is then left as it was.
        """
        named = digest(repr(sorted(run.seed for run in runs)))[:16]
        path = self.folder / key[:2] / f"{key}.{named}.json"
        packed = pack({run.seed: run.weights for run in runs})
        checksum = digest(packed) if packed else ""
        if packed:
            write_atomically(weights_path(path, checksum), packed)
        entry = {**asked, "weights": checksum, "runs": [run.to_dict() for run in runs]}
        write_atomically(path, seal(path.stem, entry))
        return [path, weights_path(path, checksum)] if packed else [path]


def weights_path(entry: Path, checksum: str) -> Path:
    """Return the file of a group's weights; named by content, so no writer changes another's."""
    return entry.with_suffix(f".{checksum[:16]}.npz")


def _filed(folder: Path, key: str) -> list[Path]:
    """The files of a key's groups. ``Path.glob`` would pass over a folder that is closed to us."""
    try:
        names = os.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return []
    return [folder / name for name in sorted(fnmatch.filter(names, f"{key}.*.json"))]


def _read(path: Path) -> Group | None:
    """Read a group that can be trusted; None if it cannot be, which is said, or is gone."""
    try:
        entry = unseal(path)
    except FileNotFoundError:  # another process made room
        return None
    except OSError as problem:
        _warn(f"The stored runs {path} cannot be read ({problem.strerror})", READABLE)
        return None
    except ValueError as problem:
        _warn(f"The stored runs {path} are damaged ({problem})", PRUNE)
        return None
    runs = map(Run.from_dict, entry["runs"])
    return Group(path, {run.seed: run for run in runs}, entry["weights"])


def _read_weights(group: Group) -> Mapping[int, Weights]:
    """The weights of a group by seed; none where they are damaged, which is said, or gone."""
    path = weights_path(group.path, group.weights)
    try:
        return unpack(path, group.weights)
    except FileNotFoundError:  # another process made room
        return {}
    except OSError as problem:
        _warn(f"The stored weights {path} cannot be read ({problem.strerror})", READABLE)
        return {}
    except ValueError as problem:
        _warn(f"The stored weights {path} are damaged ({problem})", PRUNE)
        return {}


def _warn(problem: str, advice: str) -> None:
    warn(f"{problem}; the runs are computed again. {advice}", StoreWarning, stacklevel=5)
