"""The program that writes a chapter's questions for jupyterquiz."""

import json

import pytest

from tools import quiz_export


def test_the_questions_are_printed(capfd: pytest.CaptureFixture[str]) -> None:
    assert quiz_export.main(["the-transform"]) == 0
    questions = json.loads(capfd.readouterr().out)
    assert {"question", "type", "answers"} <= set(questions[0])


def test_a_wrong_name_is_refused(capfd: pytest.CaptureFixture[str]) -> None:
    assert quiz_export.main(["nothing"]) == 1
    assert "the-transform" in capfd.readouterr().err
