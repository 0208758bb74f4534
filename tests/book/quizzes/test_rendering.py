"""What a page shows of a quiz."""

import re
from pathlib import Path

import pytest
from bnsite.quizzes import bank
from bnsite.quizzes.nodes import part
from bnsite.quizzes.rendering import PARTS, filled

from bnutils.utils.chapters import Chapter
from tests.book.quizzes.banks import BANKS, FILES, ROOT, SLUGS, quiz_page
from tests.book.small_site import build


@pytest.fixture(scope="module")
def all_quizzes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pages = {Chapter(ROOT, slug).document: quiz_page(slug) for slug in SLUGS}
    listed = "\n".join(pages)
    pages["index"] = f"# Index\n\n```{{toctree}}\n{listed}\n```\n"
    folder = tmp_path_factory.mktemp("quizzes")
    site, warnings = build(folder, pages, "bnsite.quizzes", files=FILES)
    assert warnings == ""
    return site


def page(site: Path, slug: str) -> str:
    return (site / f"{Chapter(ROOT, slug).document}.html").read_text("utf8")


@pytest.mark.parametrize("slug", SLUGS)
def test_every_question_is_a_labelled_group_of_native_controls(
    slug: str, all_quizzes: Path
) -> None:
    html = page(all_quizzes, slug)
    questions = BANKS[slug]["questions"]
    assert html.count("<fieldset") == html.count("<legend>") == len(questions)
    inputs = sum(len(q.get("options", [None])) for q in questions)
    assert html.count("<input type=") - html.count('<input type="hidden"') >= inputs
    assert html.count('role="status"') == len(questions)
    replies = sum(len(bank.replies(q)) for q in questions)
    assert html.count('class="bnq-reply"') == replies
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_links_are_relative_to_the_page(all_quizzes: Path) -> None:
    html = page(all_quizzes, "batch-size")
    other = "../training-and-inference/training-and-inference.html"
    assert f'href="{other}#stale-statistics-look-like-overfitting"' in html
    assert 'href="#at-equal-epochs"' in html


def test_formulas_in_answers_are_formulas(all_quizzes: Path) -> None:
    html = page(all_quizzes, "the-transform")
    assert '<span class="math' in html
    assert "$m$" not in html


def test_script_and_style_only_where_there_is_a_quiz(all_quizzes: Path) -> None:
    assert "quiz.js" in page(all_quizzes, "with-and-without")
    assert "quizzes/" not in (all_quizzes / "index.html").read_text("utf8")
    assert (all_quizzes / "_static" / "quizzes" / "quiz.js").is_file()


def test_a_place_that_does_not_exist_yet_is_text(tmp_path: Path) -> None:
    site, warnings = build(
        tmp_path, {"index": quiz_page("the-transform")}, "bnsite.quizzes", files=FILES
    )
    assert warnings == ""
    html = (site / "index.html").read_text("utf8")
    assert "<span>What is guaranteed</span>" in html
    assert "the-transform.html" not in html


def test_what_a_node_knows_is_made_safe() -> None:
    node = part("number", name="a", unit='"<b>')
    assert "<span>&quot;&lt;b&gt;</span>" in filled(PARTS["number"][0], node)


@pytest.mark.parametrize("builder", ["text", "latex"])
def test_other_formats_show_the_texts(tmp_path: Path, builder: str) -> None:
    pages = {"index": quiz_page("the-transform")}
    out, warnings = build(tmp_path, pages, "bnsite.quizzes", builder, FILES)
    assert warnings == ""
    name = {"text": "index.txt", "latex": "projectnamenotset.tex"}[builder]
    words = " ".join((out / name).read_text("utf8").split())
    assert "How many means does batch normalisation compute" in words
