"""Exercises on cost: right ones, wrong ones, and what their cases are."""

import numpy as np
import pytest

from bnutils import checks
from bnutils.checks.answers import costs
from bnutils.checks.answers.questions import title

QUESTIONS = [costs.KEPT_ACTIVATIONS, costs.UPDATES_AT_EQUAL_COST]


def checked(question, function):
    return getattr(checks, title(question))(function)


def kept_by_loop(inputs, widths, batch, norm):
    kept = inputs
    for width in widths:
        kept += width
        if norm:
            kept += width
    return np.int64(kept) * batch


RIGHT = [
    (checks.kept_activations, kept_by_loop),
    (checks.updates_at_equal_cost, lambda u, plain, norm: int(u * norm / plain)),
    (checks.updates_at_equal_cost, lambda u, plain, norm: np.floor(u * norm / plain)),
]


@pytest.mark.parametrize(("check", "function"), RIGHT)
def test_a_right_function_passes_in_any_way_of_writing(check, function):
    report = check(function)
    assert report.passed, report


WRONG = [
    pytest.param(question, wrong.mistake.name, wrong.result, id=wrong.mistake.name)
    for question in QUESTIONS
    for wrong in question.wrong
]


@pytest.mark.parametrize(("question", "name", "function"), WRONG)
def test_every_known_mistake_is_named(question, name, function):
    report = checked(question, function)
    assert report.names == (name,), report


@pytest.mark.parametrize("value", [None, np.nan, "3", [1, 2], object(), np.zeros((2, 2))])
@pytest.mark.parametrize("question", QUESTIONS, ids=title)
def test_whatever_comes_back_there_is_a_hint(question, value):
    report = checked(question, lambda *_: value)
    assert not report.passed
    assert report.mistakes[0].hint


def test_the_book_counts_what_the_benchmarks_count():
    from benchmarks import cost

    for norm in (None, "batch"):
        counted = cost.kept(cost.built("dense", norm, 8, 3), 10)
        assert costs.KEPT_ACTIVATIONS.right(64, (8, 8, 8), 10, norm == "batch") == counted
