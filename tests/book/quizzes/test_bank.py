"""The question banks: their form, their facts and their links."""

import ast
import itertools
import math
import re
from typing import Any

import jsonschema
import pytest
import yaml
from bnsite.quizzes import bank
from docutils import nodes

from bnutils.utils.chapters import Chapter, chapters
from tests.book.quizzes.banks import BANKS, NUMBERS, QUESTIONS, ROOT, SLUGS

MISCONCEPTIONS = bank.misconceptions(ROOT)
SCHEMA = bank.schema()
EACH = pytest.mark.parametrize(
    ("slug", "question"), QUESTIONS, ids=[f"{s}/{q['id']}" for s, q in QUESTIONS]
)


# ---- form ------------------------------------------------------------------------------------
def test_every_chapter_has_a_bank_and_every_bank_a_chapter() -> None:
    banks = {path.parent.name for path in (ROOT / "book").rglob("questions.yml")}
    assert banks == set(SLUGS)


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_misconceptions_follow_their_schema() -> None:
    rules = {**SCHEMA["$defs"]["misconceptions"], "$defs": SCHEMA["$defs"]}
    jsonschema.Draft202012Validator(rules).validate(MISCONCEPTIONS)


@EACH
def test_every_wrong_answer_says_why_and_names_the_misconception(
    slug: str, question: dict[str, Any]
) -> None:
    for reply in bank.replies(question):
        assert reply["feedback"].strip()
        if not bank.is_right(question, reply):
            assert reply["misconception"] in MISCONCEPTIONS


@pytest.mark.parametrize("slug", SLUGS)
def test_ids_and_prompts_differ_within_a_chapter(slug: str) -> None:
    questions = BANKS[slug]["questions"]
    assert len({q["id"] for q in questions}) == len(questions)
    assert len({q["prompt"] for q in questions}) == len(questions)


@EACH
def test_the_right_answer_does_not_stand_out_as_the_longest(
    slug: str, question: dict[str, Any]
) -> None:
    if question["kind"] != "single":
        return
    right = next(len(o["text"]) for o in question["options"] if o.get("correct"))
    longest = max(len(o["text"]) for o in question["options"] if not o.get("correct"))
    assert right <= 2 * longest


@EACH
def test_every_option_has_words(slug: str, question: dict[str, Any]) -> None:
    """A formula alone gives a control no name that every screen reader speaks."""
    for option in question.get("options", []):
        words = re.sub(r"\$[^$]+\$", "", option["text"])
        assert re.search(r"\w{2,}", words), option["text"]


def test_the_place_of_the_right_answer_tells_nothing() -> None:
    options = [q["options"] for _, q in QUESTIONS if q["kind"] == "single"]
    first = sum(bool(o[0].get("correct")) for o in options)
    last = sum(bool(o[-1].get("correct")) for o in options)
    assert len(options) / 6 <= first <= len(options) / 2
    assert len(options) / 6 <= last <= len(options) / 2


def test_the_order_of_the_answers_is_always_the_same() -> None:
    assert bank.load(ROOT, "the-transform") == BANKS["the-transform"]


def test_every_misconception_is_used() -> None:
    used = {reply.get("misconception") for _, q in QUESTIONS for reply in bank.replies(q)}
    assert set(MISCONCEPTIONS) - used == set()


# ---- facts -----------------------------------------------------------------------------------
def computed(expression: str) -> float:
    """Value of an arithmetic expression of numbers and a few functions."""
    names = {name: getattr(math, name) for name in ("sqrt", "log10", "ceil")} | {"max": max}
    for node in ast.walk(ast.parse(expression, mode="eval")):
        assert not isinstance(node, ast.Attribute | ast.Lambda), expression
        assert not isinstance(node, ast.Name) or node.id in names, expression
    return float(eval(expression, {"__builtins__": {}}, names))


