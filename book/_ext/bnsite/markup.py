"""HTML as the standard has it, where the theme and its extensions write something else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bs4 import BeautifulSoup
    from sphinx.application import Sphinx

# Attributes that say what a style sheet says better, or that no standard knows.
UNKNOWN = {"table": ("border",), "input": ("autocorrect",)}

APPLIED = "\N{FUNCTION APPLICATION}"
SCRIPTS = ", ".join(f"{name} > mo" for name in ("msub", "msup", "msubsup", "munder", "mover"))


def drop_unknown_attributes(soup: BeautifulSoup) -> None:
    """Leave out attributes that the standard does not have."""
    for element, names in UNKNOWN.items():
        for name in names:
            for one in soup.select(f"{element}[{name}]"):
                del one[name]


def unwrap_summaries(soup: BeautifulSoup) -> None:
    """A summary holds words, no paragraph."""
    for paragraph in soup.select("summary p"):
        paragraph.name = (
            "span"  # course.css shows the one that fits, as MyST-NB's sheet does with p
        )


def gather_styles(soup: BeautifulSoup) -> None:
    """Styles stand in the head: those that a lab's outputs bring, each once, in their order."""
    if soup.head is None or soup.body is None:
        return
    known = {style.get_text() for style in soup.head.select("style")}
    for style in soup.body.select("style"):
        if style.get_text() not in known:
            known.add(style.get_text())
            soup.head.append(style.extract())
        else:
            style.decompose()


def drop_lone_signs(soup: BeautifulSoup) -> None:
    """The sign between a function and its argument is no part of an index below the function."""
    for sign in soup.select(SCRIPTS):
        if sign.get_text() == APPLIED:
            sign.decompose()


def mend(app: Sphinx, soup: BeautifulSoup, page: str) -> None:
    """Mend one page."""
    drop_unknown_attributes(soup)
    unwrap_summaries(soup)
    gather_styles(soup)
    drop_lone_signs(soup)


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the component."""
    app.setup_extension("bnsite.pages")
    app.connect("bnsite-page", mend)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
