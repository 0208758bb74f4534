"""The search, asked as students ask: what is found first, where a hit leads, what it shows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.site.webpages import (
    LOOKS,
    SITE,
    at_rest,
    opened,
    overflow,
    place_of,
    violations,
)

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.browser
FIRST = 1
# A question, the places that answer it, and among how many hits one of them has to be.
QUESTIONS: list[tuple[str, str, int]] = [
    ("SyncBN", r"batches-in-pieces\.html", FIRST),
    ("gradient accumulation", r"batches-in-pieces\.html|#term-gradient-accumulation", FIRST),
    (
        "why is validation bad but training fine",
        r"training-and-inference\.html#stale-statistics-look-like-overfitting",
        FIRST,
    ),
    ("momentum", r"notation\.html#which-momentum|#the-running-average|#term-momentum", FIRST),
    ("axis", r"#the-axis-is-the-axis-you-keep|#term-axis", FIRST),
    ("Cauchy-Schwarz", r"the-transform\.html#what-is-guaranteed", FIRST),
    ("trainable", r"convolutions\.html#training-and-trainable", FIRST),
    ("what does epsilon do", r"the-transform\.html#what-epsilon-is-for|#term-epsilon", FIRST),
    ("what are gamma and beta for", r"#what-gamma-and-beta-are-for", FIRST),
    ("how do I freeze a BN layer when fine-tuning", r"#training-and-trainable", 3),
    ("ICS", r"#a-piece-of-history-internal-covariate-shift|#term-internal-covariate-shift", FIRST),
    ("running mean", r"#the-running-average|#term-(running|moving)", 3),
    ("gradient check", r"the-backward-pass\.html#how-to-check-a-gradient|#term-gradient-check", 3),
    ("backprop through batchnorm", r"the-backward-pass", 3),
    ("variance is negative", r"#two-formulas-for-the-variance", FIRST),
    ("float16", r"#half-precision|#precision-and-masks", FIRST),
    ("biased or unbiased variance", r"#which-variance", 3),
    ("pytorch momentum convention", r"#which-momentum|#the-conventions-side-by-side", FIRST),
    ("custom training loop", r"convolutions\.html#custom-training-loops", FIRST),
    ("conv2d channels", r"#convolutions-one-mean-per-channel", 3),
    ("does batch norm help at all", r"#it-does-not-always-help|without\.html|size\.html#is-it", 3),
    ("large batch same number of epochs", r"batch-size\.html#at-equal-epochs", 3),
    ("fold BN into the weights for deployment", r"training-and-inference", 3),
    ("tanh saturates", r"why-scale-matters\.html#saturation", 3),
    ("vanishing gradients in deep networks", r"why-scale-matters\.html", 3),
    ("run a sweep with Slurm", r"sweeps\.html", FIRST),
    ("what is batch normalisation", r"what-it-is\.html$|#term-batch-normalisation", FIRST),
    ("advantages of batch normalisation", r"what-it-is\.html#advantages", 3),
    ("drawbacks of batch norm", r"what-it-is\.html#limitations", 3),
    ("LSTM", r"what-it-is\.html#recurrent-networks", FIRST),
    ("covarience shift", r"does-it-work\.html#covariate-shift|#a-piece-of|#term-int", FIRST),
]
MENU = re.compile(r"Suggest edit|Open issue|\.ipynb|Previous|Next|Copy to clipboard")


@pytest.fixture(scope="module")
def search_page(browser: Browser, server: str) -> Page:
    with opened(browser, f"{server}/search.html") as page:
        yield page


def ask(page: Page, question: str) -> list[str]:
    """Type a question; the addresses of what is found, the best first."""
    field = page.get_by_role("searchbox", name="Search this book")
    field.fill(question)
    page.wait_for_function(
        "q => document.getElementById('bn-hits-status').textContent.includes(q)", arg=question
    )
    return page.locator("#bn-hits a").evaluate_all("links => links.map(a => a.href)")


@pytest.mark.parametrize(("question", "answers", "among"), QUESTIONS, ids=[q[0] for q in QUESTIONS])
def test_a_question_is_answered(search_page: Page, question: str, answers: str, among: int) -> None:
    hits = ask(search_page, question)
    assert any(re.search(answers, hit) for hit in hits[:among]), hits[:5]


@pytest.mark.parametrize("pair", [("normalize", "normalise"), ("generalization", "generalisation")])
def test_both_spellings_find_the_same(search_page: Page, pair: tuple[str, str]) -> None:
    first, second = (ask(search_page, word) for word in pair)
    assert first == second != []


def test_excerpts_are_prose(search_page: Page) -> None:
    """No menus, no formula twice or as TeX, and the words that were asked for are marked."""
    for question in ("momentum", "variance of the batch", "root of m - 1", "gamma"):
        ask(search_page, question)
        texts = search_page.locator("#bn-hits p").all_inner_texts()
        assert [t for t in texts if MENU.search(t) or re.search(r"\\[a-z]+|\$", t)] == []
        assert max(map(len, texts)) < 300
        assert search_page.locator("#bn-hits mark").count() > 0


def test_nothing_found_is_said(search_page: Page) -> None:
    assert ask(search_page, "qqqqqqzzzz") == []
    assert "Nothing found" in search_page.locator("#bn-hits-status").inner_text()


def test_the_prose_is_found_before_the_rest_has_arrived(browser: Browser, server: str) -> None:
    """And what only the rest can answer is not called missing meanwhile."""
    held: list[Route] = []
    with browser.new_context() as context:
        page = context.new_page()
        page.route("**/search/more.js*", lambda route: held.append(route))
        with page.expect_request("**/search/more.js*"):
            page.goto(f"{server}/search.html?q=loss", wait_until="commit")
        page.wait_for_selector("#bn-hits a")
        links, status = page.locator("#bn-hits a"), page.locator("#bn-hits-status")
        assert "-lab.html" not in str(links.evaluate_all("links => links.map(a => a.href)"))
        page.get_by_role("searchbox", name="Search this book").fill("qqqqqqzzzz")
        assert status.inner_text() == "Searching …"
        held.pop().continue_()
        page.wait_for_function("document.getElementById('bn-hits-status').textContent[0] === 'N'")
        assert "Nothing found" in status.inner_text()
        assert any("-lab.html" in address for address in ask(page, "loss"))


def test_all_hits_lead_to_their_section(search_page: Page, site: Path) -> None:
    home = search_page.url.rpartition("/")[0]
    for question in ("batch", "lab", "statistics"):
        for hit in ask(search_page, question):
            path, _, anchor = hit.removeprefix(f"{home}/").partition("#")
            assert f'id="{anchor}"' in (site / path).read_text("utf8"), hit


@pytest.mark.parametrize("home", ["http", "file"])
def test_from_any_page_to_the_place_by_keyboard(browser: Browser, server: str, home: str) -> None:
    """Over a server and from a folder: the dialog, the question, Tab, Enter, the section."""
    start = server if home == "http" else SITE.as_uri()
    with opened(browser, f"{start}/book/batch-size/batch-size.html") as page:
        page.keyboard.press("Control+k")
        page.wait_for_selector("#pst-search-dialog[open]")
        page.keyboard.type("stale statistics overfitting")
        page.keyboard.press("Enter")
        page.wait_for_selector("#bn-hits a")
        page.locator("main input[name=q]").focus()
        for _ in range(5):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.closest('#bn-hits') !== null"):
                break
        page.keyboard.press("Enter")
        place = "training-and-inference.html#stale-statistics-look-like-overfitting"
        page.wait_for_url(f"**/{place}")
        page.wait_for_function("scrollY > 1000")
        heading = page.locator("#stale-statistics-look-like-overfitting > h2")
        assert heading.evaluate("h => Math.abs(h.getBoundingClientRect().top) < 200")


def test_the_question_stands_in_the_address(browser: Browser, server: str) -> None:
    with opened(browser, f"{server}/search.html?q=epsilon") as page:
        page.wait_for_selector("#bn-hits a")
        page.get_by_role("searchbox", name="Search this book").fill("gamma")
        page.wait_for_function("location.search === '?q=gamma'")
        page.reload()
        page.wait_for_selector("#bn-hits a")
        assert "gamma" in page.locator("#bn-hits-status").inner_text()
        assert "gamma" in place_of(page)


@pytest.mark.parametrize("look", LOOKS, ids=["desktop-light", "phone-dark"])
def test_results_are_accessible_and_fit(
    browser: Browser, server: str, look: tuple[dict[str, int], str]
) -> None:
    with opened(
        browser, f"{server}/search.html?q=variance", viewport=look[0], color_scheme=look[1]
    ) as page:
        page.wait_for_selector("#bn-hits a")
        assert violations(page) == []
        assert overflow(page) <= 0


def test_without_scripts_the_page_says_what_to_do(browser: Browser, server: str) -> None:
    with opened(browser, f"{server}/search.html", java_script_enabled=False) as page:
        words = page.locator("main noscript p")
        assert words.is_visible()
        assert "Searching needs JavaScript" in (words.text_content() or "")
        assert not page.locator("main form").is_visible()


@pytest.mark.parametrize("look", LOOKS, ids=["desktop-light", "phone-dark"])
def test_the_magnifying_glass_covers_no_letter(
    browser: Browser, server: str, look: tuple[dict[str, int], str]
) -> None:
    """In the dialog and on the search page the icon stands before the field's text."""
    with opened(
        browser, f"{server}/book/index.html", viewport=look[0], color_scheme=look[1]
    ) as page:
        page.keyboard.press("Control+k")
        page.wait_for_selector("#pst-search-dialog[open]")
        at_rest(page)
        assert gap(page, "#pst-search-dialog") >= 0
        page.goto(f"{server}/search.html")
        at_rest(page)
        assert gap(page, "main") >= 0


def gap(page: Page, place: str) -> float:
    """Pixels from the icon's right edge to where the field's text begins."""
    return page.evaluate(
        """place => {
            const form = document.querySelector(`${place} form.bd-search`);
            const field = form.querySelector("input"), style = getComputedStyle(field);
            const text = field.getBoundingClientRect().left
                + parseFloat(style.paddingLeft) + parseFloat(style.borderLeftWidth);
            return text - form.querySelector("i").getBoundingClientRect().right;
        }""",
        place,
    )
