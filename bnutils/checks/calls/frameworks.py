"""Whether a function reaches TensorFlow, Keras, PyTorch, JAX or the like.

Their threads do not live on in a forked process, where their code would wait for them forever.
The search follows what the function's code names: modules, other functions, closures, what a
partial function or an object holds.
"""

import functools
import re
from collections.abc import Iterator
from itertools import islice
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

from bnutils.checks.calls.lines import Place, is_library, is_ours

FRAMEWORKS = frozenset(
    {"flax", "jax", "jaxlib", "keras", "numba", "tensorflow", "tf_keras", "torch"}
)
MOST = 2000
"""Objects that are looked at; who hides a framework deeper is called in a child, and waits."""

_IN_LIBRARY = re.compile(rf"[\\/](site|dist)-packages[\\/]({'|'.join(FRAMEWORKS)})[\\/]")


def reaches_framework(function: object) -> bool:
    """Whether a framework is found in what a function uses."""
    return any(map(_is_framework, islice(_reached(function), MOST)))


def in_framework(places: list[Place]) -> bool:
    """Whether code of a framework was running in one of these places."""
    return any(_IN_LIBRARY.search(name) for name, _ in places)


def _reached(start: object) -> Iterator[object]:
    """Yield everything that is reached, the nearest first, each once."""
    waiting, known = [start], {id(start)}
    for thing in waiting:
        yield thing
        for other in _held_by(thing):
            if id(other) not in known:
                known.add(id(other))
                waiting.append(other)


def _is_framework(thing: object) -> bool:
    if isinstance(thing, str):  # a name that code imports
        return _root(thing) in FRAMEWORKS
    if isinstance(thing, ModuleType):
        return _root(thing.__name__) in FRAMEWORKS
    classes = (*type(thing).__mro__, *(thing.__mro__ if isinstance(thing, type) else ()))
    modules = [getattr(thing, "__module__", "")] if callable(thing) else []
    return any(_root(name) in FRAMEWORKS for name in (*modules, *(c.__module__ for c in classes)))


def _root(name: object) -> str:
    return str(name).partition(".")[0]


def _held_by(thing: object) -> Iterator[object]:
    """Yield what an object uses directly."""
    if isinstance(thing, FunctionType):
        yield from _used_by(thing)
    elif isinstance(thing, MethodType):
        yield from (thing.__func__, thing.__self__)
    elif isinstance(thing, functools.partial):
        yield from (thing.func, *thing.args, *thing.keywords.values())
    elif isinstance(thing, ModuleType):
        yield from () if _is_foreign(thing) else list(vars(thing).values())
    elif isinstance(thing, type):
        yield from (value for one in thing.__mro__[:-1] for value in list(vars(one).values()))
    elif isinstance(thing, list | tuple | set | frozenset):
        yield from islice(thing, 20)
    elif isinstance(thing, dict):
        yield from islice(thing.values(), 20)
    else:
        yield from _parts_of(thing)


def _used_by(function: FunctionType) -> Iterator[object]:
    """Yield what a function's code names, and what it closes over."""
    yield from vars(function).values()  # what it wraps
    yield from function.__defaults__ or ()
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:  # not filled yet
            continue
    if not is_library(function.__code__.co_filename) and not is_ours(function.__code__.co_filename):
        names = set(_names(function.__code__))
        yield from names & FRAMEWORKS
        yield from (function.__globals__[name] for name in names if name in function.__globals__)


def _names(code: CodeType) -> Iterator[str]:
    """Yield the names in a code, and in the functions that are written inside it."""
    yield from map(_root, code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _parts_of(thing: object) -> Iterator[Any]:
    """Yield the attributes of an object, and what its class says of it."""
    if isinstance(thing, property | staticmethod | classmethod):
        yield from (getattr(thing, "fget", None), getattr(thing, "__func__", None))
    elif isinstance(getattr(thing, "__dict__", None), dict):
        yield from (type(thing), *list(vars(thing).values()))


def _is_foreign(module: ModuleType) -> bool:
    name = getattr(module, "__file__", None)
    return name is None or is_library(name) or is_ours(name)
