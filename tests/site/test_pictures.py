"""Pictures have their places before they come, and nothing moves while a page arrives."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from tests.site.conftest import QuietHandler, Server
from tests.site.webpages import DESKTOP, FRAMES, PHONE, at_rest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.browser
REST = b'<dialog id="pst-secondary-sidebar-modal"'  # from here on: what stands beside the text
PAINTED = "performance.getEntriesByName('first-contentful-paint').length > 0"
WATCH = """window.moved = [];
window.watch = new PerformanceObserver(list => take(list.getEntries()));
const take = all => moved.push(...all.map(one =>
  [one.value, one.sources.map(s => s.node?.outerHTML?.slice(0, 120) ?? s.node?.textContent)]));
watch.observe({ type: "layout-shift", buffered: true });
window.shifts = () => { take(watch.takeRecords()); return moved.splice(0); };"""
HEIGHT = "document.querySelector('main').getBoundingClientRect().height"


class Late:
    """Requests that are held back until they are let go, one kind after the other."""

    def __init__(self, page: Page, *kinds: str) -> None:
        self.held: dict[str, list[Route]] = {kind: [] for kind in kinds}
        page.route("**/*", self.hold)

    def hold(self, route: Route) -> None:
        """Keep back what is late."""
        kind = route.request.resource_type
        if kind in self.held:
            self.held[kind].append(route)
        else:
            route.continue_()

    def release(self, kind: str) -> None:
        """Let all of this kind come."""
        for route in self.held.pop(kind):
            route.continue_()


@contextmanager
def in_two_parts(folder: Path) -> Iterator[tuple[str, threading.Event]]:
    """A server of the site that sends the end of a page when the event is set."""
    rest = threading.Event()

    class InTwoParts(QuietHandler):
        def copyfile(self, source: Any, outputfile: Any) -> None:
            text, mark, end = source.read().partition(REST)
            outputfile.write(text)
            if mark:
                outputfile.flush()
                rest.wait()
                outputfile.write(mark + end)

    with Server(("127.0.0.1", 0), partial(InTwoParts, directory=str(folder))) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{http.server_address[1]}", rest
        rest.set()
        http.shutdown()


def shift(page: Page) -> tuple[float, list[object]]:
    """How much has moved since the last look, and what."""
    page.evaluate(FRAMES)  # what the last change moved has been painted, and was reported
    moved = page.evaluate("shifts()")
    return sum(value for value, _ in moved), moved


@pytest.mark.by_turns("viewport", [PHONE, DESKTOP])
def test_nothing_moves(
    browser: Browser, site: Path, page_path: str, viewport: dict[str, int]
) -> None:
    """Whatever comes after the first paint moves nothing; a formula's font may break a line anew.

    First come the page's end and its scripts, then the pictures, and at last the fonts.
    """
    with in_two_parts(site) as (address, rest), browser.new_context(viewport=viewport) as context:
        page = context.new_page()
        page.add_init_script(WATCH)
        late = Late(page, "image", "font")
        page.goto(f"{address}/{page_path}", wait_until="commit")
        page.wait_for_function(PAINTED)
        page.evaluate(FRAMES)
        rest.set()
        page.wait_for_load_state("domcontentloaded")
        late.release("image")
        page.wait_for_function(
            "[...document.images].every(i => i.complete || i.loading === 'lazy')"
        )
        moved, what = shift(page)
        assert moved < 0.05, what
        late.release("font")
        page.wait_for_load_state("load")
        at_rest(page)
        moved, what = shift(page)
        assert moved < 0.1, what


@pytest.mark.by_turns("viewport", [DESKTOP, PHONE])
def test_pictures_have_their_places(
    browser: Browser, server: str, page_path: str, viewport: dict[str, int]
) -> None:
    """A page is as long before its pictures are there as with them."""
    with browser.new_context(viewport=viewport) as context:
        page = context.new_page()
        late = Late(page, "image")
        page.goto(f"{server}/{page_path}", wait_until="domcontentloaded")
        page.evaluate("document.querySelectorAll('img').forEach(i => { i.loading = 'eager' })")
        at_rest(page)
        before = page.evaluate(HEIGHT)
        late.release("image")
        page.wait_for_function("[...document.images].every(i => i.complete)")
        at_rest(page)
        rounding = max(1, page.evaluate("document.images.length") / 4)
        assert page.evaluate(HEIGHT) == pytest.approx(before, abs=rounding)
        misshapen = """[...document.images].filter(one => {
          const [width, height] = ["width", "height"].map(side => one.getAttribute(side));
          return !(Math.abs(width / height / (one.naturalWidth / one.naturalHeight) - 1) < .02);
        }).map(one => one.src)"""
        assert page.evaluate(misshapen) == []
