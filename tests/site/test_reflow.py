"""Nothing is cut off and no page scrolls sideways: on phones, magnified, with wide letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.site.webpages import PHONE, at_rest, open_all, opened, overflow, target_of

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
PHONES = (390, 360, 320)  # the last is a desktop at 400 %
MAGNIFIED = 640  # a desktop at 200 %
# As WCAG's success criterion 1.4.12 has it.
WIDE_LETTERS = """* { line-height: 1.5 !important; letter-spacing: .12em !important;
  word-spacing: .16em !important; } p { margin-bottom: 2em !important; }"""
# Formulas with a part outside a box that cuts it off, or outside what a box can scroll to.
CUT = """() => {
  const brush = document.createElement("canvas").getContext("2d");
  const painted = text => {
    const range = document.createRange();
    range.selectNodeContents(text);
    const box = range.getBoundingClientRect();
    brush.font = getComputedStyle(text.parentElement).font;
    const ink = brush.measureText(text.data);
    const line = box.top + ink.fontBoundingBoxAscent;
    return { left: box.left, right: box.right,
             top: line - ink.actualBoundingBoxAscent, bottom: line + ink.actualBoundingBoxDescent };
  };
  const parts = formula => {
    const walk = document.createTreeWalker(formula, NodeFilter.SHOW_TEXT);
    const found = [...formula.querySelectorAll(".hide-tail, .frac-line")]
      .map(one => one.getBoundingClientRect());
    while (walk.nextNode()) if (walk.currentNode.data.trim()) found.push(painted(walk.currentNode));
    return found;
  };
  // From where to where a box shows what is in it along one axis; what can be scrolled to counts.
  const along = (how, start, shown, all, scrolled) =>
    how === "visible" ? [-Infinity, Infinity]
    : how === "auto" || how === "scroll" ? [start - scrolled, start - scrolled + all]
    : [start, start + shown];
  const cut = formula => {
    const seen = parts(formula);
    let [left, right] = [Math.min(...seen.map(p => p.left)), Math.max(...seen.map(p => p.right))];
    let [top, bottom] = [Math.min(...seen.map(p => p.top)), Math.max(...seen.map(p => p.bottom))];
    for (let box = formula.parentElement; box !== document.body; box = box.parentElement) {
      const style = getComputedStyle(box), edge = box.getBoundingClientRect();
      if (style.display === "inline" || style.display === "contents") continue;
      const x = along(style.overflowX, edge.left + box.clientLeft, box.clientWidth,
        box.scrollWidth, box.scrollLeft);
      const y = along(style.overflowY, edge.top + box.clientTop, box.clientHeight,
        box.scrollHeight, box.scrollTop);
      if (left < x[0] - 1 || right > x[1] + 1 || top < y[0] - 1 || bottom > y[1] + 1) return true;
      if (x[1] - x[0] > box.clientWidth && x[0] > -Infinity)  // further out only the box is seen
        [left, right] = [edge.left, edge.right];
    }
    return right > innerWidth + 1;
  };
  const forListeners = one => getComputedStyle(one.closest("thead") ?? one).clipPath !== "none";
  return [...document.querySelectorAll("main .katex-html")]
    .filter(one => one.checkVisibility() && !forListeners(one) && cut(one))
    .map(one => one.parentElement.querySelector("math").textContent);
}"""
# What keeps its words to itself in a box of a fixed height or with a cut-off end.
BOXES = (
    ".bn-scroll, .pst-scrollable-table-container, .cell_output .text_html, .bd-article pre, "
    ".bd-article .highlight"
)


def wrong(page: Page, width: int) -> list[str]:
    """How far the page scrolls sideways at this width, and which formulas are cut."""
    page.set_viewport_size({"width": width, "height": 844})
    sideways = [f"{width} px: scrolls by {overflow(page)}"] if overflow(page) > 0 else []
    return sideways + [f"{width} px: {formula}" for formula in page.evaluate(CUT)]


# A box that scrolls, emptied so that only its own paper is seen.
EMPTIED = """box => {
  box.style.color = "transparent";
  for (const one of box.children) one.style.visibility = "hidden";
  box.scrollIntoView({ block: "center" });
}"""
FILLED = """box => {
  box.removeAttribute("style");
  for (const one of box.children) one.style.visibility = "";
  box.scrollLeft = 0;
}"""
WIDE = "all => all.filter(b => b.scrollWidth > b.clientWidth + 1).map(b => b.textContent)"
SCROLLS = "box => box.checkVisibility() && box.scrollWidth > box.clientWidth + 1"


def silent(page: Page) -> list[str]:
    """Boxes that scroll and do not say so: no shadow at the edge, or no way there by keys."""
    boxes = [one for one in page.locator(BOXES).all() if one.evaluate(SCROLLS)]
    found = [one for one in boxes if one.get_attribute("tabindex") != "0"]
    for box in boxes[:3]:
        box.evaluate(EMPTIED)
        more = box.screenshot()
        box.evaluate("box => { box.scrollLeft = box.scrollWidth; }")
        if box.screenshot() == more:
            found.append(box)
        box.evaluate(FILLED)
    return [box.evaluate("box => box.outerHTML.slice(0, 200)") for box in found]


def test_a_phone_shows_all(browser: Browser, server: str, page_path: str) -> None:
    """Formulas are whole wherever they stand, in what is folded away too, whatever the width.

    What is wider than a phone says so. Neither a magnification to 200 % nor the reader's own
    spacing pushes anything out.
    """
    with opened(browser, f"{server}/{page_path}", viewport=PHONE, device_scale_factor=2) as page:
        open_all(page)
        at_rest(page)
        assert silent(page) == []
        assert [one for width in (*PHONES, MAGNIFIED) for one in wrong(page, width)] == []
        page.add_style_tag(content=WIDE_LETTERS)
        assert wrong(page, PHONE["width"]) == []


def test_what_is_printed_in_sentences_is_read_without_scrolling(
    browser: Browser, server: str, site: Path
) -> None:
    found = [path.relative_to(site).as_posix() for path in site.glob("book/*/*-lab.html")]
    labs = [lab for lab in found if target_of(site, lab) is None]
    seen = 0
    for lab in labs:
        with opened(browser, f"{server}/{lab}", viewport=PHONE) as page:
            at_rest(page)
            printed = page.locator(".cell_output pre.bn-sentences:visible")
            seen += printed.count()
            assert printed.evaluate_all(WIDE) == [], lab
    assert seen > len(labs) > 0


def test_stacked_tables_keep_their_names(browser: Browser, server: str) -> None:
    """On a phone a wide table is whole, each cell with its heading, and a table to be heard."""
    with opened(browser, f"{server}/book/notation.html", viewport=PHONE) as page:
        at_rest(page)
        table = page.locator("table.bn-stacks").first
        heads = table.locator("thead th").all_inner_texts()
        assert len(heads) > 2
        assert table.evaluate("t => t.scrollWidth <= t.parentElement.clientWidth")
        row = table.locator("tbody tr").first
        assert all(head in row.inner_text() for head in heads[1:])
        tree = table.aria_snapshot()
        assert all(f'- columnheader "{head}"' in tree for head in heads)
        assert '- cell "examples in a batch' in tree
