"""Boxes of the teaching pattern get their look from their title.

Authors, in notebooks too, write a plain admonition titled, say, "Exercise"; the class that
the style sheet needs is added here, so that the pattern looks the same on all pages. A theorem
is such a box in a lab; on a page it has a number (see :mod:`bnsite.theorems`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx

BOXES = {
    "what you will be able to do": "objectives",
    "objectives": "objectives",
    "exercise": "exercise",
    "theorem": "theorem",
}
THEME_LOOKS = {"tip", "note", "hint", "important", "seealso"}


def box_of(title: str) -> str | None:
    """The class of a box with this title; None for any other."""
    start = title.strip().lower()
    return next((name for words, name in BOXES.items() if start.startswith(words)), None)


def mark_boxes(app: Sphinx, doctree: nodes.document) -> None:
    """Give the boxes of a page their classes."""
    for box in doctree.findall(nodes.admonition):
        title = next(iter(box.findall(nodes.title)), None)
        name = box_of(title.astext()) if title is not None else None
        if name:
            box["classes"] = [c for c in box["classes"] if c not in THEME_LOOKS] + [name]


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the component."""
    app.connect("doctree-read", mark_boxes)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
