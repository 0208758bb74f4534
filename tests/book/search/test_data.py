"""The file with the text of all sections, and the words that mean the same."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING

from bnsite.search import data
from bs4 import BeautifulSoup

from tests.book.small_site import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PAGE = '<article class="bd-article"><section id="{0}"><h1>{0}</h1><p>text</p></section></article>'


def app_in(folder: Path) -> SimpleNamespace:
    builder = SimpleNamespace(format="html")
    return SimpleNamespace(
        doctreedir=folder / "trees", outdir=folder / "out", srcdir=ROOT, builder=builder
    )


def test_pages_that_did_not_change_are_remembered_and_those_that_went_are_not(
    tmp_path: Path,
) -> None:
    app = app_in(tmp_path)
    for name in ("a.html", "part/b.html", "c-lab.html", "gone.html"):
        data.remember(app, BeautifulSoup(PAGE.format(name[0]), "html.parser"), name)
        path = app.outdir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (app.outdir / "gone.html").unlink()
    data.write(app, None)
    text = (app.outdir / data.TARGET / "data.js").read_text("utf8")
    known = json.loads(text.removeprefix("var bnSearchData = ").removesuffix(";\n"))
    assert [one["address"] for one in known["sections"]] == ["a.html", "part/b.html"]
    assert known["same"]
    text = (app.outdir / data.TARGET / "more.js").read_text("utf8")
    (lab,) = json.loads(text.removeprefix("bnSearchMore(").removesuffix(");\n"))
    assert lab["address"] == "c-lab.html"
    assert "Stemmer" in (app.outdir / data.TARGET / "stemmer.js").read_text("utf8")


def test_a_build_that_failed_writes_nothing(tmp_path: Path) -> None:
    data.write(app_in(tmp_path), ValueError())
    assert not (tmp_path / "out").exists()


def test_words_that_mean_the_same_are_words() -> None:
    known = data.words(ROOT)
    assert sorted(known) == ["later", "same", "weak"]
    assert all(isinstance(one, str) for line in known["same"] for one in line)
    assert all(len(line) == len(set(line)) > 1 for line in known["same"])
    assert all(isinstance(one, str) for one in known["weak"])  # YAML takes "no" for a Boolean
