"""Handwritten digits for every lab, with a network or without.

``load("auto")`` takes MNIST where it can be had and otherwise ``digits28``, a set of the same
shape made from the digits that scikit-learn ships. It says in one line which it took and why.
"""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from bnutils.errors import DataError, at_least, one_of

NAMES = ("auto", "mnist", "digits28", "digits")
VARIABLE = "BNUTILS_DATA"


@dataclass(frozen=True, eq=False)
class Dataset:
    """Images and labels in three splits, with where they come from.

    Attributes
    ----------
    name : str
        ``"mnist"``, ``"digits28"`` or ``"digits"``.
    x_train, x_val, x_test : numpy.ndarray
        Images, shape ``(examples, height, width)``, float32 in [0, 1].
    y_train, y_val, y_test : numpy.ndarray
        Labels, shape ``(examples,)``, int64 in 0..9.
    source : str
        One sentence: where the data come from.
    checksum : str
        SHA-256 over names, shapes and bytes of all six arrays (computed when made).
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

    def __post_init__(self) -> None:
        for split in ("train", "val", "test"):
            images = np.asarray(getattr(self, f"x_{split}"), dtype=np.float32).view()
            labels = np.asarray(getattr(self, f"y_{split}"), dtype=np.int64).view()
            if len(images) != len(labels):
                raise DataError(
                    f"x_{split} and y_{split} must have the same length; received "
                    f"{len(images)} images and {len(labels)} labels."
                )
            images.flags.writeable = labels.flags.writeable = False
            object.__setattr__(self, f"x_{split}", images)
            object.__setattr__(self, f"y_{split}", labels)
        object.__setattr__(self, "checksum", self._digest())

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Shape of one image, for example ``(28, 28)``."""
        return tuple(self.x_train.shape[1:])

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
        return replace(self, x_train=self.x_train[:examples], y_train=self.y_train[:examples])

    def _digest(self) -> str:
        digest = hashlib.sha256()
        for part in ("x_train", "y_train", "x_val", "y_val", "x_test", "y_test"):
            array: np.ndarray = getattr(self, part)
            digest.update(f"{part}{array.shape}{array.dtype.str}".encode())
            digest.update(array.tobytes())
        return digest.hexdigest()


def load(
    name: str = "auto",
    path: str | os.PathLike[str] | None = None,
    report: Callable[[str], object] = print,
) -> Dataset:
    """Load a data set by name.

    Parameters
    ----------
    name : {"auto", "mnist", "digits28", "digits"}
        ``"mnist"``: 48,000 / 12,000 / 10,000 images of 28x28 for training, validation and
        test; looked for in ``path``, in the environment variable ``BNUTILS_DATA``, in Keras'
        cache, then downloaded to it. ``"digits28"``: 9,600 / 2,400 / 3,000 images of 28x28
        made from scikit-learn's digits, the same on every machine, without a network.
        ``"digits"``: scikit-learn's 1,797 digits as they are, 8x8. ``"auto"``: MNIST where it
        can be had, ``digits28`` otherwise (or when ``BNUTILS_DATA=digits28``).
    path : path-like, optional
        An ``mnist.npz`` in Keras' layout, or the folder that holds it.
    report : callable
        Receives the one line that ``"auto"`` says. Default: ``print``.

    Returns
    -------
    Dataset

    Raises
    ------
    ValueError
        If the name is unknown.
    DataError
        If MNIST was asked for and cannot be had, or a file that was named is not MNIST.
    """
    one_of("name", name, NAMES)
    if name in ("digits", "digits28"):
        from bnutils import _digits

        return _digits.digits() if name == "digits" else _digits.digits28()
    if name == "mnist":
        return _mnist(path)
    return _automatic(path, report)


def _automatic(path: str | os.PathLike[str] | None, report: Callable[[str], object]) -> Dataset:
    """MNIST where it can be had; else the offline set, and say so."""
    from bnutils._mnist import NotToBeHad

    if path is None and os.environ.get(VARIABLE) == "digits28":
        report(f"Data: digits28, because {VARIABLE}=digits28.")
        return load("digits28")
    try:
        data = _mnist(path)
    except NotToBeHad as reason:
        report(f"Data: digits28, because MNIST cannot be had ({reason}).")
        return load("digits28")
    report(f"Data: mnist, {data.source}.")
    return data


def _mnist(path: str | os.PathLike[str] | None) -> Dataset:
    """MNIST with the last fifth of its training images as validation split."""
    from bnutils import _mnist

    arrays, source = _mnist.find(path)
    x_train, y_train, x_test, y_test = (arrays[part] for part in _mnist.CHECKSUMS)
    cut = len(x_train) * 4 // 5
    return Dataset(
        "mnist",
        scaled(x_train[:cut]),
        y_train[:cut].astype(np.int64),
        scaled(x_train[cut:]),
        y_train[cut:].astype(np.int64),
        scaled(x_test),
        y_test.astype(np.int64),
        source,
    )


def scaled(images: np.ndarray) -> np.ndarray:
    """Bytes in 0..255 to float32 in [0, 1]."""
    return images.astype(np.float32) / np.float32(255)
