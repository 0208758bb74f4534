"""Fonts with the letters that are used, and no others."""

from __future__ import annotations

import io
import logging
from base64 import b64encode
from typing import TYPE_CHECKING

from fontTools import subset

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

logging.getLogger("fontTools").setLevel(logging.WARNING)  # it reports every table that it cuts


def small(font: TTFont, letters: set[int]) -> bytes:
    """A font with these letters alone, packed for the web."""
    options = subset.Options(hinting=False, name_IDs=[], notdef_outline=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=letters)
    cutter.subset(font)
    font.flavor, buffer = "woff2", io.BytesIO()
    font.save(buffer)
    return buffer.getvalue()


def address(font: TTFont, letters: set[int]) -> str:
    """A font with these letters alone as an address that holds it."""
    return f"data:font/woff2;base64,{b64encode(small(font, letters)).decode()}"
