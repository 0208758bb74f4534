"""The checks of arguments, worded in one way: the rule, the value received, what to do.

NumPy's scalars and arrays without axes are what they hold: each check gives back the plain
Python value, so that what is filed under a setting does not depend on where it came from.
"""

import os
import re
from collections.abc import Callable, Iterable, Mapping
from math import inf, isfinite
from pathlib import Path
from typing import Any, TypeVar, cast

from bnutils.utils.scalars import plain, real, whole
from bnutils.utils.wording import shown

T = TypeVar("T")


def one_of(name: str, value: object, allowed: Iterable[T]) -> T:
    """Return a choice as it stands among those that are known.

    Raises
    ------
    ValueError
        If ``value`` is not among ``allowed``; the message lists the choices.
    """
    choices, given = list(allowed), plain(value)
    for choice in choices:
        if given is choice or (_comparable(given, choice) and given == choice):
            return choice
    listed = ", ".join(repr(choice) for choice in choices)
    raise ValueError(f"{name} must be one of {listed}; received {shown(value)}.")


def at_least(name: str, value: object, least: int, most: int | None = None) -> int:
    """Return a count as an ``int``, if it is a whole number (128.0 is one) in its range.

    Raises
    ------
    TypeError
        If ``value`` is not a whole number.
    ValueError
        If ``value`` is smaller than ``least``, or larger than ``most`` where that is given.
    """
    number = whole(plain(value))
    if number is None:
        raise TypeError(f"{name} must be a whole number; received {shown(value)}.")
    if number < least:
        raise ValueError(f"{name} must be at least {least}; received {shown(number)}.")
    if most is not None and number > most:
        raise ValueError(f"{name} must be at most {most}; received {shown(number)}.")
    return number


def counts(name: str, value: object, least: int, most: int | None = None) -> tuple[int, ...]:
    """Return one count, or several, as a tuple; what each must be says :func:`at_least`."""
    given = plain(value)
    single = whole(given) is not None or isinstance(given, float)
    each = [given] if single else several(name, given)
    return tuple(at_least(name, one, least, most) for one in each)


def several(name: str, value: object, what: str = "whole numbers") -> list[Any]:
    """Return what can be gone through one by one as a list.

    Raises
    ------
    TypeError
        If it is no such thing, or a text, a mapping or a table, which are hardly meant.
    """
    refusal = TypeError(f"{name} must be one or more {what}; received {shown(value)}.")
    if isinstance(value, str | bytes | Mapping) or hasattr(value, "columns"):
        raise refusal
    try:
        given = list(cast(Iterable[Any], value))
    except Exception:  # noqa: BLE001 - any class may refuse to be gone through in its own way
        raise refusal from None
    return [plain(one) for one in given]


def positive(name: str, value: object, advice: str = "") -> float:
    """Return a number as a ``float``, if it is real, greater than 0 and finite.

    Parameters
    ----------
    name : str
        Of the argument.
    value : object
        What was given for it.
    advice : str
        A sentence on what to do, for the end of the message.

    Raises
    ------
    ValueError
        If it is not such a number.
    """
    number = real(value)
    if not 0 < number < inf:
        raise _refusal(name, "be a positive, finite number", shown(value), advice)
    return number


def not_negative(name: str, value: object, advice: str = "") -> float:
    """Return a number as a ``float``, if it is real, at least 0 and finite; else ``ValueError``."""
    number = real(value)
    if not 0 <= number < inf:
        raise _refusal(name, "be a finite number that is not negative", shown(value), advice)
    return number


def fraction(name: str, value: object, advice: str = "", *, one: bool = True) -> float:
    """Return a number as a ``float``, if it lies between 0 and 1.

    Parameters
    ----------
    name, value, advice
        As for :func:`positive`.
    one : bool
        Whether 1 itself will do; 0 always does.

    Raises
    ------
    ValueError
        If it is not such a number.
    """
    number = real(value)
    if not (0 <= number < 1 or (one and number == 1)):
        raise _refusal(name, f"be in [0, 1{']' if one else ')'}", shown(value), advice)
    return number


def finite(name: str, value: object, advice: str = "") -> float:
    """Return a number as a ``float``, if it is real and finite; else raise ``ValueError``."""
    number = real(value)
    if not isfinite(number):
        raise _refusal(name, "be a finite number", shown(value), advice)
    return number


