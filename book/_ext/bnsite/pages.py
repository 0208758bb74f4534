"""What the theme's finished pages lack, above all accessibility."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bs4 import BeautifulSoup
from bs4.element import NavigableString

from .pictures import keep_places, load_late
from .printed import break_sentences
from .webtables import stack_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

MARK = "data-bnsite"
EVENT = "bnsite-page"  # for who adds to finished pages: app, the page as soup, its path in the site
CLOSING = re.compile(r"[,.;:!?)\u2019]+")


def name_controls(soup: BeautifulSoup) -> None:
    """A control's accessible name contains the words that it shows."""
    for icon in soup.select(
        ".theme-switch-button > i, .search-button-field > i, .search-button__kbd-shortcut, .btn i"
    ):
        icon["aria-hidden"] = "true"
        icon.attrs.pop("title", None)
    for control in soup.select(".search-button-field[aria-label]"):
        del control["aria-label"]
    for switch in soup.select(".theme-switch-button"):  # says its state in its name; see course.js
        switch.attrs = {k: v for k, v in switch.attrs.items() if not k.startswith("data-bs-")}
    for summary in soup.select("details > summary"):
        if summary.get_text(strip=True):
            summary.attrs.pop("aria-label", None)
        else:
            chapter = summary.find_parent("li")
            link = chapter.find("a") if chapter is not None else None
            summary["aria-label"] = f"Pages below {link.get_text(strip=True)}" if link else "More"


def name_regions(soup: BeautifulSoup) -> None:
    """Everything on the page lies in a landmark, and landmarks differ by name."""
    side = soup.select_one("#pst-primary-sidebar")
    if side is not None:
        side["role"] = "complementary"
        side["aria-label"] = "Course"


def mend_bibliography(soup: BeautifulSoup) -> None:
    """Give the bibliography's entries roles that belong together, and no numbers.

    The text cites by author and year, so that is how an entry is looked for.
    """
    for number in soup.select("div.citation > span.label"):
        number.decompose()
    for entry in soup.select("div.citation-list[role=list] > div.citation"):
        entry["role"] = "listitem"
    for entry in soup.select("div.citation[role=doc-biblioentry]"):
        del entry["role"]


def free_table_corners(soup: BeautifulSoup) -> None:
    """An empty corner of a table is no header."""
    for corner in soup.select("th"):
        if not corner.get_text(strip=True) and corner.find(["img", "svg"]) is None:
            corner.name = "td"


def keep_punctuation(soup: BeautifulSoup) -> None:
    """No line break between a formula and the comma after it."""
    for formula in soup.select("span.math"):
        after = formula.next_sibling
        if not isinstance(after, NavigableString) or not (mark := CLOSING.match(after)):
            continue
        box = soup.new_tag("span", attrs={"class": "bn-together"})
        formula.replace_with(box)
        box.extend([formula, mark.group()])
        after.replace_with(after[mark.end() :])


# As the theme does it, but before the page is painted: then the theme finds nothing to move.
SCROLL_CONTENTS = """(() => {
  const side = document.getElementById("pst-primary-sidebar");
  const kept = parseInt(sessionStorage.getItem("sidebar-scroll-top"), 10);
  const here = [...side.querySelectorAll(".bd-docs-nav .active")].pop();
  const below = here ? here.getBoundingClientRect().y - side.getBoundingClientRect().y : 0;
  if (!isNaN(kept)) side.scrollTop = kept;
  else if (below > innerHeight / 2) side.scrollTop = below - side.clientHeight / 4;
})();"""


def show_place_in_contents(soup: BeautifulSoup) -> None:
    """The list of contents shows the page's own entry from the first paint on."""
    side = soup.select_one("#pst-primary-sidebar")
    if side is not None:
        script = soup.new_tag("script")
        script.string = SCROLL_CONTENTS
        side.insert_after(script)


def name_cards_once(soup: BeautifulSoup) -> None:
    """A lab may show a finding on several data sets; the first card has its address."""
    seen = set()
    for card in soup.select(".bn-card[id]"):
        if card["id"] in seen:
            del card["id"]
        else:
            seen.add(card["id"])


FIXES = (
    name_controls,
    name_regions,
    mend_bibliography,
    free_table_corners,
    keep_punctuation,
    load_late,
    show_place_in_contents,
    break_sentences,
    stack_tables,
    name_cards_once,
)


def unfinished(out: Path) -> Iterator[tuple[Path, str]]:
    """The pages that this build wrote, or one before that was interrupted."""
    for path in sorted(out.rglob("*.html")):
        if {"_static", "_sources"} & set(path.relative_to(out).parts):
            continue
        text = path.read_text("utf8")
        if MARK not in text[:500]:
            yield path, text


def finish(path: Path, text: str, app: Sphinx) -> None:
    """Write a page anew, with what it lacked and what other components add to it."""
    soup = BeautifulSoup(text, "html.parser")
    for fix in FIXES:
        fix(soup)
    keep_places(soup, path.parent)
    app.emit(EVENT, soup, path.relative_to(app.outdir).as_posix())
    if soup.html is not None:
        soup.html[MARK] = ""
    temporary = path.with_suffix(".tmp")
    temporary.write_text(str(soup), "utf8")
    temporary.replace(path)


def finish_all(app: Sphinx, exception: Exception | None) -> None:
    """Finish the pages that were built."""
    if exception is not None or app.builder.format != "html":
        return
    for path, text in unfinished(Path(app.outdir)):
        finish(path, text, app)


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the component."""
    app.add_event(EVENT)
    app.connect("build-finished", finish_all, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
