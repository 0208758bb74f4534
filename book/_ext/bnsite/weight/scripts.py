"""The scripts of a page: those that it needs, deferred, so that none comes before the text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from bs4.element import Script

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag
    from sphinx.application import Sphinx

# From a script of the theme or of an extension to what it works on; without that, a page goes
# without it. Some work on nothing that any page here has: Sphinx' search and its marks, and
# 1.5 MB that replace icons by drawings.
WORKS_ON = {
    "fontawesome.js": None,
    "searchtools.js": None,
    "language_data.js": None,
    "searchindex.js": None,
    "doctools.js": None,
    "sphinx_highlight.js": None,
    "translations.js": None,
    "design-tabs.js": ".sd-tab-set",
    "togglebutton.js": ".toggle, .toggle-hidden, .admonition.dropdown",
    "clipboard.min.js": "div.highlight pre",
    "copybutton.js": "div.highlight pre",
}
OPTIONS = "_static/documentation_options.js"
SOURCE_MAP = re.compile(r"\s*(?://|/\*)# sourceMappingURL=[^\s*]+(?: ?\*/)?\s*$")


def lighten_page(app: Sphinx, soup: BeautifulSoup, page: str) -> None:
    """Drop the scripts that a page does not need, and defer the others, in their order."""
    for link in soup.select("link[rel=preload][as=script]"):
        link.decompose()  # scripts that wait need no head start over what is shown
    take_in_options(soup, Path(app.outdir))
    for script in soup.select("script[src]"):
        if needed(script, soup):
            script["defer"] = "defer"
            if soup.head is not None and script.find_parent("head") is None:
                soup.head.append(script.extract())
        else:
            script.decompose()


def take_in_options(soup: BeautifulSoup, out: Path) -> None:
    """Put Sphinx' few options into the page itself, where lines below set more of them."""
    for script in soup.select(f"script[src*='{OPTIONS}']"):
        here = soup.new_tag("script")
        here.append(Script((out / OPTIONS).read_text("utf8")))
        script.replace_with(here)


def needed(script: Tag, soup: BeautifulSoup) -> bool:
    """Whether there is something on the page for a script to work on."""
    name = str(script["src"]).partition("?")[0].rpartition("/")[2]
    works_on = WORKS_ON.get(name, "html")
    return works_on is not None and soup.select_one(works_on) is not None


def forget_sources(out: Path) -> None:
    """Take out of the scripts what points to files for their developers."""
    for path in (out / "_static").rglob("*.js"):
        text = path.read_text("utf8")
        if len(text) > len(shorter := SOURCE_MAP.sub("\n", text)):
            path.write_text(shorter, "utf8")
