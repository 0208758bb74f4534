"""KaTeX' fonts, cut to the letters of the formulas and put into the style sheet."""

from __future__ import annotations

import io
import re
from base64 import b64decode
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from bnsite import katex
from bnsite.assets import STATIC
from bnsite.weight import formulas
from bnsite.weight.lettering import SHEET
from bs4 import BeautifulSoup
from fontTools.ttLib import TTFont

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = (STATIC / SHEET).read_text("utf8")
PAGES = {
    "a.html": r"\sigma^2",
    "part/b.html": r"\mathbf{w} + \mathbb{R}",
    "gone.html": r"\forall q",
}
KEPT = {
    "KaTeX_Main normal 400": "2+",
    "KaTeX_Main normal 700": "w",
    "KaTeX_Math italic 400": "σ",
    "KaTeX_AMS normal 400": "R",
}


def fonts_in(css: str) -> dict[str, set[str]]:
    """The letters of each font inside a sheet."""
    found = {}
    for face in formulas.FACE.findall(css):
        family, style, weight = re.findall(r"font-(?:family|style|weight):\"?([\w-]+)", face)
        font = TTFont(io.BytesIO(b64decode(re.search(r"base64,([^)]+)", face).group(1))))
        found[f"{family} {style} {weight}"] = set(map(chr, font.getBestCmap()))
    return found


def test_the_sheet_has_the_letters_of_all_pages_that_are_there(tmp_path: Path) -> None:
    app = SimpleNamespace(doctreedir=tmp_path / "trees", outdir=tmp_path)
    for name, tex in PAGES.items():
        soup = BeautifulSoup(f"<p>prose {katex.render(tex, '{}')}</p>", "html.parser")
        formulas.remember(app, soup, name)
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "gone.html").unlink()
    sheet = tmp_path / "_static" / SHEET
    sheet.parent.mkdir(parents=True)
    sheet.write_text(WHOLE, "utf8")
    formulas.trim_all(app)
    css = sheet.read_text("utf8")
    assert fonts_in(css) == {font: set(letters) for font, letters in KEPT.items()}
    assert "url(fonts/" not in css
    assert formulas.FACE.sub("", css) == formulas.FACE.sub("", WHOLE)


def test_a_site_without_formulas_has_no_sheet_to_trim(tmp_path: Path) -> None:
    formulas.trim_all(SimpleNamespace(doctreedir=tmp_path / "trees", outdir=tmp_path))
    assert not (tmp_path / "_static").exists()


@pytest.mark.parametrize("font", ["KaTeX_Typewriter italic 400", "KaTeX_AMS normal 700"])
def test_a_look_that_a_family_lacks_is_drawn_with_what_it_has(font: str) -> None:
    found = fonts_in(formulas.with_own_letters(WHOLE, {font: {"R"}}))
    assert list(found.values()) == [{"R"}]


@pytest.mark.parametrize(("text", "scripts"), [(katex.render("x", "{}"), 1), ("x", 0)])
def test_a_page_with_formulas_has_their_fonts_read_before_its_text(text: str, scripts: int) -> None:
    page = f"<head><link/></head><body><nav>x</nav><main>{text}</main></body>"
    soup = BeautifulSoup(page, "html.parser")
    formulas.read_fonts_early(SimpleNamespace(), soup, "a.html")
    assert len(soup.select("script")) == len(soup.select("head > link + script")) == scripts
