"""The quizzes of the built site, answered as a reader would answer them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from bnsite.quizzes.bank import load
from bs4 import BeautifulSoup

from bnutils.utils.chapters import chapters
from tests.site.webpages import (
    LOOKS,
    NARROW_RULES,
    ROOT,
    RULES,
    change_look,
    opened,
    overflow,
    page_with,
    violations_in,
)

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.browser

SLUGS = [chapter.slug for chapter in chapters(ROOT)]
MULTIPLE = [(s, q) for s in SLUGS for q in load(ROOT, s)["questions"] if q["kind"] == "multiple"]


@pytest.fixture(params=SLUGS)
def slug(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def quiz_address(site: Path, server: str, slug: str) -> str:
    mark = f'id="quiz-{slug}"'
    return f"{server}/{page_with(site, mark)}"


def answer(page: Page, fieldset: Locator, question: dict[str, Any], right: bool) -> None:
    """Answer a question with nothing but keys, starting from its first control."""
    fieldset.locator("input").first.focus()
    if question["kind"] == "numeric":
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type(str(question["answer"]["value"]) if right else "123456.789")
        page.keyboard.press("Enter")
        return
    wanted = [bool(option.get("correct")) == right for option in question["options"]]
    if question["kind"] == "single":
        page.keyboard.press("Space")
        for _ in range(wanted.index(True)):
            page.keyboard.press("ArrowDown")
    else:
        for i, wish in enumerate(wanted):
            if wish != fieldset.locator("input").nth(i).is_checked():
                page.keyboard.press("Space")
            if i < len(wanted) - 1:
                page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def test_a_quiz_is_answered_by_keyboard_alone(
    browser: Browser, server: str, site: Path, slug: str
) -> None:
    questions = load(ROOT, slug)["questions"]
    with opened(browser, quiz_address(site, server, slug)) as page:
        form = page.locator(f"#quiz-{slug}")
        for question in questions:
            fieldset = form.locator(f"#{slug}-{question['id']}")
            region = fieldset.get_by_role("status")
            answer(page, fieldset, question, right=False)
            assert "The misconception: " in region.inner_text(), question["id"]
            assert region.get_by_role("link").count() > 0
            answer(page, fieldset, question, right=True)
            assert region.inner_text().lstrip().startswith("Right.") or (
                question["kind"] == "multiple" and "Right." in region.inner_text()
            )
            assert "Not so." not in region.inner_text()
        score = f"{len(questions)} of {len(questions)} right so far."
        assert form.locator(".bnq-score").inner_text() == score


def test_an_answered_quiz_has_no_violation(
    browser: Browser, server: str, site: Path, slug: str
) -> None:
    """On a desktop in the light look, on a phone in the dark one."""
    questions = load(ROOT, slug)["questions"]
    with opened(browser, quiz_address(site, server, slug), color_scheme="light") as page:
        for i, question in enumerate(questions):
            fieldset = page.locator(f"#{slug}-{question['id']}")
            answer(page, fieldset, question, right=bool(i % 2))
        for (viewport, scheme), rules in zip(LOOKS, (RULES, NARROW_RULES), strict=True):
            change_look(page, scheme, viewport)
            assert violations_in(page, f"#quiz-{slug}", rules) == []
            assert overflow(page) <= 0


def test_an_empty_answer_is_asked_for(browser: Browser, server: str, site: Path) -> None:
    with opened(browser, quiz_address(site, server, "the-transform")) as page:
        for button in page.locator("form.bnq .bnq-check").all():
            button.press("Enter")
        for region in page.locator("form.bnq .bnq-feedback").all_inner_texts():
            assert region in {"Choose an answer first.", "Write a number, for example 0.25."}
        assert page.url.endswith(".html"), "nothing is sent"


def test_a_new_choice_clears_the_old_verdict(browser: Browser, server: str, site: Path) -> None:
    question = next(q for q in load(ROOT, "the-transform")["questions"] if q["kind"] == "single")
    with opened(browser, quiz_address(site, server, "the-transform")) as page:
        fieldset = page.locator(f"#the-transform-{question['id']}")
        answer(page, fieldset, question, right=True)
        assert page.locator(".bnq-score").inner_text().startswith("1 of")
        fieldset.locator("input:not(:checked)").first.check()
        assert fieldset.get_by_role("status").inner_text() == ""
        assert page.locator(".bnq-score").inner_text().startswith("0 of")


def test_what_was_checked_is_kept_on_reload(
    browser: Browser, server: str, site: Path, slug: str
) -> None:
    """Of every second question a right answer, of the others a wrong one."""
    questions = load(ROOT, slug)["questions"]
    with opened(browser, quiz_address(site, server, slug)) as page:
        for i, question in enumerate(questions):
            answer(page, page.locator(f"#{slug}-{question['id']}"), question, right=not i % 2)
        score = page.locator(".bnq-score").inner_text()
        assert score.startswith(f"{(len(questions) + 1) // 2} of")
        said = page.locator("form.bnq .bnq-feedback").all_inner_texts()
        page.reload()
        assert page.locator(".bnq-score").inner_text() == score
        assert page.locator("form.bnq .bnq-feedback").all_inner_texts() == said
        page.locator("form.bnq input[type=radio]:not(:checked)").first.check()
        page.reload()
        states = page.locator("form.bnq [data-state]").count()
        assert states == len(questions) - 1, "a changed answer is open again"


def test_a_wrong_answer_does_not_give_the_right_one_away(
    browser: Browser, server: str, site: Path, slug: str
) -> None:
    with opened(browser, quiz_address(site, server, slug)) as page:
        for question in load(ROOT, slug)["questions"]:
            fieldset = page.locator(f"#{slug}-{question['id']}")
            hidden = fieldset.locator(".bnq-answers > [data-right=true] .bnq-why")
            why = [text.partition(" ")[2] for text in hidden.all_text_contents()]
            answer(page, fieldset, question, right=False)
            region = fieldset.get_by_role("status")
            assert not any(text in region.text_content() for text in why), question["id"]
            fieldset.get_by_role("button", name="Show the answer").press("Enter")
            assert all(text in region.text_content() for text in why), question["id"]
            assert fieldset.get_attribute("data-state") == "shown"
            assert page.evaluate("document.activeElement.localName") == "button", "focus is kept"
        assert page.locator(".bnq-score").inner_text().startswith("0 of")


def test_half_an_answer_is_said_to_be_incomplete(browser: Browser, server: str, site: Path) -> None:
    for slug, question in MULTIPLE:
        with opened(browser, quiz_address(site, server, slug)) as page:
            fieldset = page.locator(f"#{slug}-{question['id']}")
            right = [i for i, option in enumerate(question["options"]) if option.get("correct")]
            fieldset.locator("input").nth(right[0]).check()
            fieldset.get_by_role("button", name="Check").press("Enter")
            region = fieldset.get_by_role("status").inner_text()
            whole = "Right." if len(right) == 1 else "So far right, but something is missing."
            assert region == whole or (len(right) == 1 and "Right." in region)


def test_without_javascript_the_answers_can_be_opened(
    browser: Browser, server: str, site: Path
) -> None:
    address = quiz_address(site, server, "the-transform")
    with opened(browser, address, java_script_enabled=False) as page:
        answers = page.locator(".bnq-answers").first
        answers.locator("summary").click()
        assert answers.get_by_text("Right.").is_visible()
        assert not page.locator(".bnq-check").first.is_visible()


def test_links_of_replies_lead_somewhere(site: Path, slug: str) -> None:
    path = site / page_with(site, f'id="quiz-{slug}"')
    links = BeautifulSoup(path.read_text("utf8"), "html.parser").select(".bnq a[href]")
    assert links
    for link in links:
        name, _, anchor = str(link["href"]).partition("#")
        target = (path.parent / name).resolve() if name else path
        assert target.is_file(), link
        assert not anchor or f'id="{anchor}"' in target.read_text("utf8"), link