@pytest.mark.parametrize(("name", "question"), NUMBERS, ids=[name for name, _ in NUMBERS])
def test_numbers_are_recomputed(name: str, question: dict[str, Any]) -> None:
    for reply in (question["answer"], *question.get("wrong", [])):
        margin = reply["tolerance"] + 1e-12
        assert abs(computed(reply["check"]) - reply["value"]) <= margin, reply["value"]


@pytest.mark.parametrize(("name", "question"), NUMBERS, ids=[name for name, _ in NUMBERS])
def test_no_number_is_right_and_wrong(name: str, question: dict[str, Any]) -> None:
    replies = [question["answer"], *question.get("wrong", [])]
    spans = sorted((r["value"] - r["tolerance"], r["value"] + r["tolerance"]) for r in replies)
    for (_, end), (start, _) in itertools.pairwise(spans):
        assert end < start


# ---- links -----------------------------------------------------------------------------------
def places() -> list[dict[str, str]]:
    """Every place that a reply or a misconception links to."""
    own = [r["see"] for _, q in QUESTIONS for r in bank.replies(q) if "see" in r]
    return own + [belief["see"] for belief in MISCONCEPTIONS.values()]


def anchors(page: str) -> set[str]:
    """Ids that the page will have: of its headings, labels, figures and quiz."""
    prose = re.sub(r"^(```|~~~)python.*?^\1", "", page, flags=re.DOTALL | re.MULTILINE)
    headings = re.findall(r"^#+ +(.+)$", prose, re.MULTILINE)
    labels = re.findall(r"^\(([\w-]+)\)=$", page, re.MULTILINE)
    figures = re.findall(r"^`{3,}\{explorable\} +([\w-]+)", page, re.MULTILINE)
    return {nodes.make_id(title) for title in headings} | set(labels) | set(figures)


@pytest.mark.parametrize("slug", sorted({place["chapter"] for place in places()}))
def test_chapters_and_anchors_exist(slug: str) -> None:
    chapter = Chapter(ROOT, slug)
    assert chapter in chapters(ROOT)
    wanted = {p["anchor"] for p in places() if p["chapter"] == slug and "anchor" in p}
    assert wanted - anchors(chapter.page.read_text("utf8")) == set()


# ---- faults ----------------------------------------------------------------------------------
def faulty(change: str) -> dict[str, Any]:
    questions = Chapter(ROOT, "the-transform").questions
    altered: dict[str, Any] = yaml.safe_load(questions.read_text("utf8"))
    first, second = altered["questions"][0], altered["questions"][1]
    match change:
        case "no feedback":
            del first["options"][1]["feedback"]
        case "no misconception":
            del first["options"][1]["misconception"]
        case "unknown misconception":
            first["options"][1]["misconception"] = "nobody-believes-this"
        case "two right":
            first["options"][1] = {**first["options"][1], "correct": True}
        case "none right":
            del first["options"][0]["correct"]
            first["options"][0]["misconception"] = "gaussian"
        case "no check":
            del second["answer"]["check"]
        case "unknown kind":
            first["kind"] = "essay"
        case "misspelt key":
            first["prompt_"] = first["prompt"]
        case "too few":
            altered["questions"] = altered["questions"][:3]
        case "names its chapter":
            altered["chapter"] = "the-transform"
    return altered


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("no feedback", "'feedback' is a required property"),
        ("no misconception", "'misconception' is a required property"),
        ("unknown misconception", "unknown misconception 'nobody-believes-this'"),
        ("two right", "one option must be right, found 2"),
        ("none right", "one option must be right, found 0"),
        ("no check", "'check' is a required property"),
        ("unknown kind", "'essay' is not one of"),
        ("misspelt key", "prompt_"),
        ("too few", "is too short"),
        ("names its chapter", "'chapter' was unexpected"),
    ],
)
def test_a_faulty_bank_is_refused_with_its_fault(change: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        bank.check(faulty(change), MISCONCEPTIONS)


def test_an_unknown_chapter_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"No questions for 'x'.*the-transform"):
        bank.load(ROOT, "x")
