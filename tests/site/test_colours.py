"""Colours: forced by the reader, without a script, and switched by keyboard."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from bnsite.explorables import NAMES
from PIL import Image

from tests.site.webpages import DESKTOP, PHONE, at_rest, opened, page_with, violations

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.browser
SCHEMES = ("light", "dark")
# What a page looks like to the browser, for things of every kind.
KINDS = (
    "html, body, .bd-article h1, .bd-article h2, .bd-article p, .bd-article a, .bd-article code, "
    ".bd-article pre span, .bd-article img, .bn-badge, .bn-verdict, div.admonition, .bn-card, "
    ".bn-axis, .bn-bound, .bn-interval, .bn-effect, .bnx-figure, .bnx-key, .bnx-svg *, .katex, "
    ".sd-card, .sd-btn, .bn-hero, th, td, .bd-sidebar-primary a, .highlight"
)
COLOURS = """where => [...new Set([...document.querySelectorAll(where)].map(one => {
  const style = getComputedStyle(one);
  return [one.tagName, style.color, style.backgroundColor, style.fill, style.stroke, style.filter,
    style.borderTopColor].join(" ");
}))].sort()"""


@pytest.mark.by_turns("scheme", SCHEMES)
def test_without_a_script(browser: Browser, server: str, page_path: str, scheme: str) -> None:
    """The page looks as with a script, in the look that the system has."""
    seen = []
    for script in (True, False):
        options = {"color_scheme": scheme, "java_script_enabled": script}
        with opened(browser, f"{server}/{page_path}", **options) as page:
            if script:
                at_rest(page)
            seen.append(page.evaluate(COLOURS, KINDS))
    assert set(seen[0]) <= set(seen[1])  # a page may say that it can do less


def test_cards_have_their_bars_without_a_script(browser: Browser, server: str, site: Path) -> None:
    address = f"{server}/{page_with(site, 'bn-interval')}"
    with opened(browser, address, java_script_enabled=False) as page:
        bars = pixels(page.locator(".bn-drawing:has(.bn-interval)").first)
        assert len(bars.getcolors(1 << 16) or []) >= 4


def pixels(one: Locator) -> Image.Image:
    """What the reader sees of it."""
    one.scroll_into_view_if_needed()
    return Image.open(io.BytesIO(one.screenshot())).convert("RGB")


CANVAS = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)"


def drawn(picture: Image.Image) -> list[tuple[int, Any]]:
    """The colours of a picture, with how often each occurs."""
    return picture.getcolors(picture.width * picture.height) or []


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", NAMES)
def test_keys_differ_in_forced_colours(
    browser: Browser, server: str, site: Path, name: str, scheme: str
) -> None:
    """No two keys of a legend look the same, and none is empty."""
    address = f"{server}/{page_with(site, f'<bn-{name}>')}"
    with opened(browser, address, forced_colors="active", color_scheme=scheme) as page:
        at_rest(page)
        keys = [pixels(key) for key in page.locator(f"#{name} .bnx-key").all()]
        canvas = page.evaluate(CANVAS)
        assert all({tuple(colour[:3]) for _, colour in drawn(key)} != {(*canvas,)} for key in keys)
        pictures = [(key.size, key.tobytes()) for key in keys]
        assert len(set(pictures)) == len(pictures)


CONTRAST = """where => {
  const light = c => { c /= 255; return c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4; };
  const brightness = colour => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map(Number).map(light);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const paper = brightness(getComputedStyle(document.body).backgroundColor);
  return [...document.querySelectorAll(where)].map(one => {
    const style = getComputedStyle(one);
    const paint = brightness(one.matches(".bn-effect") ? style.fill : style.stroke);
    return (Math.max(paint, paper) + .05) / (Math.min(paint, paper) + .05);
  });
}"""


PAPERS = """[...document.querySelectorAll(".bd-article img")].map(one =>
  getComputedStyle(one).backgroundColor)"""


@pytest.mark.parametrize("look", SCHEMES)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_marks_are_seen_in_forced_colours(
    browser: Browser, server: str, site: Path, scheme: str, look: str
) -> None:
    """Marks of cards and figures stand out from the reader's canvas, whatever look was chosen."""
    marks = ".bn-axis, .bn-bound, .bn-interval, circle.bn-effect, .bnx-axis, .bnx-mean, .bnx-curve"
    for mark in ("bn-interval", "bnx-svg"):
        address = f"{server}/{page_with(site, mark)}"
        with browser.new_context(forced_colors="active", color_scheme=scheme) as context:
            page = context.new_page()
            page.add_init_script(f"localStorage.mode = localStorage.theme = '{look}'")
            page.goto(address)
            at_rest(page)
            assert min(page.evaluate(CONTRAST, marks)) >= 3
            assert set(page.evaluate(PAPERS)) <= {"rgb(255, 255, 255)"}


def state(page: Page) -> dict[str, str]:
    """What the switch says: by its name, by its focus, and aloud."""
    return page.evaluate(
        """() => {
          const on = document.activeElement;
          const said = [...document.querySelectorAll("[role=status]")].map(s => s.textContent);
          return { focus: on.classList.contains("theme-switch-button") ? "switch" : on.tagName,
            name: on.ariaLabel, said: said.join(" "), mode: document.documentElement.dataset.mode };
        }"""
    )


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_theme_switch(browser: Browser, server: str, scheme: str, viewport: dict[str, int]) -> None:
    """By keyboard it goes through its states, keeps the focus, and says each of them."""
    address = f"{server}/book/index.html"
    with opened(browser, address, color_scheme=scheme, viewport=viewport) as page:
        switch = page.locator(".theme-switch-button:visible").first
        assert switch.get_attribute("aria-label") == "Colours: as the system"
        switch.focus()
        seen = []
        for key in ("Enter", "Space", "Enter"):
            page.keyboard.press(key)
            seen.append(state(page))
        other = "light" if scheme == "dark" else "dark"
        words = {"light": "light", "dark": "dark", "auto": "as the system"}
        assert seen == [
            {
                "focus": "switch",
                "name": f"Colours: {words[mode]}",
                "said": f"Colours: {words[mode]}",
                "mode": mode,
            }
            for mode in (other, scheme, "auto")
        ]
        assert violations(page) == []
