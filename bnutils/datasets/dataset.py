"""Images and labels in three splits, with a checksum."""

import hashlib
from dataclasses import dataclass, field, replace

import numpy as np

from bnutils.errors import DataError
from bnutils.utils.validation import at_least


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


def scaled(images: np.ndarray) -> np.ndarray:
    """Bytes in 0..255 to float32 in [0, 1]."""
    return images.astype(np.float32) / np.float32(255)
