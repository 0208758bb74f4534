"""Every figure says in words what it shows; one that does not is a warning.

The house style of :mod:`bnutils.plotting` writes a title and a description into each SVG;
here they become the text alternative of the picture on the page.
"""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util import logging

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.docutils import SphinxDirective

LOG = logging.getLogger(__name__)
FILE_NAME = re.compile(r"^[\w./-]*\.(svg|png|jpe?g|gif|webp)$", re.IGNORECASE)
HEAD = 20_000  # characters: title and description follow the opening tag
LARGEST = 40_000  # bytes of a figure that is drawn while building


def captioned(directive: SphinxDirective, picture: nodes.Element, kind: str) -> nodes.figure:
    """A figure of this kind, with the content of its directive as its caption."""
    figure = nodes.figure("", picture, classes=[kind])
    directive.set_source_info(figure)
    for paragraph in directive.parse_content_to_nodes():
        figure += nodes.caption("", "", *paragraph.children)
    return figure


def words_in(svg: str) -> str:
    """Title and description of an SVG in one line; empty where it has neither."""
    title, described = (element_in(svg, name) for name in ("title", "desc"))
    return " ".join(text for text in (title * (title not in described), described) if text)


def element_in(svg: str, name: str) -> str:
    """The text of an element near the top of an SVG, as a sentence."""
    match = re.search(rf"<{name}[^>]*>(.*?)</{name}>", svg[:HEAD], re.DOTALL)
    text = " ".join(html.unescape(match.group(1)).split()) if match else ""
    return text if not text or text.endswith((".", "!", "?")) else f"{text}."


def source_of(app: Sphinx, image: nodes.image) -> Path:
    """The file of a picture."""
    uri = str(image["uri"])
    places = [
        Path(app.srcdir) / uri.lstrip("/"),
        Path(app.env.doc2path(app.env.docname)).parent / uri,
    ]
    return next((p for p in places if p.exists()), places[0])


def alternative(app: Sphinx, image: nodes.image) -> str:
    """What the picture shows, in words; empty where nobody said."""
    given = image.get("alt", "").strip()
    if given and not FILE_NAME.match(given):
        return str(given)
    path = source_of(app, image)
    if path.suffix == ".svg" and path.exists():
        return words_in(path.read_text("utf8"))
    return ""


def add_alternatives(app: Sphinx, doctree: nodes.document) -> None:
    """Put every picture's words where browsers look for them."""
    for image in doctree.findall(nodes.image):
        if "decorative" in image["classes"]:
            image["alt"] = ""
            continue
        image["alt"] = alternative(app, image)
        if not image["alt"]:
            LOG.warning(
                "figure without words: %s has neither a text alternative nor a <title>",
                image["uri"],
                location=image if image.line else app.env.docname,
                type="bnsite",
                subtype="figure",
            )


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the component."""
    app.connect("doctree-read", add_alternatives, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
