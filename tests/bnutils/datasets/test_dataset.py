"""Data of one's own: what a network cannot be trained on is refused when it is made."""

import warnings
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bnutils import Dataset, load
from bnutils.errors import DataError, DataWarning

SIZES = {"train": 12, "val": 4, "test": 5}
PARTS = [f"{kind}_{split}" for split in SIZES for kind in "xy"]
LABELS = [part for part in PARTS if part[0] == "y"]
IMAGES = [part for part in PARTS if part[0] == "x"]


def arrays() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    made = {f"x_{s}": rng.random((n, 4, 4)).astype(np.float32) for s, n in SIZES.items()}
    return made | {f"y_{split}": np.arange(n) % 3 for split, n in SIZES.items()}


def own(**changes: Any) -> Dataset:
    return Dataset("own", **{**arrays(), **changes}, classes=3)


def changed(array: np.ndarray, value: float) -> np.ndarray:
    """As floats, one of them another."""
    copy = array.astype(float)
    copy.flat[3] = value
    return copy


WRONG_LABELS = {
    "one-hot": (lambda y: np.eye(3)[y], r"argmax\(axis=1\)"),
    "a column": (lambda y: y[:, None], r"y_\w+\[:, 0\]"),
    "from 1": (lambda y: y + 1, "subtract 1"),
    "negative": (lambda y: changed(y, -1), "received -1.0 at index 3"),
    "too large": (lambda y: changed(y, 3), "received 3.0 at index 3"),
    "fractional": (lambda y: changed(y, 0.7), "received 0.7 at index 3"),
    "NaN": (lambda y: changed(y, np.nan), "received nan at index 3"),
    "infinite": (lambda y: changed(y, np.inf), "received inf at index 3"),
    "words": (lambda y: np.array(list("abc"))[y], "elements of <U1"),
    "objects": (lambda y: y.astype(object), "elements of object"),
    "truth values": (lambda y: y > 0, "received bool"),
    "complex": (lambda y: y.astype(complex), "elements of complex"),
    "dates": (lambda y: y.astype("datetime64[s]"), "elements of datetime"),
    "missing": (lambda y: pd.Series([None, *y[1:]]), "received nan at index 0"),
    "None": (lambda y: None, "received None"),
    "one number": (lambda y: 0, r"shape \(\)"),
    "ragged": (lambda y: [[1], [1, 2]], "Pass a NumPy array"),
    "a generator": (lambda y: (int(one) for one in y), "elements of object"),
}
WRONG_IMAGES = {
    "NaN": (lambda x: changed(x, np.nan), r"received nan at index \(0, 0, 3\)"),
    "infinite": (lambda x: changed(x, np.inf), r"received inf at index \(0, 0, 3\)"),
    "too large for float32": (lambda x: changed(x, 1e300), r"received 1e\+300 at index"),
    "none": (lambda x: x[:0], r"at least one image.*\(0, 4, 4\)"),
    "without pixels": (lambda x: x[:, :0], r"at least one image.*, 0, 4\)"),
    "a row": (lambda x: x[:, 0, 0], "at least one image"),
    "words": (lambda x: x.astype(str), "elements of <U"),
    "a tuple of arrays": (lambda x: (x, x[:1]), r"\(ndarray of shape \(\d+, 4, 4\), ndarray of"),
    "a text": (lambda x: "mnist.npz", "received 'mnist.npz'"),
    "a dictionary": (lambda x: {"x": x}, "ndarray of shape"),
}


@pytest.mark.parametrize("part", LABELS)
@pytest.mark.parametrize("wrong", WRONG_LABELS)
def test_wrong_labels_are_refused(part: str, wrong: str) -> None:
    make, message = WRONG_LABELS[wrong]
    with pytest.raises(DataError, match=f"{part} must .*{message}") as problem:
        own(**{part: make(arrays()[part])})
    assert len(str(problem.value)) < 300


@pytest.mark.parametrize("part", IMAGES)
@pytest.mark.parametrize("wrong", WRONG_IMAGES)
def test_wrong_images_are_refused(part: str, wrong: str) -> None:
    make, message = WRONG_IMAGES[wrong]
    with pytest.raises(DataError, match=f"{part} must .*{message}") as problem:
        own(**{part: make(arrays()[part])})
    assert len(str(problem.value)) < 300


@pytest.mark.parametrize("part", PARTS)
def test_as_many_labels_as_images(part: str) -> None:
    split = part[2:]
    with pytest.raises(DataError, match=f"x_{split} and y_{split} must have the same length"):
        own(**{part: arrays()[part][:-1]})


@pytest.mark.parametrize("part", IMAGES)
def test_all_parts_have_images_of_one_shape(part: str) -> None:
    with pytest.raises(DataError, match=r"must have one shape; received .*\(4, 3\)"):
        own(**{part: arrays()[part][:, :, :3]})


def as_table(array: np.ndarray) -> Any:
    if array.ndim == 1:
        return pd.Series(array)
    return pd.DataFrame(array.reshape(len(array), -1))


@pytest.mark.parametrize("kind", [np.float64, np.float16, np.ndarray.tolist])
def test_the_same_numbers_in_another_form_are_the_same_data(kind: Any) -> None:
    """Numbers that float16 holds, so that nothing is rounded."""
    exact = {part: np.round(array * 8) / 8 for part, array in arrays().items()}
    labels = {part: arrays()[part] for part in LABELS}
    plain = own(**exact | labels)
    assert own(**{part: kind(array) for part, array in exact.items()}).checksum == plain.checksum


def test_tables_of_pandas_are_data_too() -> None:
    flat = own(**{part: arrays()[part].reshape(-1, 16) for part in IMAGES})
    tables = own(**{part: as_table(array) for part, array in arrays().items()})
    assert tables.checksum == flat.checksum
    assert tables.input_shape == (16,)


