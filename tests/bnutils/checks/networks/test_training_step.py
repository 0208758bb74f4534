"""One's own training step: right in several ways of writing, and every mistake by its name."""

import pytest

from bnutils import checks
from tests.bnutils.checks.students.training_step import (
    RIGHT,
    WRONG,
    another_batch,
    by_hand,
    empty,
    forward_twice,
    loss_afterwards,
    not_applied,
    step,
    unfinished,
)


@pytest.mark.parametrize("student", RIGHT)
def test_right_students_pass(student):
    report = checks.training_step(student)
    assert report.passed, report
    assert len(report.cases) == 3


# ---- mistakes ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "student"),
    [(name, student) for name, students in WRONG.items() for student in students],
)
def test_a_mistake_is_told_by_its_numbers(name, student):
    report = checks.training_step(student)
    assert report.names == (name,), report


def test_several_mistakes_are_told_apart():
    report = checks.training_step(another_batch)
    assert set(report.names) == {"another-step", "statistics-elsewhere"}


def test_what_holds_is_said_too():
    seen = checks.training_step(not_applied).mistakes[0].seen
    assert "The moving statistics are right." in seen
    seen = checks.training_step(forward_twice).mistakes[0].seen
    assert "The trainable weights are right." in seen
    seen = checks.training_step(loss_afterwards).mistakes[0].seen
    assert "The step itself is right." in seen


def test_momentum_shows_in_the_second_step():
    seen = checks.training_step(by_hand).mistakes[0].seen
    assert "step 2" in seen


@pytest.mark.parametrize("loss", ["text", object()])
def test_what_is_no_loss_is_another_one(loss):
    def student(*arguments):
        step(*arguments)
        return loss

    assert checks.training_step(student).names == ("another-loss",)


# ---- calls ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("student", "name"),
    [
        (unfinished, "unfinished"),
        (empty, "unfinished"),
        (lambda model: None, "wrong-signature"),
        (lambda model, optimizer, loss_function, x, y: 1 / 0, "raises"),
        ("text", "wrong-signature"),
    ],
)
def test_a_call_that_fails_is_named(student, name):
    assert checks.training_step(student).names == (name,)
