"""The checks themselves: their oracle, their table of mistakes, their report."""

import doctest
import re
import subprocess
import sys

import numpy as np
import pytest

from bnutils import checks
from bnutils.checks.catalogue import MISTAKES, mistake


def right_forward(x, gamma, beta, epsilon):
    return gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + epsilon) + beta


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
    assert len(report.cases) == 11
    assert repr(report).startswith("batch_norm_forward: right in all 11 cases: 6 examples, 9")


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
    assert "yours is your_function(x)" in text
    assert "update(moving_mean, moving_variance, x, momentum)" in text


def test_shapes_are_named():
    (found,) = checks.batch_norm_forward(lambda x, *_: x.mean(axis=0)).mistakes
    assert found.seen == "y has the shape (4,); (6, 4) was expected."


def test_the_wrong_axes_and_constants_are_told():
    def constant(x, gamma, beta, epsilon):
        return right_forward(x, gamma, beta, 0.0123)

    def rows(x, gamma, beta, epsilon):
        return right_forward(x.T, 1, 0, epsilon).T * gamma + beta

    report = checks.batch_norm_forward(constant)
    assert report.mistakes[0].term == "your numbers are those of epsilon = 0.0123."
    assert report.formulas == {"y": "gamma * (x - mean(x)) / sqrt(var(x) + 0.0123) + beta"}
    report = checks.batch_norm_forward(rows)
    assert report.names == ("wrong-axis",)
    assert "mean(x, axis=(1,))" in report.formulas["y"]


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
    assert found.seen.startswith("moving_mean[")
    assert found.term == "moving_mean: what comes back is the old moving_mean."


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


def _inference(scaled):
    def inference(x, gamma, beta, mean, variance, epsilon):
        scale = gamma / np.sqrt((x.var(0) if scaled else variance) + epsilon)
        return scale * x - (scale if scaled else 1) * (x.mean(0) if scaled else mean) + beta

    return inference


def _unscaled_fold(kernel, bias, gamma, beta, mean, variance, epsilon):
    scale = gamma / np.sqrt(variance + epsilon)
    return kernel * scale, scale * bias - mean + beta


def _rows_scaled(kernel, bias, gamma, beta, mean, variance, epsilon):
    scale = gamma / np.sqrt(variance + epsilon)
    return kernel * scale[:, None], scale * (bias - mean) + beta


def _of_all(x, gamma, beta, epsilon):
    return gamma * (x - x.mean()) / np.sqrt(x.var() + epsilon) + beta


@pytest.mark.parametrize(
    ("check", "function", "said"),
    [
        (
            checks.batch_norm_inference,
            _inference(scaled=True),
            "var(x) stands in place of moving_variance.",
        ),
        (
            checks.batch_norm_inference,
            _inference(scaled=False),
            "moving_mean is subtracted where another term belongs.",
        ),
        (
            checks.folding,
            _unscaled_fold,
            "bias: moving_mean is subtracted where another term belongs.",
        ),
        (checks.batch_norm_forward, _of_all, "mean(x, axis=(0, 1)) stands in place of mean(x)."),
        (
            checks.batch_norm_forward,
            lambda x, gamma, beta, epsilon: x,
            "the term with mean(x) is missing.",
        ),
    ],
)
def test_a_term_says_what_stands_where(check, function, said):
    terms = "\n".join(one.term for one in check(function).mistakes)
    assert said in terms.splitlines()


def test_a_kernel_scaled_along_its_rows_is_not_said_to_have_means():
    (found,) = checks.folding(_rows_scaled).mistakes
    assert found.name == "wrong-kernel-axis"
    assert found.seen == "kernel is computed where it is square; elsewhere the shapes do not fit."


def test_what_a_formula_has_beside_arguments_is_explained_below_it():
    for _ in range(2):
        folded = repr(checks.folding(_rows_scaled))
        whole = repr(
            checks.batch_norm_forward(lambda x, g, b, e: right_forward(x, g / len(x), b, e))
        )
    assert "\nHere column(a) makes a vector a column, as a[:, None] does." in folded
    assert "\nHere N is the number of values that share one mean." in whole
    assert "turned" not in folded + whole


def test_one_axis_is_written_as_students_write_it():
    def of_examples(x, gamma, beta, epsilon):
        mean, variance = x.mean(1, keepdims=True), x.var(1, keepdims=True)
        return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta

    for _ in range(2):
        text = repr(checks.batch_norm_forward(of_examples))
    assert "Term: mean(x, axis=1) stands in place of mean(x)." in text
    assert "(1,)" not in text
