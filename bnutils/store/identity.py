"""What a run is filed under: everything that its numbers depend on.

These are the settings of its task (architecture, budget, optimiser, data ...), the versions of
the packages, the source of the modules that compute it as it is at that moment, and what
:mod:`bnutils.surroundings` finds unusual in the session. The seed stands in the entry.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from bnutils import surroundings
from bnutils.errors import StoreWarning
from bnutils.store import live
from bnutils.store.checksums import digest
from bnutils.tasks import Task
from bnutils.utils.notices import warn
from bnutils.utils.versions import versions

FORMAT = 4  # of the entries; 3 had no hits
COMPUTED_BY = (
    "datasets/splits.py", "engine/*.py", "layers/*.py", "models/*.py", "optimizers.py",
    "probes.py", "schedules/*.py", "surroundings/*.py", "tasks/*.py", "training.py",
)  # fmt: skip


def computing_modules() -> list[Path]:
    """Return the files of all modules that compute a run."""
    return [path for pattern in COMPUTED_BY for path in sorted(live.PACKAGE.glob(pattern))]


def code_fingerprint() -> str:
    """SHA-256 of the source of all modules that compute a run, as it is now."""
    paths = computing_modules()
    named = [path.relative_to(live.PACKAGE).as_posix().encode() for path in paths]
    sources = (path.read_bytes() for path in paths)
    return digest(b"".join(n + b"\0" + source for n, source in zip(named, sources, strict=True)))


def is_code_on_disk() -> bool:
    """Whether runs are computed by the code that they would be filed under; if not, say so."""
    changed = live.changed(computing_modules())
    changed += [name for name, number in versions().items() if _at_start().get(name) != number]
    if changed:
        warn(
            f"The code on disk is no longer what this session has loaded ({', '.join(changed)}): "
            "finished runs are neither looked up nor kept. Restart the kernel to use the code "
            "as it is now.",
            StoreWarning,
            stacklevel=5,
        )
    return not changed


@cache
def _at_start() -> Mapping[str, str]:
    """The packages' versions when a run was first looked up: what is loaded."""
    return versions()


def present() -> Mapping[str, Any]:
    """Return what an entry must have been made with to be used here and now."""
    made = {"code": code_fingerprint(), "versions": versions(), "format": FORMAT}
    return {**made, "surroundings": surroundings.filed()}


def asked(task: Task) -> dict[str, Any]:
    """Return the settings of a task, and with what it would be computed here and now."""
    return {"settings": task.settings(), **present()}


def key(task: Task) -> str:
    """Return the name under which the runs of a task are filed here and now, a SHA-256."""
    return key_of(asked(task))


def key_of(asked: Mapping[str, Any]) -> str:
    """Return the name under which runs are filed that were asked for by :func:`asked`."""
    return digest(json.dumps(asked, sort_keys=True))
