"""A page taken apart: each section with its address, its prose and the words of its code."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from bs4 import Tag
from bs4.element import NavigableString, PreformattedString

from .formulas import formula

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bs4 import BeautifulSoup

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
BLOCKS = {
    *HEADINGS,
    *("p", "li", "dt", "dd", "td", "th", "tr", "div", "br", "figcaption", "summary"),
    *("legend", "label"),
}
# Not what a page says: controls, drawings, what a program printed, a section's sections.
SKIPPED = (
    "script, style, noscript, svg, img, button, input, select, nav, section, .headerlink, .eqno, "
    ".bn-card-head, .bn-ways, .bn-findings, "
    ".cell_output pre, .cell_output .output, .katex-html, .footnote-reference, dl.glossary"
)


@dataclass(frozen=True)
class Section:
    """A section, a term of the glossary, or what stands on a page before its first section.

    Attributes
    ----------
    anchor : str
        Its place in the page.
    title, page : str
        Its heading, and that of its page.
    text : str
        Its prose, with each formula once, without its subsections.
    code : str
        The words of its programs, each once: they are found, and no piece of code is shown.
    """

    anchor: str
    title: str
    page: str
    text: str
    code: str


def sections(soup: BeautifulSoup) -> list[dict[str, Any]]:
    """Return the sections of a page, ready to be written; none where it has no article."""
    article = soup.select_one("article.bd-article")
    if article is None or (heading := article.find("h1")) is None:
        return []
    page = line(heading)
    found = [*map(section_of, article.select("section[id]")), *terms(article)]
    return [{**asdict(one), "page": page} for one in found if one is not None]


def section_of(section: Tag) -> Section | None:
    """A section by its own heading and text."""
    heading = section.find(HEADINGS, recursive=False)
    if not isinstance(heading, Tag):
        return None
    body = [child for child in section.children if child is not heading]
    return Section(str(section["id"]), line(heading), "", *prose_and_code(body))


def terms(article: Tag) -> Iterator[Section]:
    """The terms of a glossary, each with its definition."""
    for term in article.select("dl.glossary > dt[id]"):
        definition = term.find_next_sibling("dd")
        yield Section(str(term["id"]), line(term), "", *prose_and_code([definition or ""]))


def prose_and_code(nodes: list[Any]) -> tuple[str, str]:
    """What some elements say, and the words of the programs in them."""
    pieces = [piece for node in nodes for piece in walk(node)]
    prose = "".join(text for text, is_code in pieces if not is_code)
    code = " ".join(text for text, is_code in pieces if is_code)
    return tidy(prose), " ".join(dict.fromkeys(re.findall(r"\w+", code.lower())))


def line(node: Tag) -> str:
    """The words of a heading."""
    return prose_and_code(list(node.children))[0]


def walk(node: Any) -> Iterator[tuple[str, bool]]:
    """Texts below an element, in order, and whether they are code."""
    if isinstance(node, NavigableString | str):
        yield ("" if isinstance(node, PreformattedString) else str(node)), False
    elif node.name == "math":
        yield formula(node), False
    elif node.name == "pre" and node.find_parent(class_="cell_output") is None:
        yield node.get_text(), True
    elif not node.css.match(SKIPPED):
        space = " " if node.name in BLOCKS else ""
        yield space, False
        for child in node.children:
            yield from walk(child)
        yield space, False


def tidy(text: str) -> str:
    """A text in one line."""
    return " ".join(text.split())
