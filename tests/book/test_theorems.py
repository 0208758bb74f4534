"""Theorems are numbered through the book, referred to by number, and look like other boxes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.book.small_site import build

THEOREM = "```{{prf:theorem}} {0}\n:label: {0}\n\nIt *holds*.\n```\n"
PAGES = {
    "index": "# Index\n\n```{toctree}\nfirst\nsecond\n```\n",
    "first": "# First\n\n" + THEOREM.format("one") + "\n" + THEOREM.format("two"),
    "second": "# Second\n\nBy {prf:ref}`two` and {prf:ref}`another <three>`.\n\n"
    + THEOREM.format("three"),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    extensions = ["myst_parser", "bnsite.assets", "bnsite.theorems"]
    folder = tmp_path_factory.mktemp("theorems")
    site, warnings = build(folder, PAGES, "", extensions=extensions, html_domain_indices=False)
    assert warnings == ""
    return site


def test_numbers_run_through_the_book(site: Path) -> None:
    found = [
        re.findall(r"(Theorem \d) *</span> \((\w+)\)", (site / f"{page}.html").read_text("utf8"))
        for page in ("first", "second")
    ]
    assert found == [[("Theorem 1", "one"), ("Theorem 2", "two")], [("Theorem 3", "three")]]


def test_text_refers_by_number_or_in_its_own_words(site: Path) -> None:
    html = (site / "second.html").read_text("utf8")
    links = re.findall(r'<a class="reference internal" href="([^"]*#\w+)">([^<]+)</a>', html)
    assert ("first.html#two", "Theorem 2") in links
    assert ("#three", "another") in links


def test_a_body_stands_in_its_box_and_no_id_stands_twice(site: Path) -> None:
    html = (site / "first.html").read_text("utf8")
    assert html.count("</p>\n<p>It <em>holds</em>.</p>\n</div>") == 2
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert {"one", "two"} <= set(ids)


def test_the_library_adds_neither_style_nor_pages(site: Path) -> None:
    assert [p.name for p in site.glob("*.html") if "proof.css" in p.read_text("utf8")] == []
    assert not (site / "prf-prf.html").exists()
