"""Means over seeds with their intervals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bnutils.intervals import Interval, interval

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


@given(numbers)
def test_the_values_go_with_the_interval_and_are_scaled_with_it(values: list[float]) -> None:
    lost = [*values, float("nan")]
    np.testing.assert_array_equal(interval(lost).values, lost)
    np.testing.assert_array_equal((2 * interval(lost)).values, np.multiply(2, lost))


def test_interval_of_one_value_has_no_ends() -> None:
    one = interval([2.0])
    assert one.estimate == 2.0
    assert one.n == 1
    assert np.isnan([one.low, one.high]).all()
    assert one.gaps == "One seed gives no interval."


@given(numbers, st.lists(st.sampled_from([float("nan"), float("inf")]), max_size=3))
def test_what_is_not_finite_is_left_out_and_counted(values: list[float], lost: list[float]) -> None:
    got = interval([*lost, *values])
    assert (got.estimate, got.low, got.high, got.n) == (
        interval(values).estimate,
        interval(values).low,
        interval(values).high,
        len(values),
    )
    assert got.lost == len(lost)
    assert got.is_whole
    assert ("left out" in str(got)) == bool(lost)


@pytest.mark.parametrize("values", [[], [float("nan")] * 3])
def test_nothing_left_has_no_interval_and_says_so(values: list[float]) -> None:
    none = interval(values)
    assert np.isnan([none.estimate, none.low, none.high]).all()
    assert (none.n, none.lost, none.is_whole) == (0, len(values), False)
    assert "o seed is left." in none.gaps


@pytest.mark.parametrize("values", [5.0, None, ["a"], [[1.0, 2.0]], [None]])
def test_values_are_plain_numbers(values: object) -> None:
    with pytest.raises(ValueError, match="values must be plain numbers, one for each seed"):
        interval(values)  # type: ignore[arg-type]


@given(numbers, st.floats(-100, 100))
def test_scaling_an_interval_scales_its_ends_in_order(values: list[float], factor: float) -> None:
    scaled = factor * interval(values)
    assert scaled.low <= scaled.high
    assert scaled.n == len(values)


def test_scaling_by_a_negative_number_turns_the_interval_over() -> None:
    assert Interval(2.0, 1.0, 4.0, 5) * -10 == Interval(-20.0, -40.0, -10.0, 5)


def test_no_values_have_no_interval_and_some_have_their_own() -> None:
    none = interval([])
    assert np.isnan([none.estimate, none.low, none.high]).all()
    assert none.n == 0
    assert interval(iter([1.0, 2.0])) == interval([1.0, 2.0])


def test_an_interval_says_what_it_is() -> None:
    assert str(Interval(2.0, 1.0, 4.0, 5)) == "2 (95 % interval 1 to 4, n = 5)"
