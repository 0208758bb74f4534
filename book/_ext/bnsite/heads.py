"""What others are told of a page: its one title, its address, and what a preview shows of it.

A page's address is that of the GitHub Pages of the repository that builds. A page without a
source, such as the search page, has no address of its own and is no place to come to.
"""

from __future__ import annotations

import os
import re
from html import escape, unescape
from os.path import relpath
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from . import preview, repository

if TYPE_CHECKING:
    from bs4 import BeautifulSoup
    from sphinx.application import Sphinx
    from sphinx.config import Config

DASH = " \N{EM DASH} "
DESCRIPTION = re.compile(r'<meta\b(?=[^>]*\bname="description")[^>]*\bcontent="([^"]*)"')


def set_address(app: Sphinx, config: Config) -> None:
    """Give Sphinx the site's address, from which it makes those of the pages.

    A site with a domain of its own states it in ``_config.yml``, as ``html: baseurl:``.
    """
    if not config.html_baseurl:
        config.html_baseurl = repository.site_address(Path(app.srcdir), os.environ)


def tags(context: dict[str, Any], title: str, site: str, address: str) -> dict[str, str]:
    """The preview of a page: names of meta tags, and what they say."""
    described = DESCRIPTION.search(context.get("metatags", ""))
    return {
        "og:type": "article",
        "og:site_name": site,
        "og:title": title,
        "og:description": unescape(described.group(1)) if described else "",
        "og:url": str(context["pageurl"]),
        "og:image": urljoin(address, preview.NAME),
        "og:image:width": str(preview.WIDTH),
        "og:image:height": str(preview.HEIGHT),
        "og:image:alt": preview.WORDS,
        "og:locale": "en_GB",
        "twitter:card": "summary_large_image",
    }


def add_tags(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    """Add to a page what a preview shows of it; one without a source has no address either."""
    address = str(app.config.html_baseurl)
    if doctree is None or not address:
        context["pageurl"] = None
        return
    title = unescape(re.sub(r"<[^>]*>", "", context.get("title") or ""))
    found = tags(context, title, str(app.config.html_title), address)
    context["metatags"] = context.get("metatags", "") + "".join(
        f'<meta {"name" if name.startswith("twitter") else "property"}="{name}" '
        f'content="{escape(content)}">\n'
        for name, content in found.items()
        if content
    )


def say_title_once(soup: BeautifulSoup) -> None:
    """A page that is called as the book is: once."""
    if soup.title is not None:
        parts = soup.title.get_text().strip().split(DASH)
        soup.title.string = DASH.join(dict.fromkeys(parts))


def keep_one_viewport(soup: BeautifulSoup) -> None:
    """The theme and its base both state the viewport."""
    for extra in soup.select("meta[name=viewport]")[1:]:
        extra.decompose()


def lead_on_in_full(app: Sphinx, soup: BeautifulSoup, page: str) -> None:
    """A page that leads on has the site's icon, and the whole address of where it leads."""
    if (empty := soup.select_one('link[rel=icon][href="data:,"]')) is not None:
        empty["href"] = relpath("_static/favicon.svg", Path(page).parent)
    link = soup.select_one("link[rel=canonical]")
    if link is not None and app.config.html_baseurl:
        link["href"] = urljoin(urljoin(app.config.html_baseurl, page), str(link["href"]))


def mend(app: Sphinx, soup: BeautifulSoup, page: str) -> None:
    """Mend the head of one page."""
    say_title_once(soup)
    keep_one_viewport(soup)
    lead_on_in_full(app, soup, page)


def draw_preview(app: Sphinx, exception: Exception | None) -> None:
    """Draw the picture that a preview shows, for a site whose address is known."""
    if exception is None and app.builder.format == "html" and app.config.html_baseurl:
        preview.write(Path(app.outdir))


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the component."""
    app.setup_extension("bnsite.pages")
    app.connect("config-inited", set_address)
    app.connect("html-page-context", add_tags, priority=800)
    app.connect("bnsite-page", mend)
    app.connect("build-finished", draw_preview)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
