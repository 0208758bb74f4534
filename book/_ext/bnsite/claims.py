"""What the book claims: every chapter's claims, and the kinds of evidence."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import yaml

from bnutils.cards import LABELS
from bnutils.utils.chapters import Chapter, chapters

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["LABELS", "Claim", "is_false", "of_chapter", "read", "resting_on"]

Claim = dict[str, Any]
VERBATIM = re.compile(r"(\$[^$]*\$|`[^`]*`)")
DASH = " \N{EN DASH} "


def read(root: Path) -> list[Claim]:
    """All claims, chapter by chapter; each knows its chapter's name."""
    return [claim for chapter in chapters(root) for claim in of_chapter(chapter)]


def resting_on(root: Path, finding: str) -> Claim | None:
    """The first claim that rests on a finding."""
    return next((c for c in read(root) if finding in (c.get("findings") or [])), None)


def is_false(claim: Claim) -> bool:
    """Whether the status of a claim says that it does not hold, as it does of some folklore."""
    return str(claim.get("status") or "").startswith("False")


def of_chapter(chapter: Chapter) -> list[Claim]:
    """The claims of a chapter; none where it has no file for them."""
    text = chapter.claims.read_text("utf8") if chapter.claims.is_file() else ""
    return [{**claim, **in_print(claim), "chapter": chapter.slug} for claim in parsed(text)]


def in_print(claim: Claim) -> Claim:
    """What is said in a claim's own words, with dashes where its file has hyphens for them."""
    return {part: dashed(claim[part]) for part in ("claim", "status") if claim.get(part)}


def dashed(text: str) -> str:
    """A hyphen between blanks is a dash, but in formulas and code: there it is a minus."""
    parts = VERBATIM.split(text)
    return "".join(one if at % 2 else one.replace(" - ", DASH) for at, one in enumerate(parts))


@cache
def parsed(text: str) -> list[Claim]:
    """What a file of claims says: taken apart once, however many cards a page has."""
    return (yaml.safe_load(text) or {}).get("claims") or []
