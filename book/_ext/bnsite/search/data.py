"""The files in which the search page finds the text of all sections.

Two: what people look for first, the chapters' prose and the glossary, and the rest, which joins it
when it has arrived. So a slow line waits for half of the book.
"""

from __future__ import annotations

import json
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from sphinx.search.en import SearchEnglish

from ..memory import Memory
from .sections import sections

if TYPE_CHECKING:
    from bs4 import BeautifulSoup
    from sphinx.application import Sphinx

WORDS = "book/search.yml"
KNOWN = Memory("search")
TARGET = "_static/search"


def remember(app: Sphinx, soup: BeautifulSoup, page: str) -> None:
    """Keep the sections of a page that was written anew, until :func:`write` needs them."""
    KNOWN.keep(app, page, json.dumps(sections(soup)))


def remembered(app: Sphinx) -> list[dict[str, Any]]:
    """The sections of all pages that the site has, with their addresses."""
    pages = KNOWN.texts(app)
    return [{"address": page, **one} for page, text in pages for one in json.loads(text)]


def words(root: Path) -> dict[str, Any]:
    """Which words mean the same, which are left out, and the pages that are loaded later."""
    path = root / WORDS
    known = yaml.safe_load(path.read_text("utf8")) if path.is_file() else {}
    return {"same": [], "weak": [], "later": [], **known}


def write(app: Sphinx, exception: Exception | None) -> None:
    """Write what the search page loads: the sections, the words, and Sphinx' stemmer."""
    if exception is not None or app.builder.format != "html":
        return
    target = Path(app.outdir) / TARGET
    target.mkdir(parents=True, exist_ok=True)
    known = words(Path(app.srcdir))
    later = known.pop("later")
    parts: tuple[list[dict[str, Any]], ...] = [], []
    for section in remembered(app):
        waits = any(fnmatch(section["address"], pattern) for pattern in later)
        parts[waits].append(section)
    first, rest = parts
    (target / "data.js").write_text(
        f"var bnSearchData = {_json({**known, 'sections': first})};\n", "utf8"
    )
    (target / "more.js").write_text(f"bnSearchMore({_json(rest)});\n", "utf8")
    (target / "stemmer.js").write_text(SearchEnglish.js_stemmer_code, "utf8")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
