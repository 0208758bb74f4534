"""Wrong implementations: each is found by the name of its mistake, and by nothing else."""

import pytest

from bnutils import checks
from bnutils.checks.catalogue import MISTAKES
from tests.bnutils.checks.students import (
    backward,
    convolution,
    folding,
    forward,
    inference,
    layer,
    moving,
)

TABLE = {
    checks.batch_norm_forward: forward.WRONG,
    checks.batch_norm_inference: inference.WRONG,
    checks.moving_update: moving.WRONG,
    checks.batch_norm_backward: backward.WRONG,
    checks.batch_norm_convolution: convolution.WRONG,
    checks.folding: folding.WRONG,
    checks.batch_norm_layer: layer.WRONG,
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
    with pytest.raises(checks.CheckFailed):
        report.require()


# The title that a student reads first, for each mistake of the exercises.
TITLES = {
    "sample-variance": "The variance is the sample variance",
    "epsilon-outside-root": "epsilon stands outside the root",
    "epsilon-missing": "epsilon is not used",
    "epsilon-ignored": "epsilon is a number of your own",
    "no-root": "The variance is used where the standard deviation belongs",
    "wrong-axis": "The statistics are taken over the wrong axes",
    "mean-not-subtracted": "The mean is not subtracted",
    "gamma-ignored": "gamma is not used",
    "beta-ignored": "beta is not used",
    "gamma-beta-swapped": "gamma and beta are in each other's place",
    "cancelling-variance": "The variance loses its digits when the mean is large",
    "changes-its-input": "The function changes its input",
    "dtype-loss": "Precision is lost on the way",
    "cut-to-integers": "The result is cut to integers",
    "integer-input": "A batch of integers comes out wrong",
    "fails-on-batch-of-one": "A batch of one example fails",
    "fails-on-constant-feature": "A feature that is the same in every example fails",
    "returns-none": "The function returns None",
    "unfinished": "This is still the unfinished stub",
    "raises": "The function stops with an error",
    "shapes-do-not-fit": "The function stops because two shapes do not fit",
    "wrong-signature": "The function cannot be called as the exercise says",
    "wrong-shape": "The result has the wrong shape",
    "wrong-number-of-results": "The number of results is wrong",
    "not-numbers": "The result is not an array of numbers",
    "not-a-number": "The result is not finite",
    "mean-is-not-beta": "The mean of y over the batch is not beta",
    "std-is-not-gamma": "The standard deviation of y over the batch is not gamma",
    "different": "The numbers are different",
    "train-inference-mixup": "Training and inference are mixed up",
    "depends-on-batch": "An example's output depends on the other examples",
    "momentum-reversed": "momentum is the other way round",
    "momentum-ignored": "momentum is a number of your own",
    "statistics-not-updated": "The moving statistics are not updated",
    "no-average": "The moving statistics are those of the last batch alone",
    "weights-do-not-add-up": "The weights of old and new value do not add up to 1",
    "std-instead-of-variance": "The standard deviation is averaged instead of the variance",
    "results-swapped": "Two results are in each other's place",
    "updated-in-inference": "Inference changes the moving statistics",
    "wrong-initial-state": "A layer that has seen nothing gives the wrong output in inference",
    "detached-statistics": "The gradient ignores that mean and variance depend on x",
    "detached-mean": "The gradient's path through the mean is missing",
    "detached-variance": "The gradient's path through the variance is missing",
    "batch-size-missing": "A sum stands where a mean belongs",
    "sign-error": "A term has the wrong sign",
    "mean-instead-of-sum": "A gradient is averaged that should be added up",
    "dgamma-from-x": "dgamma is computed from x",
    "dx-does-not-sum-to-zero": "dx does not add up to zero over the batch",
    "kernel-not-scaled": "The kernel is unchanged",
    "wrong-kernel-axis": "The kernel is scaled along the wrong axis",
    "bias-forgotten": "The old bias is lost",
    "bias-not-scaled": "The old bias is not scaled",
}
FIRST = {
    name: (check, functions[0])
    for check, table in reversed(TABLE.items())  # of several checks the first one counts
    for name, functions in table.items()
    if " " not in name
}


def test_every_mistake_in_the_catalogue_has_a_wrong_implementation_here():
    assert set(FIRST) == set(TITLES) == set(MISTAKES)


@pytest.mark.parametrize("name", TITLES)
def test_the_report_says_what_is_wrong_and_hints_where_to_look(name):
    check, function = FIRST[name]
    text = str(check(function))
    assert f"{check.__name__}: 1 thing to look at." in text
    assert f"1. {TITLES[name]}." in text
    assert "Hint: " in text
    assert max(map(len, text.splitlines())) <= 79
