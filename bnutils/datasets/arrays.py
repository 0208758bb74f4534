"""Whether images and labels are such that a network can be trained on them.

What is refused here would fail later in TensorFlow, or be trained to no purpose.
"""

from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from bnutils.errors import DataError
from bnutils.utils.wording import shown

USUAL = 100.0  # larger numbers are hardly those of scaled or standardised images


def as_images(name: str, value: Any) -> npt.NDArray[np.float32]:
    """Return images as float32, shape ``(examples, ...)``.

    Parameters
    ----------
    name : str
        ``"x_train"``, for the message.
    value : array_like
        One image or more: finite numbers, all images of one shape.

    Raises
    ------
    DataError
        If they are something else.
    """
    given = _array(name, value, "images, an array of shape (examples, height, width)")
    if given.ndim < 2 or given.size == 0:
        raise DataError(
            f"{name} must hold at least one image, as an array of shape (examples, height, "
            f"width); received the shape {given.shape}. Check how the data were split."
        )
    with np.errstate(over="ignore"):  # what is too large for float32 is found below
        images = given.astype(np.float32, copy=given.flags.writeable)
    if not np.isfinite(images).all():
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(images))[0])
        raise DataError(
            f"{name} must hold finite numbers; received {given[where]} at index {where}. Mend or "
            "leave out such images."
        )
    return images


def as_labels(name: str, value: Any, classes: int) -> npt.NDArray[np.int64]:
    """Return labels as int64, shape ``(examples,)``.

    Parameters
    ----------
    name : str
        ``"y_train"``, for the message.
    value : array_like
        One whole number in 0..classes-1 for each image.
    classes : int
        How many classes there are.

    Raises
    ------
    DataError
        If they are something else.
    """
    rule = f"{name} must hold one whole number in 0..{classes - 1} for each image"
    given = _array(name, value, "labels, one whole number for each image")
    if given.ndim != 1 or given.dtype.kind == "b":
        advice = _flattened(name, given.shape)
        received = f"{given.dtype} of shape {given.shape}"
        raise DataError(f"{rule}; received {received}. {advice}")
    wrong = ~((given >= 0) & (given < classes) & (given == np.floor(given)))
    if wrong.any():
        place = int(wrong.argmax())
        raise DataError(
            f"{rule}; received {given[place]} at index {place}. {_numbered(given, classes)}"
        )
    labels: npt.NDArray[np.int64] = given.astype(np.int64, copy=given.flags.writeable)
    return labels


def as_origins(value: Any, *sizes: int) -> npt.NDArray[np.int64]:
    """Return the numbers of the images' originals as int64, shape ``(examples,)``, or none.

    Parameters
    ----------
    value : array_like
        One whole number for each image of all parts; nothing if each image is an original.
    sizes : int
        How many images each part has.

    Raises
    ------
    DataError
        If they are something else, or images of one original are in several parts.
    """
    count = sum(sizes)
    rule = f"origins must hold one whole number for each of the {count} images of all parts"
    given = _array("origins", value, "the numbers of the images' originals")
    if given.shape == (0,):
        return unchanging(given.astype(np.int64))
    if given.shape != (count,) or given.dtype.kind not in "iu":
        received = f"{given.dtype} of shape {given.shape}"
        advice = f"Pass an array of shape ({count},) of int64, or none: origins=[]."
        raise DataError(f"{rule}; received {received}. {advice}")
    parts = [set(part.tolist()) for part in np.split(given, np.cumsum(sizes)[:-1])]
    shared = set.union(*(one & other for one, other in combinations(parts, 2)))
    if shared:
        raise DataError(
            "Images made from one original must be in one part; received images of the original "
            f"{min(shared)} in several. Split the originals, then make images of them."
        )
    return unchanging(given.astype(np.int64))


def unchanging(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return a new array that nobody else has, which a data set then need not copy."""
    array.flags.writeable = False
    return array


def looks_unscaled(*images: npt.NDArray[np.float32]) -> bool:
    """Whether images seem to be bytes, or of a range in which networks hardly learn."""
    low, high = min(one.min() for one in images), max(one.max() for one in images)
    if max(-low, high) <= 1:
        return False
    return bool(max(-low, high) > USUAL or all((one == np.floor(one)).all() for one in images))


def _array(name: str, value: Any, what: str) -> npt.NDArray[Any]:
    """Return an array of real numbers."""
    problem = f"{name} must be {what}; received {shown(value)}"
    try:
        given = np.asarray(value)
    except Exception as error:  # any class may refuse the conversion in its own way
        raise DataError(f"{problem}. Pass a NumPy array.") from error
    if np.ma.is_masked(value):
        raise DataError(f"{problem} of which some are masked. Fill or leave out what is missing.")
    if given.dtype.kind not in "biuf":
        raise DataError(f"{problem} with elements of {given.dtype}. Pass an array of numbers.")
    return given


def _flattened(name: str, shape: tuple[int, ...]) -> str:
    """What to do with labels that are not a row of numbers."""
    if len(shape) == 2 and shape[1] == 1:
        return f"Pass {name}[:, 0]."
    if len(shape) == 2:
        return f"Where they are one-hot, pass {name}.argmax(axis=1)."
    return "Pass an array of shape (examples,) of int64."


def _numbered(labels: npt.NDArray[Any], classes: int) -> str:
    """What to do with labels out of range."""
    if labels.min() == 1 and labels.max() == classes:
        return "Labels begin at 0: subtract 1."
    return f"Number the classes from 0, or give classes, which is {classes}."
