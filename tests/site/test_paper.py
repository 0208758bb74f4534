"""On paper: dark on white in both looks, whole, and without what only a screen has."""

from __future__ import annotations

import re
import zlib
from itertools import zip_longest
from typing import TYPE_CHECKING

import pytest

from tests.site.webpages import at_rest, change_look, load_pictures, opened, overflow, page_with

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
SHEET = {"width": 665, "height": 985}  # A4 within its margins, in the page's pixels
# Texts that would be pale on paper, where a printer leaves backgrounds out. What a drawing writes
# on its own marks is painted with them.
PALE = """() => {
  const light = c => { c /= 255; return c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4; };
  const contrast = colour => {
    const [r, g, b, a = 1] = colour.match(/[\\d.]+/g).map(Number).slice(0, 4);
    const [x, y, z] = [r, g, b].map(c => light(255 + (c - 255) * a));
    return 1.05 / (.2126 * x + .7152 * y + .0722 * z + .05);
  };
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const pale = new Set();
  while (walk.nextNode()) {
    const one = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || one.closest("svg, script, style, .katex-mathml")) continue;
    if (!one.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const colour = getComputedStyle(one).color;
    if (contrast(colour) < 4.5) pale.add(`${colour}: ${walk.currentNode.data.trim().slice(0, 40)}`);
  }
  return [...pale];
}"""
SEEN = """where => [...document.querySelectorAll(where)]
  .filter(one => one.checkVisibility() && %s).map(one => one.outerHTML.slice(0, 120))"""
SCREEN_ONLY = (
    ".bd-sidebar, .bd-header, .bd-header-article, .prev-next-footer, .skip-link, dialog[open], "
    ".copybtn, .headerlink, .bd-footer, nav, .theme-switch-button, .search-button-field"
)
WHOLE = "figure, .bn-card, .bn-row, .bnx-figure, .bnq-question, .bn-equation, div.cell_output img"
SIDEWAYS = "pre, .bn-scroll, .pst-scrollable-table-container, .cell_output .text_html"
FRAMES = "div.cell_input, pre, details"


def on_paper(page: Page) -> dict[str, object]:
    """What is wrong with the page as it would be printed."""
    page.emulate_media(media="print")
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    seen = {
        "screen only": page.evaluate(SEEN % "true", SCREEN_ONLY),
        "split": page.evaluate(SEEN % "getComputedStyle(one).breakInside != 'avoid'", WHOLE),
        "cut": page.evaluate(SEEN % "one.scrollWidth > one.clientWidth + 1", SIDEWAYS),
        "empty": page.evaluate(SEEN % "!one.innerText.trim()", FRAMES),
    }
    return {"pale": page.evaluate(PALE), "paper": paper, "sideways": overflow(page), **seen}


GOOD = {
    "pale": [], "paper": "rgb(255, 255, 255)", "sideways": 0,
    "screen only": [], "split": [], "cut": [], "empty": [],
}  # fmt: skip


def test_print(browser: Browser, server: str, page_path: str) -> None:
    """In both looks: they differ in colours alone (`test_both_looks_print_the_same`)."""
    with opened(browser, f"{server}/{page_path}", viewport=SHEET, color_scheme="dark") as page:
        for look in ("dark", "light"):
            page.emulate_media(media="screen")
            change_look(page, look)
            assert on_paper(page) == GOOD


def test_print_without_a_script(browser: Browser, server: str, page_path: str) -> None:
    options = {"viewport": SHEET, "color_scheme": "dark", "java_script_enabled": False}
    with opened(browser, f"{server}/{page_path}", **options) as page:
        assert on_paper(page) == GOOD


def test_addresses_are_printed(browser: Browser, server: str, site: Path) -> None:
    """A link to another place says where it leads."""
    path = page_with(site, 'class="reference external" href="https')
    with opened(browser, f"{server}/{path}", viewport=SHEET) as page:
        page.emulate_media(media="print")
        after = page.evaluate(
            """[...document.querySelectorAll(".bd-article a.external")].map(one =>
              [one.href, getComputedStyle(one, "::after").content])"""
        )
        assert after
        assert [href for href, content in after if href.rstrip("/") not in content] == []


def drawn(pdf: bytes) -> list[bytes]:
    """What is drawn on the sheets of a PDF, in order."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    packed = [one for one in streams if one[:1] == b"\x78"]  # zlib's first byte
    return [zlib.decompressobj().decompress(one) for one in packed]


KINDS = {
    "landing": "bn-hero",
    "explorable": "bnx-figure",
    "lab": "cell_output",
    "quiz": "bnq-question",
    "ledger": "bn-entry",
}


@pytest.mark.parametrize("kind", KINDS)
def test_both_looks_print_the_same(browser: Browser, server: str, site: Path, kind: str) -> None:
    printed = []
    for look in ("light", "dark"):
        address = f"{server}/{page_with(site, KINDS[kind])}"
        with opened(browser, address, color_scheme=look) as page:
            load_pictures(page)
            at_rest(page)
            printed.append(page.pdf(format="A4"))
    light, dark = printed
    sheets = [len(re.findall(rb"/Type /Page\b", one)) for one in printed]
    assert sheets[0] == sheets[1] > 0
    pairs = list(zip_longest(drawn(light), drawn(dark)))
    assert [number for number, (one, other) in enumerate(pairs) if one != other] == []
    assert pairs != []
