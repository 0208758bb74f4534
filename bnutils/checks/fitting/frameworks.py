"""From which framework something comes. None is imported here: what uses one has loaded it."""

import sys
from collections.abc import Iterator
from types import CodeType, ModuleType
from typing import Any

_BASES = {
    "keras": ("keras.layers", "Layer"),
    "torch": ("torch.nn", "Module"),
    "linen": ("flax.linen", "Module"),
    "nnx": ("flax.nnx", "Module"),
}
"""Where each framework keeps the class that its layers are made of."""

ARRAYS = ("torch", "jax", "tensorflow")
"""Whose arrays a function may want to have."""


def loaded(name: str) -> Any:
    """Return a module if somebody has imported it, else None."""
    return sys.modules.get(name)


def framework(value: object) -> str:
    """Return "keras", "torch", "linen" or "nnx" for a layer or class of layers, else ""."""
    kind = value if isinstance(value, type) else type(value)
    for name, (module, base) in _BASES.items():
        parent = getattr(loaded(module), base, None)
        if isinstance(parent, type) and issubclass(kind, parent):
            return name
    return ""


def arrays_of(function: object) -> str:
    """Return whose arrays a function or class computes with, by the modules that it names.

    Returns
    -------
    str
        "torch", "jax", "tensorflow"; "" if it names none of them.
    """
    named = {str(name).partition(".")[0] for name in _modules(function)}
    return next((one for one in ARRAYS if one in named), "")


def _modules(function: object) -> Iterator[str]:
    """Yield the names of the modules that stand in a function's code, or in a class's methods."""
    function = getattr(function, "__wrapped__", getattr(function, "func", function))
    function = getattr(function, "python_function", function)
    if isinstance(function, type):
        for method in vars(function).values():
            yield from _modules(method) if hasattr(method, "__code__") else ()
    code = getattr(function, "__code__", None)
    if isinstance(code, CodeType):
        for name in set(_names(code)):
            value = getattr(function, "__globals__", {}).get(name)
            yield value.__name__ if isinstance(value, ModuleType) else _home(value)


def _home(value: object) -> str:
    """Return the module that a function or class was written in; "" for other values."""
    home = getattr(value, "__module__", "") if callable(value) else ""
    return home if isinstance(home, str) else ""


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
