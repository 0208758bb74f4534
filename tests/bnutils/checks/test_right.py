"""Right implementations in many styles: every check lets every one of them pass."""

import numpy as np
import pytest

from bnutils import checks
from tests.bnutils.checks.students import (
    backward,
    convolution,
    folding,
    forward,
    inference,
    moving,
)


def cases():
    table = {
        checks.batch_norm_forward: forward.RIGHT,
        checks.batch_norm_inference: inference.RIGHT,
        checks.moving_update: moving.RIGHT,
        checks.batch_norm_backward: backward.RIGHT,
        checks.batch_norm_convolution: convolution.RIGHT,
        checks.folding: folding.RIGHT,
    }
    for check, functions in table.items():
        for function in functions:
            name = getattr(function, "__name__", type(function).__name__)
            yield pytest.param(check, function, id=f"{check.__name__}-{name}")


@pytest.mark.parametrize(("check", "function"), list(cases()))
def test_a_right_implementation_of_any_style_passes(check, function):
    report = check(function)
    assert report.passed, str(report)
    assert report.require() is report
    assert "right in all" in repr(report)


def test_the_case_of_integers_may_be_refused_and_no_other_may():
    def refusing_floats(x, gamma, beta, epsilon):
        if x.dtype != np.int64:
            raise TypeError("integers only")
        return forward.by_the_book(x, gamma, beta, epsilon)

    assert checks.batch_norm_forward(forward.refusing_integers).passed
    assert checks.batch_norm_forward(refusing_floats).names == ("raises",)
