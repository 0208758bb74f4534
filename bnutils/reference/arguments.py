"""What callers pass in: converted to float64 once, refused with one style of message.

Every message says the rule, what was received and what to do.
"""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from bnutils.utils import validation
from bnutils.utils.scalars import plain, whole
from bnutils.utils.wording import shown

Array = npt.NDArray[np.float64]
T = TypeVar("T")
Axis = int | Sequence[int]
Shape = tuple[int, ...]


def array(name: str, value: npt.ArrayLike) -> Array:
    """Return `value` as a float64 array of finite, real numbers with no empty dimension."""
    given = _numbers(name, value)
    if given.size == 0:
        raise ValueError(
            f"`{name}` must hold at least one number; received the shape {given.shape}. "
            "Pass a batch with at least one example."
        )
    if not np.isfinite(given).all():
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(given))[0])
        raise ValueError(
            f"`{name}` must be finite; received {given[where]} at index {where}. "
            "Look for the step before this one that overflowed or divided by zero."
        )
    return given


def _numbers(name: str, value: npt.ArrayLike) -> Array:
    rule = f"`{name}` must be an array of real numbers"
    remedy = "Pass a NumPy array or nested lists of one length."
    try:
        given = np.asarray(value)
    except Exception as error:  # any class may refuse the conversion in its own way
        raise ValueError(f"{rule}; received {shown(value)} ({error}). {remedy}") from error
    if given.dtype.kind not in "biuf" or np.ma.is_masked(value):
        what = f"masked {given.dtype}" if np.ma.is_masked(value) else f"{given.dtype}"
        raise ValueError(f"{rule}; received {shown(value)}, an array of {what}. {remedy}")
    return given.astype(np.float64)


def shaped(name: str, value: npt.ArrayLike, shape: Shape, what: str) -> Array:
    """Return `value` as an array of exactly `shape`, which is the shape of `what`."""
    given = array(name, value)
    advice = "Check `axis` and the order of the arguments."
    validation.shaped_like(f"`{name}`", given.shape, what, shape, advice)
    return given


def parameter(name: str, value: npt.ArrayLike | None, shape: Shape, default: float) -> Array:
    """Return a gamma or beta of `shape`; None stands for a layer without it."""
    if value is None:
        return np.full(shape, default)
    return shaped(name, value, shape, "the parameters")


def epsilon(value: float) -> float:
    """Return `value` if it can stand under the root: greater than 0 and finite."""
    return validation.positive("`epsilon`", value, "Keras' default is 1e-3.")


def momentum(value: float) -> float:
    """Return `value` if it is a share: between 0 and 1, both included."""
    advice = "It is the weight of the old value, as in Keras (default 0.99)."
    return validation.fraction("`momentum`", value, advice)


def axes(axis: Axis, ndim: int) -> Shape:
    """Return `axis` as a sorted tuple of different axes counted from the front."""
    given = _whole_numbers(axis)
    if not ndim:
        raise ValueError(
            f"`axis` must be an axis of the array, and one number alone has none; received "
            f"{shown(axis)}. Pass a batch, an array of at least one axis."
        )
    if not all(-ndim <= one < ndim for one in given):
        raise ValueError(
            f"`axis` must lie between {-ndim} and {ndim - 1} for an array of {ndim} dimensions; "
            f"received {shown(axis)}. Count from 0, or backwards from -1."
        )
    counted = {one % ndim for one in given}
    if len(counted) != len(given):
        raise ValueError(
            f"`axis` must name each axis once; received {shown(axis)}. Drop the double."
        )
    return tuple(sorted(counted))


def _whole_numbers(axis: Axis) -> list[int]:
    """The axis, or axes, as they were given, in a list."""
    alone = whole(plain(axis))
    try:
        given = validation.several("axis", axis) if alone is None else [alone]
    except TypeError:
        given = []
    numbers = [one for one in map(whole, given) if one is not None]
    if not given or len(numbers) < len(given):
        raise ValueError(
            f"`axis` must be an int or several ints; received {shown(axis)}. Pass e.g. -1."
        )
    return numbers


def others(kept: Shape, ndim: int) -> Shape:
    """Return the axes that are not in `kept`; there must be one to average over."""
    over = rest(kept, ndim)
    if not over:
        raise ValueError(
            f"`axis` must leave an axis to average over; received axis {kept} of {ndim} "
            "dimensions. `axis` is the axis to keep; pass `x` with its batch axis."
        )
    return over


def rest(some: Shape, ndim: int) -> Shape:
    """Return the axes that are not in `some`, which may be none."""
    return tuple(one for one in range(ndim) if one not in some)


def spread(values: Array, kept: Shape, ndim: int) -> Array:
    """Reshape values, one per position of the `kept` axes, so that they broadcast."""
    shape = [1] * ndim
    for axis, size in zip(kept, values.shape, strict=True):
        shape[axis] = size
    return values.reshape(shape)


def counted(mask: npt.ArrayLike | None, shape: Shape, over: Shape) -> npt.NDArray[np.bool_]:
    """Return which elements of an array of `shape` enter the statistics.

    The mask has the shape of the array without its last axis, as in Keras.
    """
    if mask is None:
        return np.ones(shape, dtype=bool)
    given = array("mask", mask)
    what, advice = "`x` without its last axis", "Pass one truth value per position."
    validation.shaped_like("`mask`", given.shape, what, shape[:-1], advice)
    full = np.broadcast_to(given.astype(bool)[..., np.newaxis], shape)
    if not full.any(axis=over).all():
        raise ValueError(
            "`mask` must leave at least one element to every mean; received a mask under which "
            "some mean has none. Drop the example, or leave the batch out."
        )
    return full


def cache(value: object, kind: type[T], source: str) -> T:
    """Return what a forward pass left behind, if it is that of this layer."""
    return validation.instance("`cache`", value, kind, f"from bnutils.reference.{source}")
