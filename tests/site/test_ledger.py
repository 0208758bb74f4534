"""The ledger of the built site: choosing among claims, by keys; whole without a script."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.site.webpages import LOOKS, change_look, opened, overflow, soup_of, violations_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.browser
LEDGER, PREDICTIONS = "book/ledger.html", "book/predictions.html"
LINK = """id => document.querySelector(".bd-article").insertAdjacentHTML(
  "afterbegin", `<a id="way" href="#${id}">there</a>`)"""
ENTRIES, SHOWN = ".bn-entry", ".bn-entry:not([hidden])"


@pytest.fixture
def address(server: str) -> str:
    return f"{server}/{LEDGER}"


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with opened(browser, address) as page:
        yield page


def choose(page: Page, name: str, words: str) -> None:
    """Choose in a list with nothing but keys."""
    select = page.locator(f".bn-filter select[name={name}]")
    select.focus()
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    assert select.evaluate("one => one.selectedOptions[0].textContent").startswith(words)
    assert select.evaluate("one => one === document.activeElement")


def count(page: Page) -> str:
    return page.locator(".bn-filter [role=status]").inner_text()


def shown(page: Page) -> list[str]:
    return page.locator(SHOWN).evaluate_all("all => all.map(one => one.id)")


def results_of(entry: Locator) -> list[str]:
    boxes = entry.locator(".bn-result:not([hidden])")
    return boxes.evaluate_all("all => all.flatMap(one => one.dataset.results.split(' '))")


def test_all_is_shown_at_first(page: Page, site: Path) -> None:
    rows = json.loads((site / "book/ledger.json").read_text("utf8"))["results"]
    total = page.locator(ENTRIES).count()
    assert page.locator(SHOWN).count() == total > 20
    assert count(page) == f"{total} claims of {total}, {len(rows)} results"
    assert page.evaluate("location.search") == ""


def test_each_list_chooses_and_the_count_says_so(page: Page) -> None:
    total = page.locator(ENTRIES).count()
    choose(page, "verdict", "undecided")
    left = shown(page)
    assert 0 < len(left) < total
    assert count(page).startswith(f"{len(left)} claim")
    for entry in page.locator(SHOWN).all():
        assert any(one.endswith(":undecided") for one in results_of(entry))
    choose(page, "data", "MNIST")
    choose(page, "chapter", "With and without")
    assert 0 < len(shown(page)) <= len(left)
    for entry in page.locator(SHOWN).all():
        assert "mnist:undecided" in results_of(entry)
        assert entry.get_attribute("data-chapter") == "with-and-without"
    choose(page, "label", "theorem")
    assert shown(page) == []
    assert count(page).startswith("No claim fits")
    assert page.locator("section[id^=evidence-]:visible").count() == 0


def test_what_is_false_is_among_the_contradicted(page: Page) -> None:
    choose(page, "verdict", "contradicted")
    choose(page, "label", "theorem")
    false = page.locator("[data-label=theorem][data-verdict=contradicted]")
    assert shown(page) == false.evaluate_all("all => all.map(one => one.id)") != []


def test_the_way_back_is_a_button(page: Page) -> None:
    choose(page, "label", "folklore")
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.type") != "reset":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator(SHOWN).count() == page.locator(ENTRIES).count()
    assert page.evaluate("location.search") == ""


def test_a_choice_can_be_sent_to_others(browser: Browser, page: Page) -> None:
    choose(page, "verdict", "undecided")
    choose(page, "data", "MNIST")
    assert page.evaluate("location.search") == "?verdict=undecided&data=mnist"
    with opened(browser, page.url) as other:
        assert shown(other) == shown(page)
        assert count(other) == count(page)


def test_it_works_in_a_site_opened_from_a_folder(browser: Browser, site: Path) -> None:
    with opened(browser, (site / LEDGER).as_uri()) as page:
        choose(page, "label", "folklore")
        assert page.evaluate("location.search") == "?label=folklore"
        assert 0 < len(shown(page)) < page.locator(ENTRIES).count()


@pytest.mark.parametrize("query", ["?verdict=nonsense", "?other=mnist"])
def test_what_no_list_has_chooses_nothing(browser: Browser, address: str, query: str) -> None:
    with opened(browser, address + query) as page:
        assert page.locator(SHOWN).count() == page.locator(ENTRIES).count()


def test_a_link_to_a_claim_shows_it_whatever_is_chosen(browser: Browser, address: str) -> None:
    hidden = "claim-placement"
    with opened(browser, f"{address}?label=theorem#{hidden}") as page:
        assert page.locator(f"#{hidden}").is_visible()
        choose(page, "label", "theorem")
        assert not page.locator(f"#{hidden}").is_visible()
        page.evaluate("id => { location.hash = ''; location.hash = id }", hidden)
        page.wait_for_function("id => !document.getElementById(id).hidden", arg=hidden)
        choose(page, "label", "theorem")
        page.evaluate(LINK, hidden)
        page.locator("#way").click()
        assert page.locator(f"#{hidden}").is_visible()


def test_without_a_script_the_page_is_the_full_list(browser: Browser, address: str) -> None:
    with opened(browser, address, java_script_enabled=False) as page:
        assert not page.locator(".bn-filter").is_visible()
        entries = page.locator(ENTRIES).all()
        assert len(entries) > 20
        assert all(entry.is_visible() for entry in entries)
        assert page.locator("a[href$='ledger.csv']").is_visible()


def test_both_files_are_there(site: Path, page: Page) -> None:
    for name in ("ledger.csv", "ledger.json"):
        link = page.locator(f"a[href$='{name}']")
        answer = page.request.get(link.evaluate("one => one.href"))
        assert answer.ok
        assert answer.body() == (site / "book" / name).read_bytes()


def test_links_lead_to_places_that_are_there(site: Path) -> None:
    ways = [a["href"] for a in soup_of(site, LEDGER).select(".bn-result a[href*='#finding-']")]
    assert len(ways) > 30
    known: dict[str, set[str]] = {}
    for way in ways:
        path, _, name = way.partition("#")
        if path not in known:
            known[path] = {one["id"] for one in soup_of(site, f"book/{path}").find_all(id=True)}
        assert name in known[path], way


@pytest.mark.parametrize("path", [LEDGER, PREDICTIONS])
def test_looks(browser: Browser, server: str, path: str) -> None:
    with opened(browser, f"{server}/{path}?verdict=undecided") as page:
        for viewport, scheme in LOOKS:
            change_look(page, scheme, viewport)
            assert violations_in(page, "main") == []
        page.set_viewport_size({"width": 320, "height": 700})
        assert overflow(page) <= 0


def test_our_predictions_show_what_came_out_otherwise_first(site: Path) -> None:
    soup = soup_of(site, PREDICTIONS)
    first, *blocks = soup.select("section.bn-block")
    assert first["id"] == "otherwise"
    wrong = [row for block in blocks for row in block.select("tbody tr") if "wrong" in row.text]
    listed = ["wrong" in row.text for row in first.select("tbody tr")]
    assert sum(listed) == len(wrong)
    uncounted = len(listed) - sum(listed)  # demonstrations
    assert not uncounted or f"{uncounted} otherwise" in soup.select_one(".bn-score").get_text()
    assert f"{len(wrong)} wrong" in soup.select_one(".bn-score").get_text()
