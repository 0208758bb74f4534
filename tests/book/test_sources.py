"""Pages are written anew when one of the extensions changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import bnsite
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_word_for_the_extensions_changes_with_them(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("a")
    first = bnsite.sources(tmp_path)
    (tmp_path / "a.pyc").write_text("no source")
    assert bnsite.sources(tmp_path) == first
    (tmp_path / "a.py").write_text("b")
    assert bnsite.sources(tmp_path) != first


def pages_written(folder: Path) -> list[str]:
    """The pages that a build writes which follows the extensions' sources."""
    with docutils_namespace():
        app = Sphinx(
            str(folder), None, str(folder / "out"), str(folder / "trees"), "html",
            confoverrides={"extensions": ["myst_parser", "following"], "html_theme": "basic"},
            status=None,
        )  # fmt: skip
        written: list[str] = []
        app.connect("html-page-context", lambda *given: written.append(given[1]))
        app.build()
    return [page for page in written if page == "index"]


def test_all_pages_are_written_anew_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "index.md").write_text("# Title\n")
    (tmp_path / "following.py").write_text("from bnsite import follow_sources as setup\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert [pages_written(tmp_path), pages_written(tmp_path)] == [["index"], []]
    monkeypatch.setattr(bnsite, "sources", lambda: "changed")
    assert pages_written(tmp_path) == ["index"]
