"""Style sheets without the rules that no page of the site can need.

A theme's sheet has rules for whatever anybody might write. A rule stays here if all classes, ids
and elements that its selector names occur on some page, or anywhere in a script that some page
loads. So it may stay in vain, and what a script adds to a page later looks as it should.
"""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tinycss2

from ..styles import selectors
from . import joined
from .icons import with_own_icons
from .joined import moved

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

GROUPS = {"media", "supports"}
COMPOSED = {"bs-tooltip-auto"}  # names that a script puts together
DATA = ("search/data.js", "search/more.js")  # their words are the book's, and no names
ELEMENT = re.compile(r"<([a-z][\w-]*)")
NAMES = re.compile(r'\b(?:class|id)="([^"]*)"')
INLINE = re.compile(r"<script\b[^>]*>(.*?)</script>", re.DOTALL)
LOADED = re.compile(r'<(?:script|link)\b[^>]*?(?:src|href)="([^":?]+\.(?:js|css))(\?[^"]*)?"')
IMPORT = re.compile(r'@import\s+"([^"]+)"\s*;')
WORD = re.compile(r"[\w-]+")


def trim_all(out: Path) -> None:
    """Trim the style sheets that the site's pages load, and have them loaded as they are now."""
    pages = {path: path.read_text("utf8") for path in pages_of(out)}
    loaded = {file for path, text in pages.items() for file in files_of(path, text)}
    known = vocabulary(pages.values(), [file for file in loaded if file.suffix == ".js"])
    for sheet in sorted(joined.sheets_in(out, pages.values())):
        sheet.write_text(with_own_icons(trimmed(whole(sheet), known), sheet), "utf8")
    texts = joined.join(out, pages.values())
    for (path, before), text in zip(pages.items(), texts, strict=True):
        if before != (fresh := with_sums(path, text)):
            path.write_text(fresh, "utf8")


def pages_of(out: Path) -> list[Path]:
    """The site's pages."""
    return sorted(p for p in out.rglob("*.html") if not p.relative_to(out).parts[0].startswith("_"))


def files_of(page: Path, text: str) -> Iterator[Path]:
    """The scripts and style sheets that a page loads, if they are there."""
    for name, _ in LOADED.findall(text):
        if (file := (page.parent / name).resolve()).is_file():
            yield file


def vocabulary(pages: Iterable[str], scripts: Iterable[Path]) -> frozenset[str]:
    """Every name that a selector may hit."""
    words = set(COMPOSED)
    for text in pages:
        words.update(ELEMENT.findall(text))
        words.update(*(names.split() for names in NAMES.findall(text)))
        words.update(*map(WORD.findall, INLINE.findall(text)))
    for script in scripts:
        if not script.as_posix().endswith(DATA):
            words.update(WORD.findall(script.read_text("utf8")))
    return frozenset(words)


def whole(sheet: Path) -> str:
    """A style sheet with those that it imports in their places."""

    def imported(match: re.Match[str]) -> str:
        other = sheet.parent / match.group(1)
        return moved(whole(other), other.parent, sheet.parent)

    return IMPORT.sub(imported, sheet.read_text("utf8"))


def trimmed(css: str, known: frozenset[str]) -> str:
    """The rules of a style sheet that can hit something, and its notices of licences."""
    rules = tinycss2.parse_stylesheet(css, skip_whitespace=True)
    return "".join(kept(rule, known) for rule in rules)


def kept(rule: Any, known: frozenset[str]) -> str:
    """A rule with those of its selectors that can hit something; empty if none can."""
    if rule.type == "comment":
        return rule.serialize() if rule.value.startswith("!") else ""
    if rule.type == "qualified-rule":
        chosen = [s for s in selectors(rule.prelude) if known.issuperset(named(s))]
        heads = ",".join(tinycss2.serialize(s).strip() for s in chosen)
        return f"{heads}{{{compact(rule.content)}}}" if chosen else ""
    if rule.type == "at-rule" and rule.lower_at_keyword in GROUPS:
        inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
        body = "".join(kept(one, known) for one in inner)
        return f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{body}}}" if body else ""
    return str(rule.serialize())


def named(selector: list[Any]) -> Iterator[str]:
    """Classes, ids and elements that a selector needs; brackets may hold alternatives."""
    before = ""
    for token in selector:
        if token.type == "hash" or (token.type == "ident" and before != ":"):
            yield token.value
        before = token.value if token.type == "literal" else ""


def compact(content: list[Any]) -> str:
    """Declarations without comments and lines."""
    tokens = (token for token in content if token.type != "comment")
    return "".join(" " if t.type == "whitespace" else t.serialize() for t in tokens).strip()


def with_sums(page: Path, text: str) -> str:
    """A page that asks for its scripts and style sheets as they are now, whatever a cache has."""

    def fresh(match: re.Match[str]) -> str:
        file = (page.parent / match.group(1)).resolve()
        if not file.is_file():
            return match.group()
        tag = match.group().removesuffix('"').removesuffix(match.group(2) or "")
        return f'{tag}?v={sha256(file.read_bytes()).hexdigest()[:8]}"'

    return LOADED.sub(fresh, text)
