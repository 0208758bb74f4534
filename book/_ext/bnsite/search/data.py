"""The file in which the search page finds the text of all sections."""

from __future__ import annotations

import json
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
    """Which words mean the same, and which are left out."""
    path = root / WORDS
    return yaml.safe_load(path.read_text("utf8")) if path.is_file() else {"same": [], "weak": []}


def write(app: Sphinx, exception: Exception | None) -> None:
    """Write what the search page loads: the sections, the words, and Sphinx' stemmer."""
    if exception is not None or app.builder.format != "html":
        return
    target = Path(app.outdir) / TARGET
    target.mkdir(parents=True, exist_ok=True)
    known = {**words(Path(app.srcdir)), "sections": remembered(app)}
    text = json.dumps(known, ensure_ascii=False, separators=(",", ":"))
    (target / "data.js").write_text(f"var bnSearchData = {text};\n", "utf8")
    (target / "stemmer.js").write_text(SearchEnglish.js_stemmer_code, "utf8")
