"""A chapter as slides: of the page itself, without a network, by keyboard."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.site.webpages import PHONE, opened, overflow, soup_of, violations

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
CHAPTER = "book/the-transform/the-transform.html"
READY = "document.documentElement.classList.contains('bn-presenting')"
SHEET = {"width": 1120, "height": 720}
PLACE = "[Reveal.getIndices().h, Reveal.getIndices().v || 0]"


def test_every_chapter_can_be_presented(
    browser: Browser, server: str, site: Path, page_path: str
) -> None:
    if not soup_of(site, page_path).select(".bd-article section section"):
        pytest.skip("a page of one section")
    with opened(browser, f"{server}/{page_path}?present") as page:
        page.wait_for_function(READY)
        assert page.evaluate("Reveal.getTotalSlides()") > 1
        # What the page shows is on a slide, once; what has a name keeps it.
        ids = page.evaluate("[...document.querySelectorAll('.slides [id]')].map(e => e.id)")
        assert sorted(set(ids)) == sorted(ids)
        assert page.locator(".slides .bn-equation").count() >= len(
            soup_of(site, page_path).select(".bd-article section > .bn-equation")
        )


def test_the_way_to_the_slides_and_back(browser: Browser, server: str) -> None:
    with opened(browser, f"{server}/{CHAPTER}") as page:
        page.get_by_role("link", name="Show as slides").click()
        page.wait_for_function(READY)
        page.keyboard.press("ArrowRight")
        page.wait_for_function(f"{PLACE}[0] === 1")
        anchor = page.evaluate("Reveal.getCurrentSlide().dataset.anchor")
        page.get_by_role("link", name="Back to the page").click()
        page.wait_for_url(f"{server}/{CHAPTER}#{anchor}")
        assert page.locator("article.bd-article h1").count() == 1


def test_slides_begin_at_a_section_and_stay_where_they_are(browser: Browser, server: str) -> None:
    with opened(browser, f"{server}/{CHAPTER}") as page:
        section = page.evaluate(
            "[...document.querySelectorAll('.bd-article section > section')][3].id"
        )
        page.goto(f"{server}/{CHAPTER}?present#{section}", wait_until="load")
        page.wait_for_function(READY)
        page.wait_for_function(f"Reveal.getCurrentSlide().dataset.anchor === '{section}'")
        page.keyboard.press("ArrowRight")
        page.wait_for_function("location.search !== '?present'")
        place = page.evaluate(PLACE)
        page.reload(wait_until="load")
        page.wait_for_function(READY)
        page.wait_for_function(f"JSON.stringify({PLACE}) === '{str(place).replace(' ', '')}'")


def test_notes_are_shown_by_key_and_by_button(browser: Browser, server: str) -> None:
    with opened(browser, f"{server}/{CHAPTER}?present=1.0") as page:
        page.wait_for_function(READY)
        button = page.get_by_role("button", name="Notes")
        assert button.get_attribute("aria-pressed") == "false"
        page.keyboard.press("n")
        page.wait_for_function("document.querySelector('.reveal.show-notes') !== null")
        assert button.get_attribute("aria-pressed") == "true"
        button.click()
        page.wait_for_function("document.querySelector('.reveal.show-notes') === null")


def test_a_figure_on_a_slide_answers_and_keeps_its_keys(browser: Browser, server: str) -> None:
    with opened(browser, f"{server}/{CHAPTER}?present#drag-the-batch") as page:
        page.wait_for_function(READY)
        slider = page.locator(".slides .present input[type=range]").first
        slider.focus()
        before, place = slider.input_value(), page.evaluate(PLACE)
        page.keyboard.press("ArrowRight")
        page.wait_for_function("before => document.activeElement.value !== before", arg=before)
        assert page.evaluate(PLACE) == place


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_slides_are_accessible(browser: Browser, server: str, scheme: str) -> None:
    with opened(browser, f"{server}/{CHAPTER}?present=1.0", color_scheme=scheme) as page:
        page.wait_for_function(READY)
        assert violations(page) == []


def test_slides_work_from_a_folder(browser: Browser, site: Path) -> None:
    with opened(browser, f"{(site / CHAPTER).as_uri()}?present") as page:
        page.wait_for_function(READY)
        assert page.evaluate("Reveal.getTotalSlides()") > 1


# Of all that a slide says, the smallest letters as they are seen: the deck is scaled to its window.
LETTERS = """() => Math.min(...[...document.querySelectorAll(".slides :is(h1, h2, h3, p, li, pre)")]
  .filter(one => one.checkVisibility() && one.offsetWidth && !one.closest(".notes"))
  .map(one => parseFloat(getComputedStyle(one).fontSize)
    * one.getBoundingClientRect().width / one.offsetWidth))"""


def test_a_phone_shows_letters_that_can_be_read(browser: Browser, server: str) -> None:
    """By touch: the slides follow each other as one scrolls, and none is wider than the phone."""
    phone = {"viewport": PHONE, "is_mobile": True, "has_touch": True}
    with opened(browser, f"{server}/{CHAPTER}?present", **phone) as page:
        page.wait_for_function(READY)
        assert page.evaluate(LETTERS) > 11
        assert overflow(page) <= 0
        page.evaluate("Reveal.slide(2, 1)")
        page.wait_for_function("location.search === '?present=2.1'")
        page.set_viewport_size({"width": 844, "height": 390})
        page.wait_for_function("Reveal.getConfig().width === 1120")


LEAVES = "document.querySelectorAll('.slides > section > section').length"
BEYOND = """() => [...document.querySelectorAll(".slides > section > section *")]
  .filter(one => one.checkVisibility() && !one.closest(".katex-mathml, svg"))
  .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map(one => one.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("address", ["?present", "?present&print-pdf", "?present=2.1"])
def test_every_slide_has_a_sheet(browser: Browser, server: str, address: str) -> None:
    with opened(browser, f"{server}/{CHAPTER}{address}", viewport=SHEET) as page:
        page.wait_for_function(READY)
        slides = page.evaluate(LEAVES)
        pdf = page.pdf(prefer_css_page_size=True)
        sheets = len(re.findall(rb"/Type /Page\b", pdf))
        assert slides <= sheets <= slides * 1.5
        assert set(re.findall(rb"/MediaBox \[([^]]*)\]", pdf)) == {b"0 0 840 540"}
        page.emulate_media(media="print")
        hidden = page.evaluate(
            "[...document.querySelectorAll('.slides > section > section')]"
            ".filter(one => !one.offsetHeight || !one.checkVisibility({ opacityProperty: true,"
            " visibilityProperty: true })).length"
        )
        assert hidden == 0
        assert page.evaluate(BEYOND) == []
        assert not page.locator(".bn-slide-bar").is_visible()
