"""Which parameters a student's function has."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bnutils.checks.fitting.names import known

_BY_POSITION = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
_BY_NAME = (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


@dataclass(frozen=True)
class Parameter:
    """One parameter, with the name that the exercises have for it.

    Attributes
    ----------
    name : str
        The student's.
    known : str or None
        The exercises'; None if the name says nothing.
    required : bool
        Whether it has no default.
    default : object
        That default, if it has one.
    by_position, by_name : bool
        In which ways it can be given.
    """

    name: str
    known: str | None
    required: bool = True
    default: Any = None
    by_position: bool = True
    by_name: bool = True


@dataclass(frozen=True)
class Parameters:
    """All of them, and whether the function takes more than it names."""

    named: tuple[Parameter, ...]
    any_position: bool = False
    any_name: bool = False

    @property
    def known(self) -> tuple[str | None, ...]:
        """The exercises' names, in the student's order."""
        return tuple(one.known for one in self.named)

    def find(self, name: str) -> Parameter | None:
        """Return the parameter that the exercises call so, if there is just one."""
        found = [one for one in self.named if one.known == name]
        return found[0] if len(found) == 1 else None


def parameters(function: Callable[..., Any], wanted: Sequence[str] = ()) -> Parameters | None:
    """Return the parameters of a function or class; None if Python cannot say."""
    try:
        declared = _declared(function)
    except (TypeError, ValueError):
        return None
    kinds = {one.kind for one in declared}
    named = tuple(
        _parameter(one, wanted) for one in declared if one.kind in (*_BY_POSITION, *_BY_NAME)
    )
    return Parameters(
        named, inspect.Parameter.VAR_POSITIONAL in kinds, inspect.Parameter.VAR_KEYWORD in kinds
    )


def _declared(function: Callable[..., Any]) -> list[inspect.Parameter]:
    """Return the parameters; of a class that can be called with anything, those of `__init__`."""
    declared = list(inspect.signature(function).parameters.values())
    anything = not any(one.kind in _BY_NAME for one in declared)
    init = getattr(function, "__init__", object.__init__)
    if isinstance(function, type) and anything and init is not object.__init__:
        return list(inspect.signature(init).parameters.values())[1:]
    return declared


def _parameter(one: inspect.Parameter, wanted: Sequence[str]) -> Parameter:
    required = one.default is inspect.Parameter.empty
    return Parameter(
        one.name,
        known(one.name, wanted),
        required,
        None if required else one.default,
        one.kind in _BY_POSITION,
        one.kind in _BY_NAME,
    )


def takes_bn_param(function: Callable[..., Any]) -> bool:
    """Whether this is a forward pass of CS231n's, with a dictionary for everything else."""
    found = parameters(function)
    return found is not None and {"x", "bn_param"} <= set(found.known)
