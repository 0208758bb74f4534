"""Calling a student's function: copies in, arrays out, every failure a finding.

This is the plain call in this process, quick enough to be made by the thousand. A check calls
through a :func:`~bnutils.checks.calls.sessions.session`, which also ends what hangs or dies.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from copy import deepcopy
from dataclasses import replace
from io import TextIOBase
from typing import Any

import numpy as np

from bnutils.checks.calls.failures import failed
from bnutils.checks.calls.results import as_array, is_stub, looked_at
from bnutils.checks.calls.surroundings import undisturbed
from bnutils.checks.calls.terms import (
    Arguments,
    Array,
    Function,
    Outcome,
    Shape,
    Signature,
    Witness,
)
from bnutils.checks.catalogue import mistake
from bnutils.checks.report import Mistake
from bnutils.utils.wording import shown

__all__ = [
    "Arguments",
    "Array",
    "Function",
    "Outcome",
    "Shape",
    "Signature",
    "Witness",
    "as_array",
    "call",
    "is_stub",
    "require_callable",
]


def require_callable(what: str, value: object) -> None:
    """Raise ``TypeError``, which becomes a finding, if something cannot be called at all."""
    if not callable(value):
        raise TypeError(f"{what} must be something that can be called; received {shown(value)}.")


def call(
    function: Function,
    signature: Signature,
    arguments: Arguments,
    shapes: tuple[Shape, ...],
    *,
    limit: AbstractContextManager[None] | None = None,
    stream: TextIOBase | None = None,
) -> Outcome:
    """Call the function with copies of `arguments` and look at what comes back.

    Parameters
    ----------
    function : callable
        The student's; it may do anything.
    signature : Signature
        How the exercise calls it.
    arguments : tuple
        In the signature's order.
    shapes : tuple of tuple of int
        Those that the results should have.
    limit : context manager, optional
        Inside which the function runs, such as ``limited(5)``.
    stream : text stream, optional
        Where its prints go; by default nowhere.

    Returns
    -------
    Outcome
    """
    copies = tuple(_copies(arguments))
    try:
        with undisturbed(stream), limit or nullcontext():
            require_callable("What is checked, a function's name without brackets,", function)
            outcome = looked_at(function(*copies), function, signature, shapes)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - whatever a student's code raises is a finding
        outcome = failed(error, function, signature, arguments)
    else:
        changed = _changed(signature, arguments, copies)
        outcome = replace(outcome, mistakes=(*outcome.mistakes, *changed))
    return replace(outcome, saw=function.saw()) if isinstance(function, Witness) else outcome


def _copies(arguments: Arguments) -> Iterator[Any]:
    return (_copy(one) for one in arguments)


def _copy(argument: Any) -> Any:
    if isinstance(argument, np.ndarray):
        return argument.copy()
    if isinstance(argument, np.random.Generator):
        return deepcopy(argument)  # a second call draws the same numbers
    return [one.copy() for one in argument] if _are_weights(argument) else argument


def _are_weights(argument: Any) -> bool:
    """Whether this is a list of arrays, as the weights of a network are."""
    return isinstance(argument, list) and all(isinstance(one, np.ndarray) for one in argument)


def _changed(signature: Signature, before: Arguments, after: Arguments) -> tuple[Mistake, ...]:
    """Say which arrays are not what they were, or stand no longer where they did."""
    names = [
        name
        for name, old, new in zip(signature.arguments, before, after, strict=True)
        if not _as_before(old, new)
    ]
    seen = f"after the call {', '.join(names)} is different."
    return (mistake("changes-its-input", seen),) if names else ()


def _as_before(old: Any, new: Any) -> bool:
    if isinstance(old, np.ndarray):
        return np.array_equal(old, new, equal_nan=old.dtype.kind == "f")
    if _are_weights(old):
        return len(old) == len(new) and all(map(_as_before, old, new))
    return True
