"""The form of the chapters: each is one folder, and its part is written in one place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from bnsite import claims

from bnutils import predictions
from bnutils.utils.chapters import CONTENTS, Chapter, chapters
from tools.build_book import files

ROOT = Path(__file__).parents[2]
CHAPTERS = chapters(ROOT)
PROSE = [chapter for chapter in CHAPTERS if not chapter.has_lab]
TOC = yaml.safe_load((ROOT / CONTENTS).read_text("utf8"))
ENTRIES = files(TOC)
PARTS = [part["caption"].lower() for part in TOC["parts"]]
SOURCES = [
    path
    for path in sorted((ROOT / "book").rglob("*.*"))
    if path.suffix in {".ipynb", ".json", ".md", ".yml"}
    and not {"_ext", "_static", ".ipynb_checkpoints"} & set(path.parts)
]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.fixture(params=CHAPTERS, ids=lambda chapter: chapter.slug)
def chapter(request: pytest.FixtureRequest) -> Chapter:
    assert isinstance(request.param, Chapter)
    return request.param


@pytest.mark.parametrize("entry", ENTRIES)
def test_contents_exist(entry: str) -> None:
    assert [e for e in (".md", ".ipynb") if (ROOT / f"{entry}{e}").is_file()] != []


def test_every_page_is_in_the_contents() -> None:
    pages = [path for path in SOURCES if path.suffix in {".md", ".ipynb"}]
    assert sorted(name_of(path.with_suffix("")) for path in pages) == sorted(ENTRIES)


def test_a_chapter_has_all_its_files(chapter: Chapter) -> None:
    wanted = (chapter.page, chapter.claims, chapter.questions)
    assert [path.name for path in wanted if not path.is_file()] == []


def test_most_chapters_have_a_lab() -> None:
    assert len(PROSE) < len(CHAPTERS) / 4


@pytest.mark.parametrize("prose", PROSE, ids=lambda chapter: chapter.slug)
def test_a_chapter_without_a_lab_measures_nothing(prose: Chapter) -> None:
    """What it says of results is quoted from the records of other chapters."""
    own = (prose.findings, prose.recorded, prose.replications)
    assert [path.name for path in own if path.exists()] == []
    assert predictions.read(prose) == []
    assert [claim["id"] for claim in claims.of_chapter(prose) if claim["label"] == "measured"] == []


def test_a_chapter_has_no_other_files(chapter: Chapter) -> None:
    known = {chapter.page, chapter.lab, chapter.claims, chapter.questions}
    known |= {chapter.findings, chapter.recorded, chapter.replications}
    there = {path for path in chapter.folder.iterdir() if not path.name.startswith(".")}
    assert [p.name for p in there - known if p.suffix != ".svg"] == []


def test_a_drawing_is_shown_in_its_chapter(chapter: Chapter) -> None:
    pages = [path for path in (chapter.page, chapter.lab) if path.is_file()]
    shown = "".join(path.read_text("utf8") for path in pages)
    assert [p.name for p in chapter.folder.glob("*.svg") if p.name not in shown] == []


def test_the_lab_stands_below_its_chapter(chapter: Chapter) -> None:
    page, lab = chapter.document, chapter.laboratory
    if not chapter.has_lab:
        assert lab not in ENTRIES
        return
    assert ENTRIES.index(lab) == ENTRIES.index(page) + 1
    assert chapter.lab.name in chapter.page.read_text("utf8")


def test_the_landing_page_leads_to_every_chapter(chapter: Chapter) -> None:
    assert f":link: {chapter.slug}/{chapter.slug}\n" in (ROOT / "book" / "index.md").read_text(
        "utf8"
    )


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_no_source_says_to_which_part_a_chapter_belongs(path: Path) -> None:
    """The table of contents says it: a chapter can move to another part by a change there."""
    parts = "|".join(map(re.escape, PARTS))
    named = re.compile(rf"\b({parts})/|\b({parts}) part\b|\bpart on ({parts})\b", re.IGNORECASE)
    assert [match[0] for match in named.finditer(path.read_text("utf8"))] == []
