"""The student's own line: the deepest that is neither a library's, Python's nor ours."""

import linecache
import re
import sysconfig
import traceback
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

from bnutils.checks.calls.text import short

Place = tuple[str, int]
"""A file's name, which may be a cell's, and the number of a line."""

OURS = str(Path(__file__).parents[2])
_PYTHON = sysconfig.get_path("stdlib")
_LIBRARIES = re.compile(r"[\\/](site|dist)-packages[\\/]")
_DUMPED = re.compile(r'^  File "(.*)", line (\d+) in ', re.MULTILINE)


def is_library(name: str) -> bool:
    """Whether a file belongs to a library or to Python itself."""
    return bool(_LIBRARIES.search(name)) or name.startswith((_PYTHON, "<frozen "))


def is_ours(name: str) -> bool:
    """Whether a file belongs to this package."""
    return name.startswith(OURS)


def raised(trace: TracebackType | None) -> list[Place]:
    """Return the places of a traceback, the deepest first, without ours."""
    places = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(trace)]
    return [place for place in reversed(places) if not is_ours(place[0])]


def dumped(text: str) -> list[Place]:
    """Return the same of what :mod:`faulthandler` wrote; the main thread comes last in it."""
    main = text.rpartition("hread 0x")[2]
    places = [(_unescaped(name), int(line)) for name, line in _DUMPED.findall(main)]
    return [place for place in places if not is_ours(place[0])]


def _unescaped(name: str) -> str:
    """Return a name with its letters; :mod:`faulthandler` writes ASCII alone."""
    return re.sub(
        r"\\x[0-9a-f]{2}|\\u[0-9a-f]{4}|\\U[0-9a-f]{8}", lambda m: chr(int(m[0][2:], 16)), name
    )


def own_line(places: Iterable[Place]) -> str:
    """Return "in line 3: y = x" for the student's own line, empty if there is none."""
    for name, number in places:
        if not is_library(name):
            text = short(linecache.getline(name, number).strip(), longest=80)
            return f"in line {number}{': ' if text else ''}{text}"
    return ""
