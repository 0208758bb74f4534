"""The theme's icon fonts, cut to the icons that a sheet shows."""

from __future__ import annotations

import io
import re
from base64 import b64decode
from pathlib import Path

import pydata_sphinx_theme
from bnsite.weight import icons
from fontTools.ttLib import TTFont

STATIC = Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme" / "static"
SHEET = STATIC / "styles" / "pydata-sphinx-theme.css"
FACES = "".join(icons.FACE.findall(SHEET.read_text("utf8")))


def letters(css: str) -> list[set[int]]:
    """The letters of each font in a sheet."""
    fonts = [b64decode(data) for data in re.findall(r"base64,([^\"]+)", css)]
    return [set(TTFont(io.BytesIO(font)).getBestCmap()) for font in fonts]


def test_a_font_keeps_the_icons_that_are_shown() -> None:
    css = icons.with_own_icons(FACES + r'a:before{content:"\f002"}b{--x:"\f09b";}', SHEET)
    assert letters(css) == [{0xF002}, {0xF09B}]
    assert "url(../" not in css
    assert len(css) < 3000


def test_other_fonts_are_left_alone() -> None:
    css = '@font-face{font-family:own;src:url(own.woff2) format("woff2")}'
    assert icons.with_own_icons(css, SHEET) == css
