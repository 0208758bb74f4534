"""Where the files of a chapter are, and which chapters there are."""

from pathlib import Path

import pytest

from bnutils.utils.chapters import Chapter, chapters, checkout, record_name, record_path

ROOT = Path(__file__).resolve().parents[3]
CONTENTS = """
root: book/index
parts:
  - caption: Mathematics
    chapters:
      - file: book/second/second
        sections:
          - file: book/second/second-lab
  - caption: Why
    chapters:
      - file: book/first-one/first-one
      - file: book/appendix/engine
      - file: book/ledger
      # - file: book/not-yet/not-yet
"""


def test_a_chapter_is_one_folder(tmp_path: Path) -> None:
    chapter = Chapter(tmp_path, "the-transform")
    files = (chapter.page, chapter.lab, chapter.claims, chapter.questions, chapter.findings)
    assert {path.parent for path in files} == {chapter.folder}
    assert chapter.document == "book/the-transform/the-transform"


def test_chapters_come_in_the_order_of_the_contents(tmp_path: Path) -> None:
    assert chapters(tmp_path) == []
    (tmp_path / "_toc.yml").write_text(CONTENTS)
    assert [chapter.slug for chapter in chapters(tmp_path)] == ["second", "first-one"]


def test_a_chapter_may_be_prose_alone(tmp_path: Path) -> None:
    chapter = Chapter(tmp_path, "what-it-is")
    assert not chapter.has_lab
    chapter.folder.mkdir(parents=True)
    chapter.page.touch()
    assert not chapter.has_lab
    chapter.lab.touch()
    assert chapter.has_lab


def test_every_chapter_of_this_book_is_found() -> None:
    pages = {path for path in (ROOT / "book").glob("*/*.md") if path.stem == path.parent.name}
    assert pages
    assert {chapter.page for chapter in chapters(ROOT)} == pages


def test_a_record_lies_in_its_chapter(tmp_path: Path) -> None:
    path = record_path(tmp_path, "the-transform/shape-kept.synthetic")
    assert path == Chapter(tmp_path, "the-transform").findings / "shape-kept.synthetic.json"
    assert record_name(path) == "the-transform/shape-kept.synthetic"


def test_the_checkout_is_found_from_below(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    below = tmp_path / "book" / "some-chapter"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert checkout() is None
    (tmp_path / "_toc.yml").touch()
    assert checkout() == tmp_path