def flag(name: str, value: object) -> bool:
    """Return True or False, if it is one of them; else raise ``TypeError``."""
    given = plain(value)
    if not isinstance(given, bool):
        raise TypeError(f"{name} must be True or False; received {shown(value)}.")
    return given


def text(name: str, value: object, *, empty: bool = False) -> str:
    """Return a text, which may be ``empty`` if that is said; else raise ``TypeError``."""
    given = plain(value)
    if not isinstance(given, str) or not (empty or given.strip()):
        rule = "a text" if empty else "a text that is not empty"
        raise TypeError(f"{name} must be {rule}; received {shown(value)}.")
    return str(given)


def matching(name: str, value: object, form: str, what: str) -> str:
    """Return a name that has the form, for files; else raise ``ValueError``."""
    given = plain(value)
    if not isinstance(given, str) or not re.fullmatch(form, given):
        raise ValueError(f"{name} must be {what} in a-z, 0-9, -; received {shown(value)}.")
    return given


def mapping(name: str, value: object, such_as: str) -> Mapping[Any, Any]:
    """Return a dictionary or the like; else raise ``TypeError``."""
    if not isinstance(value, Mapping):
        raise TypeError(f"{name} must be a dictionary such as {such_as}; received {shown(value)}.")
    return value


def path(name: str, value: object) -> Path:
    """Return the name of a file or folder as a path; else raise ``TypeError``."""
    given = plain(value)
    named = os.fspath(given) if isinstance(given, str | os.PathLike) else None
    if not isinstance(named, str) or not named or "\0" in named:
        raise TypeError(f"{name} must name a file or folder; received {shown(value)}.")
    return Path(named)


def function(name: str, value: T) -> T:
    """Return what can be called; else raise ``TypeError``."""
    if not callable(value):
        raise TypeError(f"{name} must be a function; received {shown(value)}.")
    return value


def is_a(value: object, kind: type) -> bool:
    """Whether a value is of a class, also if the class was loaded anew since it was made.

    That is what ``%autoreload`` does when a module is saved: an object that a notebook made
    before is of a class with the same name in the same module, and no less good.
    """
    named = (kind.__module__, kind.__qualname__)
    return any((one.__module__, one.__qualname__) == named for one in type(value).__mro__)


def instance(name: str, value: Any, kind: Callable[..., T], such_as: str) -> T:
    """Return an object of a class of this package; else raise ``TypeError``.

    Parameters
    ----------
    name : str
        Of the argument.
    value : object
        What was given for it.
    kind : type
        The class.
    such_as : str
        Where the user gets one: ``"from bnutils.load(...)"``.
    """
    if not (isinstance(kind, type) and is_a(value, kind)):
        rule = f"{name} must be a {getattr(kind, '__name__', kind)} {such_as}"
        raise TypeError(f"{rule}; received {shown(value)}.")
    checked: T = value
    return checked


def shaped_like(
    name: str, received: tuple[int, ...], what: str, shape: tuple[int, ...], advice: str = ""
) -> None:
    """Check that an array has the shape that it must have.

    Parameters
    ----------
    name : str
        Of the argument.
    received : tuple of int
        Its shape.
    what : str
        Whose shape it must have: ``"y"``, ``"the parameters"``.
    shape : tuple of int
        That shape.
    advice : str
        A sentence on what to do, for the end of the message.

    Raises
    ------
    ValueError
        If the shapes differ.
    """
    if received != shape:
        raise _refusal(name, f"have the shape of {what}, {shape}", str(received), advice)


def settle(described: object, **values: object) -> None:
    """Put checked values into the fields of a frozen dataclass that is being made."""
    for name, value in values.items():
        object.__setattr__(described, name, value)


def settle_choices(described: object, **allowed: Iterable[object]) -> None:
    """Put each of these fields to one of the values that it may have; see :func:`one_of`."""
    given = {name: getattr(described, name) for name in allowed}
    settle(described, **{name: one_of(name, given[name], allowed[name]) for name in allowed})


def _comparable(given: object, choice: object) -> bool:
    """Whether ``==`` is a plain question here: texts with texts, numbers with numbers."""
    if isinstance(given, bool) or isinstance(choice, bool):
        return type(given) is type(choice)
    return isinstance(given, str | int | float) and isinstance(choice, str | int | float)


def _refusal(name: str, rule: str, received: str, advice: str) -> ValueError:
    return ValueError(f"{name} must {rule}; received {received}. {advice}".rstrip())
