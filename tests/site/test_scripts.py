"""Whatever needs a script works, from a server and from a folder: all scripts wait for the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bnutils.utils.chapters import Chapter
from tests.site.webpages import PHONE, ROOT, SITE, opened, page_with

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
CHAPTER = f"{Chapter(ROOT, 'with-and-without').document}.html"
LAB = CHAPTER.replace(".html", "-lab.html")


@pytest.fixture(params=["http", "file"])
def home(request: pytest.FixtureRequest, server: str, site: Path) -> str:
    """Where the site is: on a server, or in a folder."""
    return server if request.param == "http" else site.as_uri()


def test_the_theme_changes(browser: Browser, home: str) -> None:
    with opened(browser, f"{home}/{CHAPTER}", color_scheme="light") as page:
        mode = "document.documentElement.dataset.mode"
        seen = [page.evaluate(mode)]
        for _ in range(3):
            page.locator(".theme-switch-button:visible").first.click()
            page.wait_for_function(f"before => {mode} !== before", arg=seen[-1])
            seen.append(page.evaluate(mode))
        assert sorted(seen[1:]) == ["auto", "dark", "light"]


def test_a_chosen_theme_is_there_before_anything_is_drawn(browser: Browser, home: str) -> None:
    with opened(browser, f"{home}/{CHAPTER}", color_scheme="light") as page:
        page.evaluate("localStorage.setItem('mode', 'dark'); localStorage.setItem('theme', 'dark')")
        page.add_init_script(
            "addEventListener('DOMContentLoaded', () => { window.early ="
            " document.documentElement.dataset.theme }, { capture: true, once: true })"
        )
        page.reload()
        assert page.evaluate("window.early") == "dark"


def test_the_drawers_open_on_a_phone(browser: Browser, home: str) -> None:
    with opened(browser, f"{home}/{CHAPTER}", viewport=PHONE) as page:
        for side in ("primary", "secondary"):
            page.locator(f".bd-header-article .{side}-toggle").click()
            dialog = page.locator(f"#pst-{side}-sidebar-modal")
            dialog.wait_for(state="visible")
            page.keyboard.press("Escape")
            dialog.wait_for(state="hidden")


def test_the_contents_fold_away_on_a_desktop(browser: Browser, home: str) -> None:
    with opened(browser, f"{home}/{CHAPTER}") as page:
        side = page.locator("#pst-primary-sidebar")
        assert side.is_visible()
        page.locator(".bd-header-article .primary-toggle").click()
        side.wait_for(state="hidden")


def test_the_launch_menu_opens(browser: Browser, home: str) -> None:
    with opened(browser, f"{home}/{LAB}") as page:
        page.locator(".dropdown-launch-buttons > button").click()
        page.wait_for_selector(".dropdown-launch-buttons .dropdown-menu.show")


def test_code_is_copied(browser: Browser, home: str) -> None:
    with opened(browser, f"{home}/{LAB}") as page:
        box = page.locator(".cell_input .highlight:visible").first
        box.hover()
        box.locator("button.copybtn").click()
        page.wait_for_selector("button.copybtn.success")


def test_code_that_is_folded_away_unfolds(browser: Browser, home: str) -> None:
    with opened(browser, f"{home}/{LAB}") as page:
        cell = page.locator("details.hide").first
        summary = cell.locator("summary")
        assert summary.inner_text().strip() == "Show code cell source"
        summary.click()
        cell.locator("pre").first.wait_for(state="visible")
        assert summary.inner_text().strip() == "Hide code cell source"


def test_a_quiz_answers(browser: Browser, home: str) -> None:
    with opened(browser, f"{home}/{CHAPTER}") as page:
        form = page.locator("#quiz-with-and-without fieldset:has(input[type=radio])").first
        form.locator("input").first.check()
        form.locator(".bnq-check").click()
        form.locator(".bnq-feedback", has_text="misconception").or_(
            form.locator(".bnq-feedback", has_text="Right.")
        ).wait_for()


def test_a_figure_moves(browser: Browser, home: str) -> None:
    with opened(browser, f"{home}/{page_with(SITE, '<bn-drag-the-batch>')}") as page:
        figure = page.locator("#drag-the-batch")
        before = figure.locator(".bnx-view").inner_html()
        figure.locator("input[type=range]").first.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function(
            "html => document.querySelector('#drag-the-batch .bnx-view').innerHTML !== html",
            arg=before,
        )
