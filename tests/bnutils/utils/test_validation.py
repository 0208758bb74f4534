"""The checks of arguments that all of the package shares."""

import numpy as np
import pytest

from bnutils.utils.validation import at_least, one_of, positive


@pytest.mark.parametrize("value", [0, -1, float("nan"), float("inf"), "1", None, 1j])
def test_what_is_not_positive_and_finite_is_refused_in_words(value: object) -> None:
    with pytest.raises(ValueError, match=r"rate must be a positive, finite number; received .*\."):
        positive("rate", value)


@pytest.mark.parametrize("value", [1, 0.5, np.float32(0.5), np.int64(2)])
def test_a_positive_number_comes_back_as_a_float(value: float) -> None:
    assert type(positive("rate", value)) is float
    assert positive("rate", value) == value


def test_advice_ends_the_message() -> None:
    with pytest.raises(ValueError, match=r"received 0\. Take 1e-3\.$"):
        positive("epsilon", 0, "Take 1e-3.")


def test_counts_and_choices_say_rule_and_value() -> None:
    with pytest.raises(ValueError, match="seeds must be at least 1; received 0"):
        at_least("seeds", 0, 1)
    with pytest.raises(TypeError, match=r"seeds must be a whole number; received 1\.5"):
        at_least("seeds", 1.5, 1)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="norm must be one of 'batch'; received 'bath'"):
        one_of("norm", "bath", ["batch"])
