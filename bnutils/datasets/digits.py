"""The digits that scikit-learn ships, as they are and as images of MNIST's shape."""

import functools
from typing import Any

import numpy as np

from bnutils.datasets.dataset import Dataset, scaled, unchanging

SIZES = {"train": 9_600, "val": 2_400, "test": 3_000}  # images of digits28
SOURCE = "scikit-learn's copy of the UCI optical recognition of handwritten digits"


@functools.lru_cache(maxsize=1)
def digits() -> Dataset:
    """All 1,797 digits, 8x8, in [0, 1]: 1,149 / 288 / 360."""
    images, labels = _originals()
    parts: dict[str, Any] = {}
    for split, rows in _split(len(images)).items():
        parts[f"x_{split}"] = unchanging((images[rows] / 16).astype(np.float32))
        parts[f"y_{split}"] = labels[rows].astype(np.int64)
    return Dataset(name="digits", source=SOURCE, **parts)


@functools.lru_cache(maxsize=1)
def digits28() -> Dataset:
    """Images of 28x28, made from the digits by random affine maps.

    The originals are split before they are augmented, so no digit of the test split has a
    relative in the training split. Seeded: every machine makes the same images.
    """
    images, labels = _originals()
    rng = np.random.default_rng(28)
    parts: dict[str, Any] = {}
    for split, rows in _split(len(images)).items():
        chosen = np.resize(rows, SIZES[split])
        parts[f"x_{split}"] = scaled(_augmented(images[chosen], rng))
        parts[f"y_{split}"] = labels[chosen].astype(np.int64)
    return Dataset(name="digits28", source=f"28x28 variants of {SOURCE}", **parts)


def _originals() -> tuple[np.ndarray, np.ndarray]:
    from sklearn.datasets import load_digits

    bunch = load_digits()
    return bunch.images, bunch.target


def _split(examples: int) -> dict[str, np.ndarray]:
    """Shuffled row numbers: a fifth for the test, a fifth of the rest for validation."""
    rows = np.random.default_rng(8).permutation(examples)
    test, val, train = np.split(rows, [360, 648])
    return {"test": test, "val": val, "train": train}


def _augmented(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Each image rotated, sheared, scaled and shifted at random, resampled to 28x28 bytes."""
    from scipy.ndimage import map_coordinates

    count, size = len(images), 28
    rows, columns = _source_coordinates(count, size, images.shape[1], rng)
    which = np.broadcast_to(np.arange(count)[:, None, None], rows.shape)
    bright: np.ndarray = map_coordinates(images, [which, rows, columns], order=1, mode="constant")
    return np.clip(np.rint(bright * (255 / 16)), 0, 255).astype(np.uint8)


def _source_coordinates(
    count: int, size: int, original: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """For each pixel of each new image, the place in the original that it shows."""
    angle = rng.uniform(-0.26, 0.26, count)[:, None, None]  # radians, about 15 degrees
    shear = rng.uniform(-0.2, 0.2, count)[:, None, None]
    zoom = rng.uniform(0.85, 1.15, (2, count, 1, 1)) * original / (size - 4)
    shift = rng.uniform(-0.6, 0.6, (2, count, 1, 1))  # in pixels of the original
    offset = np.arange(size) - (size - 1) / 2
    y, x = offset[None, :, None], offset[None, None, :]
    centre = (original - 1) / 2
    rows = (np.cos(angle) * y - np.sin(angle) * x) * zoom[0] + centre + shift[0]
    columns = (np.sin(angle) * y + np.cos(angle) * x + shear * y) * zoom[1] + centre + shift[1]
    return rows, columns
