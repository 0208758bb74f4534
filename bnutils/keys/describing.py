"""A value, a function or a class as nested lists of texts and numbers, the same in each process."""

import builtins
import copyreg
import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from importlib import import_module
from types import CodeType, FunctionType, MappingProxyType, MethodType, ModuleType
from typing import Any

import numpy as np

from bnutils.keys.origins import released
from bnutils.keys.references import Reference, references
from bnutils.utils.wording import shown

OUTSIDE = {
    "_io", "datetime", "glob", "io", "os", "pathlib", "posix", "secrets", "shutil", "socket",
    "subprocess", "tempfile", "time", "urllib", "uuid",
}  # fmt: skip
UNLIKE = "outside: what is read there may be something else each time"
NOWHERE = "nothing yet"
UNSEEN = {"eval", "exec", "globals", "input", "locals", "open", "__import__"}
PLAIN = (bool, int, float, str, type(None))
FIXED = (tuple, frozenset, bytes, complex, CodeType)  # Python may keep two equal ones as one
GENERATED = {
    "__abstractmethods__", "__annotations__", "__dataclass_fields__", "__dataclass_params__",
    "__dict__", "__doc__", "__firstlineno__", "__match_args__", "__module__", "__qualname__",
    "__static_attributes__", "__weakref__", "_abc_impl",
}  # fmt: skip


class Unnameable(Exception):  # noqa: N818 - nothing is wrong with it
    """Something has no description that would tell it from everything else."""


