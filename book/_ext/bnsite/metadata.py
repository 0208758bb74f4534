"""A description for search engines and previews on every page.

A prose page states it (``myst: {html_meta: {description: ...}}``); a lab's is its first
paragraph. A page without one is a warning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util import logging

if TYPE_CHECKING:
    from sphinx.application import Sphinx

LOG = logging.getLogger(__name__)
LONGEST = 300


def first_paragraph(doctree: nodes.document) -> str:
    """The page's first paragraph outside boxes and outputs, in one line."""
    for paragraph in doctree.findall(nodes.paragraph):
        if isinstance(paragraph.parent, nodes.section) and paragraph.astext().strip():
            return " ".join(paragraph.astext().split())
    return ""


def shortened(text: str) -> str:
    """A text of at most so many characters as search engines show."""
    return text if len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0] + " …"


def is_notebook(app: Sphinx, docname: str) -> bool:
    """Whether a page is a lab."""
    return app.env.doc2path(docname).endswith(".ipynb")


def describe(app: Sphinx, doctree: nodes.document) -> None:
    """Give a lab its first paragraph as description; a page must bring its own."""
    docname = app.env.docname
    if any(m.get("name") == "description" for m in doctree.findall(nodes.meta)):
        return
    text = shortened(first_paragraph(doctree)) if is_notebook(app, docname) else ""
    if text:
        doctree.insert(0, nodes.meta(name="description", content=text))
        return
    LOG.warning(
        "page without a description: %s",
        "begin the lab with a paragraph that says what it is about"
        if is_notebook(app, docname)
        else "add `myst: {html_meta: {description: ...}}` at its top",
        location=docname,
        type="bnsite",
        subtype="meta",
    )


def describe_generated(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    """Search page and index have no source; they get a sentence of their own."""
    if doctree is None and 'name="description"' not in context.get("metatags", ""):
        title = context.get("title") or pagename
        text = f"{title} of the book {app.config.html_title}"
        context["metatags"] = context.get("metatags", "") + (
            f'<meta name="description" content="{text}" />'
        )


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the component."""
    app.connect("doctree-read", describe)
    app.connect("html-page-context", describe_generated)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