def test_arrays_that_change_later_do_not_change_the_data() -> None:
    given = arrays()
    data = own(**given)
    for array in given.values():
        array[...] = 0
    assert own().checksum == data.checksum
    for part, array in arrays().items():
        np.testing.assert_array_equal(getattr(data, part), array)


def test_what_nobody_can_change_is_not_copied() -> None:
    data = load("digits")
    assert np.shares_memory(data.take(100).x_train, data.x_train)


def test_images_that_look_unscaled_are_said_once() -> None:
    scaled = {part: np.rint(arrays()[part] * 255).astype(np.uint8) for part in IMAGES}
    with pytest.warns(DataWarning, match=r"around \[0, 1\]; received 0 to 25\d") as said:
        data = own(**scaled)
    assert len(said) == 1
    assert said[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        data.take(3)


@pytest.mark.parametrize("change", [lambda x: x * 1000, lambda x: x * 255 - 128])
def test_large_numbers_are_said_to_be_unscaled(change: Any) -> None:
    with pytest.warns(DataWarning, match="divide by the largest"):
        own(**{part: change(arrays()[part]) for part in IMAGES})


@pytest.mark.parametrize("change", [lambda x: x, lambda x: (x - 0.5) * 12, np.rint, np.zeros_like])
def test_scaled_and_standardised_images_are_fine(change: Any) -> None:
    own(**{part: change(arrays()[part]) for part in IMAGES})


@pytest.mark.parametrize("classes", [1, 0, -3, 2.5, "3", None, True])
def test_there_are_two_classes_at_least(classes: Any) -> None:
    with pytest.raises((ValueError, TypeError), match=r"classes must be .*; received"):
        Dataset("own", **arrays(), classes=classes)


def test_a_name_is_a_text() -> None:
    with pytest.raises(TypeError, match="name must be a text that is not empty; received None"):
        Dataset(None, **arrays())  # type: ignore[arg-type]


# ---- dealt anew ---------------------------------------------------------------------------
SIZES_OF_PARTS = st.tuples(*[st.integers(1, 12)] * 3)


def grouped(sizes: tuple[int, int, int], copies: int) -> Dataset:
    """Each image can be told from all others; so many were made of one original in each part."""
    total, ends = sum(sizes), np.cumsum(sizes)
    images = np.split(np.arange(total).reshape(-1, 1, 1) / total, ends[:-1])
    labels = [np.arange(n) % 2 for n in sizes]
    starts = [100 * number + np.arange(n) // copies for number, n in enumerate(sizes)]
    parts = [part for pair in zip(images, labels, strict=True) for part in pair]
    return Dataset("own", *parts, classes=2, origins=np.concatenate(starts))


@given(SIZES_OF_PARTS, st.integers(1, 4), st.integers(0, 2**32))
def test_dealing_anew_keeps_sizes_images_and_relatives_together(
    sizes: tuple[int, int, int], copies: int, seed: int
) -> None:
    data = grouped(sizes, copies)
    split, again = data.split(seed), data.resplit(seed)
    assert again.split_sizes == sizes
    rows = [split.train, split.val, split.test]
    np.testing.assert_array_equal(np.sort(np.concatenate(rows)), np.arange(sum(sizes)))
    families = [set(data.origins[part]) for part in rows]
    assert sum(map(len, families)) == len(set(data.origins))
    pooled = np.concatenate([data.x_train, data.x_val, data.x_test])
    np.testing.assert_array_equal(again.x_val, pooled[split.val])
    np.testing.assert_array_equal(again.origins, data.origins[np.concatenate(rows)])


def test_every_seed_deals_in_its_own_way_and_without_one_nothing_is_dealt() -> None:
    data = grouped((12, 8, 8), 1)
    given_split = data.split()
    np.testing.assert_array_equal(np.concatenate([given_split.train, given_split.val]), range(20))
    tests = {tuple(sorted(data.split(seed).test)) for seed in range(50)}
    assert len(tests) > 45
    often = np.bincount(np.concatenate([data.split(seed).test for seed in range(700)]))
    np.testing.assert_allclose(often / 700, 8 / 28, atol=0.08)
    np.testing.assert_array_equal(data.split(3).test, data.split(3).test)


def test_digits28_is_dealt_by_its_originals() -> None:
    data = load("digits28")
    assert len(set(data.origins)) == 1797
    for split in (data.split(), data.split(1)):
        families = [set(data.origins[part]) for part in (split.train, split.val, split.test)]
        assert [len(part) for part in families] == [1149, 288, 360]


def test_what_was_taken_is_dealt_with_the_originals_of_its_images() -> None:
    data = grouped((9, 6, 6), 3)
    few = data.take(4)
    np.testing.assert_array_equal(few.origins, np.delete(data.origins, range(4, 9)))
    assert few.resplit(1).split_sizes == (4, 6, 6)


def test_images_that_are_originals_need_no_numbers() -> None:
    data = own()
    assert len(data.origins) == 0
    np.testing.assert_array_equal(data.originals, np.arange(21))
    shorter = replace(data, x_val=data.x_val[:2], y_val=data.y_val[:2])
    assert shorter.resplit(3).split_sizes == (12, 2, 5)
    assert len(shorter.take(7).originals) == 14


@pytest.mark.parametrize(
    ("origins", "message"),
    [
        (np.arange(20), r"one whole number for each of the 21 images.*shape \(20,\)"),
        (np.arange(21.0), r"received float64"),
        (np.r_[np.arange(20), 0], r"received images of the original 0 in several"),
    ],
)
def test_origins_that_cannot_be_are_refused(origins: np.ndarray, message: str) -> None:
    with pytest.raises(DataError, match=message):
        own(origins=origins)
