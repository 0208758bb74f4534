"""Training images as bytes: the same numbers as the floats that they stand for."""

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from bnutils.datasets import Dataset, load
from bnutils.models import import_keras

import_keras()

from bnutils.engine import examples as module  # noqa: E402
from bnutils.engine.examples import as_floats, compact, examples  # noqa: E402


@pytest.fixture(autouse=True)
def few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AT_A_TIME", 3)


def _taken(images: Any) -> npt.NDArray[np.float32]:
    """What a step sees of images that were put away."""
    import tensorflow as tf

    seen: npt.NDArray[np.float32] = as_floats(tf.constant(compact(images))).numpy()
    return seen


@given(hnp.arrays(np.uint8, st.tuples(st.integers(1, 8), st.integers(1, 4), st.integers(1, 4))))
def test_scaled_bytes_are_bytes_again_and_come_out_exactly(levels: npt.NDArray[np.uint8]) -> None:
    images = np.divide(levels, np.float32(255), dtype=np.float32)
    np.testing.assert_array_equal(compact(images), levels)
    np.testing.assert_array_equal(_taken(images), images)


@pytest.mark.parametrize("compiled", [False, True])
def test_each_of_the_levels_is_exact_in_a_program(compiled: bool) -> None:
    import tensorflow as tf

    program = tf.function(as_floats, jit_compile=compiled)
    seen = program(tf.constant(np.arange(256, dtype=np.uint8))).numpy()
    np.testing.assert_array_equal(seen, module.LEVELS)


@given(
    hnp.arrays(
        np.float32,
        st.tuples(st.integers(1, 8), st.just(2)),
        elements=st.floats(-300, 300, width=32),
    )
)
def test_whatever_the_images_are_a_step_sees_them_as_they_were(
    images: npt.NDArray[np.float32],
) -> None:
    np.testing.assert_array_equal(_taken(images), images)


@pytest.mark.parametrize("odd", [np.nextafter(np.float32(0.2), np.float32(1)), 1.5, -1 / 255])
def test_one_number_that_is_no_level_keeps_all_as_they_are(odd: float) -> None:
    images = np.zeros((7, 2, 2), np.float32)
    images[-1, 1, 1] = odd  # in the last part
    assert compact(images) is images


def test_the_images_of_a_data_set_are_put_away_once_and_go_with_it() -> None:
    data = load("digits28").take(50)
    images, labels = examples(data)
    assert examples(data)[0] is images
    pooled = np.concatenate([data.x_train, data.x_val, data.x_test])
    np.testing.assert_array_equal(images, np.rint(pooled * 255))
    np.testing.assert_array_equal(labels, np.concatenate([data.y_train, data.y_val, data.y_test]))
    assert data in module._HELD
    held = len(module._HELD)
    del data
    assert len(module._HELD) < held


def test_other_images_are_others() -> None:
    first, second = (_data(seed) for seed in (0, 1))
    assert not np.array_equal(examples(first)[0], examples(second)[0])


def test_one_part_that_cannot_be_bytes_leaves_all_as_they_are() -> None:
    data = load("digits28").take(5)
    odd = replace(data, x_val=data.x_val * np.float32(0.999), checksum="")
    images, _ = examples(odd)
    pooled = np.concatenate([odd.x_train, odd.x_val, odd.x_test])
    np.testing.assert_array_equal(images, pooled)


def _data(seed: int) -> Dataset:
    x, y = np.random.default_rng(seed).random((4, 2, 2), np.float32), np.array([0, 1, 0, 1])
    return Dataset("own", x, y, x, y, x, y, classes=2)
