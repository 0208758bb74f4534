"""From an exception to a finding: its name, its message and the student's own line."""

import inspect
import traceback

from bnutils.checks.calls.lines import Place, is_library, own_line, raised
from bnutils.checks.calls.terms import Arguments, Function, Outcome, Signature, TooSlow
from bnutils.checks.calls.text import short
from bnutils.checks.catalogue import mistake

ABOUT_SHAPES = ("broadcast", "matmul", "ncompatible shapes", "must match")
NAMES: dict[type[BaseException], str] = {
    MemoryError: "too-much-memory",
    RecursionError: "calls-itself",
    SystemExit: "stops-python",
}
"""The findings of exceptions that say enough by their type."""


def failed(
    error: BaseException, function: Function, signature: Signature, arguments: Arguments
) -> Outcome:
    """Return what there is to say about a function that raised something."""
    traceback.clear_frames(error.__traceback__)  # gives back the memory that they hold
    places = raised(error.__traceback__)
    if isinstance(error, TooSlow):
        return slow(str(error), places)
    if _is_unfinished(error, places):
        return Outcome(None, (mistake("unfinished"),))
    if isinstance(error, TypeError) and not (places and _fits(function, arguments)):
        said = f"{_message(error)}\nThe exercise calls {signature.text}."
        return Outcome(None, (mistake("wrong-signature", said),))
    seen = _joined(_message(error), own_line(places))
    return Outcome(None, (mistake(_name(error), seen),))


def slow(said: str, places: list[Place]) -> Outcome:
    """Return the outcome of a call that was ended, with the place that it had reached."""
    return _last("too-slow", said, places)


def dead(said: str, places: list[Place]) -> Outcome:
    """Return the outcome of a call in which Python died."""
    return _last("dies", said, places)


def stopped(status: int) -> Outcome:
    """Return the outcome of a call that left Python without an exception."""
    return _last("stops-python", f"os._exit({status})", [])


def _last(name: str, said: str, places: list[Place]) -> Outcome:
    return Outcome(None, (mistake(name, _joined(said, own_line(places))),), final=True)


def _joined(*said: str) -> str:
    return "\n".join(one for one in said if one)


def _name(error: BaseException) -> str:
    for kind, name in NAMES.items():
        if isinstance(error, kind):
            return name
    message = _message(error)
    return "shapes-do-not-fit" if any(words in message for words in ABOUT_SHAPES) else "raises"


def _message(error: BaseException) -> str:
    """Return the last lines of a traceback, whatever the exception does when it is printed."""
    try:
        said = str(error).strip()
    except Exception:  # noqa: BLE001 - a student's class of exceptions
        said = ""
    return short(f"{type(error).__name__.lstrip('_')}{': ' if said else ''}{said}")


def _is_unfinished(error: BaseException, places: list[Place]) -> bool:
    """Whether the student's code says so itself; a library that refuses something does not."""
    if isinstance(error, NotImplementedError):
        return not places or not is_library(places[0][0])
    return "ellipsis" in _message(error)


def _fits(function: Function, arguments: Arguments) -> bool:
    """Whether the function can be called with so many arguments, as far as it says."""
    try:
        inspect.signature(function).bind(*arguments)
    except TypeError:
        return False
    except Exception:  # noqa: BLE001 - not every callable says
        return True
    return True
