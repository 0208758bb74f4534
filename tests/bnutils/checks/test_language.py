"""The language of formulas: what a text says is what it computes."""

import numpy as np
import pytest

from bnutils import reference
from bnutils.checks.formulas.language import evaluate, tidy

RNG = np.random.default_rng(0)
BATCH = {
    "x": RNG.normal(size=(6, 3)),
    "gamma": RNG.uniform(0.5, 2, 3),
    "beta": RNG.normal(size=3),
    "epsilon": 0.1,
}
IMAGES = {**BATCH, "x": RNG.normal(size=(2, 4, 5, 3))}
RIGHT = "gamma * (x - mean(x)) / sqrt(var(x) + epsilon) + beta"


@pytest.mark.parametrize("batch", [BATCH, IMAGES])
def test_the_transform_in_the_language_is_the_reference(batch):
    due, _ = reference.batch_norm_train(batch["x"], batch["gamma"], batch["beta"], epsilon=0.1)
    np.testing.assert_allclose(evaluate(RIGHT, batch), due, rtol=1e-14)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("N", 6),
        ("-2 ** 2 + 1", -3),
        ("sum(x, axis=1) / 3 - mean(x, axis=1)", np.zeros((6, 1))),
        ("var(x, ddof=1) * (N - 1) - var(x) * N", np.zeros((1, 3))),
        ("abs(beta) / sqrt(beta ** 2)", np.ones(3)),
        ("median(x) - mean(x)", [np.median(BATCH["x"], 0) - BATCH["x"].mean(0)]),
        ("max(x) - min(x, axis=0)", [np.ptp(BATCH["x"], 0)]),
        ("maximum(beta, 0) + maximum(-beta, 0) - abs(beta)", np.zeros(3)),
    ],
)
def test_names_functions_and_signs(text, value):
    np.testing.assert_allclose(evaluate(text, BATCH), value, atol=1e-14)


def test_a_count_that_is_given_is_kept_and_a_result_takes_its_shape():
    assert evaluate("N", {"N": 7, "x": BATCH["x"]}) == 7
    assert evaluate("sum(x)", BATCH, (3,)).shape == (3,)
    assert evaluate("0", BATCH, (3,)).shape == (3,)


@pytest.mark.parametrize(
    "text", ["y", "__import__('os')", "x.shape", "mean(x, 0)", "x[0]", "x @ x", "maximum(x)"]
)
def test_what_is_not_of_the_language_is_refused(text):
    with pytest.raises(ValueError, match="a formula is made of x, gamma"):
        evaluate(text, BATCH)


def test_brackets_that_change_nothing_go():
    assert tidy("((gamma) * (x))/(x + (1))") == "gamma * x / (x + 1)"
