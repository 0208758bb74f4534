"""A chapter moves to another part of the book by its lines in the table of contents alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from bnutils.utils.chapters import CONTENTS, Chapter
from tests.book.small_site import copy_of_the_book
from tools import build_book

SLUG, FROM, TO = "the-transform", "Mathematics", "Tradeoffs"


def moved(contents: str) -> str:
    """The table of contents with the chapter first in the other part."""
    lines = rf"( +)- file: book/{SLUG}/{SLUG}\n(?:\1 +.*\n)+"  # all that is indented deeper
    chapter = re.search(lines, contents)
    assert chapter is not None
    rest = contents.replace(chapter[0], "")
    head = f"  - caption: {TO}\n    chapters:\n"
    assert head in rest
    return rest.replace(head, head + chapter[0])


def chapters_of(page: BeautifulSoup, part: str) -> list[str]:
    """The chapters that the page's navigation lists in a part."""
    caption = next(c for c in page.select("nav p.caption") if c.get_text(strip=True) == part)
    chapters = caption.find_next_sibling("ul")
    assert chapters is not None
    return [link.get_text(strip=True) for link in chapters.select("li.toctree-l1 > a")]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the book with the chapter moved, built with warnings as errors."""
    root = copy_of_the_book(tmp_path_factory.mktemp("moved"))
    contents = root / CONTENTS
    contents.write_text(moved(contents.read_text("utf8")), "utf8")
    assert build_book.main(root) == 0
    return root


@pytest.fixture(scope="module")
def page(book: Path) -> BeautifulSoup:
    path = book / "_build" / "html" / f"{Chapter(book, SLUG).document}.html"
    return BeautifulSoup(path.read_text("utf8"), "html.parser")


def test_the_navigation_lists_it_in_its_new_part(page: BeautifulSoup) -> None:
    assert chapters_of(page, TO)[0] == "The transform"
    assert "The transform" not in chapters_of(page, FROM)


def test_the_pages_before_and_after_are_its_new_neighbours(page: BeautifulSoup) -> None:
    before, after = (page.select_one(f"a.{side}") for side in ("left-prev", "right-next"))
    assert "why-does-it-work-lab.html" in str(before)
    assert "the-transform-lab.html" in str(after)
