"""Rules that no page can need are left out, and only those."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bnsite.weight import stylesheets

if TYPE_CHECKING:
    from pathlib import Path

KNOWN = frozenset({"a", "p", "used", "here", "hover-card"})


@pytest.mark.parametrize(
    ("css", "kept"),
    [
        (".used{color:red}", ".used{color:red}"),
        (".used .gone{color:red}", ""),
        (".gone,.used{color:red}", ".used{color:red}"),
        ("a:hover::before{color:red}", "a:hover::before{color:red}"),
        ("a:not(.gone){color:red}", "a:not(.gone){color:red}"),
        (":is(.gone,.used) p{color:red}", ":is(.gone,.used) p{color:red}"),
        ("#here>p[data-x=gone]{color:red}", "#here>p[data-x=gone]{color:red}"),
        ("#gone{color:red}", ""),
        ("table{color:red}", ""),
        ("*{color:red}", "*{color:red}"),
        (":root{--x:1}", ":root{--x:1}"),
        ("@media print{.gone{color:red}}", ""),
        ("@media print{.used{color:red}.gone{x:y}}", "@media print{.used{color:red}}"),
        ("@keyframes turn{0%{left:0}to{left:1px}}", "@keyframes turn{0%{left:0}to{left:1px}}"),
        ("/* remark */p{/* why */color:\n  red}", "p{color: red}"),
        ("/*! licence */p{x:y}", "/*! licence */p{x:y}"),
        ('p::after{content:"a  /* b */"}', 'p::after{content:"a  /* b */"}'),
    ],
)
def test_a_rule_stays_if_all_it_names_is_somewhere(css: str, kept: str) -> None:
    assert stylesheets.trimmed(css, KNOWN) == kept


def test_names_come_from_pages_and_from_scripts(tmp_path: Path) -> None:
    script, data = tmp_path / "a.js", tmp_path / "search" / "data.js"
    data.parent.mkdir()
    script.write_text('e.className = "made late"; e.innerHTML = "<b>"')
    data.write_text("var d = 'unheard'")
    page = '<p class="one two" id="three">x</p><script>add("four")</script> five'
    known = stylesheets.vocabulary([page], [script, data])
    assert {"p", "one", "two", "three", "four", "made", "late", "b"} <= known
    assert not {"five", "unheard"} & known


def small_site(out: Path) -> Path:
    (out / "_static" / "styles").mkdir(parents=True)
    (out / "_static" / "base.css").write_text("p{x:url(a.png)}.gone{x:y}")
    theme = out / "_static" / "styles" / "theme.css"
    theme.write_text('@import "../base.css";.used{x:y}')
    page = out / "page.html"
    page.write_text('<p class="used"><link href="_static/styles/theme.css?digest=1"/>')
    return page


def test_a_site_loads_one_sheet_with_what_it_imports_as_it_is_now(tmp_path: Path) -> None:
    page = small_site(tmp_path)
    stylesheets.trim_all(tmp_path)
    sheet = tmp_path / "_static" / "styles" / "theme.css"
    assert sheet.read_text() == "p{x:url(../a.png)}.used{x:y}"
    first = page.read_text()
    assert "digest" not in first
    assert "theme.css?v=" in first
    stylesheets.trim_all(tmp_path)
    assert page.read_text() == first
    sheet.write_text("p{x:z}")
    stylesheets.trim_all(tmp_path)
    assert page.read_text() != first
