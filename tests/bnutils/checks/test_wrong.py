"""Wrong implementations: each is found by the name of its mistake, and by nothing else."""

import pytest

from bnutils import checks
from bnutils.checks.catalogue import MISTAKES
from tests.bnutils.checks.fresh import EXERCISES, OF_CHECK, fresh, misstated
from tests.bnutils.checks.networks import test_recalibration, test_training_step
from tests.bnutils.checks.students import (
    backward,
    convolution,
    folding,
    forward,
    inference,
    layer,
    moving,
    steps,
)

TABLE = {
    checks.batch_norm_forward: forward.WRONG,
    checks.batch_norm_inference: inference.WRONG,
    checks.moving_update: moving.WRONG,
    checks.batch_norm_backward: backward.WRONG,
    checks.batch_norm_convolution: convolution.WRONG,
    checks.folding: folding.WRONG,
    checks.batch_norm_layer: layer.WRONG,
    checks.backward_nodes: steps.WRONG,
}

CASES = [
    pytest.param(check, function, names, id=f"{check.__name__}-{names.replace(' ', '+')}-{i}")
    for check, table in TABLE.items()
    for names, functions in table.items()
    for i, function in enumerate(functions)
]


@pytest.mark.parametrize(("check", "function", "names"), CASES)
def test_a_mistake_is_found_by_its_name_and_nothing_else_is_reported(check, function, names):
    report = check(function)
    assert set(report.names) == set(names.split()), str(report)
    text = " ".join(str(report).split())
    assert all(MISTAKES[name].title in text for name in report.names)
    assert "Hint: " in text
    assert max(map(len, str(report).splitlines())) <= 79
    with pytest.raises(checks.CheckFailed):
        report.require()
    if report.formulas and check in OF_CHECK:
        other = fresh(EXERCISES[OF_CHECK[check]])  # batches that the check has not seen
        assert not misstated(report.formulas, function, other)


FIRST = {
    name: (check, functions[0])
    for check, table in reversed(TABLE.items())  # of several checks the first one counts
    for name, functions in table.items()
    if " " not in name
}


def test_every_mistake_in_the_catalogue_has_a_wrong_implementation():
    assert set(FIRST) | set(test_recalibration.WRONG) | set(test_training_step.WRONG) == set(
        MISTAKES
    )
