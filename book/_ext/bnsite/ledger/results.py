"""Every result of the book: what was measured of a finding on one data set."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from bnsite import records
from bnutils.settings import parts
from bnutils.utils.chapters import Chapter, chapters, record_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

HEADING = re.compile(r"^# (.+)$", re.MULTILINE)
MEASURED = ("supported", "contradicted", "undecided", "described")
VERDICTS = (*MEASURED, "holds", "fails")


def of_book(root: Path) -> list[records.Record]:
    """All results, chapter by chapter."""
    return [record for chapter in chapters(root) for record in of_chapter(chapter)]


def of_chapter(chapter: Chapter) -> list[records.Record]:
    """The results of a chapter, finding by finding."""
    names = {path.name.split(".")[0] for path in chapter.findings.glob("*.json")}
    found = (records.of_finding(chapter.root, f"{chapter.slug}/{name}") for name in sorted(names))
    return [record for group in found for record in group]


def sources(root: Path) -> Iterator[Path]:
    """The files that all of it is read from."""
    for chapter in chapters(root):
        yield from (chapter.claims, chapter.page)
        yield from sorted(chapter.replications.glob("*.json"))
    yield from (record_path(root, record.name) for record in of_book(root))


def title(chapter: Chapter) -> str:
    """A chapter's title."""
    found = HEADING.search(chapter.page.read_text("utf8")) if chapter.page.is_file() else None
    return found[1].strip() if found else chapter.slug


def verdicts(found: Sequence[records.Record]) -> Counter[str]:
    """How many results have which verdict."""
    return Counter(record.verdict for record in found)


def demonstrations(found: Sequence[records.Record]) -> int:
    """How many results are of claims that were hardly in question."""
    return sum(bool(record.fields["demonstration"]) for record in found)


def seeds(setting: dict[str, Any]) -> list[int]:
    """The seeds of a result, also where several experiments with the same ones are in it."""
    value: Any = next((value for name, value in parts(setting) if name == "seeds"), [])
    return list(range(value)) if isinstance(value, int) else list(value)
