"""Hints in three rungs, each exercise and each mistake by itself."""

import re
from dataclasses import FrozenInstanceError
from email.message import Message
from importlib.metadata import PackageNotFoundError

import numpy as np
import pytest

from bnutils import checks
from bnutils.checks import ladder, pictures, reading
from bnutils.checks.catalogue import mistake
from bnutils.checks.report import Report
from tests.bnutils.checks.fits import ADAPTERS


def right(x, gamma, beta, epsilon):
    return gamma * (x - x.mean(0)) / np.sqrt(x.var(0) + epsilon) + beta


def without_gamma(x, gamma, beta, epsilon):
    return right(x, 1, beta, epsilon)


def silent(*arguments):
    return None


def rungs(report):
    return [one.rung for one in report.mistakes]


def test_the_first_hint_says_where_to_look_and_no_more():
    text = repr(checks.batch_norm_forward(without_gamma))
    assert "Hint: Try gamma = 2" in text
    assert text.endswith("Call the check again for the next hint.")
    for later in ("Why:", "Term:", "Example:", "Read:", "Computed:"):
        assert later not in text


def test_the_second_says_why_and_the_third_where_with_numbers():
    reports = [checks.batch_norm_forward(without_gamma) for _ in range(4)]
    assert list(map(rungs, reports)) == [[1], [2], [3], [3]]
    second, third = repr(reports[1]), repr(reports[2])
    assert "Term: 1 stands in place of gamma." in second
    assert "Computed: y = (x - mean(x)) / sqrt(var(x) + epsilon) + beta" in second
    assert "Read:" not in second
    assert "Call the check again" not in third
    assert 'Read: The transform, section "What gamma and beta are for"' in third
    assert re.search(r"\S*the-transform\.(html|md)#what-gamma-and-beta-are-for$", third, re.M)
    assert "y = (-1.449, 0.1835, 1.816, 3.449) is right" in " ".join(third.split())
    assert repr(reports[3]) == third


def test_another_mistake_begins_with_its_own_first_hint():
    for _ in range(2):
        checks.batch_norm_forward(without_gamma)
    both = checks.batch_norm_forward(lambda x, g, b, e: right(x, 1, 0, e))
    assert dict(zip(both.names, rungs(both), strict=True)) == {
        "gamma-ignored": 3,
        "beta-ignored": 1,
    }


def test_another_exercise_begins_with_its_own_first_hint():
    checks.batch_norm_forward(silent)
    assert rungs(checks.folding(silent)) == [1]
    assert rungs(checks.batch_norm_forward(silent)) == [2]


def test_a_function_that_passes_starts_its_exercise_anew():
    checks.batch_norm_forward(without_gamma)
    assert checks.batch_norm_forward(right).passed
    assert rungs(checks.batch_norm_forward(without_gamma)) == [1]


def test_hints_can_be_reset_for_one_exercise_and_for_all():
    def called():
        return rungs(checks.batch_norm_forward(silent)) + rungs(checks.folding(silent))

    assert called() == [1, 1]
    checks.reset_hints("batch_norm_forward")
    assert called() == [1, 2]
    checks.reset_hints()
    assert called() == [1, 1]


@pytest.mark.parametrize("name", ["backward", "", 3, ["folding"]])
def test_an_exercise_that_there_is_not_is_answered_with_those_that_there_are(name):
    with pytest.raises(ValueError, match=r"must be one of angle_between, .*received"):
        checks.reset_hints(name)


def test_every_check_has_hints():
    others = {"CheckFailed", "Mistake", "Report", "reset_hints", *ADAPTERS}
    for name in set(checks.__all__) - others:
        if name[0].islower():
            checks.reset_hints(name)  # raises if the check is not on the ladder


def test_the_term_is_kept_for_the_second_hint_and_so_is_the_formula():
    formula = "gamma * dy / sqrt(var(x) + epsilon)"
    found = mistake("detached-statistics", "dx of the second is 0.", "it lacks mean(dy).")
    one = ladder.Ladder()
    first, second, third = (
        one.raised(Report("backward", (found,), ("a batch",), {"dx": formula})) for _ in range(3)
    )
    assert "Seen: dx of the second is 0." in repr(first)
    assert "mean(dy)" not in repr(first)
    assert formula not in repr(first)
    assert "Term: it lacks mean(dy)." in repr(second)
    assert f"Computed: dx = {formula}" in repr(second)
    said = " ".join(repr(third).split())
    assert "yours is (0.8165, 0, 0, 0)." in said


