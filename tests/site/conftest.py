"""A built site, a server for it, and a browser: what the site's tests have in common.

The site is taken from ``_build/html`` or from the folder in ``BNUTILS_SITE``. Without a site
or without a browser the tests are skipped and say why; under ``CI=true`` that is a failure.
"""

from __future__ import annotations

import os
import shutil
import threading
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from tests.site.webpages import SITE, target_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
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
    """The pages that do not lead on to another."""
    return [page for page in built_pages() if target_of(SITE, page) is None]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test of ``page_path`` sees the pages to be read, one of ``any_path`` all of them."""
    for name, pages in (("page_path", pages_to_read), ("any_path", built_pages)):
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, pages() or [None])


@pytest.fixture(scope="session")
def site() -> Path:
    if not built_pages():
        missing(NO_SITE)
    return SITE


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the tests look at what the browser asked for."""


@pytest.fixture(scope="session")
def server(site: Path) -> Iterator[str]:
    """The address of a server of the site on a free port of this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(site))) as http:
        thread = threading.Thread(target=http.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{http.server_address[1]}"
        http.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        missing(NO_BROWSER)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        chromium = playwright.chromium.launch(executable_path=path, args=flags)
        yield chromium
        chromium.close()
