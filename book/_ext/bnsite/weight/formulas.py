"""Of KaTeX' fonts, the letters that stand in the book's formulas.

A page with formulas takes half a dozen fonts, of which it shows some letters each: cut to those of
all formulas of the book, they are a third of what they were.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fontTools.ttLib import TTFont

from ..assets import STATIC
from .fonts import small

if TYPE_CHECKING:
    from bs4 import BeautifulSoup
    from sphinx.application import Sphinx

FONTS = Path("vendor") / "katex" / "fonts"
KEPT = "letters"  # folder beside the doctrees: what is known of pages that did not change


def remember(app: Sphinx, soup: BeautifulSoup, page: str) -> None:
    """Keep the letters of the formulas of a page that was written anew."""
    path = Path(app.doctreedir) / KEPT / f"{page}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    letters = {letter for one in soup.select(".katex-html") for letter in one.get_text()}
    path.write_text("".join(sorted(letters)), "utf8")


def remembered(trees: Path) -> set[int]:
    """The letters of all formulas of the book, as numbers."""
    return {ord(one) for path in (trees / KEPT).rglob("*.txt") for one in path.read_text("utf8")}


def trim_all(out: Path, trees: Path) -> None:
    """Write KaTeX' fonts with these letters; one that has none of them stays as it is."""
    letters = remembered(trees)
    for path in sorted((STATIC / FONTS).glob("*.woff2")):
        font = TTFont(path)
        if here := letters & set(font.getBestCmap()):
            target = out / "_static" / FONTS / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(small(font, here))
