"""The same numbers in another type: fractions, lists of one, complex numbers that are real."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from bnutils.checks.calls.calling import Function, Shape


def as_plain(function: Function, shape: Shape) -> Callable[..., Any]:
    """Return the function with floats of the shape that is asked for, where it returns such."""

    @wraps(function)
    def plain(*arguments: Any) -> Any:
        return plainly(function(*arguments), shape)

    return plain


def plainly(value: Any, shape: Shape) -> Any:
    """Return the numbers as floats in this shape; what cannot be read so, as it is."""
    try:
        array = np.asarray(value)
        if array.dtype.kind == "c" and (array.imag == 0).all():
            array = array.real
        if array.dtype.kind in "SUM":  # text and dates are no numbers, though some can be read
            return value
        numbers = array.astype(float)
    except Exception:  # noqa: BLE001 - any class may refuse in its own way
        return value
    one_for_one = numbers.size == 1 == np.prod(shape)
    return numbers.reshape(shape) if one_for_one else numbers
