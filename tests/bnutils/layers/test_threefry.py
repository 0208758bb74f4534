"""Random words against the known answers of the algorithm's authors, and against NumPy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bnutils.models import import_keras

import_keras()
import tensorflow as tf  # noqa: E402

from bnutils.layers.threefry import threefry, uniform  # noqa: E402

WORDS = st.integers(0, 2**32 - 1)
MASK = 2**32 - 1


def words(*values: int) -> list[tf.Tensor]:
    return [tf.constant(value, tf.uint32) for value in values]


def plain(key: tuple[int, int], place: tuple[int, int]) -> tuple[int, int]:
    """The same in whole numbers, round after round, as the paper's table has it."""
    keys = (*key, key[0] ^ key[1] ^ 0x1BD11BDA)
    a, b = (place[0] + keys[0]) & MASK, (place[1] + keys[1]) & MASK
    for done, bits in enumerate([13, 15, 26, 6, 17, 29, 16, 24, 13, 15, 26, 6, 17, 29, 16, 24,
                                 13, 15, 26, 6], start=1):  # fmt: skip
        a = (a + b) & MASK
        b = (((b << bits) | (b >> (32 - bits))) & MASK) ^ a
        if done % 4 == 0:
            a, b = (a + keys[done // 4 % 3]) & MASK, (b + keys[(done // 4 + 1) % 3]) & MASK
            b = (b + done // 4) & MASK
    return a, b


@pytest.mark.parametrize(
    ("key", "place", "answer"),
    [
        ((0, 0), (0, 0), (0x6B200159, 0x99BA4EFE)),
        ((MASK, MASK), (MASK, MASK), (0x1CB996FC, 0xBB002BE7)),
        ((0x13198A2E, 0x03707344), (0x243F6A88, 0x85A308D3), (0xC4923A9C, 0x483DF7A0)),
    ],
)
def test_known_answers(
    key: tuple[int, int], place: tuple[int, int], answer: tuple[int, int]
) -> None:
    assert tuple(int(word) for word in threefry(words(*key), words(*place))) == answer
    assert plain(key, place) == answer


@settings(max_examples=25, deadline=None)
@given(WORDS, WORDS, st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=5))
def test_all_places_at_once_are_each_alone(
    first: int, second: int, places: list[tuple[int, int]]
) -> None:
    of = [tf.constant(part, tf.uint32) for part in zip(*places, strict=True)]
    found = np.stack(threefry(words(first, second), of), axis=-1)
    assert found.tolist() == [list(plain((first, second), place)) for place in places]


def test_uniform_numbers_fill_their_range_evenly() -> None:
    edges = uniform(tf.constant([0, 2**31, MASK], tf.uint32)).numpy()
    assert edges.tolist() == [-1.0, 0.0, 1 - 2.0**-23]
    drawn = threefry(words(1, 2), [tf.constant(0, tf.uint32), tf.cast(tf.range(4000), tf.uint32)])
    for numbers in drawn:
        values = np.sort(uniform(numbers).numpy().astype(float))
        expected = (np.arange(4000) + 0.5) / 2000 - 1
        assert abs(values - expected).max() < 2 * 1.95 / 4000**0.5  # Kolmogorov, p about .001
