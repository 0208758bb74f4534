"""A chapter that asks a question gives its first answer before a reader has scrolled for long."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.site.webpages import opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
PAGE = "book/with-and-without/with-and-without.html"
SCREENS = 2
SIZES = [{"width": 1280, "height": 800}, {"width": 390, "height": 844}]
LINE = 32  # pixels: of an answer, as much as says what it is


@pytest.mark.parametrize("viewport", SIZES, ids=lambda size: str(size["width"]))
def test_the_first_answer_is_within_two_screens(
    browser: Browser, server: str, viewport: dict[str, int]
) -> None:
    with opened(browser, f"{server}/{PAGE}", viewport=viewport) as page:
        box = page.locator(".bnp > fieldset").first
        box.locator("input").fill("1000")
        box.locator("input").press("Enter")
        answer = box.locator("details")
        answer.wait_for(state="visible")
        top = answer.evaluate("one => one.getBoundingClientRect().top + scrollY")
        assert top + LINE <= SCREENS * viewport["height"]
