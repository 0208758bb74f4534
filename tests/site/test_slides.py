"""A chapter as slides: of the page itself, without a network, by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.site.webpages import opened, soup_of, violations

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
CHAPTER = "book/the-transform/the-transform.html"
READY = "document.documentElement.classList.contains('bn-presenting')"
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
