"""Random numbers without a state: words that are a function of a key and of their place.

Threefry of Salmon et al. (2011), "Parallel random numbers: as easy as 1, 2, 3", with two words of
32 bits and 20 rounds. TensorFlow's own stateless numbers take one key in a call; here each network
has its own, and all are drawn at once.
"""

from collections.abc import Sequence
from typing import Any

import tensorflow as tf

ROTATIONS = ((13, 15, 26, 6), (17, 29, 16, 24))
PARITY = 0x1BD11BDA
ROUNDS = 5  # of four steps each


def threefry(key: Sequence[Any], place: Sequence[Any]) -> tuple[Any, Any]:
    """Return two random words of a key and a place.

    Parameters
    ----------
    key, place : two tf.Tensor each
        uint32, of shapes that broadcast against each other.

    Returns
    -------
    first, second : tf.Tensor
        uint32.
    """
    xor = tf.bitwise.bitwise_xor
    keys = (*key, xor(xor(*key), _word(PARITY)))
    first, second = place[0] + keys[0], place[1] + keys[1]
    for number in range(1, ROUNDS + 1):
        for bits in ROTATIONS[(number - 1) % 2]:
            first += second
            second = xor(_rotated(second, bits), first)
        first += keys[number % 3]
        second += keys[(number + 1) % 3] + _word(number)
    return first, second


def uniform(words: Any) -> Any:
    """Return words as float32 numbers, uniform in [-1, 1)."""
    return tf.cast(tf.bitwise.right_shift(words, _word(8)), tf.float32) * 2.0**-23 - 1.0


def _rotated(words: Any, bits: int) -> Any:
    """The same bits, further to the left; those that leave come in on the right."""
    left = tf.bitwise.left_shift(words, _word(bits))
    return tf.bitwise.bitwise_or(left, tf.bitwise.right_shift(words, _word(32 - bits)))


def _word(value: int) -> Any:
    return tf.constant(value, tf.uint32)
