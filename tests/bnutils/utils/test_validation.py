"""The checks of arguments that all of the package shares."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bnutils.utils.scalars import plain
from bnutils.utils.validation import (
    at_least,
    counts,
    finite,
    flag,
    fraction,
    function,
    instance,
    is_a,
    one_of,
    path,
    positive,
    several,
    shaped_like,
    text,
)
from bnutils.utils.wording import shown


@pytest.mark.parametrize(
    "value", [0, -1, float("nan"), float("inf"), "1", None, True, 1j, np.array(1j), np.array([1.0])]
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
        at_least("seeds", 1.5, 1)
    with pytest.raises(ValueError, match="norm must be one of 'batch'; received 'bath'"):
        one_of("norm", "bath", ["batch"])


WHOLE = [8, 8.0, np.int64(8), np.uint8(8), np.float32(8), np.array(8), np.array(8.0)]


@pytest.mark.parametrize("value", WHOLE)
def test_a_whole_number_comes_back_as_an_int(value: Any) -> None:
    assert repr(at_least("units", value, 1)) == "8"
    assert repr(counts("units", value, 1)) == repr(counts("units", [value], 1)) == "(8,)"


@pytest.mark.parametrize(
    "value", [True, np.True_, "8", None, 8.5, float("nan"), float("inf"), [8], np.array([8]), 8j]
)
def test_what_is_no_whole_number_is_refused_in_words(value: Any) -> None:
    with pytest.raises(TypeError, match="units must be a whole number; received"):
        at_least("units", value, 1)


@pytest.mark.parametrize("several", [(4, 2), [4, 2.0], np.array([4, 2]), pd.Series([4, 2])])
def test_counts_may_be_several(several: Any) -> None:
    assert repr(counts("units", several, 1)) == "(4, 2)"


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_a_number_of_low_precision_is_the_one_that_was_written(number: float) -> None:
    """The shortest that rounds to it: exact in the low precision, and as it would be typed."""
    low = np.float32(number)
    assert np.float32(plain(low)) == low
    assert repr(plain(low)) == repr(float(str(low)))
    assert plain(np.array(low)) == plain(low)
    assert plain(np.float64(number)) == number
    assert plain(np.float32(0.001)) == 0.001


@pytest.mark.parametrize("choice", ["batch", np.str_("batch"), np.array("batch")])
def test_a_choice_comes_back_as_it_stands_in_the_list(choice: Any) -> None:
    assert type(one_of("norm", choice, [None, "batch"])) is str
    assert one_of("norm", None, [None, "batch"]) is None
    assert one_of("seed", np.int64(1), [0, 1]) == 1


STRANGE: list[Any] = [[], {}, np.arange(3), pd.DataFrame({"a": [1]}), True, 1j, object(), Ellipsis]


@pytest.mark.parametrize("value", STRANGE)
def test_a_choice_may_be_given_as_anything(value: Any) -> None:
    for allowed in (["batch", None], [0, 1]):
        with pytest.raises(ValueError, match=r"norm must be one of .*; received"):
            one_of("norm", value, allowed)


@pytest.mark.parametrize("value", [True, np.True_, np.array(True)])
def test_a_flag_is_true_or_false(value: Any) -> None:
    assert flag("weights", value) is True
    with pytest.raises(TypeError, match="weights must be True or False; received 1"):
        flag("weights", 1)


def test_texts_paths_functions_and_numbers() -> None:
    assert (text("name", np.str_("a")), path("file", "a/b")) == ("a", Path("a/b"))
    assert (function("task", len), finite("effect", np.float32(-0.1))) == (len, -0.1)
    for check, value in (
        (text, ""), (text, 3), (text, " "), (path, ""), (path, 3), (path, b"a"), (path, "a\0b"),
        (function, "len"), (finite, "1"), (finite, float("nan")), (finite, True), (finite, 10**400),
    ):  # fmt: skip
        with pytest.raises((TypeError, ValueError), match=r"it must .*; received"):
            check("it", value)


def test_what_is_gone_through_is_no_text_and_no_mapping() -> None:
    assert several("seeds", (np.int64(s) for s in (1, 2))) == [1, 2]
    for value in ("12", b"12", {1: 2}, 12, None):
        with pytest.raises(TypeError, match="seeds must be one or more whole numbers; received"):
            several("seeds", value)


def loaded_anew(kind: type) -> type:
    """The class of the same name in the same module, as after a reload."""
    return type(kind.__name__, (), {"__module__": kind.__module__})


def test_an_object_of_a_class_that_was_loaded_anew_is_recognised() -> None:
    old = loaded_anew(Path)()
    assert is_a(old, Path)
    assert not isinstance(old, Path)
    assert instance("file", old, Path, "of a file") is old
    for other in (3, None, type("Path", (), {})(), Path):
        with pytest.raises(TypeError, match="file must be a Path of a file; received"):
            instance("file", other, Path, "of a file")


class Unspeakable:
    shape = property(lambda self: 1 / 0)

    def __repr__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize(
    "value",
    [
        (np.zeros((30, 4)), np.zeros(9)), "x" * 10**6, list(range(10**4)), Unspeakable(),
        pd.DataFrame(np.zeros((300, 40))), {"a": np.zeros(99)}, 10**300, [[["a\nb"] * 9] * 9] * 9,
    ],
)  # fmt: skip
def test_whatever_was_received_is_shown_in_a_short_line(value: Any) -> None:
    line = shown(value)
    assert 0 < len(line) <= 100
    assert "\n" not in line
    assert "0., 0." not in line


def test_what_is_no_number_without_axes_is_left_as_it_is() -> None:
    """Objects, times and missing values in an array without axes are not what they hold."""
    tensor = type("Tensor", (), {"shape": (), "dtype": "float32"})()
    for value in (np.array(None, object), np.datetime64("NaT"), np.ma.masked, tensor):
        assert plain(value) is value


def test_a_count_may_have_an_upper_end_and_a_text_may_be_empty() -> None:
    assert (at_least("depth", 3.0, 1, 3), text("unit", "", empty=True)) == (3, "")
    with pytest.raises(ValueError, match=r"depth must be at most 3; received 4\."):
        at_least("depth", 4, 1, 3)
    with pytest.raises(TypeError, match=r"unit must be a text; received 3\."):
        text("unit", 3, empty=True)
