"""The key of a call: a SHA-256 of its description."""

import hashlib
import json
import platform
import random
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from typing import Any

import numpy as np

from bnutils.keys.describing import Description, Unnameable

ALWAYS = ("numpy", "scipy")  # others where they are referred to


def key_of_call(
    function: Callable[..., Any], arguments: Sequence[Any], named: Mapping[str, Any]
) -> str:
    """Return the key of ``function(*arguments, **named)``, 64 hexadecimal digits.

    Raises
    ------
    Unnameable
        If the function or an argument leads to something that has no description.
    """
    name = getattr(function, "__name__", "function")
    call = {name: function, "its arguments": list(arguments), **dict(sorted(named.items()))}
    try:
        return _digest([dict(made()), Description().of(call)])
    except RecursionError as problem:
        raise Unnameable(f"{name} or an argument of it is nested too deeply") from problem


@cache
def made() -> Mapping[str, str]:
    """Return the versions that every result hangs on."""
    packages = {name: version(name) for name in ALWAYS}
    return {"python": platform.python_version(), **packages}


def randomness() -> str:
    """Return a digest of the two random states that a process has, NumPy's and Python's."""
    numpy = np.random.get_state(legacy=False)  # noqa: NPY002 - to see who uses it
    return _digest(Description().of([numpy, random.getstate()]))


def _digest(described: Any) -> str:
    return hashlib.sha256(json.dumps(described).encode()).hexdigest()
