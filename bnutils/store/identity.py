"""What a run is filed under: everything that its numbers depend on.

These are the settings of its task (architecture, budget, optimiser, data ...), the versions of
the packages, and the source of the modules that compute it. The seed stands in the entry.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from bnutils.store.checksums import digest
from bnutils.tasks import Task
from bnutils.utils.versions import versions

FORMAT = 3  # of the entries; 2 had one file for each run
COMPUTED_BY = ("engine/*.py", "models.py", "optimizers.py", "probes.py", "tasks.py", "training.py")


@cache
def code_fingerprint() -> str:
    """SHA-256 of the source of all modules that compute a run."""
    package = Path(__file__).parents[1]
    paths = [path for pattern in COMPUTED_BY for path in sorted(package.glob(pattern))]
    named = [path.relative_to(package).as_posix().encode() for path in paths]
    sources = (path.read_bytes() for path in paths)
    return digest(b"".join(n + b"\0" + source for n, source in zip(named, sources, strict=True)))


@cache
def present() -> Mapping[str, Any]:
    """Return what an entry must have been made with to be used here and now."""
    return {"code": code_fingerprint(), "versions": versions(), "format": FORMAT}


def asked(task: Task) -> dict[str, Any]:
    """Return the settings of a task, and with what it would be computed here and now."""
    return {"settings": task.settings(), **present()}


def key(task: Task) -> str:
    """Return the name under which the runs of a task are filed, a SHA-256."""
    return digest(json.dumps(asked(task), sort_keys=True))
