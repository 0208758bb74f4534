"""The questions of a chapter and what learners get wrong: read, and held to their rules."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from bnutils.utils.chapters import Chapter, chapters

Bank = dict[str, Any]
Question = dict[str, Any]
Reply = dict[str, Any]

SCHEMA = Path(__file__).with_name("schema.json")
MISCONCEPTIONS = "book/misconceptions.yml"


def files(root: Path, slug: str) -> list[Path]:
    """The files that a chapter's quiz is made from."""
    return [Chapter(root, slug).questions, root / MISCONCEPTIONS, SCHEMA]


def load(root: Path, slug: str) -> Bank:
    """Questions of a chapter, checked against the schema and the list of misconceptions."""
    path = Chapter(root, slug).questions
    if not path.is_file():
        known = [chapter.slug for chapter in chapters(root) if chapter.questions.is_file()]
        raise ValueError(f"No questions for {slug!r}. There are banks for {', '.join(known)}.")
    bank: Bank = yaml.safe_load(path.read_text("utf8"))
    check(bank, misconceptions(root))
    for question in bank["questions"]:
        shuffle(question)
    return bank


def misconceptions(root: Path) -> dict[str, Any]:
    """What learners get wrong, by name."""
    named: dict[str, Any] = yaml.safe_load((root / MISCONCEPTIONS).read_text("utf8"))
    return named


def schema() -> dict[str, Any]:
    """The form of a bank."""
    form: dict[str, Any] = json.loads(SCHEMA.read_text("utf8"))
    return form


def shuffle(question: Question) -> None:
    """Put the options into an order that does not tell which is right, always the same one."""
    if "options" in question:
        random.Random(question["id"]).shuffle(question["options"])


def check(bank: Bank, known: dict[str, Any]) -> None:
    """Raise ValueError, saying where and what, unless the bank follows its rules."""
    for fault in jsonschema.Draft202012Validator(schema()).iter_errors(bank):
        raise ValueError(f"Question bank, at {fault.json_path}: {fault.message}")
    for question in bank["questions"]:
        _check_answers(question)
        for reply in replies(question):
            name = reply.get("misconception")
            if name is not None and name not in known:
                raise ValueError(f"Question {question['id']!r}: unknown misconception {name!r}.")


def _check_answers(question: Question) -> None:
    right = sum(bool(option.get("correct")) for option in question.get("options", ()))
    if question["kind"] == "single" and right != 1:
        raise ValueError(f"Question {question['id']!r}: one option must be right, found {right}.")
    if question["kind"] == "multiple" and not 0 < right < len(question["options"]):
        raise ValueError(f"Question {question['id']!r}: some options must be right, not {right}.")


def replies(question: Question) -> list[Reply]:
    """Everything the question can say back, the right answers' explanations included."""
    if question["kind"] == "numeric":
        return [question["answer"], *question.get("wrong", []), question["otherwise"]]
    return list(question["options"])


def is_right(question: Question, reply: Reply) -> bool:
    """Whether this reply belongs to a right answer."""
    return bool(reply.get("correct")) or reply is question.get("answer")
