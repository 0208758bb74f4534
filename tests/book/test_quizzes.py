"""The question banks: their form, their facts, their links, and what a page shows of them."""

import ast
import importlib.util
import itertools
import math
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from docutils import nodes

from tests.book.small_site import build

ROOT = Path(__file__).parents[2]

import quizzes  # noqa: E402

CHAPTERS = (
    "why-scale-matters",
    "with-and-without",
    "the-transform",
    "the-backward-pass",
    "training-and-inference",
    "keras-layer-and-convolutions",
    "batch-size",
)
BANKS = {slug: quizzes.load_bank(slug) for slug in CHAPTERS}
MISCONCEPTIONS = quizzes.read_yaml("misconceptions.yml")
SCHEMA = quizzes.read_yaml("schema.json")
QUESTIONS = [(slug, q) for slug, bank in BANKS.items() for q in bank["questions"]]
EACH = pytest.mark.parametrize(
    ("slug", "question"), QUESTIONS, ids=[f"{s}/{q['id']}" for s, q in QUESTIONS]
)
NUMBERS = [(f"{s}/{q['id']}", q) for s, q in QUESTIONS if q["kind"] == "numeric"]


# ---- form ------------------------------------------------------------------------------------
def test_every_chapter_has_a_bank_and_every_bank_a_chapter() -> None:
    files = {path.stem for path in quizzes.QUESTIONS.glob("*.yml")} - {"misconceptions"}
    assert files == set(CHAPTERS)
    for slug, bank in BANKS.items():
        assert bank["chapter"].split("/")[1] == slug


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_misconceptions_follow_their_schema() -> None:
    rules = {**SCHEMA["$defs"]["misconceptions"], "$defs": SCHEMA["$defs"]}
    jsonschema.Draft202012Validator(rules).validate(MISCONCEPTIONS)


@EACH
def test_every_wrong_answer_says_why_and_names_the_misconception(
    slug: str, question: dict[str, Any]
) -> None:
    for reply in quizzes.replies(question):
        assert reply["feedback"].strip()
        if not quizzes.is_right(question, reply):
            assert reply["misconception"] in MISCONCEPTIONS


@pytest.mark.parametrize("slug", CHAPTERS)
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
    assert quizzes.load_bank("the-transform") == BANKS["the-transform"]


def test_every_misconception_is_used() -> None:
    used = {reply.get("misconception") for _, q in QUESTIONS for reply in quizzes.replies(q)}
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
    own = [r["see"] for _, q in QUESTIONS for r in quizzes.replies(q) if "see" in r]
    return own + [belief["see"] for belief in MISCONCEPTIONS.values()]


def anchors(page: str) -> set[str]:
    """Ids that the page will have: of its headings, labels, figures and quiz."""
    prose = re.sub(r"^(```|~~~)python.*?^\1", "", page, flags=re.DOTALL | re.MULTILINE)
    headings = re.findall(r"^#+ +(.+)$", prose, re.MULTILINE)
    labels = re.findall(r"^\(([\w-]+)\)=$", page, re.MULTILINE)
    figures = re.findall(r"^`{3,}\{explorable\} +([\w-]+)", page, re.MULTILINE)
    return {nodes.make_id(title) for title in headings} | set(labels) | set(figures)


@pytest.mark.parametrize("page", sorted({place["page"] for place in places()}))
def test_pages_and_anchors_exist(page: str) -> None:
    path = ROOT / "book" / f"{page}.md"
    assert path.is_file(), f"no page {page}"
    wanted = {p["anchor"] for p in places() if p["page"] == page and "anchor" in p}
    assert wanted - anchors(path.read_text("utf8")) == set()


# ---- faults ----------------------------------------------------------------------------------
def faulty(change: str) -> dict[str, Any]:
    bank: dict[str, Any] = quizzes.read_yaml("the-transform.yml")
    first, second = bank["questions"][0], bank["questions"][1]
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
            bank["questions"] = bank["questions"][:3]
    return bank


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
    ],
)
def test_a_faulty_bank_is_refused_with_its_fault(change: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        quizzes.check_bank(faulty(change), SCHEMA, MISCONCEPTIONS)


def test_an_unknown_chapter_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"No questions for 'x'.*the-transform"):
        quizzes.load_bank("x")


# ---- the page --------------------------------------------------------------------------------
def quiz_page(slug: str) -> str:
    return f"# Title\n\n```{{quiz}} {slug}\n```\n"


