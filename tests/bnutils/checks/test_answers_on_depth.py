"""Exercises on very deep networks: right ones, wrong ones, and what their cases are."""

import math

import numpy as np
import pytest

from bnutils import checks
from bnutils.checks.answers import depth
from bnutils.checks.answers.questions import title

QUESTIONS = [depth.LAYER_FACTOR, depth.RESIDUAL_GROWTH, depth.STABLE_RANK]


def checked(question, function):
    return getattr(checks, title(question))(function)


# ---- right, in many ways of writing --------------------------------------------------------
def factor_by_norms(outputs, slopes):
    return np.linalg.norm(slopes) / np.linalg.norm(outputs - outputs.mean())


def growth_by_loop(blocks, spread):
    squared, variance = 1.0, 1.0
    for _ in range(blocks):
        squared += squared / variance
        variance += spread
    return math.sqrt(squared)


def growth_by_logarithms(blocks, spread):
    return np.exp(0.5 * np.log1p(1 / (1 + spread * np.arange(blocks))).sum())


def growth_by_gamma(blocks, spread):
    one, two = 1 / spread, 2 / spread
    parts = (blocks + two, one), (two, blocks + one)
    up, down = (sum(map(math.lgamma, part)) for part in parts)
    return math.exp((up - down) / 2)


def rank_by_eigenvalues(a):
    eigenvalues = np.linalg.eigvalsh(a.T @ a)
    return eigenvalues.sum() / eigenvalues[-1]


RIGHT = [
    (checks.layer_factor, factor_by_norms),
    (checks.layer_factor, lambda o, s: float(np.sqrt(np.mean(np.square(s))) / np.std(o))),
    (checks.residual_growth, growth_by_loop),
    (checks.residual_growth, growth_by_logarithms),
    (checks.residual_growth, growth_by_gamma),
    (checks.stable_rank, rank_by_eigenvalues),
    (checks.stable_rank, lambda a: (np.linalg.norm(a) / np.linalg.norm(a, 2)) ** 2),
    (checks.stable_rank, lambda a: np.trace(a @ a.T) / np.linalg.norm(a @ a.T, 2)),
]


@pytest.mark.parametrize(("check", "function"), RIGHT)
def test_a_right_function_passes_in_any_way_of_writing(check, function):
    report = check(function)
    assert report.passed, report


# ---- wrong, and told why -------------------------------------------------------------------
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


# ---- what the book says of them ------------------------------------------------------------
def test_a_wide_relu_has_the_factor_of_the_book():
    z = np.linspace(-9.0, 9.0, 20_001)
    draws = np.repeat(z, np.round(4e3 * np.exp(-(z**2) / 2)).astype(int))
    factor = depth.LAYER_FACTOR.right(np.maximum(draws, 0), 1.0 * (draws > 0))
    assert factor == pytest.approx(math.sqrt(math.pi / (math.pi - 1)), rel=1e-3)


def test_straight_branches_grow_as_the_root_of_the_blocks():
    assert depth.RESIDUAL_GROWTH.right(50, 1.0) == pytest.approx(math.sqrt(51))
