"""Write a chapter's questions in the form that the ``jupyterquiz`` package displays.

For teachers who want the questions inside a notebook of their own::

    python tools/quiz_export.py the-transform > the-transform.json

and in the notebook, where ``jupyterquiz`` is installed, ``display_quiz("the-transform.json")``.
Feedback and tolerances are kept; links into the book are left out.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "book" / "_ext"))

from quizzes import load_bank

KINDS = {"single": "multiple_choice", "multiple": "many_choice", "numeric": "numeric"}


def exported(bank: dict[str, Any]) -> list[dict[str, Any]]:
    """Questions of a bank as jupyterquiz expects them."""
    return [_question(question) for question in bank["questions"]]


def _question(question: dict[str, Any]) -> dict[str, Any]:
    answers = _numbers(question) if question["kind"] == "numeric" else _options(question)
    result = {"question": question["prompt"], "type": KINDS[question["kind"]], "answers": answers}
    return result | ({"code": question["code"]} if "code" in question else {})


def _options(question: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "answer": option["text"],
            "correct": option.get("correct", False),
            "feedback": option["feedback"],
        }
        for option in question["options"]
    ]


def _numbers(question: dict[str, Any]) -> list[dict[str, Any]]:
    replies = [(question["answer"], True), *((wrong, False) for wrong in question.get("wrong", []))]
    numbers = [_accepted(reply) | {"correct": right} for reply, right in replies]
    return [*numbers, {"type": "default", "feedback": question["otherwise"]["feedback"]}]


def _accepted(reply: dict[str, Any]) -> dict[str, Any]:
    """One reply to a number; jupyterquiz leaves the upper end of a range out."""
    value, margin, feedback = reply["value"], reply["tolerance"], reply["feedback"]
    if margin == 0:
        return {"type": "value", "value": value, "feedback": feedback}
    span = [value - margin, value + margin * (1 + 1e-9)]
    return {"type": "range", "range": span, "feedback": feedback}


def main(arguments: list[str]) -> int:
    """Print the questions of the chapter named."""
    if len(arguments) != 1:
        print("Name one chapter, for example: quiz_export.py the-transform", file=sys.stderr)
        return 2
    try:
        bank = load_bank(arguments[0])
    except ValueError as fault:
        print(fault, file=sys.stderr)
        return 1
    print(json.dumps(exported(bank), ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
