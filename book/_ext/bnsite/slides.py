"""A page as slides: ``?present`` in its address shows the page itself as an offline deck.

The slides are made of the finished page, in the browser (``_static/slides/slides.js``), so that
there is one source: a figure that answers in the page answers on the slide. Reveal.js shows them;
it lies in ``_static/vendor/reveal``. ``?present#a-section`` begins there. No page loads any of
this before it is asked for (``_static/course.js``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .assets import Bundle

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FOLDERS = ("slides", "vendor/reveal")


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the component."""
    for folder in FOLDERS:
        Bundle(folder).connect(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