def test_a_formula_that_the_example_does_not_know_gives_way_to_the_examples_own():
    example = ladder.MISTAKES["detached-statistics"].example
    said = reading.worked(example, {"dx": "dy * moving_mean"})
    assert "with this mistake it is (0.8165, 0, 0, 0)" in said


def test_a_formula_that_is_right_on_the_example_gives_way_too():
    example = ladder.MISTAKES["detached-statistics"].example
    said = reading.worked(example, {"dx": f"1 * {example.right}"})
    assert "yours" not in said
    assert "with this mistake it is (0.8165, 0, 0, 0)" in said


def test_a_remark_may_have_several_lines():
    report = Report("backward", (), ("a batch",), remarks=("it printed\none\ntwo",))
    assert repr(report).endswith("Remark: it printed\n   one\n   two")


def test_a_report_stays_as_it_was():
    report = checks.batch_norm_forward(without_gamma)
    before = repr(report)
    checks.batch_norm_forward(without_gamma)
    assert repr(report) == before
    with pytest.raises(FrozenInstanceError):
        report.mistakes[0].rung = 3
    with pytest.raises(checks.CheckFailed, match="gamma is not used"):
        report.require()


def test_a_check_keeps_its_name_and_its_documentation():
    assert checks.batch_norm_backward.__name__ == "batch_norm_backward"
    assert "Check a backward pass" in checks.batch_norm_backward.__doc__


def test_a_book_without_an_address_is_named_by_its_file(monkeypatch):
    monkeypatch.setattr(reading, "site", lambda: "")
    place = ladder.MISTAKES["detached-mean"].place
    assert reading.where(place).splitlines()[1] == (
        "book/the-backward-pass/the-backward-pass.md#three-invariants"
    )


def test_the_address_is_that_of_the_repositorys_own_book(monkeypatch):
    def links(name):
        message = Message()
        message["Project-URL"] = "Repository, https://github.com/Someone/their-fork"
        return message

    def missing(name):
        raise PackageNotFoundError(name)

    for found, address in ((links, "https://someone.github.io/their-fork/"), (missing, "")):
        monkeypatch.setattr(reading, "metadata", found)
        assert reading.site.__wrapped__() == address


def test_a_symptom_shows_what_is_right_where_no_formula_is_known():
    example = ladder.MISTAKES["mean-is-not-beta"].example
    assert reading.worked(example, {}).endswith("y = (-1.449, 0.1835, 1.816, 3.449) is right.")


def swapped(dy, x, gamma, epsilon):
    std = np.sqrt(x.var(0) + epsilon)
    x_hat = (x - x.mean(0)) / std
    dx = gamma / std * (dy - dy.mean(0) - x_hat * (dy * x_hat).mean(0))
    return dx, dy.sum(0), (dy * x_hat).sum(0)


def of_sample(mean, variance, x, momentum):
    new = momentum * variance + (1 - momentum) * x.var(0, ddof=1)
    return momentum * mean + (1 - momentum) * x.mean(0), new


def beta_scaled(kernel, bias, gamma, beta, mean, variance, epsilon):
    scale = gamma / np.sqrt(variance + epsilon)
    return kernel * scale, scale * (bias - mean + beta)


def beta_subtracted(x, gamma, beta, mean, variance, epsilon):
    return gamma * (x - mean) / np.sqrt(variance + epsilon) - beta


@pytest.mark.parametrize(
    ("check", "function", "example", "section"),
    [
        (checks.batch_norm_backward, swapped, "dgamma = -1.225 is right; yours is 1.", "Compact"),
        (checks.moving_update, of_sample, "moving_variance = 3.2 is right; yours is", "running"),
        (
            checks.folding,
            beta_scaled,
            "bias = -1 is right; yours is -1.25.",
            "In inference, an example is alone",
        ),
        (
            checks.batch_norm_inference,
            beta_subtracted,
            "moving_variance = 8, epsilon = 1, y = (-0.3333, 1, 2.333, 3.667) is right; yours is "
            "(-2.333, -1, 0.3333, 1.667).",
            "In inference, an example is alone",
        ),
        (
            checks.batch_norm_forward,
            lambda x, gamma, beta, epsilon: right(x, gamma, -beta, epsilon),
            "y = (-1.449, 0.1835, 1.816, 3.449) is right; yours is",
            "Four equations",
        ),
    ],
)
def test_the_last_hint_is_about_the_exercise_that_is_checked(check, function, example, section):
    for _ in range(3):
        report = check(function)
    (found,) = report.mistakes
    assert example in found.worked
    assert section in found.place


