"""Search by sections: a hit is a section of a page, with its place in it and a piece of its text.

While building, :mod:`.sections` takes every page apart and :mod:`.data` writes one file with the
text of all sections. In the browser the vendored MiniSearch makes its index of it and
``_static/search/search.js`` shows what it finds: classic scripts on the search page alone, so that
a site opened from a folder finds as much as one from a server. ``book/search.yml`` says which
words mean the same. Sphinx' own search is switched off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import templates
from ..assets import Bundle
from . import data

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

TEMPLATE = "bnsite-search.html"
FOLDERS = ("search", "vendor/minisearch")


def replace_sphinx_search(app: Sphinx) -> None:
    """Have Sphinx make neither an index nor a page of its own for it."""
    if app.builder.format == "html":
        app.builder.search = False  # type: ignore[attr-defined]


def search_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """The page on which is searched."""
    yield "search", {"title": "Search"}, TEMPLATE


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the component."""
    for folder in FOLDERS:
        Bundle(folder).connect(app)
    app.connect("config-inited", templates.offer)
    app.connect("builder-inited", replace_sphinx_search)
    app.connect("html-collect-pages", search_page)
    app.setup_extension("bnsite.pages")
    app.connect("bnsite-page", data.remember)
    app.connect("build-finished", data.write, priority=910)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
