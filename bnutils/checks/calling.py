"""Calling a student's function: copies in, arrays out, every failure a finding."""

import dis
import linecache
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any

import numpy as np
import numpy.typing as npt

from bnutils.checks.catalogue import mistake
from bnutils.checks.report import Mistake
from bnutils.utils.wording import shown

Array = npt.NDArray[Any]
Arguments = tuple[Any, ...]
Function = Callable[..., Any]
Shape = tuple[int, ...]

_HERE = str(Path(__file__).parent)
_ABOUT_SHAPES = ("broadcast", "matmul", "ncompatible shapes", "must match")
_EMPTY_BODY = {"RESUME", "NOP", "LOAD_CONST", "RETURN_CONST", "RETURN_VALUE"}


@dataclass(frozen=True, eq=False)
class Outcome:
    """What one call gave: arrays, or None if there is nothing to compare; and findings."""

    values: tuple[Array, ...] | None
    mistakes: tuple[Mistake, ...] = ()


@dataclass(frozen=True)
class Signature:
    """How the exercise says that the function is called.

    Attributes
    ----------
    text : str
        As the student reads it, "forward(x, gamma, beta, epsilon) -> y".
    arguments, results : tuple of str
        Their names, in order.
    """

    text: str
    arguments: tuple[str, ...]
    results: tuple[str, ...]


def require_callable(what: str, value: object) -> None:
    """Raise ``TypeError``, which becomes a finding, if something cannot be called at all."""
    if not callable(value):
        raise TypeError(f"{what} must be something that can be called; received {shown(value)}.")


def call(
    function: Function, signature: Signature, arguments: Arguments, shapes: tuple[Shape, ...]
) -> Outcome:
    """Call the function with copies of `arguments` and look at what comes back."""
    copies = [one.copy() if isinstance(one, np.ndarray) else one for one in arguments]
    try:
        require_callable("What is checked, a function's name without brackets,", function)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            returned = function(*copies)
    except Exception as error:  # noqa: BLE001 - whatever a student's code raises is a finding
        return Outcome(None, (_explain(error, function, signature),))
    touched = _touched(signature, arguments, copies)
    outcome = _unpack(returned, function, signature, shapes)
    return Outcome(outcome.values, outcome.mistakes + touched)


def _touched(signature: Signature, before: Arguments, after: list[Any]) -> tuple[Mistake, ...]:
    names = [
        name
        for name, old, new in zip(signature.arguments, before, after, strict=True)
        if isinstance(old, np.ndarray) and not np.array_equal(old, new)
    ]
    if not names:
        return ()
    return (mistake("changes-its-input", f"after the call {', '.join(names)} is different."),)


def _explain(error: Exception, function: Function, signature: Signature) -> Mistake:
    """Name the mistake behind an exception, with the student's own line."""
    if isinstance(error, NotImplementedError) or "ellipsis" in str(error):
        return mistake("unfinished")
    message = f"{type(error).__name__}: {error}"
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith(_HERE)
    ]
    if not frames and isinstance(error, TypeError):
        return mistake("wrong-signature", f"{message}\nThe exercise calls {signature.text}.")
    shapes = any(words in message for words in _ABOUT_SHAPES)
    return mistake("shapes-do-not-fit" if shapes else "raises", message + _line(frames))


def _line(frames: list[traceback.FrameSummary]) -> str:
    """Return the deepest line in the student's own file, the file of the first frame."""
    if not frames:
        return ""
    own = [frame for frame in frames if frame.filename == frames[0].filename][-1]
    text = (own.line or linecache.getline(own.filename, own.lineno or 0)).strip()
    return f"\nin line {own.lineno}: {text}"


def _unpack(
    returned: Any, function: Function, signature: Signature, shapes: tuple[Shape, ...]
) -> Outcome:
    if returned is None:
        return Outcome(None, (mistake("unfinished" if is_stub(function) else "returns-none"),))
    parts = _parts(returned, len(shapes))
    if parts is None:
        wanted = f"{len(shapes)} are expected: {', '.join(signature.results)}."
        return Outcome(None, (mistake("wrong-number-of-results", wanted),))
    if any(part is ... or part is NotImplemented for part in parts):
        return Outcome(None, (mistake("unfinished"),))
    if any(part is None for part in parts):
        return Outcome(None, (mistake("returns-none"),))
    return _as_arrays(parts, signature, shapes)


def _parts(returned: Any, count: int) -> list[Any] | None:
    """Split what came back; one result may come with others behind it, such as a cache."""
    if count == 1:
        return [returned[0] if isinstance(returned, tuple) and returned else returned]
    try:
        parts = list(returned)
    except TypeError:
        return None if returned is not ... else [...]
    return parts if len(parts) == count else None


def _as_arrays(parts: list[Any], signature: Signature, shapes: tuple[Shape, ...]) -> Outcome:
    arrays = []
    for name, part, shape in zip(signature.results, parts, shapes, strict=True):
        array = as_array(part)
        if array is None:
            seen = f"{name} is of type {type(part).__name__}."
            return Outcome(None, (mistake("not-numbers", seen),))
        if array.shape != shape:
            seen = f"{name} has the shape {array.shape}; {shape} was expected."
            return Outcome(None, (mistake("wrong-shape", seen),))
        arrays.append(array)
    return Outcome(tuple(arrays))


def as_array(value: Any) -> Array | None:
    """Return numbers as an array, in the dtype they have; None if they are not real numbers."""
    value = value.detach() if hasattr(value, "detach") else value
    try:
        array = np.asarray(value)
        if array.dtype.kind == "V":  # bfloat16 and the like
            array = array.astype(np.float16)
    except Exception:  # noqa: BLE001 - any class may refuse the conversion in its own way
        return None
    return array if array.dtype.kind in "biuf" else None


def is_stub(function: Function) -> bool:
    """Whether the body holds nothing but a docstring, ``...`` or ``pass``."""
    code = getattr(function, "__code__", None)
    if not isinstance(code, CodeType):
        return False
    return all(one.opname in _EMPTY_BODY for one in dis.get_instructions(code))
