"""The checks themselves: their oracle, their table of mistakes, their report."""

import doctest
import itertools
import re
import subprocess
import sys

import numpy as np
import pytest

from bnutils import checks
from bnutils.checks import backward, forward, inference, kernels, layer_parts, moving, running
from bnutils.checks.catalogue import MISTAKES, mistake
from bnutils.checks.diagnosis import combined
from bnutils.checks.exercise import all_agree


def right_forward(x, gamma, beta, epsilon):
    return gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + epsilon) + beta


EXERCISES = [
    forward.vectors(),
    forward.images(),
    inference.inference(right_forward),
    moving.update(),
    backward.gradients(),
    kernels.exercise(),
    *layer_parts.parts(),
]
SINGLE = [
    pytest.param(exercise, name, id=f"{exercise.name}-{name}".replace(" ", "-"))
    for exercise in EXERCISES
    for name in itertools.chain(*exercise.slots)
]


def plain(name):
    return name.partition("=")[0]


def student(exercise, *wrong):
    """A function that makes the given mistakes."""

    def function(*arguments):
        with np.errstate(all="ignore"):
            values = exercise.variant(frozenset(wrong), *arguments)
        return values if len(values) > 1 else values[0]

    return function


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_without_a_mistake_the_variant_is_the_reference_in_every_case(exercise):
    for case in exercise.cases:
        right = exercise.right(*case.arguments)
        for one, other in zip(exercise.variant(frozenset(), *case.arguments), right, strict=True):
            scale = max(1e-2, np.abs(other).max())
            np.testing.assert_allclose(one, other, atol=case.tolerance * scale)


@pytest.mark.parametrize(("exercise", "name"), SINGLE)
def test_each_single_mistake_is_told_from_all_others(exercise, name):
    report = running.check(student(exercise, name), exercise)
    found = set(report.names)
    if name == "results-swapped" and exercise.name == "folding":
        assert found == {"wrong-shape"}
    else:
        assert found == {plain(name)}, str(report)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_two_mistakes_at_once_are_never_taken_for_none_or_for_others(exercise):
    shapes = {"wrong-shape"} if exercise.name == "folding" else set()
    pairs = [wrong for wrong in combined(exercise.slots) if len(wrong) == 2]
    for wrong in pairs[::3]:  # every third: enough to meet each slot, and quick
        names = set(running.check(student(exercise, *wrong), exercise).names)
        assert names, wrong
        explained = {plain(name) for name in wrong} | shapes
        assert names <= explained or _ambiguous(exercise, wrong), (wrong, names)


def _ambiguous(exercise, wrong):
    """Whether other mistakes, one or two, give the numbers of this pair."""
    arguments = exercise.cases[0].arguments
    with np.errstate(all="ignore"):
        values = exercise.variant(frozenset(wrong), *arguments)
        return any(
            other != wrong and all_agree(values, exercise.variant(frozenset(other), *arguments))
            for other in combined(exercise.slots)
        )


def test_hints_hold_no_formula_and_titles_no_full_stop():
    answers = re.compile(r"sqrt|\*\*|ddof|axis ?=|np\.|mean\(|var\(|1 ?- ?momentum|/ ?m\b")
    for name in MISTAKES:
        one = mistake(name)
        assert not answers.search(one.hint), one
        assert not one.title.endswith((".", "!", "?"))
        assert one.hint.endswith((".", "?"))


def test_a_report_is_plain_text_with_numbered_entries():
    def two_mistakes(x, gamma, beta, epsilon):
        return (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + epsilon)

    report = checks.batch_norm_forward(two_mistakes)
    text = repr(report)
    assert text.startswith("batch_norm_forward: 2 things to look at.\n1. gamma is not used.\n")
    assert "\n2. beta is not used.\n" in text
    with pytest.raises(checks.CheckFailed, match="2 things to look at"):
        report.require()
    with pytest.raises(AttributeError):
        report.mistakes = ()


def test_a_report_of_a_right_function_lists_its_cases():
    report = checks.batch_norm_forward(right_forward)
    assert report.passed
    assert len(report.cases) == 6
    assert repr(report).startswith("batch_norm_forward: right in all 6 cases: a plain batch,")


def test_an_error_is_shown_with_the_students_own_line():
    def helper(values):
        return np.linalg.inv(values)  # raises inside NumPy

    def forward(x, gamma, beta, epsilon):
        return helper(x)

    (found,) = checks.batch_norm_forward(forward).mistakes
    assert found.name == "raises"
    assert "LinAlgError" in found.seen
    assert re.search(r"in line \d+: return np.linalg.inv\(values\)", found.seen)


def test_a_call_that_does_not_fit_is_answered_with_the_signature():
    text = str(checks.moving_update(lambda x: x))
    assert "takes 1 positional argument but 4 were given" in text
    assert "update(moving_mean, moving_variance, x, momentum)" in text


def test_shapes_are_named():
    (found,) = checks.batch_norm_forward(lambda x, *_: x.mean(axis=0)).mistakes
    assert found.seen == "y has the shape (4,); (6, 4) was expected."


def test_the_wrong_axes_and_constants_are_told():
    def constant(x, gamma, beta, epsilon):
        return right_forward(x, gamma, beta, 1e-3)

    def rows(x, gamma, beta, epsilon):
        return right_forward(x.T, 1, 0, epsilon).T * gamma + beta

    (found,) = checks.batch_norm_forward(constant).mistakes
    assert found.seen == "your numbers are those of epsilon = 0.001."
    (found,) = checks.batch_norm_forward(rows).mistakes
    assert found.seen == "your numbers are those of averaging over axes (1,)."


def test_changed_arguments_are_named():
    def forward(x, gamma, beta, epsilon):
        y = right_forward(x, gamma, beta, epsilon)
        x[0] = 0
        beta[0] = 7
        return y

    (found,) = checks.batch_norm_forward(forward).mistakes
    assert found.seen == "after the call x, beta is different."


def test_mistakes_in_one_result_say_in_which():
    def update(mean, variance, x, momentum):
        return mean, momentum * variance + (1 - momentum) * x.var(axis=0)

    (found,) = checks.moving_update(update).mistakes
    assert found.name == "statistics-not-updated"
    assert found.seen == "in moving_mean."


def test_a_layers_report_stops_at_the_first_part_that_is_wrong():
    class Layer:
        def __init__(self, features, momentum, epsilon):
            self.epsilon = epsilon

        def __call__(self, x, training):
            return right_forward(x, 1, 0, self.epsilon)

    report = checks.batch_norm_layer(Layer)
    assert report.names == ("train-inference-mixup",)
    assert report.mistakes[0].seen == "in inference after training."
    assert report.cases[-1] == "a plain batch (inference after training)"


def test_interrupting_is_not_swallowed():
    def forward(x, gamma, beta, epsilon):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        checks.batch_norm_forward(forward)


def test_warnings_of_the_students_function_do_not_reach_the_page():
    def forward(x, gamma, beta, epsilon):
        return x / np.zeros_like(x) * np.float64(0)

    assert checks.batch_norm_forward(forward).names == ("not-a-number",)


def test_the_example_in_the_documentation_is_what_comes_out():
    results = doctest.testmod(checks, extraglobs=vars(checks), optionflags=doctest.ELLIPSIS)
    assert results.attempted
    assert not results.failed


def test_neither_checks_nor_reference_nor_gradcheck_load_tensorflow():
    names = "bnutils.checks, bnutils.reference, bnutils.gradcheck"
    program = f"import sys, {names}; sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
