"""The glossary: in order, and every entry leads to a page that has its term."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

BOOK = Path(__file__).parents[2] / "book"
TEXT = re.search(r"```\{glossary\}\n(.*?)```", (BOOK / "glossary.md").read_text("utf8"), re.DOTALL)
assert TEXT
ENTRIES = dict(re.findall(r"^(\S[^\n]*)\n((?:  [^\n]*\n?)+)", TEXT[1], re.MULTILINE))
# How a page says it, where it does not use the term itself.
SAID: dict[str, str] = {
    "gradient check": "check a gradient",
    "placement": "after the activation",
    "He initialisation": "weights of variance $2/\\text{fan-in}$",
}


def plain(text: str) -> str:
    """Lower case, in one line, without marks of emphasis."""
    return " ".join(text.replace("*", "").lower().split())


def test_entries_are_in_order() -> None:
    assert len(ENTRIES) > 50
    assert list(ENTRIES) == sorted(ENTRIES, key=str.lower)


@pytest.mark.parametrize("term", ENTRIES)
def test_an_entry_leads_to_a_page_with_its_term(term: str) -> None:
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", ENTRIES[term].partition("→")[2])
    assert links
    name = SAID.get(term, re.sub(r" \(.*\)", "", term))
    for link in links:
        assert plain(name) in plain((BOOK / link).read_text("utf8")), link
