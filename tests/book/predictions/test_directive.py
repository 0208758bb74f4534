"""What the directive ``predict`` makes of a source, and what it says if there is a mistake."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

from tests.book.small_site import build

if TYPE_CHECKING:
    from pathlib import Path

CHOICES = "1. shrink\n2. stay\n3. grow $x^2$\n"
ANSWER = "**3.** It grows, for $x > 1$.\n\nMore.\n"


def source(choices: str = CHOICES, answer: str = ANSWER, name: str = "some-name") -> str:
    """A page with a prediction."""
    folded = f"<details>\n<summary>Answer</summary>\n\n{answer}\n</details>\n"
    return f"# Title\n\n:::{{predict}} {name}\n\nWhat will $x$ do?\n\n{choices}\n{folded}:::\n"


def built(tmp_path: Path, page: str, builder: str = "html") -> tuple[Path, str]:
    pages = {
        "book/some-chapter/page": page,
        "index": "# Index\n\n```{toctree}\nbook/some-chapter/page\n```\n",
    }
    extensions = ["dollarmath", "colon_fence"]
    return build(tmp_path, pages, "bnsite.predictions", builder, myst_enable_extensions=extensions)


def soup_of(tmp_path: Path, page: str) -> BeautifulSoup:
    site, warnings = built(tmp_path, page)
    assert warnings == ""
    html = (site / "book" / "some-chapter" / "page.html").read_text("utf8")
    return BeautifulSoup(html, "html.parser")


# ---- what stands on the page -------------------------------------------------------------------
def test_a_choice_is_a_labelled_group_of_native_controls(tmp_path: Path) -> None:
    box = soup_of(tmp_path, source()).select_one(".bnp > fieldset")
    assert box is not None
    assert box.legend is not None
    assert "Predict first. What will" in box.legend.get_text()
    assert box["data-id"] == "some-chapter/some-name"
    assert box["data-kind"] == "single"
    assert box["data-right"] == "3"
    radios = box.select("label > input[type=radio]")
    assert [radio["value"] for radio in radios] == ["1", "2", "3"]
    assert len({radio["name"] for radio in radios}) == 1
    assert box.select_one("[role=status]").get_text() == ""
    assert box.select_one("button")["type"] == "button"


def test_the_answer_is_folded_and_complete(tmp_path: Path) -> None:
    answer = soup_of(tmp_path, source()).select_one(".bnp details")
    assert answer is not None
    assert not answer.has_attr("open")
    assert answer.summary.get_text() == "Answer"
    assert "It grows" in answer.get_text()
    assert "More." in answer.get_text()
    assert answer.select_one(".math") is not None


NUMBERS = {
    "1.07 percentage points (within 0.5).": (
        1.07,
        0.5,
        "",
        "percentage points",
        "1.07 percentage points",
    ),
    "−0.2 (within 0.15)": (-0.2, 0.15, "", "", "−0.2"),
    "31\u202f% (within 5).": (31, 5, "", "%", "31 %"),
    "600 times (within a factor of 3).": (600, 0, "3.0", "times", "600 times"),
    "4.2\u202f×\u202f10⁻⁵ (within a factor of 10).": (4.2e-5, 0, "10.0", "", "4.2×10⁻⁵"),
    "50,240 (exactly).": (50240, 0, "", "", "50,240"),
}


@pytest.mark.parametrize("answer", NUMBERS)
def test_a_number_has_its_tolerance_and_unit(tmp_path: Path, answer: str) -> None:
    box = soup_of(tmp_path, source("", f"**{answer}** Because.")).select_one(".bnp > fieldset")
    value, tolerance, factor, unit, shown = NUMBERS[answer]
    assert box["data-kind"] == "numeric"
    assert float(box["data-right"]) == pytest.approx(value)
    assert float(box["data-tolerance"]) == tolerance
    assert (box["data-factor"], box["data-shown"]) == (factor, shown)
    field = box.select_one("label > input[type=text]")
    assert field["inputmode"] == "decimal"
    assert field.parent.get_text(" ", strip=True) == f"Your answer {unit}".strip()


def test_script_and_style_only_where_there_is_a_prediction(tmp_path: Path) -> None:
    site, _ = built(tmp_path, source())
    html = (site / "book" / "some-chapter" / "page.html").read_text("utf8")
    files = re.findall(r"_static/quizzes/([\w.]+)", html)
    assert set(files) == {"answers.js", "predict.js", "answers.css"}
    assert files.index("answers.js") < files.index("predict.js")
    assert "quizzes/" not in (site / "index.html").read_text("utf8")


@pytest.mark.parametrize("builder", ["text", "latex"])
def test_other_formats_show_question_and_answer(tmp_path: Path, builder: str) -> None:
    out, warnings = built(tmp_path, source(), builder)
    assert warnings == ""
    name = {"text": "book/some-chapter/page.txt", "latex": "projectnamenotset.tex"}[builder]
    words = " ".join((out / name).read_text("utf8").split())
    assert "What will" in words
    assert "It grows" in words


# ---- mistakes ---------------------------------------------------------------------------------
MISTAKES = {
    "no answer": (":::{predict} a\n\nWhat?\n\n1. b\n2. c\n:::\n", "ends with one answer"),
    "two answers": (
        source().replace("</details>\n", "</details>\n\n<details>\n\nx\n\n</details>\n", 1),
        "ends with one answer",
    ),
    "text after the answer": (
        source().replace(":::\n", "\nAfter.\n:::\n").replace(":::{", "\n:::{"),
        "ends with one answer",
    ),
    "no blank line in the answer": (
        source().replace("</summary>\n\n", "</summary>\n"),
        "begins in bold",
    ),
    "nothing in bold": (source(answer="It grows."), "begins in bold"),
    "no number in bold": (source(answer="**It grows.**"), "It begins with: It grows."),
    "two right answers": (source(answer="**1 and 3.**"), "One choice must be right, not 2"),
    "a choice that is not there": (
        source(answer="**4.**"),
        "There are choices 1 to 3; the answer says 4.",
    ),
    "one choice": (source("1. grow\n"), "at least two choices"),
    "the same choice twice": (source("1. grow\n2. grow\n"), "all different"),
    "a choice of two paragraphs": (
        source("1. grow\n\n   more\n2. shrink\n"),
        "A choice is one paragraph",
    ),
    "no tolerance": (source("", "**1.5 points.** Because."), "It begins with: 1.5 points."),
    "no number": (source("", "**many (within 2).** Because."), "It begins with: many (within 2)."),
    "no question": (source().replace("What will $x$ do?\n\n", ""), "begins with its question"),
    "a name with blanks": (source(name="Some Name"), "words-with-hyphens, not 'Some Name'"),
    "no name": (source(name=""), "1 argument(s) required"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_a_warning_that_says_what_to_write(tmp_path: Path, mistake: str) -> None:
    page, message = MISTAKES[mistake]
    _, warnings = built(tmp_path, page if page.startswith("#") else f"# Title\n\n{page}")
    assert message in warnings