class Description:
    """Describes one thing, and whatever that leads to once.

    Raises
    ------
    Unnameable
        From :meth:`of`. The message says what cannot be described, and the way that led there.
    """

    def __init__(self) -> None:
        self._met: dict[int, tuple[int, Any]] = {}  # with the thing, so that its id stays its own
        self._way: list[str] = []
        self._kinds: dict[type, Callable[[Any], Any]] = {
            list: self._items, tuple: self._items, bytes: bytes.hex, complex: repr,
            set: self._unordered, frozenset: self._unordered,
            dict: self._pairs, MappingProxyType: self._pairs,
            np.ndarray: self._array, np.dtype: repr, CodeType: self._code,
            FunctionType: self._function, ModuleType: self._module,
            MethodType: lambda one: [self.of(one.__func__), self.of(one.__self__)],
            property: lambda one: self._items((one.fget, one.fset, one.fdel)),
            classmethod: lambda one: self.of(one.__func__),
            staticmethod: lambda one: self.of(one.__func__),
            cached_property: lambda one: self.of(one.func),
        }  # fmt: skip

    def of(self, value: Any) -> Any:
        """Describe a value: what JSON can hold."""
        kind = type(value)
        if kind in PLAIN:
            return value
        if kind in FIXED:
            return [kind.__name__, self._kinds[kind](value)]
        if id(value) in self._met:
            return ["as before", self._met[id(value)][0]]
        self._met[id(value)] = (len(self._met), value)
        return [kind.__name__, self._way_to(value, kind)(value)]

    def _way_to(self, value: Any, kind: type) -> Callable[[Any], Any]:
        """How this kind of thing is described."""
        if _is_released(value):
            return lambda one: self._known(one.__module__, one.__qualname__)
        if kind in self._kinds:
            return self._kinds[kind]
        if isinstance(value, type):
            return self._class
        if isinstance(value, np.generic):
            return self._scalar
        return self._wrapped if hasattr(value, "__wrapped__") else self._instance

    # ---- values -----------------------------------------------------------------------------
    def _items(self, values: Iterable[Any]) -> list[Any]:
        return [self.of(value) for value in values]

    def _unordered(self, values: Iterable[Any]) -> list[Any]:
        return sorted(self._items(values), key=json.dumps)

    def _pairs(self, values: Mapping[Any, Any]) -> list[Any]:
        return [[self.of(key), self._named(str(key), value)] for key, value in values.items()]

    def _wrapped(self, value: Any) -> Any:
        """The function behind a cache."""
        return self.of(value.__wrapped__)

    def _scalar(self, value: np.generic) -> Any:
        return self._array(np.asarray(value))

    def _array(self, array: np.ndarray) -> list[Any]:
        """An array by type, shape, order in memory (in which sums are rounded) and content."""
        if array.dtype.hasobject:
            return [array.shape, self._items(array.ravel().tolist())]
        order = [array.flags.c_contiguous, array.flags.f_contiguous]
        content = hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()
        return [repr(array.dtype), array.dtype.str, array.shape, order, content]

    def _instance(self, value: Any) -> Any:
        """Anything else by what a pickle would hold of it; nothing is pickled."""
        taken = copyreg.dispatch_table.get(type(value))
        try:
            parts = taken(value) if taken else value.__reduce_ex__(2)
        except Exception as problem:
            raise self._refusal(f"{shown(value)}, whose state cannot be read") from problem
        if isinstance(parts, str):
            home = getattr(value, "__module__", None) or type(value).__module__
            return self._known(home, parts)
        return self._items(list(one) if isinstance(one, Iterator) else one for one in parts)

    # ---- code -------------------------------------------------------------------------------
    def _module(self, module: ModuleType) -> Any:
        if not released(module.__name__):
            raise self._refusal("the whole of it; name what is used of this module")
        return self._known(module.__name__, "")

    def _known(self, home: str, name: str) -> list[str]:
        """What a version stands for."""
        top = home.partition(".")[0]
        if top in OUTSIDE:
            raise self._refusal(UNLIKE)
        if not released(home):
            raise self._refusal(f"{home}.{name}, which has neither code to read nor a version")
        return [home, name, released(home)]

    def _class(self, kind: type) -> Any:
        own = {name: value for name, value in vars(kind).items() if name not in GENERATED}
        slots = [name for name, value in own.items() if _is_slot(value)]
        parts = [self._named(name, own[name]) for name in own if name not in slots]
        return [self.of(type(kind)), self._items(kind.__bases__), list(own), slots, parts]

    def _function(self, function: FunctionType) -> Any:
        cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
        return [
            self.of(function.__code__),
            self._items((function.__defaults__, function.__kwdefaults__, vars(function))),
            [self._named(name, _content(cell)) for name, cell in cells],
            [self._reference(one, function) for one in references(function.__code__)],
        ]

    def _code(self, code: CodeType) -> list[Any]:
        """Instructions, constants and names; not where it stands."""
        names = (code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)
        counts = (code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags)
        tables = (code.co_code.hex(), code.co_exceptiontable.hex())
        return [tables, names, counts, self._items(code.co_consts)]

    # ---- names ------------------------------------------------------------------------------
    def _reference(self, one: Reference, function: FunctionType) -> Any:
        """What a name in a function's code stands for."""
        if one.kind == "assigned":
            raise self._refusal(f"changing the global {one.name}, which a stored result would not")
        if one.kind == "import":
            return self._imported(one)
        with self._on_the_way(one.name):
            if one.name in UNSEEN:
                raise self._refusal(UNLIKE)
        value = function.__globals__.get(one.name, vars(builtins).get(one.name, NOWHERE))
        return self._taken(one.name, value, one.parts)

    def _imported(self, one: Reference) -> Any:
        with self._on_the_way(one.name):
            if released(one.name):
                return self._known(one.name, "")
            if not one.parts:
                raise self._refusal("imported whole; import what is used of it")
        try:
            module = import_module(one.name)
        except ImportError:
            return [one.name, NOWHERE]
        return [self._taken(one.name, module, (part,)) for part in one.parts]

    def _taken(self, name: str, value: Any, parts: tuple[str, ...]) -> Any:
        """What is taken of one's own module is described, in place of the module."""
        while parts and isinstance(value, ModuleType) and not released(value.__name__):
            name, value = f"{name}.{parts[0]}", getattr(value, parts[0], None)
            parts = parts[1:]
        return self._named(name, value)

    def _named(self, name: str, value: Any) -> list[Any]:
        with self._on_the_way(name):
            return [name, self.of(value)]

    @contextmanager
    def _on_the_way(self, name: str) -> Iterator[None]:
        self._way.append(name)
        yield
        self._way.pop()

    def _refusal(self, what: str) -> Unnameable:
        return Unnameable(f"{' > '.join(self._way) or 'it'} is {what}")


def _is_released(one: Any) -> bool:
    """Whether its version stands for it: not for what a wrapper only calls so."""
    home, path = (getattr(one, part, None) for part in ("__module__", "__qualname__"))
    if not (isinstance(home, str) and isinstance(path, str) and home in sys.modules):
        return False
    there: Any = sys.modules[home]
    for name in path.split("."):
        there = getattr(there, name, None)
    return there is one and bool(released(home))


def _is_slot(value: Any) -> bool:
    """Whether a class has it only to reach what its instances hold."""
    return type(value).__name__ in ("member_descriptor", "getset_descriptor")


def _content(cell: Any) -> Any:
    """What a closure refers to; itself where that is nothing yet."""
    try:
        return cell.cell_contents
    except ValueError:
        return NOWHERE
