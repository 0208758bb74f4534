"""The digits that scikit-learn ships, as they are and as images of MNIST's shape."""

import functools
from typing import Any

import numpy as np

from bnutils.datasets.arrays import unchanging
from bnutils.datasets.dataset import SPLITS, Dataset, scaled

SIZES = {"train": 9_600, "val": 2_400, "test": 3_000}  # images of digits28
SIDE = 28  # pixels
AT_A_TIME = 500  # images: the coordinates of all would take ten times the memory of the images
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
    originals = {
        split: np.resize(rows, SIZES[split]) for split, rows in _split(len(images)).items()
    }
    for split, chosen in originals.items():
        parts[f"x_{split}"] = scaled(_augmented(images[chosen], rng))
        parts[f"y_{split}"] = labels[chosen].astype(np.int64)
    parts["origins"] = np.concatenate([originals[split] for split in SPLITS])
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
    maps = _affine_maps(len(images), images.shape[1], rng)
    starts = range(0, len(images), AT_A_TIME)
    parts = [slice(start, start + AT_A_TIME) for start in starts]
    return np.concatenate([_resampled(images[part], *(m[part] for m in maps)) for part in parts])


def _affine_maps(
    count: int, original: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A random affine map for each image, shape (count, 2): angle and shear, zoom, shift."""
    angle = rng.uniform(-0.26, 0.26, count)  # radians, about 15 degrees
    shear = rng.uniform(-0.2, 0.2, count)
    zoom = rng.uniform(0.85, 1.15, (2, count)) * original / (SIDE - 4)
    shift = rng.uniform(-0.6, 0.6, (2, count))  # in pixels of the original
    return np.stack([angle, shear], axis=1), zoom.T, shift.T


def _resampled(
    images: np.ndarray, turns: np.ndarray, zoom: np.ndarray, shift: np.ndarray
) -> np.ndarray:
    """The images as their maps show them, with linear interpolation, in bytes."""
    from scipy.ndimage import map_coordinates

    rows, columns = _source_coordinates(images.shape[1], turns, zoom, shift)
    which = np.broadcast_to(np.arange(len(images))[:, None, None], rows.shape)
    bright: np.ndarray = map_coordinates(images, [which, rows, columns], order=1, mode="constant")
    return np.clip(np.rint(bright * (255 / 16)), 0, 255).astype(np.uint8)


def _source_coordinates(
    original: int, turns: np.ndarray, zoom: np.ndarray, shift: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """For each pixel of each new image, the place in the original that it shows."""
    angle, shear = turns.T[:, :, None, None]
    zoom, shift = zoom.T[:, :, None, None], shift.T[:, :, None, None]
    offset = np.arange(SIDE) - (SIDE - 1) / 2
    y, x = offset[None, :, None], offset[None, None, :]
    centre = (original - 1) / 2
    rows = (np.cos(angle) * y - np.sin(angle) * x) * zoom[0] + centre + shift[0]
    columns = (np.sin(angle) * y + np.cos(angle) * x + shear * y) * zoom[1] + centre + shift[1]
    return rows, columns
