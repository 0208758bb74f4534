"""The small exercises of the labs: the book's solutions pass, stubs and known mistakes do not."""

import ast
import json
import re
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

import bnutils
from bnutils.checks import Report
from bnutils.checks.answers import batch_sizes, probing, scales, seeds
from bnutils.checks.answers.questions import Question
from bnutils.utils.chapters import Chapter, chapters

ROOT = Path(__file__).resolve().parents[2]
SOLUTION = re.compile(r"^~~~python\n(def .*?)^~~~$", re.DOTALL | re.MULTILINE)
QUESTIONS = {
    value.signature.text.partition("(")[0]: value
    for module in (scales, batch_sizes, probing, seeds)
    for value in vars(module).values()
    if isinstance(value, Question)
}


def exercises() -> Iterator[tuple[Chapter, str]]:
    """Every code cell that holds a stub and its check."""
    for chapter in filter(attrgetter("has_lab"), chapters(ROOT)):
        cells = json.loads(chapter.lab.read_text("utf-8"))["cells"]
        for cell in cells:
            if cell["cell_type"] == "code" and cell["id"].startswith("exercise"):
                yield chapter, "".join(cell["source"])


EXERCISES = list(exercises())
STUBS = ["raise NotImplementedError", "pass", "return None", "...", "return 0", "return 'x'"]


def answered(cell: str, body: str | None = None, solutions: str = "") -> Report:
    """Run a cell with another body in place of the stub, and the page's solutions if any."""
    names: dict[str, Any] = {"bnutils": bnutils, "np": np, "stats": stats}
    if body is not None:
        cell = re.sub(r"raise NotImplementedError\(.*\)", body, cell)
    tree = ast.parse(cell)
    check = tree.body.pop()
    assert isinstance(check, ast.Expr)
    exec(compile(tree, "<cell>", "exec"), names)
    exec(solutions, names)  # the page's functions take the place of the stubs
    report = eval(compile(ast.Expression(check.value), "<check>", "eval"), names)
    assert isinstance(report, Report)
    return report


@pytest.mark.parametrize(("chapter", "cell"), EXERCISES)
def test_the_solution_on_the_page_passes(chapter: Chapter, cell: str) -> None:
    solutions = "\n".join(SOLUTION.findall(chapter.page.read_text("utf-8")))
    report = answered(cell, solutions=solutions)
    assert report.passed, report


@pytest.mark.parametrize("body", STUBS)
@pytest.mark.parametrize(("chapter", "cell"), EXERCISES)
def test_whatever_a_stub_does_the_report_says_what_to_do(
    chapter: Chapter, cell: str, body: str
) -> None:
    report = answered(cell, body)
    assert not report.passed
    assert all(mistake.hint for mistake in report.mistakes)


@pytest.mark.parametrize(("chapter", "cell"), EXERCISES)
def test_the_stub_itself_is_called_unfinished(chapter: Chapter, cell: str) -> None:
    assert answered(cell).names == ("unfinished",)


MISTAKES = [(q, w) for q in QUESTIONS.values() for w in q.wrong]


@pytest.mark.parametrize(("question", "wrong"), MISTAKES, ids=lambda one: getattr(one, "name", ""))
def test_every_known_mistake_is_named(question: Question, wrong: Any) -> None:
    check = getattr(bnutils.checks, question.signature.text.partition("(")[0])
    report = check(wrong.result)
    assert report.names == (wrong.mistake.name,), report


def test_welchs_interval_is_right_too() -> None:
    def welch(a: np.ndarray, b: np.ndarray) -> float:
        ends = stats.ttest_ind(a, b, equal_var=False).confidence_interval()
        return float(ends.high - ends.low) / 2

    assert bnutils.checks.unpaired_half_width(welch).passed


def test_every_check_is_used_by_a_lab() -> None:
    cells = "\n".join(cell for _, cell in EXERCISES)
    assert [name for name in QUESTIONS if f"bnutils.checks.{name}(" not in cells] == []
