"""A page loads the scripts and style sheets that it needs, and no others."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from bnsite import assets

from tests.book.small_site import build

PAGES = {"index": "# Index\n\n```{toctree}\nformula\n```\n", "formula": "# Title\n\n$x$\n"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A static folder with the files of one component."""
    monkeypatch.setattr(assets, "STATIC", tmp_path / "static")
    folder = tmp_path / "static" / "part"
    folder.mkdir(parents=True)
    (folder / "part.js").write_text("/* Why\n   it is so. */\nrun(); /* stays */\n")
    (folder / "part.css").write_text("a { b: c }\n")
    (folder / "drawing.svg").write_text("<svg/>")
    return folder


def test_files_are_served_without_the_comments_between_lines(folder: Path, tmp_path: Path) -> None:
    assets.Bundle(folder.name, lambda _: ()).write(tmp_path / "out")
    served = {path.name: path.read_text() for path in (tmp_path / "out").iterdir()}
    assert served == {"part.js": "run(); /* stays */\n", "part.css": "a { b: c }\n"}


def test_what_a_builder_adds_to_every_page_is_taken_off(tmp_path: Path) -> None:
    site, _ = build(
        tmp_path,
        PAGES,
        "bnsite.mathematics",
        html_math_renderer="prerendered",
        html_js_files=["vendor/katex/katex.js", ("vendor/katex/more.js", {}), "own.js"],
        html_css_files=["vendor/katex/katex.min.css"],
    )
    index = (site / "index.html").read_text("utf8")
    assert "katex" not in index
    assert "own.js" in index
    assert "katex.min.css" in (site / "formula.html").read_text("utf8")
    assert "katex" not in (site / "search.html").read_text("utf8")


@pytest.mark.parametrize(
    ("asset", "wanted"),
    [
        (SimpleNamespace(filename="_static/sphinx-thebe.js", attributes={}), False),
        (SimpleNamespace(filename=None, attributes={"body": "const THEBE_JS_URL = 1"}), False),
        (SimpleNamespace(filename="_static/course.js", attributes={}), True),
        ("_static/sphinx-thebe.css", False),
        ("_static/course.css", True),
    ],
)
def test_what_no_page_needs_is_left_off(asset: object, wanted: bool) -> None:
    assert assets.wanted(asset) == wanted
