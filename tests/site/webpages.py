"""What the site's tests share: places, the log of a visit, and what is measured on a page."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from bnsite import repository
from bs4 import BeautifulSoup

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, Request

ROOT = Path(__file__).parents[2]
ROOT_PATH = urlsplit(repository.site_address(ROOT, os.environ)).path or "/"
SITE = Path(os.environ.get("BNUTILS_SITE") or ROOT / "_build" / "html").resolve()
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
LOOKS = [(DESKTOP, "light"), (PHONE, "dark")]
# The visible half of a formula is hidden from screen readers, inherits the text's colour, and
# has hundreds of spans: it is left out, its MathML is not.
WHERE = {"include": [["html"]], "exclude": [[".katex-html"]]}
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    # Takes a header that is a formula for empty; test_table_headers looks at the text instead.
    "rules": {"empty-table-header": {"enabled": False}},
    "preload": False,
}


# What may differ between the looks of one page.
COLOUR_RULES = {
    **RULES,
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block", "image-alt"]},
}


# What depends on how wide the page is: a phone is looked at for these.
NARROW_RULES = {
    **RULES,
    "runOnly": {
        "type": "rule",
        "values": [
            *COLOUR_RULES["runOnly"]["values"],
            *("target-size", "scrollable-region-focusable", "aria-hidden-focus", "button-name"),
            *("link-name", "region", "bypass", "page-has-heading-one"),
        ],
    },
}

ABORTED = "net::ERR_ABORTED"  # Chromium's word for a request that nobody waits for any more


@dataclass
class Log:
    """What a page did that a reader would not see."""

    requests: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    aborted: list[str] = field(default_factory=list)
    documents: int = 0

    def listen(self, page: Page) -> None:
        page.on("request", self.asked)
        page.on("pageerror", lambda e: self.found.append(f"page error: {e}"))
        page.on("requestfailed", self.failed)
        page.on(
            "response",
            lambda r: self.found.append(f"{r.status}: {r.url}") if r.status >= 400 else None,
        )
        page.on(
            "console",
            lambda m: (
                self.found.append(f"console {m.type}: {m.text}")
                if m.type in {"error", "warning"}
                else None
            ),
        )

    def asked(self, request: Request) -> None:
        self.requests.append(request.url)
        self.documents += request.is_navigation_request() and request.frame.parent_frame is None

    def failed(self, request: Request) -> None:
        place = self.aborted if request.failure == ABORTED else self.found
        place.append(f"request failed: {request.url} ({request.failure})")

    @property
    def errors(self) -> list[str]:
        """What went wrong. A page that was left ends its requests: those are no errors."""
        return self.found + (self.aborted if self.documents < 2 else [])

    def foreign(self, home: str) -> list[str]:
        return [u for u in self.requests if not u.startswith((home, "data:", "blob:"))]


def violations(page: Page, rules: dict[str, Any] = RULES) -> list[str]:
    """What axe finds on the page."""
    return violations_in(page, WHERE, rules)


def change_look(page: Page, scheme: str, viewport: dict[str, int] | None = None) -> None:
    """Show the page in the other look, as when the reader's system changes its own."""
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function("look => document.documentElement.dataset.theme === look", arg=scheme)
    if viewport:
        page.set_viewport_size(viewport)
    at_rest(page)


FRAMES = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def at_rest(page: Page) -> None:
    """Wait until the page is painted, the fonts are there and nothing moves or fades any more."""
    page.evaluate(FRAMES)
    page.evaluate("document.fonts.ready.then(() => true)")
    page.wait_for_function(
        """() => document.getAnimations().every(one =>
            one.playState !== 'running' || one.effect?.getTiming().iterations === Infinity)"""
    )


def load_pictures(page: Page) -> None:
    """Have those too that are loaded only when the reader comes near, and wait for all."""
    page.evaluate("document.querySelectorAll('img').forEach(i => { i.loading = 'eager' })")
    page.wait_for_function("[...document.images].every(i => i.complete)")


def open_all(page: Page) -> None:
    """Show what is folded away, and the answers that a quiz keeps for who has no script."""
    page.add_style_tag(content=".bnq-answers { display: block !important }")
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")


def place_of(page: Page) -> str:
    """The page's address as the page itself has it at this moment."""
    return str(page.evaluate("location.href"))


def violations_in(page: Page, place: Any, rules: dict[str, Any] = RULES) -> list[str]:
    """What axe finds in this part of the page."""
    at_rest(page)
    found = Axe().run(page, context=place, options=rules).response["violations"]
    return [f"{v['id']}: {node['html'][:200]}" for v in found for node in v["nodes"]]


def overflow(page: Page) -> float:
    """How far the page itself scrolls sideways."""
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


@lru_cache(maxsize=2)
def soup_of(site: Path, page_path: str) -> BeautifulSoup:
    """A page as it is written; to be looked at, not to be changed."""
    return BeautifulSoup((site / page_path).read_text("utf8"), "html.parser")


def below_root(path: str) -> str:
    """A path as it is below the site, of one that begins where GitHub Pages has the site."""
    return "/" + path.removeprefix(ROOT_PATH).lstrip("/")


def target_of(site: Path, page_path: str) -> str | None:
    """Where a page leads on to, as a path below the site; None for a page to be read."""
    refresh = soup_of(site, page_path).select_one("meta[http-equiv=refresh]")
    if refresh is None:
        return None
    target = (site / page_path).parent / str(refresh["content"]).partition("url=")[2]
    return Path(os.path.relpath(target, site)).as_posix()


@cache
def page_with(site: Path, mark: str) -> str:
    """Path of the page of the site that holds this piece of HTML."""
    pages = (p for p in sorted((site / "book").rglob("*.html")) if mark in p.read_text("utf8"))
    found = next(pages, None)
    assert found is not None, f"no page holds {mark}"
    return found.relative_to(site).as_posix()


@contextmanager
def opened(browser: Browser, address: str, **options: Any) -> Iterator[Page]:
    """A page in a context of its own; leaving it checks that it reported no error."""
    log = Log()
    with browser.new_context(**{"viewport": DESKTOP, **options}) as context:
        page = context.new_page()
        log.listen(page)
        page.goto(address)
        yield page
        assert log.errors == [] or not options.get("java_script_enabled", True)
