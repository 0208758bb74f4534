"""Settings: kept as JSON keeps them, and their differences in words."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bnutils.settings import as_json, differences, listed

leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
settings = st.recursive(
    st.dictionaries(st.text(), leaves, max_size=4),
    lambda inner: st.dictionaries(st.text(), leaves | inner, max_size=4),
    max_leaves=8,
)


@given(settings)
def test_a_setting_survives_its_record(setting: dict[str, Any]) -> None:
    kept = json.loads(json.dumps(as_json(setting)))
    assert kept == as_json(setting) == as_json(kept)
    assert differences(as_json(setting), kept) == []


@given(settings, settings)
def test_two_settings_differ_in_words_if_and_only_if_they_differ(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert (differences(as_json(one), as_json(other)) == []) == (as_json(one) == as_json(other))


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (range(5), 5),
        ([0, 1, 2], 3),
        (range(1, 3), [1, 2]),
        ((0.1, 0.5), [0.1, 0.5]),
        (np.float32(0.5), 0.5),
        (np.arange(3) * 2, [0, 2, 4]),
        (slice(1, 2), "slice(1, 2, None)"),
        ([], []),
    ],
)
def test_values_as_a_record_keeps_them(value: object, kept: object) -> None:
    assert as_json(value) == kept


@pytest.mark.parametrize(
    ("here", "there", "said"),
    [
        ({"epochs": 3}, {"epochs": 5}, ["here epochs 3, in the record 5"]),
        ({"epochs": 3}, {}, ["here epochs 3, in the record none"]),
        ({"a": {"x": 1}}, {"a": {"x": 2}}, ["here a: x 1, in the record 2"]),
        ({"a": {"x": 1}}, {}, ["a only here"]),
        ({}, {"a": {"x": 1}}, ["a only in the record"]),
        ({"x": [1, 2]}, {"x": 3}, ["here x 1, 2, in the record 3"]),
        (
            {"a": {"x": 1}, "b": {"x": 1}},
            {"a": {"x": 2}, "b": {"x": 2}},
            ["here x 1, in the record 2"],
        ),
    ],
)
def test_differences_in_words(here: Any, there: Any, said: list[str]) -> None:
    assert differences(here, there) == said


def test_of_many_differences_the_first_are_named() -> None:
    assert listed("abc") == "a; b; c"
    assert listed("abcdefg") == "a; b; c; d; and 3 more"
