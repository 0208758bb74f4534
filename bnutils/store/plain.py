"""Numbers, texts and arrays as what JSON can hold, and back: types and bits stay the same."""

import base64
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from bnutils.utils.wording import shown

KINDS = "biufcUS"  # of arrays: booleans, numbers, texts
EXACT = (bool, int, str, type(None))


def packed(value: Any) -> Any:
    """Return what JSON can hold of a result.

    Parameters
    ----------
    value : object
        Numbers, texts, None, arrays of these, and lists, tuples and dicts of all of that.

    Raises
    ------
    TypeError
        If there is anything else in it. Only what cannot run anything when it is read is kept.
    """
    kind = type(value)
    if kind in EXACT:
        return value
    if kind is float:
        return {"float": value.hex()}
    if kind in (list, tuple):
        return {kind.__name__: [packed(one) for one in value]}
    if kind is dict:
        return {"dict": [[packed(key), packed(one)] for key, one in value.items()]}
    if kind is np.ndarray or isinstance(value, np.generic):
        return {"array" if kind is np.ndarray else "scalar": _array(np.asarray(value))}
    raise TypeError(
        f"A result must be made of numbers, texts, arrays, lists, tuples and dicts; there is "
        f"{shown(value)} in it."
    )


def unpacked(content: Any) -> Any:
    """Return what :func:`packed` was given. An array is one's own, in C order.

    Raises
    ------
    ValueError
        If this is not what :func:`packed` makes.
    """
    if not isinstance(content, Mapping):
        return content
    (kind, held), *others = content.items()
    if others or kind not in _UNPACKING:
        raise ValueError(f"there is no kind {kind!r}")
    return _UNPACKING[kind](held)


def _array(array: np.ndarray) -> list[Any]:
    if array.dtype.kind not in KINDS or array.dtype.isbuiltin == 2:
        raise TypeError(f"An array in a result must hold numbers or texts; one is {array.dtype}.")
    held = base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()
    return [array.dtype.str, list(array.shape), held]


def _from_array(held: list[Any]) -> np.ndarray:
    kind, shape, content = held
    return np.frombuffer(base64.b64decode(content), np.dtype(kind)).reshape(shape).copy()


_UNPACKING: dict[str, Callable[[Any], Any]] = {
    "float": float.fromhex,
    "list": lambda held: [unpacked(one) for one in held],
    "tuple": lambda held: tuple(unpacked(one) for one in held),
    "dict": lambda held: {unpacked(key): unpacked(one) for key, one in held},
    "array": _from_array,
    "scalar": lambda held: _from_array(held)[()],
}
