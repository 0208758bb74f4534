"""Of the icon fonts, the icons that a style sheet shows, inside the sheet itself.

The theme's three fonts have two thousand icons, of which the book shows some twenty. What is
left of a font is so small that it is part of the sheet, and no page waits for it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fontTools.ttLib import TTFont

from .fonts import address

if TYPE_CHECKING:
    from pathlib import Path

FACE = re.compile(r"@font-face\s*\{[^}]*fontawesome[^}]*\}")
TRUETYPE = re.compile(r"url\(([^)]+\.ttf)\)")
SOURCES = re.compile(r"src:[^;}]*")
ESCAPED = re.compile(r"\\([ef][0-9a-f]{3})\b", re.IGNORECASE)
PRIVATE = re.compile("[\ue000-\uf8ff]")


def with_own_icons(css: str, sheet: Path) -> str:
    """Return a style sheet that brings the icons which it shows."""
    shown = icons_in(css)
    return FACE.sub(lambda face: own(face.group(), sheet, shown), css)


def icons_in(css: str) -> set[int]:
    """The icons that a style sheet shows, as numbers of letters."""
    return {int(code, 16) for code in ESCAPED.findall(css)} | set(map(ord, PRIVATE.findall(css)))


def own(face: str, sheet: Path, shown: set[int]) -> str:
    """A font of a style sheet with these icons alone; nothing if it has none of them."""
    file = TRUETYPE.search(face)
    if file is None:
        return face
    font = TTFont(sheet.parent / file.group(1))
    here = shown & set(font.getBestCmap())
    if not here:
        return ""
    return SOURCES.sub(f'src:url("{address(font, here)}") format("woff2")', face)
