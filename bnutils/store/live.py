"""Whether the code that runs is the code on disk: a run must not be filed under the other one.

A kernel goes on with what it has loaded when the files change under it, after a ``git pull`` or
an edit. With ``%autoreload`` it does not. So each file is run anew, beside the loaded module,
and what the two define is compared: functions by their code, all else by how it prints.
"""

import re
import sys
from collections.abc import Iterable
from inspect import unwrap
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

PACKAGE = Path(__file__).parents[1]
ADDRESS = re.compile(r" at 0x[0-9a-f]+")
GENERATED = {"__dict__", "__weakref__", "__doc__", "__dataclass_fields__", "__abstractmethods__"}


def changed(paths: Iterable[Path]) -> list[str]:
    """Return the names of those modules of the package that run otherwise than their files say.

    Parameters
    ----------
    paths : iterable of pathlib.Path
        Their files. A module that is not loaded has not changed: it will be what its file says.
    """
    named = ((_name_of(path), path) for path in paths)
    loaded = ((sys.modules[name], path) for name, path in named if name in sys.modules)
    return [module.__name__ for module, path in loaded if not _agrees(module, path)]


def _name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _agrees(module: ModuleType, path: Path) -> bool:
    """Whether a module is what its file would make it now."""
    fresh = {"__name__": module.__name__, "__file__": str(path), "__package__": module.__package__}
    try:
        exec(compile(path.read_bytes(), str(path), "exec"), fresh)
    except Exception:  # noqa: BLE001 - gone, or half an edit: whatever it raises, it differs
        return False
    own = {name: value for name, value in fresh.items() if not name.startswith("__")}
    return _same_names(own, vars(module), module.__name__)


def _same_names(fresh: dict[str, Any], live: Any, home: str) -> bool:
    return all(name in live and _same(value, live[name], home) for name, value in fresh.items())


def _same(fresh: Any, live: Any, home: str) -> bool:
    """Whether two values do the same; what comes from other modules is compared there."""
    fresh, live = _plain(fresh), _plain(live)
    if fresh is live or getattr(fresh, "__module__", home) != home:
        return True
    if isinstance(fresh, FunctionType):
        return isinstance(live, FunctionType) and _same_function(fresh, live)
    if isinstance(fresh, type):
        own = {name: value for name, value in vars(fresh).items() if name not in GENERATED}
        return isinstance(live, type) and _same_names(own, vars(live), home)
    return _printed(fresh) == _printed(live)


def _plain(value: Any) -> Any:
    """The function behind a property, a method or a cache."""
    value = value.fget if isinstance(value, property) else getattr(value, "__func__", value)
    return unwrap(value) if callable(value) else value


def _same_function(one: FunctionType, other: FunctionType) -> bool:
    defaults = [_printed((f.__defaults__, f.__kwdefaults__)) for f in (one, other)]
    return _same_code(one.__code__, other.__code__) and defaults[0] == defaults[1]


def _same_code(one: CodeType, other: CodeType) -> bool:
    """Whether two pieces of code are the same, wherever they stand in their files."""
    if (one.co_code, one.co_names) != (other.co_code, other.co_names):
        return False
    pairs = zip(one.co_consts, other.co_consts, strict=False)
    return len(one.co_consts) == len(other.co_consts) and all(
        _same_code(a, b)
        if isinstance(a, CodeType) and isinstance(b, CodeType)
        else _printed(a) == _printed(b)
        for a, b in pairs
    )


def _printed(value: Any) -> str:
    """How a value prints, without what differs from one process or compilation to the next.

    That is where it lies in memory, and in which order a set gives what it holds: this depends on
    the order in which that was put in, and on hashes that each process draws anew.
    """
    if isinstance(value, set | frozenset):
        return f"{type(value).__name__} of {sorted(map(_printed, value))}"
    if isinstance(value, dict):
        return f"dict of {[(_printed(key), _printed(one)) for key, one in value.items()]}"
    if type(value) in (list, tuple):
        return f"{type(value).__name__} of {list(map(_printed, value))}"
    return ADDRESS.sub("", repr(value))
