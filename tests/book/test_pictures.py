"""Each picture of a page says how large it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from bnsite import pictures
from bs4 import BeautifulSoup
from PIL import Image

SVG = "<svg xmlns='http://www.w3.org/2000/svg' {size}><title>{title}</title></svg>"


@pytest.mark.parametrize(
    ("size", "pixels"),
    [
        ("width='60' height='40'", (60, 40)),
        ("width='72pt' height='36.2pt'", (96, 48)),
        ("viewBox='0 0 9 9' width='1in' height='2in'", (96, 192)),
    ],
)
def test_size_of_a_drawing(tmp_path: Path, size: str, pixels: tuple[int, int]) -> None:
    """Its words may be in any script, and cut anywhere."""
    for length in range(940, 960):
        path = tmp_path / "a.svg"
        path.write_text(
            SVG.format(size=size, title="a" * length + "\N{GREEK SMALL LETTER BETA}" * 99), "utf8"
        )
        assert pictures.size_of(path) == pixels


def test_every_picture_of_the_site_has_a_place(tmp_path: Path) -> None:
    """Those of elsewhere are left alone."""
    (tmp_path / "page").mkdir()
    Image.new("RGB", (30, 20)).save(tmp_path / "a b.png")
    soup = BeautifulSoup(
        "<img src='../a%20b.png?v=1'><img src='data:,'><img src='https://x.test/a.png'>",
        "html.parser",
    )
    pictures.keep_places(soup, tmp_path / "page")
    sizes = [(img.get("width"), img.get("height")) for img in soup.select("img")]
    assert sizes == [("30", "20"), (None, None), (None, None)]


def test_all_but_the_first_load_late() -> None:
    soup = BeautifulSoup("<div class='bd-article'>" + "<img>" * 3 + "</div>", "html.parser")
    pictures.load_late(soup)
    assert [img.get("loading") for img in soup.select("img")] == [None, "lazy", "lazy"]
