"""What is shown for an address that the site does not have: search, and all pages.

GitHub Pages shows ``404.html`` for any address, at any depth. So everything on it is addressed
from the root of the site.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from . import templates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bs4 import BeautifulSoup
    from sphinx.application import Sphinx

NAME, TEMPLATE = "404", "bnsite-404.html"
REFERENCES = ("href", "src", "action")


def missing_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """The page."""
    yield NAME, {"title": "There is no page at this address"}, TEMPLATE


def address_from_root(app: Sphinx, soup: BeautifulSoup, page: str) -> None:
    """Make the page's references independent of the address at which it is shown."""
    if page != f"{NAME}.html":
        return
    root = urlsplit(app.config.html_baseurl).path or "/"
    for name in REFERENCES:
        for element in soup.select(f"[{name}]"):
            if not str(element[name]).startswith("#"):
                element[name] = urljoin(root, str(element[name]))
    if soup.html is not None:
        soup.html["data-content_root"] = root


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the component."""
    app.setup_extension("bnsite.pages")
    app.connect("config-inited", templates.offer)
    app.connect("html-collect-pages", missing_page)
    app.connect("bnsite-page", address_from_root, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
