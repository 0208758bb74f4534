"""What counts as an error of a visit: pages are left while their files are still on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.site.webpages import Log

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.browser
HOME = "http://site.test"
PAGE = "<!DOCTYPE html><title>A page</title><link rel='icon' href='data:,'><img src='{file}'>"
LEAVES = "<script>addEventListener('click', () => location.replace('/next'))</script>"


def visited(browser: Browser, ending: str, leave: bool) -> Log:
    """Visit a page whose picture ends like this ("": never), and leave it or not."""
    log, pending = Log(), []

    def serve(route: Route) -> None:
        path = route.request.url.removeprefix(HOME)
        if path == "/picture":
            pending.append(route)
        elif path == "/data":
            route.fulfill(body="")
        else:
            route.fulfill(body=PAGE.format(file="/picture" if path == "/" else "/data") + LEAVES)

    with browser.new_context() as context:
        page = context.new_page()
        context.route("**/*", serve)
        log.listen(page)
        page.goto(f"{HOME}/", wait_until="commit")
        until(page, lambda: bool(pending))
        if ending:
            pending[0].abort(ending)
            until(page, lambda: bool(log.found or log.aborted))
        if leave:
            page.mouse.click(5, 5)
            page.wait_for_url(f"{HOME}/next")
            until(page, lambda: bool(log.found or log.aborted))
    return log


def until(page: Page, holds: Callable[[], bool]) -> None:
    while not holds():
        page.wait_for_timeout(10)  # lets the browser's news in


def test_a_request_of_a_page_that_was_left_is_no_error(browser: Browser) -> None:
    log = visited(browser, "", leave=True)
    assert log.aborted
    assert log.errors == []


def test_a_request_that_fails_is_an_error_on_any_page(browser: Browser) -> None:
    assert "/picture" in visited(browser, "connectionrefused", leave=False).errors[0]
    assert "/picture" in visited(browser, "connectionrefused", leave=True).errors[0]


def test_on_a_page_that_is_still_there_an_aborted_request_is_an_error(browser: Browser) -> None:
    assert "/picture" in visited(browser, "aborted", leave=False).errors[0]
