"""Menus, search and launch buttons, by keyboard and on a phone."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import pytest
from bnsite import repository

from bnutils.utils.chapters import Chapter
from tests.site.webpages import DESKTOP, PHONE, ROOT, at_rest, soup_of, violations
from tools.build_book import expected_pages

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
CHAPTER = f"{Chapter(ROOT, 'with-and-without').document}.html"
LAB = CHAPTER.replace(".html", "-lab.html")
SCHEMES = ("light", "dark")


def focused(page: Page) -> str:
    return page.evaluate(
        "(e => (e.id || e.className) + ' ' + (e.getAttribute('aria-label') || e.title || "
        "e.textContent || '').trim())(document.activeElement)"
    )


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_search_dialog(
    browser: Browser, server: str, scheme: str, viewport: dict[str, int]
) -> None:
    """The dialog opens by keyboard, is accessible, and finds something."""
    with browser.new_context(viewport=viewport, color_scheme=scheme) as context:
        page = context.new_page()
        page.goto(f"{server}/{CHAPTER}")
        page.keyboard.press("Control+k")
        page.wait_for_selector("#pst-search-dialog[open]")
        assert violations(page) == []
        page.keyboard.type("epsilon")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search.html?q=epsilon")
        page.wait_for_selector("#bn-hits li a")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_menus_on_a_phone(browser: Browser, server: str, scheme: str) -> None:
    """Both drawers open, are accessible, and close again by keyboard."""
    with browser.new_context(viewport=PHONE, color_scheme=scheme) as context:
        page = context.new_page()
        page.goto(f"{server}/{CHAPTER}")
        for side in ("primary", "secondary"):
            page.locator(f".bd-header-article .{side}-toggle").click()
            dialog = page.locator(f"#pst-{side}-sidebar-modal")
            dialog.wait_for(state="visible")
            assert violations(page) == []
            page.keyboard.press("Escape")
            dialog.wait_for(state="hidden")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_launch_menu(browser: Browser, server: str, scheme: str) -> None:
    with browser.new_context(viewport=DESKTOP, color_scheme=scheme) as context:
        page = context.new_page()
        page.goto(f"{server}/{LAB}")
        page.locator(".dropdown-launch-buttons > button").focus()
        page.keyboard.press("Enter")
        page.wait_for_selector(".dropdown-launch-buttons .dropdown-menu.show")
        assert violations(page) == []


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_first_screen_leads_to_the_answer(
    browser: Browser, server: str, viewport: dict[str, int]
) -> None:
    """Nobody has to scroll for the page that says what it is; its neighbours are in order."""
    with browser.new_context(viewport=viewport) as context:
        page = context.new_page()
        page.goto(f"{server}/book/index.html")
        button = page.locator("main .sd-btn").first
        box = button.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= viewport["height"]
        first = page.locator("#the-chapters .sd-card a").first.get_attribute("href")
        button.click()
        page.wait_for_url(f"**/{first}")
        assert page.locator("a.left-prev").get_attribute("href") == "../index.html"
        following = page.locator("a.right-next").get_attribute("href")
        assert following == "../why-scale-matters/why-scale-matters.html"


def test_first_tab_skips_to_the_text(browser: Browser, server: str) -> None:
    with browser.new_context(viewport=DESKTOP) as context:
        page = context.new_page()
        page.goto(f"{server}/{CHAPTER}")
        page.keyboard.press("Tab")
        assert "skip" in focused(page).lower()
        page.keyboard.press("Enter")
        page.wait_for_function("location.hash === '#main-content'")


def test_keyboard_reaches_the_controls(browser: Browser, server: str) -> None:
    """Search, contents, theme switch and the text's own links come up in a walk by Tab."""
    with browser.new_context(viewport=DESKTOP) as context:
        page = context.new_page()
        page.goto(f"{server}/{CHAPTER}")
        seen = []
        for _ in range(60):
            page.keyboard.press("Tab")
            seen.append(focused(page))
    walk = "\n".join(seen).lower()
    for control in ("search", "with and without", "theme-switch", "download"):
        assert control in walk


def test_theme_switch_changes_the_theme(browser: Browser, server: str) -> None:
    with browser.new_context(viewport=DESKTOP, color_scheme="light") as context:
        page = context.new_page()
        page.goto(f"{server}/{CHAPTER}")
        themes = set()
        for _ in range(3):
            page.locator(".theme-switch-button:visible").first.click()
            themes.add(page.evaluate("document.documentElement.dataset.theme"))
        assert themes == {"light", "dark"}


def test_code_of_88_columns_fits(browser: Browser, server: str) -> None:
    """A line as long as the labs may have is read without scrolling on a desktop."""
    with browser.new_context(viewport=DESKTOP) as context:
        page = context.new_page()
        page.goto(f"{server}/{LAB}")
        hidden = page.evaluate(
            """() => {
                const pre = document.querySelector('.cell_input pre');
                pre.closest('details')?.setAttribute('open', '');
                pre.textContent = 'x'.repeat(88);
                return pre.scrollWidth - pre.clientWidth;
            }"""
        )
        assert hidden <= 0


def test_long_formulas_scroll_in_their_box(browser: Browser, server: str) -> None:
    with browser.new_context(viewport=PHONE) as context:
        page = context.new_page()
        page.goto(f"{server}/{Chapter(ROOT, 'the-backward-pass').document}.html")
        at_rest(page)
        page.wait_for_function("document.querySelector('.bn-scroll[tabindex=\"0\"]')")
        inside = page.evaluate(
            "[...document.querySelectorAll('.bn-scroll')].every(b => b.clientWidth <= 390)"
        )
        assert inside


def test_launch_buttons(site: Path, page_path: str) -> None:
    """Labs, and only labs, open on Binder and Colab, and can be downloaded."""
    soup = soup_of(site, page_path)
    links = {a.get_text(strip=True): a["href"] for a in soup.select(".dropdown-launch-buttons a")}
    if not page_path.endswith("-lab.html"):
        assert links == {}
        return
    notebook = page_path.removesuffix(".html") + ".ipynb"
    address = repository.address(ROOT, os.environ)
    owner = address.removeprefix("https://github.com/")
    branch = re.search(rf"/{owner}/blob/([^?]+)/{notebook}$", links["Colab"])
    assert branch is not None, links
    assert links["Colab"].startswith(f"https://colab.research.google.com/github/{owner}/blob/")
    assert links["Binder"] == (
        f"https://mybinder.org/v2/gh/{owner}/{branch.group(1)}?urlpath=lab/tree/{notebook}"
    )
    download = soup.select_one(".btn-download-source-button[href$='.ipynb']")
    assert download is not None
    assert ((site / page_path).parent / download["href"]).is_file()


def test_every_page_of_the_contents_is_built(site: Path) -> None:
    pages = (p.relative_to(ROOT / "_build" / "html") for p in expected_pages(ROOT))
    assert [p for p in pages if not (site / p).is_file()] == []
