"""The questions in jupyterquiz' form."""

from typing import Any

import pytest
from bnsite.quizzes import bank
from bnsite.quizzes.export import exported, main

from tests.book.quizzes.banks import BANKS, NUMBERS, SLUGS


@pytest.mark.parametrize("slug", SLUGS)
def test_export_keeps_every_question_and_answer(slug: str) -> None:
    for question, other in zip(BANKS[slug]["questions"], exported(BANKS[slug]), strict=True):
        assert other["question"] == question["prompt"]
        assert len(other["answers"]) == len(bank.replies(question))
        right = [answer for answer in other["answers"] if answer.get("correct")]
        assert right
        assert all(answer["feedback"] for answer in other["answers"])


@pytest.mark.parametrize(("name", "question"), NUMBERS, ids=[name for name, _ in NUMBERS])
def test_exported_numbers_hold_their_ends(name: str, question: dict[str, Any]) -> None:
    answer = exported({"questions": [question]})[0]["answers"][0]
    value, margin = question["answer"]["value"], question["answer"]["tolerance"]
    if margin == 0:
        assert answer["value"] == value
    else:
        start, end = answer["range"]
        assert start <= value - margin
        assert value + margin < end


def test_export_says_what_it_needs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "Name one chapter" in capsys.readouterr().err
    assert main(["nothing"]) == 1
    assert "the-transform" in capsys.readouterr().err
