"""Statistics measured anew: right in several ways of writing, and every mistake by its name."""

import pytest

from bnutils import checks
from bnutils.checks.catalogue import MISTAKES
from tests.bnutils.checks.students.recalibration import (
    RIGHT,
    WRONG,
    batch_variances,
    empty,
    frozen,
    inputs,
    layer_by_layer,
    mean_of,
    norms,
    order_ignored,
    stored,
    unfinished,
    variance_of,
    with_,
)


@pytest.mark.parametrize("student", RIGHT)
def test_right_students_pass(student):
    report = checks.recalibration(student)
    assert report.passed, report
    assert len(report.cases) == 4


def test_what_is_returned_does_not_matter():
    def returning(model, x):
        layer_by_layer(model, x)
        return model, "done"

    assert checks.recalibration(returning).passed


# ---- mistakes ---------------------------------------------------------------------------
@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_is_told_by_its_numbers(name):
    report = checks.recalibration(WRONG[name])
    assert name in report.names, report
    if name != "changes-its-input":  # where other statistics follow
        assert report.names == (name,)


@pytest.mark.parametrize("size", [5, 13, 47])
@pytest.mark.parametrize("weighted", [True, False])
def test_batches_of_any_size_are_recognised(size, weighted):
    report = checks.recalibration(with_(batch_variances(size, weighted=weighted)))
    assert report.names == ("mean-of-batch-variances",), report


def test_a_frozen_layer_is_noticed():
    assert checks.recalibration(frozen).names == ("setting-left-changed",)


def test_what_holds_is_said_too():
    report = checks.recalibration(WRONG["sample-variance"])
    assert "moving_variance[" in report.mistakes[0].seen
    assert "The means are right." in report.mistakes[0].seen
    report = checks.recalibration(order_ignored)
    assert "normalisation 2 of 2" in report.mistakes[0].seen
    assert "What is before it is right." in report.mistakes[0].seen


def test_a_layer_is_judged_by_those_before_it_as_they_are():
    """The first layer is off, the second is right for the inputs that it gets: one mistake."""

    def first_off(model, x):
        for number, layer in enumerate(norms(model)):
            h = inputs(model, layer, x)
            stored(layer, mean_of(h), variance_of(h) * (1.5 if number == 0 else 1))

    report = checks.recalibration(first_off)
    assert "normalisation 1 of 2" in report.mistakes[0].seen
    assert len(report.mistakes) == 1


# ---- calls ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("student", "name"),
    [
        (unfinished, "unfinished"),
        (empty, "unfinished"),
        (lambda model: None, "wrong-signature"),
        (lambda model, x: 1 / 0, "raises"),
        (lambda model, x: norms(model)[0].moving_mean.assign(x), "shapes-do-not-fit"),
        (3, "wrong-signature"),
    ],
)
def test_a_call_that_fails_is_named(student, name):
    assert checks.recalibration(student).names == (name,)


def test_the_hints_climb_to_a_place():
    checks.reset_hints("recalibration")
    for _ in range(3):
        report = checks.recalibration(order_ignored)
    assert "#stale-statistics-look-like-overfitting" in str(report)
    assert MISTAKES["order-ignored"].why.split(".")[0] in " ".join(str(report).split())
    checks.reset_hints("recalibration")
