"""Addresses that lead on: the site's entrance, and those that pages had before they moved."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.site.webpages import DESKTOP, LOOKS, ROOT, Log, overflow, soup_of, target_of, violations

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Route

pytestmark = pytest.mark.browser
CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text("utf8"))
REDIRECTS = {
    f"{old}.html": new.lstrip("/") for old, new in CONFIG["sphinx"]["config"]["redirects"].items()
}
OLD, NEW = "book/mathematics/the-transform.html", "book/the-transform/the-transform.html"


@pytest.mark.parametrize("old", REDIRECTS)
def test_it_leads_to_a_page_to_be_read(site: Path, old: str) -> None:
    assert target_of(site, old) == REDIRECTS[old]
    assert target_of(site, REDIRECTS[old]) is None
    link = soup_of(site, old).select_one("main a")
    assert link is not None
    assert ((site / old).parent / str(link["href"])).resolve() == site / REDIRECTS[old]


def test_the_entrance_leads_to_the_book(site: Path) -> None:
    assert target_of(site, "index.html") == "book/index.html"


@pytest.mark.parametrize("old", REDIRECTS)
def test_it_leads_on_with_the_place_in_the_page(
    browser: Browser, server: str, site: Path, old: str
) -> None:
    for home in (server, site.as_uri()):
        log = Log()
        with browser.new_context(viewport=DESKTOP) as context:
            page = context.new_page()
            log.listen(page)
            page.goto(f"{home}/{old}?a=b#summary")
            page.wait_for_url(f"{home}/{REDIRECTS[old]}?a=b#summary")
            page.wait_for_load_state("load")
            assert log.errors == []
            assert log.foreign(home) == []


def test_nobody_is_caught_at_the_old_address(browser: Browser, server: str) -> None:
    with browser.new_context(viewport=DESKTOP) as context:
        page = context.new_page()
        page.goto(f"{server}/{OLD}#what-is-guaranteed")
        page.wait_for_url(f"{server}/{NEW}#what-is-guaranteed")
        page.wait_for_function("scrollY > 100")
        page.go_back()
        page.wait_for_url("about:blank")


def test_it_leads_on_without_javascript(browser: Browser, server: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{server}/{OLD}")
        page.wait_for_url(f"{server}/{NEW}")


def stay(route: Route) -> None:
    """Serve the page without what leads on, so that it can be looked at."""
    response = route.fetch()
    leads_on = r"<script>.*?</script>|<noscript>.*?</noscript>"
    text, count = re.subn(leads_on, "", response.text(), flags=re.DOTALL)
    assert count == 2
    route.fulfill(response=response, body=text)


@pytest.mark.parametrize("look", LOOKS, ids=["desktop-light", "phone-dark"])
def test_while_it_is_seen_it_is_accessible(
    browser: Browser, server: str, look: tuple[dict[str, int], str]
) -> None:
    viewport, scheme = look
    with browser.new_context(viewport=viewport, color_scheme=scheme) as context:
        page = context.new_page()
        page.route(f"**/{OLD}", stay)
        page.goto(f"{server}/{OLD}")
        assert violations(page) == []
        assert overflow(page) <= 0
        page.get_by_role("link", name="Go to the page").click()
        page.wait_for_url(f"{server}/{NEW}")
