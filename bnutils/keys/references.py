"""Which names a function's code refers to, read from its instructions."""

import dis
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import CodeType

GLOBAL = {"LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS"}
ATTRIBUTE = {"LOAD_ATTR", "LOAD_METHOD"}
ASSIGNED = {"STORE_GLOBAL", "DELETE_GLOBAL"}


@dataclass(frozen=True)
class Reference:
    """One name.

    Attributes
    ----------
    kind : {"global", "import", "assigned"}
        How it is used: read, imported within the function, or changed.
    name : str
        Of the global, or of the module that is imported.
    parts : tuple of str
        The attributes that are taken of it at once, one of the other: ``("random", "normal")``.
        Of an import, what is imported from the module.
    """

    kind: str
    name: str
    parts: tuple[str, ...] = ()


@cache
def references(code: CodeType) -> tuple[Reference, ...]:
    """Return what code refers to, functions within it too, in order and each once."""
    return tuple(dict.fromkeys(one for part in _nested(code) for one in _of(part)))


def _nested(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _nested(constant)


def _of(code: CodeType) -> Iterator[Reference]:
    steps = [(step.opname, step.argval) for step in dis.get_instructions(code)]
    for at, (operation, name) in enumerate(steps):
        if operation in GLOBAL:
            yield Reference("global", name, tuple(_taken(steps[at + 1 :])))
        elif operation == "IMPORT_NAME":
            yield Reference("import", name, tuple(_imported(steps[at + 1 :])))
        elif operation in ASSIGNED:
            yield Reference("assigned", name)


def _taken(steps: list[tuple[str, str]]) -> Iterator[str]:
    """The attributes that the next steps take."""
    for operation, name in steps:
        if operation not in ATTRIBUTE:
            return
        yield name


def _imported(steps: list[tuple[str, str]]) -> Iterator[str]:
    """What is imported from a module, up to the next one."""
    for operation, name in steps:
        if operation == "IMPORT_NAME":
            return
        if operation == "IMPORT_FROM":
            yield name
