"""The checks of arguments that all of the package shares."""

import numpy as np
import pytest

from bnutils.utils.validation import at_least, fraction, one_of, positive, shaped_like


@pytest.mark.parametrize(
    "value", [0, -1, float("nan"), float("inf"), "1", None, 1j, np.array(1j), np.array([1.0])]
)
def test_what_is_not_positive_and_finite_is_refused_in_words(value: object) -> None:
    with pytest.raises(ValueError, match=r"rate must be a positive, finite number; received .*\."):
        positive("rate", value)


@pytest.mark.parametrize("value", [1, 0.5, np.float32(0.5), np.int64(2), np.array(0.5)])
def test_a_positive_number_comes_back_as_a_float(value: float) -> None:
    assert type(positive("rate", value)) is float
    assert positive("rate", value) == value


def test_advice_ends_the_message() -> None:
    with pytest.raises(ValueError, match=r"received 0\. Take 1e-3\.$"):
        positive("epsilon", 0, "Take 1e-3.")


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan"), "0.5", None])
def test_what_is_not_between_0_and_1_is_refused_in_words(value: object) -> None:
    with pytest.raises(
        ValueError, match=r"momentum must be in \[0, 1\]; received .*\. Try 0\.9\.$"
    ):
        fraction("momentum", value, "Try 0.9.")


def test_a_fraction_may_be_0_and_may_be_1_unless_that_is_left_out() -> None:
    assert [fraction("momentum", value) for value in (0, 0.5, 1)] == [0.0, 0.5, 1.0]
    assert fraction("dropout", 0, one=False) == 0
    with pytest.raises(ValueError, match=r"dropout must be in \[0, 1\); received 1\.$"):
        fraction("dropout", 1, one=False)


def test_shapes_are_compared_in_words() -> None:
    shaped_like("dy", (3, 2), "y", (3, 2))
    with pytest.raises(
        ValueError, match=r"dy must have the shape of y, \(3, 2\); received \(3,\)\.$"
    ):
        shaped_like("dy", (3,), "y", (3, 2))


def test_counts_and_choices_say_rule_and_value() -> None:
    with pytest.raises(ValueError, match="seeds must be at least 1; received 0"):
        at_least("seeds", 0, 1)
    with pytest.raises(TypeError, match=r"seeds must be a whole number; received 1\.5"):
        at_least("seeds", 1.5, 1)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="norm must be one of 'batch'; received 'bath'"):
        one_of("norm", "bath", ["batch"])
