"""Exercises on batch mates: right ones, wrong ones, and what the book says of them."""

import math

import numpy as np
import pytest

from bnutils import checks
from bnutils.checks.answers import mates
from bnutils.checks.answers.questions import title
from bnutils.reference import batch_norm_backward, batch_norm_train

QUESTIONS = [mates.CLIPPED_SUM, mates.POOLED_VARIANCE, mates.TOGETHER_MEAN]


def checked(question, function):
    return getattr(checks, title(question))(function)


# ---- right, in many ways of writing --------------------------------------------------------
def clipped_by_loop(gradients, bound):
    total = np.zeros(gradients.shape[1])
    for row in gradients:
        length = math.sqrt(sum(value**2 for value in row))
        total += row if length <= bound else bound * row / length
    return total


def pooled_by_moments(means, variances):
    return np.mean(variances + means**2) - np.mean(means) ** 2


def pooled_by_lists(means, variances):
    middle = sum(means) / len(means)
    return sum(v + (m - middle) ** 2 for m, v in zip(means, variances, strict=True)) / len(means)


RIGHT = [
    (checks.clipped_sum, clipped_by_loop),
    (
        checks.clipped_sum,
        lambda g, c: (g / np.maximum(1, np.linalg.norm(g, axis=1, keepdims=True) / c)).sum(0),
    ),
    (checks.pooled_variance, pooled_by_moments),
    (checks.pooled_variance, pooled_by_lists),
    (checks.together_mean, lambda gap, spread: gap / math.hypot(2 * spread, gap)),
    (checks.together_mean, lambda gap, spread: 1 / np.sqrt(1 + (2 * spread / gap) ** 2)),
]


@pytest.mark.parametrize(("check", "function"), RIGHT)
def test_a_right_function_passes_in_any_way_of_writing(check, function):
    report = check(function)
    assert report.passed, report


# ---- wrong, and told why -------------------------------------------------------------------
WRONG = [
    pytest.param(question, wrong.mistake.name, result, id=f"{wrong.mistake.name}-{number}")
    for question in QUESTIONS
    for wrong in question.wrong
    for number, result in enumerate((wrong.result, *wrong.others))
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
def test_a_layer_puts_fakes_where_the_exercise_says():
    x = np.repeat([[-3.0], [3.0]], 4, axis=0) + 4 * np.tile([[-1.0], [1.0]], (4, 1))
    y, _ = batch_norm_train(x, None, None, epsilon=1e-12)
    assert y[4:].mean() == pytest.approx(mates.TOGETHER_MEAN.right(6.0, 4.0))


def test_the_gradient_of_another_example_is_the_book_s():
    """The theorem on gradients of one's own."""
    x = np.random.default_rng(0).normal(size=(6, 3))
    _, cache = batch_norm_train(x, None, None)
    dy = np.zeros_like(x)
    dy[2] = 1.7
    dx, _, _ = batch_norm_backward(dy, cache)
    others = np.arange(6) != 2
    expected = -1.7 * (1 + cache.x_hat[2] * cache.x_hat) / (6 * cache.std)
    np.testing.assert_allclose(dx[others], expected[others])
