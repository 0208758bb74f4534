"""Means over seeds with their intervals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bnutils.intervals import Interval, interval, interval_or_nan

numbers = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30)


@given(numbers)
def test_interval_is_students(values: list[float]) -> None:
    got = interval(values)
    spread = stats.sem(values)
    assert got.estimate == pytest.approx(np.mean(values))
    half = stats.t.ppf(0.975, len(values) - 1) * spread
    assert got.high - got.estimate == pytest.approx(half, rel=1e-9, abs=1e-9)
    assert got.estimate - got.low == pytest.approx(half, rel=1e-9, abs=1e-9)
    assert got.n == len(values)


def test_interval_covers_the_truth_about_95_times_in_100() -> None:
    rng = np.random.default_rng(1)
    samples = rng.normal(3.0, 2.0, (2000, 10))
    covered = [i.low <= 3.0 <= i.high for i in map(interval, samples)]
    assert np.mean(covered) == pytest.approx(0.95, abs=0.015)


def test_interval_of_one_value_has_no_ends() -> None:
    one = interval([2.0])
    assert one.estimate == 2.0
    assert one.n == 1
    assert np.isnan([one.low, one.high]).all()


@pytest.mark.parametrize("values", [[], [1.0, float("nan")], [float("inf")]])
def test_interval_wants_finite_numbers(values: list[float]) -> None:
    with pytest.raises(ValueError, match="values must be one or more finite numbers"):
        interval(values)


@given(numbers, st.floats(-100, 100))
def test_scaling_an_interval_scales_its_ends_in_order(values: list[float], factor: float) -> None:
    scaled = factor * interval(values)
    assert scaled.low <= scaled.high
    assert scaled.n == len(values)


def test_scaling_by_a_negative_number_turns_the_interval_over() -> None:
    assert Interval(2.0, 1.0, 4.0, 5) * -10 == Interval(-20.0, -40.0, -10.0, 5)


def test_no_values_have_no_interval_and_some_have_their_own() -> None:
    none = interval_or_nan([])
    assert np.isnan([none.estimate, none.low, none.high]).all()
    assert none.n == 0
    assert interval_or_nan(iter([1.0, 2.0])) == interval([1.0, 2.0])


def test_an_interval_says_what_it_is() -> None:
    assert str(Interval(2.0, 1.0, 4.0, 5)) == "2 (95 % interval 1 to 4, n = 5)"
