"""One style sheet of those that all pages load, so that the text does not wait for a dozen.

Only sheets are joined that come first on every page, in the same order: no rule changes its rank.
The joined sheet says where each begins; a page says of which it is, for builds that write other
pages anew.
"""

from __future__ import annotations

import re
from itertools import takewhile
from os.path import relpath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

NAME = "_static/site.css"
LINK = re.compile(r'<link\b[^>]*?href="([^":?]*?)(_static/[^"?]+\.css)(?:\?[^"]*)?"[^>]*>\s*')
PARTS = re.compile(r'data-parts="([^"]*)"')
FILE = re.compile(r"""url\(["']?([\w./-]+)["']?\)""")
BEGINS = "/*! {} */\n"


def sheets_in(out: Path, pages: Iterable[str]) -> set[Path]:
    """The style sheets that pages ask for, those in the joined one by themselves."""
    files = {out / name for text in pages for name in names_in(text)}
    return {file for file in files if file.is_file()}


def names_in(text: str) -> list[str]:
    """The names of a page's style sheets, in order, those in the joined one by themselves."""
    return [name for link in LINK.finditer(text) for name in parts_of(link)]


def parts_of(link: re.Match[str]) -> list[str]:
    """What a link asks for: one sheet, or those in the joined one."""
    parts = PARTS.search(link.group())
    return parts.group(1).split() if parts else [link.group(2)]


def join(out: Path, pages: Collection[str]) -> list[str]:
    """Write the joined sheet; return the pages as they ask for it."""
    first = shared([names for text in pages if (names := names_in(text))])
    if len(first) < 2 or not all((out / name).is_file() for name in first):
        return list(pages)
    texts = [BEGINS.format(name) + seen_from(out / NAME, out / name) for name in first]
    (out / NAME).write_text("".join(texts), "utf8")
    return [with_one(text, first) for text in pages]


def shared(lists: Collection[list[str]]) -> list[str]:
    """With what all lists begin."""
    same = takewhile(lambda names: len(set(names)) == 1, zip(*lists, strict=False))
    return [names[0] for names in same]


def seen_from(target: Path, sheet: Path) -> str:
    """The text of a style sheet for the place of another."""
    return moved(sheet.read_text("utf8"), sheet.parent, target.parent)


def moved(css: str, before: Path, after: Path) -> str:
    """The text of a style sheet that refers to its files from another folder."""

    def seen_from_there(match: re.Match[str]) -> str:
        return f"url({relpath(before / match.group(1), after)})"

    return FILE.sub(seen_from_there, css)


def with_one(text: str, first: list[str]) -> str:
    """A page that asks for the joined sheet in the place of the first, and not for the others."""

    def link(match: re.Match[str]) -> str:
        names = parts_of(match)
        if not set(names) <= set(first):
            return match.group()
        if names[0] != first[0]:
            return ""
        parts = " ".join(first)
        return f'<link data-parts="{parts}" href="{match.group(1)}{NAME}" rel="stylesheet"/>\n'

    return LINK.sub(link, text)
