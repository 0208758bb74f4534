"""Results as the exercise wants them: from dictionaries, and without axes of length 1."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from bnutils.checks.calls.calling import Function, Shape
from bnutils.checks.fitting.names import known
from bnutils.checks.fitting.tensors import plain

_KEYS = {
    "y": ("y", "out", "output", "outputs", "result"),
    "dx": ("dx", "dinput", "dinputs", "gradinput", "gradx", "xgrad"),
    "dgamma": ("dgamma", "dweight", "dscale", "gradgamma", "dg", "gammagrad"),
    "dbeta": ("dbeta", "dbias", "dshift", "gradbeta", "db", "betagrad"),
}
"""Under which keys results are found, in small letters without underscores."""


def by_key(function: Function, names: Sequence[str]) -> Function:
    """Return a function that takes its results out of a dictionary, by their names."""

    def fitted(*arguments: Any) -> Any:
        returned = function(*arguments)
        return _values(returned, names) if isinstance(returned, Mapping) else returned

    return fitted


def _values(returned: Mapping[Any, Any], names: Sequence[str]) -> Any:
    places = {_result(str(key)): key for key in returned}
    if not set(names) <= set(places):
        return returned
    return tuple(returned[places[name]] for name in names)


def _result(key: str) -> str | None:
    """Return what the exercises call a result."""
    simple = key.lower().replace("_", "")
    return next((name for name, keys in _KEYS.items() if simple in keys), known(key))


def only(function: Function, place: int) -> Function:
    """Return a function of one result: the one that stands at a place, None if there is none."""

    def fitted(*arguments: Any) -> Any:
        returned = function(*arguments)
        several = isinstance(returned, tuple | list) and len(returned) > place
        return returned[place] if several else None

    return fitted


def squeezed(function: Function, shapes: Sequence[Shape]) -> Function:
    """Return a function whose vectors have lost their axes of length 1.

    It also leaves out a first result that the exercise does not ask for, such as the y of a
    function that updates the moving statistics as well.
    """

    def fitted(*arguments: Any) -> Any:
        returned = function(*arguments)
        if len(shapes) == 1:
            first = returned[0] if isinstance(returned, tuple) and returned else returned
            return _squeezed(first, shapes[0])
        if not isinstance(returned, tuple | list):
            return returned
        wanted = returned[1:] if len(returned) == len(shapes) + 1 else returned
        return tuple(map(_squeezed, wanted, shapes)) if len(wanted) == len(shapes) else returned

    return fitted


def _squeezed(value: Any, shape: Shape) -> Any:
    array = plain(value)
    flat = isinstance(array, np.ndarray) and len(shape) == 1 and array.ndim > 1
    return array.reshape(-1) if flat and array.size == max(array.shape) else array
