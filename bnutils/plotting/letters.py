"""Names in any script: letters that the figure's font lacks, from another font or spelled out."""

from functools import cache
from typing import TYPE_CHECKING
from unicodedata import category, name

from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font

if TYPE_CHECKING:
    from matplotlib.text import Text

PLACEHOLDERS = "Last Resort"  # comes with matplotlib: a box for every letter there is


def legible(text: str) -> str:
    """Return a text in letters that some font of this machine has.

    Those that none has are spelled out: an emoji by its name, others by their code.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
    """
    _, nowhere = _fonts_for(text)
    return "".join(spelled(letter) if letter in nowhere else letter for letter in text)


def use_fonts(text: "Text") -> None:
    """Let a text of a figure take the letters that its font lacks from other fonts."""
    fonts, _ = _fonts_for(text.get_text())
    if fonts:
        text.set_fontfamily([*text.get_fontfamily(), *fonts])


def spelled(letter: str) -> str:
    """Return a letter by letters that every font has: ``"(fire)"``, ``"U+5C42 "``."""
    known = name(letter, "").lower()
    return f"({known})" if known and category(letter) == "So" else f"U+{ord(letter):04X} "


def _fonts_for(text: str) -> tuple[list[str], set[str]]:
    """The other fonts that have letters of a text, and the letters that none has."""
    drawn = {letter for letter in text if letter.isprintable() and not letter.isspace()}
    missing, fonts = drawn - _has(findfont(FontProperties())), []
    for font in fontManager.ttflist if missing else []:
        if not font.name.startswith(PLACEHOLDERS) and missing & _has(font.fname):
            fonts.append(font.name)
            missing -= _has(font.fname)
    return fonts, missing


@cache
def _has(file: str) -> frozenset[str]:
    """The letters of a font; none of one whose letters are pictures, or that cannot be read."""
    try:
        font = get_font(file)
        return frozenset(map(chr, font.get_charmap())) if font.scalable else frozenset()
    except (OSError, RuntimeError):
        return frozenset()
