"""What the directive says when it cannot make a quiz."""

from pathlib import Path

import pytest

from bnutils.utils.chapters import Chapter
from tests.book.quizzes.banks import FILES, ROOT, quiz_page
from tests.book.small_site import build

QUESTIONS = Chapter(ROOT, "the-transform").questions


def warnings_of(tmp_path: Path, page: str, leave_out: Path | None = None) -> str:
    files = [path for path in FILES if path != leave_out]
    return build(tmp_path, {"index": page}, "bnsite.quizzes", files=files)[1]


def test_a_missing_bank_is_a_warning_that_names_the_others(tmp_path: Path) -> None:
    warnings = warnings_of(tmp_path, quiz_page("nothing"))
    assert "No questions for 'nothing'" in warnings
    assert "the-transform" in warnings


def test_missing_misconceptions_are_a_warning(tmp_path: Path) -> None:
    left_out = ROOT / "book" / "misconceptions.yml"
    assert "misconceptions.yml" in warnings_of(tmp_path, quiz_page("the-transform"), left_out)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("correct: true", "correct: yes please", "True was expected"),
        ("questions:", "questions: [", "while parsing"),
        ("text: $D$, one per feature.", 'text: "One.\\n\\nTwo."', "must be one paragraph"),
    ],
)
def test_a_faulty_bank_is_a_warning_that_says_what(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    text = QUESTIONS.read_text("utf8")
    assert old in text
    place = tmp_path / "source" / QUESTIONS.relative_to(ROOT)
    place.parent.mkdir(parents=True)
    place.write_text(text.replace(old, new, 1), "utf8")
    assert message in warnings_of(tmp_path, quiz_page("the-transform"), QUESTIONS)
