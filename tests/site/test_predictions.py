"""The predictions of the built site, made as a reader would make them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import pytest

from tests.site.conftest import pages_to_read
from tests.site.webpages import (
    DESKTOP,
    LOOKS,
    NARROW_RULES,
    SITE,
    at_rest,
    change_look,
    opened,
    overflow,
    soup_of,
    violations_in,
)

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.browser
KEY = "bn:answers"
BOX = ".bnp > fieldset"
EVENTS = """globalThis.heard = [];
addEventListener("bn:predicted", (event) => heard.push(event.detail));"""
NO_STORAGE = f"""for (const name of ["getItem", "setItem"]) {{
    const whole = Storage.prototype[name];  // the theme asks for its own key, and needs an answer
    Storage.prototype[name] = function (key, ...rest) {{
        if (key === "{KEY}") throw new DOMException("refused", "SecurityError");
        return whole.call(this, key, ...rest);
    }};
}}"""
# The theme looks a third of a second after a change which tables scroll sideways.
TABLES_KNOWN = """() => ![...document.querySelectorAll(".bnp [tabindex='-1']")].some(
    (one) => one.scrollWidth > one.clientWidth)"""


@cache
def pages() -> list[str]:
    """The pages that ask for predictions."""
    found = (
        p
        for p in sorted((SITE / "book").rglob("*.html"))
        if 'class="bnq bnp"' in p.read_text("utf8")
    )
    return [path.relative_to(SITE).as_posix() for path in found]


@pytest.fixture(params=pages() or [None])
def address(request: pytest.FixtureRequest, server: str) -> str:
    return f"{server}/{request.param}"


def an_address(server: str, kind: str) -> str:
    """A page with a prediction of this kind."""
    mark = f'data-kind="{kind}" data-right'
    return next(f"{server}/{page}" for page in pages() if mark in (SITE / page).read_text("utf8"))


def guess_of(box: Locator, right: bool) -> float:
    """A guess that is right, or one that is not."""
    value = float(box.get_attribute("data-right") or "nan")
    if box.get_attribute("data-kind") == "numeric":
        return value if right else value - 1000
    return value if right else (1 if value > 1 else 2)


def commit(page: Page, box: Locator, right: bool) -> float:
    """Make a prediction with nothing but keys; return the guess."""
    guess = guess_of(box, right)
    if box.get_attribute("data-kind") == "numeric":
        box.locator("input").focus()
        page.keyboard.type(str(guess))
        page.keyboard.press("Enter")
        return guess
    box.locator("input").first.focus()
    page.keyboard.press("Space")
    for _ in range(int(guess) - 1):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    return guess


def kept(page: Page) -> dict[str, Any]:
    """What the browser keeps of the predictions."""
    return page.evaluate(f"JSON.parse(localStorage.getItem('{KEY}') ?? '{{}}').predictions ?? {{}}")


def test_there_are_predictions_in_every_chapter() -> None:
    folders = {page.rpartition("/")[0] for page in pages()}
    assert len(folders) >= 7


def test_every_prediction_is_made_by_keyboard_alone(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        page.evaluate(EVENTS)
        for box in page.locator(BOX).all():
            name, answer = box.get_attribute("data-id"), box.locator("details")
            assert not answer.is_visible(), name
            for right in (False, True):
                guess = commit(page, box, right)
                assert page.evaluate("heard.at(-1)") == {"id": name, "guess": guess, "right": right}
                said = box.get_by_role("status").inner_text()
                assert said.startswith("You predicted "), name
                assert said.endswith("Right.") == right, said
                assert answer.evaluate("one => one.open"), name
                assert answer.locator("p").first.is_visible()
                again = box.get_by_role("button", name="Try again")
                if not right:
                    again.press("Enter")
                    assert not answer.is_visible()
                    assert box.get_by_role("status").inner_text() == ""
                    assert name not in kept(page)
        assert len(kept(page)) == page.locator(BOX).count()


def test_a_guess_is_kept_until_the_reader_tries_again(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        guesses = {}
        for i, box in enumerate(page.locator(BOX).all()):
            guesses[box.get_attribute("data-id")] = commit(page, box, right=bool(i % 2))
        said = page.locator(f"{BOX} [role=status]").all_inner_texts()
        page.reload()
        assert page.locator(f"{BOX} [role=status]").all_inner_texts() == said
        assert {name: one["guess"] for name, one in kept(page).items()} == guesses
        for box in page.locator(BOX).all():
            assert box.locator("details p").first.is_visible()
            box.get_by_role("button", name="Try again").press("Enter")
        assert kept(page) == {}
        page.reload()
        assert page.locator(f"{BOX}[data-state]").count() == 0


@pytest.mark.parametrize("kind", ["single", "numeric"])
def test_without_storage_everything_works_but_is_forgotten(
    browser: Browser, server: str, kind: str
) -> None:
    with opened(browser, an_address(server, kind)) as page:
        page.add_init_script(NO_STORAGE)
        page.reload()
        box = page.locator(f"{BOX}[data-kind={kind}]").first
        commit(page, box, right=True)
        assert box.get_by_role("status").inner_text().endswith("Right.")
        page.reload()
        assert not box.locator("details").is_visible()


@pytest.mark.parametrize(
    "bad", ["{", '{"predictions": 3}', '{"predictions": {"NAME": {"guess": "x"}}}']
)
def test_a_damaged_record_does_no_harm(browser: Browser, server: str, bad: str) -> None:
    with opened(browser, an_address(server, "single")) as page:
        box = page.locator(BOX).first
        name = box.get_attribute("data-id") or ""
        page.evaluate(
            "([key, text]) => localStorage.setItem(key, text)", [KEY, bad.replace("NAME", name)]
        )
        page.reload()
        assert not box.locator("details").is_visible()
        commit(page, box, right=True)
        assert kept(page)[name]["right"] is True


def test_an_empty_guess_is_asked_for(browser: Browser, server: str) -> None:
    for kind, words in (("single", "Choose"), ("numeric", "Write a number")):
        with opened(browser, an_address(server, kind)) as page:
            box = page.locator(f"{BOX}[data-kind={kind}]").first
            box.get_by_role("button").press("Enter")
            assert box.get_by_role("status").inner_text().startswith(words)
            assert not box.locator("details").is_visible()
            assert kept(page) == {}


def test_without_javascript_the_answer_can_be_opened(browser: Browser, address: str) -> None:
    with opened(browser, address, java_script_enabled=False) as page:
        for box in page.locator(BOX).all():
            assert box.locator("legend").is_visible()
            assert not box.locator("button").first.is_visible()
            assert not box.locator("details p").first.is_visible()
            box.locator("summary").first.click()
            assert box.locator("details p").first.is_visible()


def test_it_works_from_a_folder(browser: Browser, site: Path) -> None:
    with opened(browser, (site / pages()[0]).as_uri()) as page:
        box = page.locator(BOX).first
        commit(page, box, right=True)
        assert box.get_by_role("status").inner_text().endswith("Right.")


# On a phone of this width: boxes that stick out, and controls that a finger misses.
MISFITS = """width => [...document.querySelectorAll(".bnp > fieldset")].flatMap(box => {
  const { left, right } = box.getBoundingClientRect();
  const low = [...box.querySelectorAll("button, label, summary")]
    .filter(one => one.checkVisibility() && one.getBoundingClientRect().height < 24);
  return [...(left < 0 || right > width ? [box] : []), ...low];
}).map(one => one.outerHTML.slice(0, 120))"""


def test_predictions_once_they_are_made(browser: Browser, address: str) -> None:
    """No violation in either look, and a phone shows them whole.

    Those not yet made are looked at with their page.
    """
    where = {"include": [[".bnp"]], "exclude": [[".katex-html"]]}
    (_, first), (phone, other) = LOOKS
    with opened(browser, address, color_scheme=first) as page:
        for i, box in enumerate(page.locator(BOX).all()):
            commit(page, box, right=bool(i % 2))
        page.wait_for_function(TABLES_KNOWN)
        assert violations_in(page, where) == []
        change_look(page, other, phone)
        assert violations_in(page, where, NARROW_RULES) == []
        assert overflow(page) <= 0
        for width in (phone["width"], 320):
            page.set_viewport_size({**phone, "width": width})
            at_rest(page)
            assert page.evaluate(MISFITS, width) == []


def test_forced_colours_keep_the_box_and_the_marks(browser: Browser, server: str) -> None:
    with opened(browser, an_address(server, "single"), forced_colors="active") as page:
        box = page.locator(f"{BOX}[data-kind=single]").first
        commit(page, box, right=False)
        looks = box.evaluate(
            """one => [getComputedStyle(one).borderInlineStartStyle,
                getComputedStyle(one.querySelector('[role=status]')).borderInlineStartStyle]"""
        )
        assert looks == ["solid", "dashed"]
        page_colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        border = box.evaluate("one => getComputedStyle(one).borderInlineStartColor")
        assert border != page_colour


# Of each box on paper: whether the question is there, a button, and how high the answer is.
ON_PAPER = """[...document.querySelectorAll(".bnp > fieldset")].map(box => [
  box.querySelector("legend").checkVisibility(),
  box.querySelector("button").checkVisibility({ visibilityProperty: true }),
  box.querySelector("details p").getBoundingClientRect().height > 0])"""


def test_paper_shows_questions_and_answers(browser: Browser, address: str) -> None:
    for script in (True, False):
        with opened(browser, address, java_script_enabled=script, viewport=DESKTOP) as page:
            page.emulate_media(media="print")
            seen = page.evaluate(ON_PAPER)
            assert seen
            assert [one for one in seen if one != [True, False, True]] == []


def test_no_link_leads_into_a_folded_answer(site: Path) -> None:
    folded, linked = set(), set()
    for page in pages_to_read():
        soup = soup_of(site, page)
        folded |= {f"{page}#{one['id']}" for one in soup.select(".bnp-answer [id]")}
        ways = soup.select("a[href*='#']:not(.headerlink)")  # a figure's own link stands beside it
        links = [urljoin(page, str(link["href"])) for link in ways]
        linked |= {link for link in links if "://" not in link}
    assert linked
    assert folded & linked == set()
