"""Images and labels in three splits, with a checksum."""

import hashlib
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from bnutils.datasets.arrays import (
    as_images,
    as_labels,
    as_origins,
    looks_unscaled,
    unchanging,
)
from bnutils.datasets.splits import Split, dealt, in_order
from bnutils.errors import DataError, DataWarning
from bnutils.utils.notices import warn
from bnutils.utils.validation import at_least, one_of, settle, text

SPLITS = ("train", "val", "test")


@dataclass(frozen=True, eq=False)
class Dataset:
    """Images and labels in three splits, with where they come from.

    Arrays of your own are copied, so that a change of theirs later does not change the data.

    Attributes
    ----------
    name : str
        ``"mnist"``, ``"digits28"`` or ``"digits"``; for data of your own what you like.
    x_train, x_val, x_test : numpy.ndarray
        Images, shape ``(examples, height, width)``, float32 in [0, 1].
    y_train, y_val, y_test : numpy.ndarray
        Labels, shape ``(examples,)``, int64 in 0..classes-1.
    source : str
        One sentence: where the data come from.
    checksum : str
        SHA-256 over names, shapes and bytes of all six arrays (computed when made).
    classes : int
        How many classes there are, at least 2.
    origins : numpy.ndarray
        For images that were made from others: the number of each one's original, shape
        ``(examples,)``, of the three parts one after the other. If empty, each image is an
        original.

    Raises
    ------
    DataError
        If a network cannot be trained on them: a part without images, labels that are not one
        whole number for each image or out of range, numbers that are not finite, images of
        several shapes.

    Warns
    -----
    DataWarning
        If the images do not look scaled.
    """

    name: str
    x_train: np.ndarray = field(repr=False)
    y_train: np.ndarray = field(repr=False)
    x_val: np.ndarray = field(repr=False)
    y_val: np.ndarray = field(repr=False)
    x_test: np.ndarray = field(repr=False)
    y_test: np.ndarray = field(repr=False)
    source: str = ""
    checksum: str = field(default="", repr=False)
    classes: int = 10
    origins: np.ndarray = field(default_factory=lambda: np.empty(0, int), repr=False)

    def __post_init__(self) -> None:
        settle(self, name=text("name", self.name), classes=at_least("classes", self.classes, 2))
        for name in ("source", "checksum"):
            settle(self, **{name: text(name, getattr(self, name), empty=True)})
        for split in SPLITS:
            self._check(split)
        _check_shapes(*(getattr(self, f"x_{split}") for split in SPLITS))
        settle(self, origins=as_origins(self.origins, *self.split_sizes))
        if not self.checksum:  # what `take` makes of it was looked at before
            _warn_if_unscaled(*(getattr(self, f"x_{split}") for split in SPLITS))
        settle(self, checksum=self._digest())

    def _check(self, split: str) -> None:
        """Put images and labels of a split in order; nobody can change them from here on."""
        images = as_images(f"x_{split}", getattr(self, f"x_{split}")).view()
        labels = as_labels(f"y_{split}", getattr(self, f"y_{split}"), self.classes).view()
        if len(images) != len(labels):
            raise DataError(
                f"x_{split} and y_{split} must have the same length; received "
                f"{len(images)} images and {len(labels)} labels."
            )
        images.flags.writeable = labels.flags.writeable = False
        settle(self, **{f"x_{split}": images, f"y_{split}": labels})

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Shape of one image, for example ``(28, 28)``."""
        return tuple(self.x_train.shape[1:])

    @property
    def split_sizes(self) -> tuple[int, int, int]:
        """How many images are for training, for validation and for the test."""
        return len(self.y_train), len(self.y_val), len(self.y_test)

    @property
    def originals(self) -> np.ndarray:
        """The number of each image's original, of all parts: ``origins``, or one for each image."""
        return self.origins if len(self.origins) else np.arange(sum(self.split_sizes))

    @property
    def originals_checksum(self) -> str:
        """SHA-256 of ``originals``."""
        return hashlib.sha256(np.ascontiguousarray(self.originals).data).hexdigest()

    def pooled(self, kind: str) -> np.ndarray:
        """Return the images, ``"x"``, or labels, ``"y"``, of all parts, one after the other.

        Raises
        ------
        ValueError
            If ``kind`` is neither.
        """
        kind = one_of("kind", kind, ("x", "y"))
        return np.concatenate([getattr(self, f"{kind}_{part}") for part in SPLITS])

    def split(self, seed: int | None = None) -> Split:
        """Return the rows of each part among the images of all three, one part after the other.

        Parameters
        ----------
        seed : int, optional
            Deals the images anew; without it the split is the one given.

        Raises
        ------
        ValueError
            If the seed is no whole number of at least 0.
        """
        given = in_order(*self.split_sizes)
        if seed is None:
            return given
        return dealt(given, self.originals, at_least("seed", seed, 0))

    def resplit(self, seed: int) -> "Dataset":
        """Return the same images, dealt anew to parts of the same sizes.

        Images made from one original stay in one part. ``compare(..., split="own")`` does so
        for each of its seeds.

        Raises
        ------
        ValueError
            If the seed is no whole number of at least 0.
        """
        split, parts = self.split(at_least("seed", seed, 0)), dict[str, Any]()
        for kind in "xy":
            pooled = self.pooled(kind)
            parts |= {f"{kind}_{part}": unchanging(pooled[getattr(split, part)]) for part in SPLITS}
        rows = np.concatenate([getattr(split, part) for part in SPLITS])
        return replace(self, **parts, origins=self._of(rows))

    def take(self, examples: int) -> "Dataset":
        """Return the same data with only the first ``examples`` of the training split.

        Raises
        ------
        ValueError
            If there are not that many training examples.
        """
        examples = at_least("examples", examples, 1)
        if examples > len(self.x_train):
            raise ValueError(
                f"examples must be at most {len(self.x_train)}, the size of the training "
                f"split of {self.name}; received {examples}."
            )
        images, labels = self.x_train[:examples], self.y_train[:examples]
        rows = np.delete(np.arange(sum(self.split_sizes)), slice(examples, len(self.x_train)))
        return replace(self, x_train=images, y_train=labels, origins=self._of(rows))

    def _of(self, rows: np.ndarray) -> np.ndarray:
        """The originals of some images, as ``origins`` has them: none if each is its own."""
        return self.origins[rows] if len(self.origins) else self.origins

    def _digest(self) -> str:
        digest = hashlib.sha256()
        for part in ("x_train", "y_train", "x_val", "y_val", "x_test", "y_test"):
            array: np.ndarray = getattr(self, part)
            digest.update(f"{part}{array.shape}{array.dtype.str}".encode())
            digest.update(np.ascontiguousarray(array).data)
        return digest.hexdigest()


def scaled(images: np.ndarray) -> np.ndarray:
    """Bytes in 0..255 to float32 in [0, 1]."""
    return unchanging(np.divide(images, np.float32(255), dtype=np.float32))


def _check_shapes(train: np.ndarray, val: np.ndarray, test: np.ndarray) -> None:
    shapes = [images.shape[1:] for images in (train, val, test)]
    if len(set(shapes)) > 1:
        raise DataError(
            "The images of x_train, x_val and x_test must have one shape; received "
            f"{', '.join(map(str, shapes))}. Prepare the three parts alike."
        )


def _warn_if_unscaled(*images: np.ndarray) -> None:
    if looks_unscaled(*images):
        low, high = min(one.min() for one in images), max(one.max() for one in images)
        warn(
            f"Images should be numbers around [0, 1]; received {low:.4g} to {high:.4g}. Networks "
            "hardly learn from them as they are: divide by the largest, 255 for bytes.",
            DataWarning,
            stacklevel=4,
        )
