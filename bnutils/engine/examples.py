"""All examples of a data set as TensorFlow holds them: once for all arms, and images as bytes.

Images come as bytes in nearly all data sets, and as floats take four times as much memory. Here
they are bytes again, if that loses nothing, until a step takes them for its batch.
"""

from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import tensorflow as tf

from bnutils.datasets import Dataset

LEVELS = np.arange(256, dtype=np.float32) / np.float32(255)  # what bytes are when scaled
AT_A_TIME = 1_000  # images

_LOCK = Lock()
_HELD: WeakKeyDictionary[Dataset, tuple[Any, Any]] = WeakKeyDictionary()


def examples(data: Dataset) -> tuple[Any, Any]:
    """Return images and labels of a data set as tensors, made only once.

    Returns
    -------
    images, labels : tf.Tensor
        Of the three parts, one after the other: images as :func:`compact` has them; int64.
    """
    with _LOCK:
        if data not in _HELD:
            images = [compact(part) for part in (data.x_train, data.x_val, data.x_test)]
            if len({part.dtype for part in images}) > 1:
                images = [data.x_train, data.x_val, data.x_test]
            _HELD[data] = tf.constant(np.concatenate(images)), tf.constant(data.pooled("y"))
        return _HELD[data]


def compact(images: np.ndarray) -> np.ndarray:
    """Return images as bytes where each of their numbers is one of LEVELS, else as they are."""
    levels = np.empty(images.shape, np.uint8)
    for start in range(0, len(images), AT_A_TIME):
        part = images[start : start + AT_A_TIME]
        if part.min() < 0 or part.max() > 1:
            return images
        found = np.rint(part * 255).astype(np.uint8)
        if not np.array_equal(LEVELS[found], part):
            return images
        levels[start : start + AT_A_TIME] = found
    return levels


def as_floats(images: Any) -> Any:
    """Return a batch of compact images as float32, exactly as they were."""
    if images.dtype != tf.uint8:
        return images
    # In float32 TensorFlow would multiply by 1 / 255 instead, which misses some of LEVELS.
    return tf.cast(tf.cast(images, tf.float64) / 255.0, tf.float32)
