"""Files that nothing refers to are removed: source maps, translations, unused fonts and pages.

Where a reader can come in is kept, and what can be reached from there. Whether a script asks for
a file is told by its name: a file whose name stands in a script is kept.
"""

from __future__ import annotations

import re
from html import unescape
from os.path import normpath
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

# For builds to come, for GitHub Pages, for other books that refer to this one.
KEPT = (".buildinfo", ".nojekyll", "objects.inv")
ENTRANCES = ("index.html", "404.html")
LEADS_ON = 'http-equiv="refresh"'  # an address that a page had before it moved
IN_PAGE = re.compile(r"""\b(?:href|src|action)=["']([^"']*)|\bcontent=["'](https?:[^"']*)""")
IN_SHEET = re.compile(r"""url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""")
IN_SCRIPT = re.compile(r"[\w.-]+\.[a-z0-9]{2,5}\b")


def remove(out: Path, address: str) -> None:
    """Remove from the site what nothing refers to, and folders that are empty then."""
    used = reachable(out, address)
    for path in sorted(out.rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path not in used:
            path.unlink()


def reachable(out: Path, address: str) -> set[Path]:
    """All files that somebody can come to."""
    start = [out / name for name in (*KEPT, *ENTRANCES)]
    start += [page for page in out.rglob("*.html") if LEADS_ON in page.read_text("utf8")[:2000]]
    found, waiting = set(), [path for path in start if path.is_file()]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += [file for file in references(path, out, address) if file.is_file()]
    return found


def references(path: Path, out: Path, address: str) -> Iterator[Path]:
    """The files of the site that a file refers to, whether they are there or not."""
    if path.suffix == ".js":
        names = set(IN_SCRIPT.findall(path.read_text("utf8")))
        yield from (file for file in out.rglob("*") if file.name in names)
        return
    pattern = {".html": IN_PAGE, ".css": IN_SHEET, ".svg": IN_PAGE}.get(path.suffix)
    for groups in pattern.findall(path.read_text("utf8")) if pattern else ():
        if file := target("".join(groups), path, out, address):
            yield file


def target(reference: str, path: Path, out: Path, address: str) -> Path | None:
    """The file of the site that an address in one of its files means; None if it means none."""
    text = unescape(reference).strip()
    if address and text.startswith(address):
        text = urlsplit(address).path + text.removeprefix(address)
    parts = urlsplit(text)
    if parts.scheme or parts.netloc or not parts.path or " " in text:
        return None
    name, root = unquote(parts.path), urlsplit(address).path
    if name.startswith("/"):
        return inside(out / name.removeprefix(root).lstrip("/"))
    return inside(path.parent / name)


def inside(path: Path) -> Path:
    """A path without detours; of a folder, the page that is shown for it."""
    plain = Path(normpath(path))
    return plain / "index.html" if plain.is_dir() else plain
