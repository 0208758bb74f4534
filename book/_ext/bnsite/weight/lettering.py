"""In which font each letter of a formula is drawn, by the rules of KaTeX' own style sheet.

A rule for fonts asks for classes, and its last part names the element; what an element does not
say of its font it has from the one around it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

from bs4.element import NavigableString, Tag

from ..assets import STATIC

if TYPE_CHECKING:
    from collections.abc import Iterable

SHEET = "vendor/katex/katex.min.css"
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
SAID = re.compile(r"font-(family|style|weight):\"?([\w-]+)")
START = {"family": "KaTeX_Main", "style": "normal", "weight": "400"}
Letters = dict[str, set[str]]  # from the name of a font to what is drawn in it


@cache
def rules() -> list[tuple[frozenset[str], dict[str, str]]]:
    """Classes, and what an element that has them all says of its font."""
    return [
        (frozenset(head.removesuffix(">span").split()[-1].split(".")[1:]), said)
        for heads, body in RULE.findall((STATIC / SHEET).read_text("utf8"))
        if heads != "@font-face" and (said := dict(SAID.findall(body)))
        for head in heads.split(",")
    ]


@cache
def said_by(classes: frozenset[str]) -> dict[str, str]:
    """What an element with these classes says of its font."""
    hits = [said for needed, said in rules() if needed <= classes]
    return {part: value for said in hits for part, value in said.items()}


def name_of(font: dict[str, str]) -> str:
    """A font's name: family, style and weight."""
    return " ".join(font[part] for part in START)


def letters_of(formulas: Iterable[Tag]) -> Letters:
    """The letters of formulas by the font that they are drawn in."""
    found: Letters = defaultdict(set)
    for formula in formulas:
        collect(formula, START, found)
    return found


def collect(element: Tag, font: dict[str, str], found: Letters) -> None:
    """Add the letters in an element whose font is known."""
    for child in element.children:
        if isinstance(child, NavigableString):
            found[name_of(font)].update(child)
        elif isinstance(child, Tag):
            own = said_by(frozenset(child.get_attribute_list("class")) - {None})
            collect(child, font | own, found)
