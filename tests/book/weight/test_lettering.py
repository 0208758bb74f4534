"""In which font a letter of a formula is drawn."""

from __future__ import annotations

import pytest
from bnsite import katex
from bnsite.weight.lettering import letters_of
from bs4 import BeautifulSoup

DRAWN = {
    r"2": {"KaTeX_Main normal 400": "2"},
    r"x": {"KaTeX_Math italic 400": "x"},
    r"\mathbf{w} + b": {
        "KaTeX_Main normal 700": "w",
        "KaTeX_Main normal 400": "+",
        "KaTeX_Math italic 400": "b",
    },
    r"\mathbb{R}": {"KaTeX_AMS normal 400": "R"},
    r"\text{a \textit{b} \texttt{c}}": {
        "KaTeX_Main normal 400": "a\xa0",
        "KaTeX_Main italic 400": "b",
        "KaTeX_Typewriter normal 400": "c",
    },
    r"\mathrm{Var}_i": {"KaTeX_Main normal 400": "Var\u200b", "KaTeX_Math italic 400": "i"},
    r"\big(": {"KaTeX_Size1 normal 400": "("},
    r"\boldsymbol{\gamma}": {"KaTeX_Math italic 700": "γ"},
}


@pytest.mark.parametrize("tex", DRAWN)
def test_a_letter_has_the_font_that_the_style_sheet_gives_it(tex: str) -> None:
    formulas = BeautifulSoup(katex.render(tex, "{}"), "html.parser").select(".katex-html")
    found = letters_of(formulas)
    assert found == {font: set(letters) for font, letters in DRAWN[tex].items()}
