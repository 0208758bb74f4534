"""The cases of an exercise: which are tried, and what a failure in one of them is called."""

import numpy as np
import pytest

from bnutils import checks
from bnutils.checks import batches, cases
from tests.bnutils.checks.fits import ADAPTERS
from tests.bnutils.checks.students.forward import by_the_book
from tests.bnutils.checks.students.inference import inferred_by_the_book


def names(kinds):
    return tuple(case.name for case, _ in kinds)


def means_of_squares(x):
    return np.maximum((x**2).mean(0) - x.mean(0) ** 2, 0)  # wrong, and still finite


SIZES = tuple(f"{len(one.x)} examples" for one in batches.several())


def test_a_right_function_meets_every_case_of_its_table():
    assert checks.batch_norm_forward(by_the_book).cases == SIZES + names(cases.IN_TRAINING)
    due = SIZES + names(cases.IN_INFERENCE)
    assert checks.batch_norm_inference(inferred_by_the_book).cases == due


def test_float32_is_excused_from_the_case_that_needs_float64():
    def forward(x, gamma, beta, epsilon):
        return by_the_book(x.astype(np.float32), gamma, beta, epsilon)

    report = checks.batch_norm_forward(forward)
    assert report.passed
    tried = names([one for one in cases.IN_TRAINING if one is not cases.LARGE])
    assert report.cases == SIZES + tried


@pytest.mark.parametrize(
    ("dtype", "place"), [(np.float64, "a large mean: "), (np.float32, "a large mean in float32: ")]
)
def test_digits_lost_in_one_dtype_alone_are_noticed_in_its_case(dtype, place):
    def forward(x, gamma, beta, epsilon):
        variance = means_of_squares(x) if x.dtype == dtype else x.var(0)
        return gamma * (x - x.mean(0)) / np.sqrt(variance + epsilon) + beta

    def update(mean, variance, x, momentum):
        new = means_of_squares(x) if x.dtype == dtype else x.var(0)
        return (
            momentum * mean + (1 - momentum) * x.mean(0),
            momentum * variance + (1 - momentum) * new,
        )

    for check, function in ((checks.batch_norm_forward, forward), (checks.moving_update, update)):
        (found,) = check(function).mistakes
        assert found.name == "cancelling-variance"
        assert found.seen.startswith(place)


OTHERS = {"reset_hints", *ADAPTERS}
CHECKS = [name for name in checks.__all__ if name[0].islower() and name not in OTHERS]


@pytest.mark.parametrize("name", CHECKS)
@pytest.mark.parametrize("value", [None, 3, "forward", np.zeros(3), [len]])
def test_what_cannot_be_called_is_a_finding_in_our_words(name: str, value: object) -> None:
    report = getattr(checks, name)(value)
    assert report.names == ("wrong-signature",)
    assert "can be called; received" in report.mistakes[0].seen
    assert "object is not callable" not in str(report)