def test_the_last_hint_shows_the_result_in_which_the_mistake_was_found():
    def scaled(dy, x, gamma, epsilon):
        dx, dbeta, dgamma = swapped(dy, x, gamma, epsilon)
        return dx, dgamma * gamma, dbeta

    for _ in range(3):
        report = checks.batch_norm_backward(scaled)
    (found,) = report.mistakes
    assert found.name == "wrong-factor"
    assert "dgamma = -1.225 is right; yours is -2.449." in found.worked


def test_the_example_is_one_on_which_the_students_own_formula_is_wrong():
    def forward(x, gamma, beta, epsilon):  # right where epsilon is 1
        return right(x, gamma, beta * epsilon, epsilon)

    for _ in range(3):
        report = checks.batch_norm_forward(forward)
    for found in report.mistakes:
        assert "epsilon = 0.25" in found.worked
        assert "yours is" in found.worked


def raises_for_float32(kernel, bias, gamma, beta, mean, variance, epsilon):
    assert kernel.dtype == np.float64
    scale = gamma / np.sqrt(variance + epsilon)
    return kernel * scale, scale * (bias - mean) + beta


def right_for_dense(kernel, *rest):
    kernel, bias = (kernel, rest[0]) if kernel.ndim > 2 else raises_for_float32(kernel, *rest)
    return kernel, bias


def inaccurate(kernel, *rest):
    kernel, bias = raises_for_float32(kernel, *rest)
    return (kernel, bias) if kernel.dtype == np.float64 else (kernel + 1, bias)


@pytest.mark.parametrize(
    "function", [raises_for_float32, right_for_dense, inaccurate, lambda *_: ["a", "b"]]
)
def test_nothing_is_said_of_batches_where_there_is_none(function):
    report = checks.folding(function)
    assert not report.passed
    for one in report.mistakes:
        said = f"{one.title} {one.seen} {one.hint} {one.why}".replace("for example", "")
        assert not re.search("batch|example", said.lower().replace("batch normalisation", ""))


def of_image(*axes, root=np.sqrt):
    def function(x, gamma, beta, epsilon):
        mean, variance = (f(x, axis=axes, keepdims=True) for f in (np.mean, np.var))
        return gamma * (x - mean) / root(variance + epsilon) + beta

    return function


IMAGES = {
    "each image": (of_image(1, 2), "2 images of 2 pixels with 2 channels, x = (((0, 1), (4, 9))"),
    "examples": (of_image(0), "2 images of 2 pixels with 2 channels"),
    "no root": (of_image(0, 1, 2, root=np.abs), "2 images of 2 pixels, x = ((2, 4), (6, 8))"),
}


@pytest.mark.parametrize(("function", "batch"), IMAGES.values(), ids=IMAGES)
def test_the_last_hint_of_images_shows_images(function, batch):
    for _ in range(3):
        report = checks.batch_norm_convolution(function)
    for found in report.mistakes:
        assert found.worked.startswith(f"for {batch}")
        assert "yours is" in found.worked


def test_every_example_tells_the_mistake_from_what_is_right_as_images_too():
    for name, entry in ladder.MISTAKES.items():
        if entry.example and entry.example.wrong:
            one = pictures.of_images(entry.example)
            assert reading.value(one, one.wrong) not in ("", reading.value(one, one.right)), name


def test_an_example_of_one_feature_keeps_its_numbers_as_images():
    example = ladder.MISTAKES["epsilon-missing"].example
    images = pictures.of_images(example)
    for text in (example.right, example.wrong):
        one, other = (reading.value(given, text) for given in (example, images))
        assert one.strip("()").split(", ") == re.findall(r"[-.\d]+", other)