@pytest.fixture(scope="module")
def all_quizzes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pages = {bank["chapter"]: quiz_page(slug) for slug, bank in BANKS.items()}
    listed = "\n".join(pages)
    pages["index"] = f"# Index\n\n```{{toctree}}\n{listed}\n```\n"
    site, warnings = build(tmp_path_factory.mktemp("quizzes"), pages, "quizzes")
    assert warnings == ""
    return site


@pytest.mark.parametrize("slug", CHAPTERS)
def test_every_question_is_a_labelled_group_of_native_controls(
    slug: str, all_quizzes: Path
) -> None:
    html = (all_quizzes / f"{BANKS[slug]['chapter']}.html").read_text("utf8")
    questions = BANKS[slug]["questions"]
    assert html.count("<fieldset") == html.count("<legend>") == len(questions)
    inputs = sum(len(q.get("options", [None])) for q in questions)
    assert html.count("<input type=") - html.count('<input type="hidden"') >= inputs
    assert html.count('role="status"') == len(questions)
    replies = sum(len(quizzes.replies(q)) for q in questions)
    assert html.count('class="bnq-reply"') == replies
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_links_are_relative_to_the_page(all_quizzes: Path) -> None:
    html = (all_quizzes / "tradeoffs" / "batch-size.html").read_text("utf8")
    assert (
        'href="../mathematics/training-and-inference.html#stale-statistics-look-like-overfitting"'
        in html
    )
    assert 'href="#at-equal-epochs"' in html


def test_formulas_in_answers_are_formulas(all_quizzes: Path) -> None:
    html = (all_quizzes / "mathematics" / "the-transform.html").read_text("utf8")
    assert '<span class="math' in html
    assert "$m$" not in html


def test_script_and_style_only_where_there_is_a_quiz(all_quizzes: Path) -> None:
    assert "quiz.js" in (all_quizzes / "why" / "with-and-without.html").read_text("utf8")
    assert "quizzes/" not in (all_quizzes / "index.html").read_text("utf8")
    assert (all_quizzes / "_static" / "quizzes" / "quiz.js").is_file()


def test_a_place_that_does_not_exist_yet_is_text(tmp_path: Path) -> None:
    site, warnings = build(tmp_path, {"index": quiz_page("the-transform")}, "quizzes")
    assert warnings == ""
    html = (site / "index.html").read_text("utf8")
    assert "<span>What is guaranteed</span>" in html
    assert "the-transform.html" not in html


def test_a_missing_bank_is_a_warning_that_names_the_others(tmp_path: Path) -> None:
    _, warnings = build(tmp_path, {"index": quiz_page("nothing")}, "quizzes")
    assert "No questions for 'nothing'" in warnings


# ---- for other tools -------------------------------------------------------------------------
@pytest.fixture(scope="module")
def export() -> Any:
    path = ROOT / "tools" / "quiz_export.py"
    spec = importlib.util.spec_from_file_location("quiz_export", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("slug", CHAPTERS)
def test_export_keeps_every_question_and_answer(slug: str, export: Any) -> None:
    for question, other in zip(BANKS[slug]["questions"], export.exported(BANKS[slug]), strict=True):
        assert other["question"] == question["prompt"]
        assert len(other["answers"]) == len(quizzes.replies(question))
        right = [answer for answer in other["answers"] if answer.get("correct")]
        assert right
        assert all(answer["feedback"] for answer in other["answers"])


@pytest.mark.parametrize(("name", "question"), NUMBERS, ids=[name for name, _ in NUMBERS])
def test_exported_numbers_hold_their_ends(name: str, question: dict[str, Any], export: Any) -> None:
    answer = export.exported({"questions": [question]})[0]["answers"][0]
    value, margin = question["answer"]["value"], question["answer"]["tolerance"]
    if margin == 0:
        assert answer["value"] == value
    else:
        start, end = answer["range"]
        assert start <= value - margin
        assert value + margin < end


def test_export_says_what_it_needs(export: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert export.main([]) == 2
    assert "Name one chapter" in capsys.readouterr().err
    assert export.main(["nothing"]) == 1
    assert "the-transform" in capsys.readouterr().err


def test_yaml_is_plain() -> None:
    for path in quizzes.QUESTIONS.glob("*.yml"):
        assert yaml.safe_load(path.read_text("utf8")), path.name
