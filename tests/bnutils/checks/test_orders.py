"""Arguments and results in another order than the exercise's, alone and beside one mistake."""

from itertools import islice

import numpy as np
import pytest

from bnutils import checks
from bnutils.checks import orders
from bnutils.checks.running import check
from tests.bnutils.checks.fresh import EXERCISES, fresh, misstated, unstated
from tests.bnutils.checks.mutants import ALL, made
from tests.bnutils.checks.students import backward
from tests.bnutils.checks.test_mutants import SOURCES

SWAPPED = {"arguments-swapped", "gamma-beta-swapped"}


def taking(function, order):
    """Return a function whose arguments stand in another order, and whose names tell nothing."""
    places = np.argsort(order)
    return lambda *arguments: function(*(arguments[place] for place in places))


@pytest.mark.parametrize("name", EXERCISES)
def test_two_exchanged_and_three_rotated_arguments_are_found(name):
    exercise, other = EXERCISES[name](), fresh(EXERCISES[name])
    right = made(SOURCES[name][0])
    for order in islice(orders.of_arguments(exercise), 0, None, 1 if ALL else 3):
        student = taking(right, order)
        report = check(student, exercise)
        assert set(report.names) <= SWAPPED, (order, str(report))
        assert len(report.names) == 1, order
        if orders.fit(exercise, order):
            assert not misstated(report.formulas, student, other)
            assert not unstated(report.formulas, student, other)


def without_epsilon(x, gamma, beta, variance, mean, epsilon):
    return gamma * (x - mean) / np.sqrt(variance) + beta


def with_mean_of_gamma(x, dy, gamma, epsilon):
    dx, dgamma, dbeta = backward.compact(dy, x, gamma, epsilon)
    return dx, dgamma / len(x), dbeta


def nameless(function):
    return lambda *arguments: function(*arguments)


@pytest.mark.parametrize(
    ("name", "function", "names"),
    [
        ("inference", without_epsilon, {"arguments-swapped", "epsilon-missing"}),
        ("backward", with_mean_of_gamma, {"arguments-swapped", "mean-instead-of-sum"}),
    ],
)
def test_one_more_mistake_beside_the_order_is_named(name, function, names):
    report = check(nameless(function), EXERCISES[name]())
    assert set(report.names) == names, str(report)
    assert "but for what else is said here" in " ".join(str(report).split())
    other = fresh(EXERCISES[name])
    assert not misstated(report.formulas, nameless(function), other)
    assert not unstated(report.formulas, nameless(function), other)


def test_one_more_mistake_beside_the_order_of_results_is_named():
    def averaged(dy, x, gamma, epsilon):
        dx, dgamma, dbeta = backward.compact(dy, x, gamma, epsilon)
        return dx, dbeta, dgamma / len(x)

    report = checks.batch_norm_backward(averaged)
    assert set(report.names) == {"results-swapped", "mean-instead-of-sum"}
    assert not misstated(report.formulas, averaged, fresh(EXERCISES["backward"]))
    assert not unstated(report.formulas, averaged, fresh(EXERCISES["backward"]))


def test_formulas_are_in_the_arguments_as_they_were_given():
    formulas = {"y": "gamma * x + mean(beta)"}
    found = orders.renamed(formulas, ("x", "gamma", "beta"), (0, 2, 1))
    assert found == {"y": "beta * x + mean(gamma)"}
    found = orders.renamed(formulas, ("x", "gamma", "beta"), (2, 0, 1))
    assert found == {"y": "beta * gamma + mean(x)"}
