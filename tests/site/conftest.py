"""A built site, a server for it, and a browser: what the site's tests have in common.

The site is taken from ``_build/html`` or from the folder in ``BNUTILS_SITE``. Without a site
or without a browser the tests are skipped and say why; under ``CI=true`` that is a failure.
"""

from __future__ import annotations

import os
import shutil
import threading
from contextlib import contextmanager
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle, product
from typing import TYPE_CHECKING, Any

import pytest

from tests.site.webpages import SITE, target_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE = 300_000  # milliseconds; only what will never come is waited for so long
EVERY_LOOK = os.environ.get("BNUTILS_EVERY_LOOK") == "1"
NO_SITE = f"the book is not built ({SITE} is missing): run `make book` first"
NO_BROWSER = f"no browser on this machine (looked for {', '.join(BROWSERS)})"


def missing(reason: str) -> None:
    """Skip for ``reason``, or fail where everything is expected to be there."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@cache
def built_pages() -> list[str]:
    """All of the site's pages as paths below it; none where it is not built."""
    if not (SITE / "index.html").exists():
        return []
    pages = (p.relative_to(SITE) for p in sorted(SITE.rglob("*.html")))
    return [p.as_posix() for p in pages if not p.parts[0].startswith("_")]


@cache
def pages_to_read() -> list[str]:
    """The pages that do not lead on to another.

    That for unknown addresses works only where GitHub Pages shows it: `test_heads` looks at it.
    """
    pages = (page for page in built_pages() if page != "404.html")
    return [page for page in pages if target_of(SITE, page) is None]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test of ``page_path`` sees the pages to be read, one of ``any_path`` all of them.

    Marked ``by_turns(name, values)``, it sees the first page with the first value, the next page
    with the next, and so on: each page once. ``BNUTILS_EVERY_LOOK=1`` tries each with all values.
    """
    for name, pages in (("page_path", pages_to_read), ("any_path", built_pages)):
        if name in metafunc.fixturenames:
            turns = metafunc.definition.get_closest_marker("by_turns")
            names, found = name, pages() or [None]
            if turns is not None:
                other, values = turns.args
                names = f"{name},{other}"
                found = list(product(found, values) if EVERY_LOOK else zip(found, cycle(values)))
            # By the session, so that the tests that read one page come one after the other.
            metafunc.parametrize(names, found, scope="session")


@pytest.fixture(scope="session")
def site() -> Path:
    if not built_pages():
        missing(NO_SITE)
    return SITE


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the tests look at what the browser asked for."""


class Server(ThreadingHTTPServer):
    request_queue_size = 128  # a browser asks for a page's files all at once

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a browser that has left."""


@contextmanager
def serving(site: Path, handler: type[QuietHandler] = QuietHandler) -> Iterator[str]:
    """The address of a server of the site on a free port of this machine."""
    with Server(("127.0.0.1", 0), partial(handler, directory=str(site))) as http:
        thread = threading.Thread(target=http.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{http.server_address[1]}"
        http.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def server(site: Path) -> Iterator[str]:
    """The address of the site on a server of the tests' own."""
    with serving(site) as address:
        yield address


class PatientBrowser:
    """A browser whose pages are waited for as long as a busy machine needs."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    @contextmanager
    def new_context(self, **options: Any) -> Iterator[BrowserContext]:
        with self.browser.new_context(**options) as context:
            context.set_default_timeout(PATIENCE)
            yield context


@pytest.fixture(scope="session")
def browser() -> Iterator[PatientBrowser]:
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        missing(NO_BROWSER)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        chromium = playwright.chromium.launch(executable_path=path, args=flags, timeout=PATIENCE)
        yield PatientBrowser(chromium)
        chromium.close()
