"""Tables and findings fit where they are read: on a desktop, on a phone, and magnified."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from bnutils.intervals import Interval
from bnutils.summaries import Row, Summary
from bnutils.tables import from_frame
from tests.site.webpages import at_rest, overflow, soup_of

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
WIDTHS = (1280, 390, 320)  # the last: 400 % on a desktop
COLUMN = 720  # of the book's text
ONE_LINE = 18  # letters of an interval that a card has room for
LEDGER = "book/ledger.html"
RESULTS = ".bn-table, .bn-card, .bn-card-head"
# What sticks out of a result, or is wider than its own cell. Headings of a stacked table are for
# screen readers only, a drawing has a size of its own, and test_reflow measures formulas.
SPILLED = """results => [...document.querySelectorAll(results)].flatMap(result => {
  const edge = result.getBoundingClientRect();
  const parts = "*:not(style, thead, thead *, svg *, .katex *)";
  return [result, ...result.querySelectorAll(parts)].filter(one => {
    const box = one.getBoundingClientRect();
    return box.width && (one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display
      != "inline" || box.right > edge.right + 1 || box.left < edge.left - 1);
  }).map(one => one.outerHTML.slice(0, 200));
})"""
LONG = "batch normalisation of width 1024, momentum 0.999, after the activation"
ARMS = [
    "plain",
    *(f"{LONG}, number {n}" for n in range(7)),
    "w" * 70,
    "\u5c42\u5f52" * 9,
    "\N{FIRE}",
]


def look(page: Page, width: int) -> list[str]:
    """What does not fit at this width."""
    page.set_viewport_size({"width": width, "height": 900})
    sideways = [f"the page scrolls by {overflow(page)} px"] if overflow(page) > 0 else []
    return sideways + page.evaluate(SPILLED, RESULTS)


def test_a_sentence_of_the_ledger_ends_once(site: Path) -> None:
    sentences = [one.get_text() for one in soup_of(site, LEDGER).select("p.bn-measured")]
    assert len(sentences) > 20
    assert [one for one in sentences if ".." in one] == []


def test_results_fit(browser: Browser, server: str, site: Path, page_path: str) -> None:
    if not soup_of(site, page_path).select(RESULTS):
        pytest.skip("a page without results")
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{server}/{page_path}", wait_until="load")
        at_rest(page)
        assert [(width, look(page, width)) for width in WIDTHS] == [(w, []) for w in WIDTHS]


INTERVALS = """() => [...document.querySelectorAll(".bn-findings td + .bn-number")].map(cell => {
  const line = document.createRange();
  line.setStart(cell, 0);
  line.setEndBefore(cell.querySelector(".bn-unit"));
  const tops = new Set([...line.getClientRects()].map(box => Math.round(box.top)));
  return [line.toString(), tops.size];
})"""


def test_numbers_of_a_card_stand_in_one_line(browser: Browser, server: str) -> None:
    """An interval of long numbers may take two, each number whole."""
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        page.goto(f"{server}/{LEDGER}", wait_until="load")
        at_rest(page)
        intervals = page.evaluate(INTERVALS)
    assert len(intervals) > 20
    two = [words for words, _ in intervals if "×" in words or len(words) > ONE_LINE]
    assert [words for words, lines in intervals if lines > 1 + (words in two)] == []


def summary() -> Summary:
    """Many arms, with long names, in other scripts, one diverged."""
    gap = Interval(-0.123456, -0.2, 0.1, 10)
    rows = [Row(arm, "test_accuracy", Interval(0.95, 0.9, 1.0, 10), gap, 10) for arm in ARMS]
    gone = Row("hot", "test_accuracy", Interval(*3 * [float("nan")], 0), None, 10, tuple(range(10)))
    return Summary("test_accuracy", "on digits28 after 5 epochs", "plain", (*rows, gone))


@pytest.mark.parametrize(
    "table",
    [
        pytest.param(summary(), id="many arms"),
        pytest.param(
            from_frame(pd.DataFrame({f"column {n}": [1e-9, n] for n in range(12)})), id="wide"
        ),
        pytest.param(from_frame(pd.DataFrame({"one": ["w" * 200, LONG]})), id="long words"),
        pytest.param(
            from_frame(
                pd.DataFrame(
                    {"the share that is left": [True, False]},
                    index=pd.MultiIndex.from_tuples([(LONG, 1), ("b", 2)], names=["a", "b"]),
                )
            ),
            id="two names of a row",
        ),
    ],
)
@pytest.mark.parametrize("width", [*WIDTHS, COLUMN])
def test_any_table_fits(browser: Browser, table: Summary, width: int) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.set_content(
            f'<meta name="viewport" content="width=device-width">{table._repr_html_()}'
        )
        assert look(page, width) == []
