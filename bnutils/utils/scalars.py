"""What is a number: Python's, NumPy's, and what an array without axes holds."""

import operator
from math import inf, isfinite, nan
from numbers import Real
from typing import Any

KINDS = "biufcU"  # of NumPy's types: truth values, numbers and texts; no objects and no times


def plain(value: Any) -> Any:
    """Return what a NumPy scalar or an array without axes holds; anything else as it is.

    A float of lower precision becomes the shortest number that rounds to it, which is what was
    meant: ``np.float32(0.001)`` is 0.001 and not 0.0010000000474974513.
    """
    kind = getattr(getattr(value, "dtype", None), "kind", "f")
    missing = hasattr(value, "mask")  # of a masked array, which holds what is not meant
    if getattr(value, "shape", None) != () or kind not in KINDS or missing:
        return value
    if not hasattr(value, "item"):
        return value
    held = value.item()
    short = isinstance(held, float) and isfinite(held) and value.dtype.itemsize < 8
    return float(str(value[()])) if short else held


def whole(value: Any) -> int | None:
    """Return a whole number as an ``int``; None if it is something else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    try:
        return operator.index(value)
    except Exception:  # noqa: BLE001 - arrays and tensors with axes refuse in their own ways
        return None


def real(value: Any) -> float:
    """Return a real number as a ``float``; NaN if it is something else."""
    held = plain(value)
    if isinstance(held, bool) or not isinstance(held, Real):
        return nan
    try:
        return float(held)
    except OverflowError:  # an int beyond all floats
        return inf
