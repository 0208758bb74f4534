"""Numbers in running text."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bnutils.utils import words


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "no"), (1, "one"), (5.0, "five"), (10, "ten"), (11, "11"), (2.5, "2.5"), (-1, "-1")],
)
def test_small_counts_are_words(value: float, text: str) -> None:
    assert words.in_words(value) == text


@pytest.mark.parametrize(("place", "text"), [(1, "first"), (10, "tenth"), (12, "number 12")])
def test_places_are_words(place: int, text: str) -> None:
    assert words.ordinal(place) == text


def test_a_noun_has_its_number() -> None:
    assert [words.counted(n, "seed") for n in (0, 1, 2)] == ["0 seeds", "1 seed", "2 seeds"]


def test_a_value_that_rounds_to_zero_has_no_sign() -> None:
    assert words.number(-0.001, 2, signed=True) == "0.00"
    assert words.number(math.nan, 2) == "not a number"


@given(st.floats(-1e5, 1e5).filter(lambda value: abs(value) > 0.01), st.floats(1e-3, 10))
def test_an_effect_has_the_digits_that_its_interval_deserves(effect: float, half: float) -> None:
    digits = words.digits_of(effect, effect - half, effect + half)
    shown = float(words.number(effect, digits).replace(",", "").replace(words.MINUS, "-"))
    assert abs(shown - effect) <= max(half / 2, abs(effect) * 1e-3)
