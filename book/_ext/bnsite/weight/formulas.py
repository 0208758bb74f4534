"""Of KaTeX' fonts, the letters that the book's formulas draw in them, inside the style sheet.

A font that comes later than the text has the browser set every formula once more: on a page with
two hundred of them the longest of all its tasks. What is left of the fonts is so small that it is
part of the sheet; a line of script has it read before the first formula, and formulas are set once.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from fontTools.ttLib import TTFont

from ..assets import STATIC
from ..memory import Memory
from .fonts import address
from .lettering import SAID, SHEET, START, Letters, letters_of, name_of

if TYPE_CHECKING:
    from bs4 import BeautifulSoup
    from sphinx.application import Sphinx

READ_FONTS = "for (const font of document.fonts) font.load();"
LETTERS = Memory("letters-by-font")
FACE = re.compile(r"@font-face\{[^}]*\}")
SOURCE = re.compile(r"url\((fonts/[\w-]+\.woff2)\)")


def remember(app: Sphinx, soup: BeautifulSoup, page: str) -> None:
    """Keep the letters of the formulas of a page that was written anew."""
    found = letters_of(soup.select(".katex-html"))
    LETTERS.keep(app, page, json.dumps({font: "".join(sorted(found[font])) for font in found}))


def remembered(app: Sphinx) -> Letters:
    """The letters of all formulas of the book."""
    found: Letters = defaultdict(set)
    for _, text in LETTERS.texts(app):
        for font, letters in json.loads(text).items():
            found[font].update(letters)
    return found


def read_fonts_early(app: Sphinx, soup: BeautifulSoup, page: str) -> None:
    """Have the fonts of a page with formulas read before its text: nothing moves afterwards."""
    if soup.select_one(".katex") and soup.head:
        script = soup.new_tag("script")
        script.string = READ_FONTS
        soup.head.append(script)


def trim_all(app: Sphinx) -> None:
    """Put into KaTeX' sheet of each font the letters that are drawn in it."""
    sheet = Path(app.outdir) / "_static" / SHEET
    if sheet.is_file():
        sheet.write_text(with_own_letters(sheet.read_text("utf8"), remembered(app)), "utf8")


def with_own_letters(css: str, letters: Letters) -> str:
    """The sheet with these letters inside it; without the fonts that have none of them."""
    there = {name_of(START | dict(SAID.findall(face))) for face in FACE.findall(css)}

    def own(match: re.Match[str]) -> str:
        name = name_of(START | dict(SAID.findall(match.group())))
        like = [font for font in letters.keys() - there if font.split()[0] == name.split()[0]]
        shown = set().union(*(letters.get(font, set()) for font in [name, *like]))
        return with_letters(match.group(), set(map(ord, shown)))

    return FACE.sub(own, css)


def with_letters(face: str, letters: set[int]) -> str:
    """A font of the sheet with these letters alone; nothing if it has none of them."""
    source = SOURCE.search(face)
    if source is None:
        return face
    font = TTFont((STATIC / SHEET).parent / source.group(1))
    here = letters & set(font.getBestCmap())
    return face.replace(source.group(), f"url({address(font, here)})") if here else ""
