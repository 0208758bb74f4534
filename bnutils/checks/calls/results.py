"""From what a function returned to arrays of the right shapes, or to what is wrong with it."""

import dis
from collections.abc import Awaitable, Iterator, Mapping, Set, Sized
from itertools import islice
from types import CodeType
from typing import Any

import numpy as np

from bnutils.checks.calls.terms import Array, Function, Outcome, Shape, Signature
from bnutils.checks.catalogue import mistake
from bnutils.checks.report import Mistake
from bnutils.utils.wording import shown

HUGE = 10**6
"""So many entries along the first axis are not even converted."""

NO_NUMBERS = {
    "c": "holds complex numbers. Was a root taken of a negative one?",
    "b": "holds True and False. Where is the comparison that they come from?",
    "O": "holds objects. If they are numbers, convert them to float.",
    "U": "holds text.",
    "S": "holds bytes.",
}
"""What an array holds in place of real numbers, by its dtype's kind, and what to do about it."""

_EMPTY_BODY = {"RESUME", "NOP", "LOAD_CONST", "RETURN_CONST", "RETURN_VALUE"}


class Refused(Exception):  # noqa: N818 - a finding, raised where it is made
    """A result that cannot be compared with anything."""

    def __init__(self, name: str, seen: str = "") -> None:
        super().__init__(name)
        self.mistake: Mistake = mistake(name, seen)


def looked_at(
    returned: Any, function: Function, signature: Signature, shapes: tuple[Shape, ...]
) -> Outcome:
    """Return the results as arrays of their own, or the mistake that prevents it."""
    if returned is None:
        return Outcome(None, (mistake("unfinished" if is_stub(function) else "returns-none"),))
    try:
        parts = _parts(returned, signature.results, shapes)
        return Outcome(tuple(map(_array, signature.results, parts, shapes)))
    except Refused as refused:
        return Outcome(None, (refused.mistake,))


def _parts(returned: Any, names: tuple[str, ...], shapes: tuple[Shape, ...]) -> tuple[Any, ...]:
    """Split what came back into one part for each result."""
    if returned is ... or returned is NotImplemented:
        raise Refused("unfinished")
    if isinstance(returned, Mapping):
        return _by_name(returned, names)
    _refuse_unready(returned, names)
    if len(names) == 1:  # others may stand behind it, such as a cache
        return (returned[0] if _holds_more(returned, shapes[0]) else returned,)
    parts = _unpacked(returned, len(names))
    if len(parts) != len(names):
        wanted = f"{len(names)} are expected: {', '.join(names)}."
        raise Refused("wrong-number-of-results", f"{_counted(returned)} came back; {wanted}")
    return parts


def _holds_more(returned: Any, shape: Shape) -> bool:
    """Whether the result is the first entry: of a tuple, or of a list that is no array itself."""
    if isinstance(returned, list) and returned:
        return bool(shape) and getattr(returned[0], "shape", None) == shape
    return isinstance(returned, tuple) and bool(returned)


def _by_name(returned: Mapping[Any, Any], names: tuple[str, ...]) -> tuple[Any, ...]:
    missing = [name for name in names if name not in returned]
    if missing:
        there = ", ".join(shown(key) for key in list(returned)[:6]) or "nothing"
        seen = f"a dictionary with {there} came back; {', '.join(missing)} is missing."
        raise Refused("wrong-type", seen)
    return tuple(returned[name] for name in names)


def _refuse_unready(returned: Any, names: tuple[str, ...]) -> None:
    """Refuse what has not computed its numbers yet, or has them in no order."""
    for kind, why in (
        (Iterator, "which has computed nothing yet"),
        (Awaitable, "which waits to be awaited"),
        (Set, "which has no order"),
    ):
        if isinstance(returned, kind):
            seen = f"a {type(returned).__name__} came back, {why}; {', '.join(names)} is expected."
            raise Refused("wrong-type", seen)


def _unpacked(returned: Any, count: int) -> tuple[Any, ...]:
    """Return what stands in a tuple or the like, up to one more than there should be."""
    if isinstance(returned, str | bytes):
        return ()
    try:
        return tuple(islice(returned, count + 1))
    except TypeError:
        return ()


def _counted(returned: Any) -> str:
    """Say how many results there are, or what there is instead."""
    if isinstance(returned, tuple | list):
        return str(len(returned))
    shape = getattr(returned, "shape", None)
    return shown(returned) if shape is None else f"one array of shape {tuple(shape)}"


def _array(name: str, part: Any, shape: Shape) -> Array:
    if part is ... or part is NotImplemented:
        raise Refused("unfinished")
    if part is None:
        raise Refused("returns-none", f"{name} is None.")
    if isinstance(part, Sized) and _length(part) > HUGE:
        raise Refused("wrong-shape", f"{name} has {_length(part)} entries; {_wanted(shape)}")
    array = as_array(part)
    if array is None:
        raise Refused("not-numbers", f"{name} {_no_numbers(part)}")
    if array.shape != shape:
        raise Refused("wrong-shape", f"{name} {_shaped(array)}; {_wanted(shape)}")
    return array.copy()


def _length(part: Sized) -> int:
    try:
        return len(part)
    except Exception:  # noqa: BLE001 - a scalar that has a length by its class, and raises
        return 0


def _shaped(array: Array) -> str:
    return f"has the shape {array.shape}" if array.shape else "is a single number"


def _wanted(shape: Shape) -> str:
    return f"{shape if shape else 'a single number'} was expected."


def as_array(value: Any) -> Array | None:
    """Return numbers as an array, in the dtype they have; None if they are not real numbers."""
    value = value.detach() if hasattr(value, "detach") else value
    if np.ma.is_masked(value):
        return None
    try:
        array = np.asarray(value)
        if array.dtype.kind == "V":  # bfloat16 and the like
            array = array.astype(np.float16)
    except (MemoryError, RecursionError):
        raise
    except Exception:  # noqa: BLE001 - any class may refuse the conversion in its own way
        return None
    return array if array.dtype.kind in "iuf" else None


def _no_numbers(part: Any) -> str:
    """Say what something is that is no array of real numbers, and what to do about it."""
    if np.ma.is_masked(part):
        hidden = int(np.ma.getmaskarray(part).sum())
        return f"hides {hidden} entries, as a masked array. Give all of them a number."
    if hasattr(part, "toarray"):
        return f"is sparse, a {type(part).__name__}. Call its `toarray`."
    try:
        array = np.asarray(part)
    except Exception:  # noqa: BLE001 - any class may refuse the conversion in its own way
        return f"is {shown(part)}. Are its rows of different lengths?"
    if array.ndim == 0 and array.dtype.kind not in "bc":
        return f"is {shown(part)}."
    return NO_NUMBERS.get(array.dtype.kind, f"is of dtype {array.dtype}.")


def is_stub(function: Function) -> bool:
    """Whether the body holds nothing but a docstring, ``...`` or ``pass``."""
    code = getattr(function, "__code__", None)
    if not isinstance(code, CodeType):
        return False
    return all(one.opname in _EMPTY_BODY for one in dis.get_instructions(code))
