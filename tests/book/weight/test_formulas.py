"""KaTeX' fonts, cut to the letters of the formulas."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from bnsite import katex
from bnsite.assets import STATIC
from bnsite.weight import formulas
from bs4 import BeautifulSoup
from fontTools.ttLib import TTFont

if TYPE_CHECKING:
    from pathlib import Path


def test_fonts_keep_the_letters_of_all_formulas(tmp_path: Path) -> None:
    app = SimpleNamespace(doctreedir=tmp_path)
    for name, tex in (("a.html", r"\sigma^2"), ("part/b.html", r"\mathbf{w} \in \mathbb{R}")):
        soup = BeautifulSoup(f"<p>prose {katex.render(tex, '{}')}</p>", "html.parser")
        formulas.remember(app, soup, name)
    assert formulas.remembered(tmp_path) == set(map(ord, "σ2w∈R"))
    formulas.trim_all(tmp_path, tmp_path)
    fonts = tmp_path / "_static" / formulas.FONTS
    assert set(TTFont(fonts / "KaTeX_Main-Regular.woff2").getBestCmap()) >= {ord("2"), ord("∈")}
    assert set(TTFont(fonts / "KaTeX_Math-Italic.woff2").getBestCmap()) == set(map(ord, "2σwR"))
    whole = STATIC / formulas.FONTS
    for path in fonts.iterdir():
        assert path.stat().st_size < (whole / path.name).stat().st_size / 3
