"""A prediction as its author wrote it: split into question, choices and answer, and checked."""

from __future__ import annotations

import re
from dataclasses import dataclass

from docutils import nodes

from bnutils.utils.words import MINUS, THIN

Blocks = list[nodes.Node]

FORM = (
    "The answer begins in bold with what is right: the number of a choice, **2.**, or a number "
    "with what still counts as right, **1.5 points (within 0.5).**"
)
NUMBER = re.compile(
    r"(?P<value>[+-]?\d[\d,]*(?:\.\d+)?(?:×10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?) *(?P<unit>[^()]*?) *"
    r"\((?:within (?P<factor>a factor of )?(?P<margin>\d+(?:\.\d+)?)|exactly)\)\.?"
)
RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


class PredictionError(ValueError):
    """What is wrong with a prediction, and what to write instead."""


@dataclass(frozen=True)
class Number:
    """A number that is right, what else still counts as right, and how it is printed."""

    value: float
    tolerance: float
    factor: float | None
    unit: str
    shown: str


@dataclass(frozen=True)
class Prediction:
    """A question with its answer; without choices, the answer is a number."""

    question: nodes.paragraph
    more: Blocks
    choices: list[nodes.paragraph]
    right: int | Number
    answer: Blocks


def read(blocks: Blocks) -> Prediction:
    """Split and check the content of the directive."""
    asked, answer = split(blocks)
    listed = asked.pop() if asked and isinstance(asked[-1], nodes.enumerated_list) else None
    if not asked or not isinstance(asked[0], nodes.paragraph):
        raise PredictionError("A prediction begins with its question, a paragraph.")
    choices = texts_of(listed) if listed is not None else []
    said = beginning(answer)
    right = right_choice(said, len(choices)) if choices else right_number(said)
    return Prediction(asked[0], asked[1:], choices, right, answer)


def split(blocks: Blocks) -> tuple[Blocks, Blocks]:
    """What stands before the answer, and the answer."""
    tags = [i for i, block in enumerate(blocks) if isinstance(block, nodes.raw)]
    opening, closing = (html_of(blocks, tags, tag) for tag in ("<details>", "</details>"))
    if len(opening) != 1 or closing != [len(blocks) - 1]:
        raise PredictionError(
            "A prediction ends with one answer: <details> and <summary>Answer</summary> on two "
            "lines, a blank line, the answer, a blank line, </details>."
        )
    return blocks[: opening[0]], blocks[opening[0] + 1 : -1]


def html_of(blocks: Blocks, tags: list[int], tag: str) -> list[int]:
    """Which of the blocks are HTML that begins with this tag."""
    return [i for i in tags if blocks[i].astext().strip().startswith(tag)]


def texts_of(listed: nodes.Node) -> list[nodes.paragraph]:
    """The choices, each a paragraph."""
    choices = [item.children for item in listed.children]
    if any(len(c) != 1 or not isinstance(c[0], nodes.paragraph) for c in choices):
        raise PredictionError("A choice is one paragraph.")
    words = [choice[0].astext().strip() for choice in choices]
    if len(words) < 2 or len(set(words)) < len(words):
        raise PredictionError("A prediction has at least two choices, all different.")
    return [choice[0] for choice in choices if isinstance(choice[0], nodes.paragraph)]


def beginning(answer: Blocks) -> str:
    """The words in bold with which the answer begins."""
    first = answer[0] if answer else None
    words = first.children if isinstance(first, nodes.paragraph) else []
    start = next((part for part in words if part.astext()), None)
    if not isinstance(start, nodes.strong):
        raise PredictionError(FORM)
    return start.astext().replace(THIN, "").replace(MINUS, "-").strip()


def right_choice(said: str, choices: int) -> int:
    """The number of the choice that is right."""
    numbers = re.findall(r"\d+", said)
    if len(numbers) > 1:
        raise PredictionError(f"One choice must be right, not {len(numbers)} ({said}).")
    if not re.fullmatch(r"\d+\.?", said):
        raise PredictionError(f"{FORM} It begins with: {said}")
    if not 1 <= int(numbers[0]) <= choices:
        raise PredictionError(f"There are choices 1 to {choices}; the answer says {said}")
    return int(numbers[0])


def right_number(said: str) -> Number:
    """The number that is right."""
    found = NUMBER.fullmatch(said)
    if found is None:
        raise PredictionError(f"{FORM} It begins with: {said}")
    digits, _, power = found["value"].replace(",", "").partition("×10")
    value = float(digits) * 10.0 ** int(power.translate(RAISED) or "0")
    margin = float(found["margin"] or 0)
    shown = f"{found['value'].replace('-', MINUS)} {found['unit']}".strip()
    factor = margin if found["factor"] else None
    return Number(value, 0.0 if factor else margin, factor, found["unit"], shown)
