"""A chapter's questions in the form that the ``jupyterquiz`` package displays.

Feedback and tolerances are kept; links into the book are left out. ``tools/quiz_export.py``
runs this.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from bnsite.quizzes.bank import Bank, Question, Reply, load

ROOT = Path(__file__).resolve().parents[4]
KINDS = {"single": "multiple_choice", "multiple": "many_choice", "numeric": "numeric"}


def exported(bank: Bank) -> list[dict[str, Any]]:
    """Questions of a bank as jupyterquiz expects them."""
    return [_question(question) for question in bank["questions"]]


def _question(question: Question) -> dict[str, Any]:
    answers = _numbers(question) if question["kind"] == "numeric" else _options(question)
    result = {"question": question["prompt"], "type": KINDS[question["kind"]], "answers": answers}
    return result | ({"code": question["code"]} if "code" in question else {})


def _options(question: Question) -> list[dict[str, Any]]:
    return [
        {
            "answer": option["text"],
            "correct": option.get("correct", False),
            "feedback": option["feedback"],
        }
        for option in question["options"]
    ]


def _numbers(question: Question) -> list[dict[str, Any]]:
    replies = [(question["answer"], True), *((wrong, False) for wrong in question.get("wrong", []))]
    numbers = [_accepted(reply) | {"correct": right} for reply, right in replies]
    return [*numbers, {"type": "default", "feedback": question["otherwise"]["feedback"]}]


def _accepted(reply: Reply) -> dict[str, Any]:
    """One reply to a number; jupyterquiz leaves the upper end of a range out."""
    value, margin, feedback = reply["value"], reply["tolerance"], reply["feedback"]
    if margin == 0:
        return {"type": "value", "value": value, "feedback": feedback}
    span = [value - margin, value + margin * (1 + 1e-9)]
    return {"type": "range", "range": span, "feedback": feedback}


def main(arguments: list[str]) -> int:
    """Print the questions of the chapter named."""
    if len(arguments) != 1:
        print("Name one chapter, for example the-transform.", file=sys.stderr)
        return 2
    try:
        bank = load(ROOT, arguments[0])
    except ValueError as fault:
        print(fault, file=sys.stderr)
        return 1
    print(json.dumps(exported(bank), ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
