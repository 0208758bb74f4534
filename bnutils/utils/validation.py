"""The checks of arguments, worded in one way: the rule, the value received, what to do."""

import operator
from collections.abc import Iterable
from math import inf, nan
from numbers import Real
from typing import Any, SupportsIndex


def one_of(name: str, value: object, allowed: Iterable[object]) -> None:
    """Check that a choice is known.

    Raises
    ------
    ValueError
        If ``value`` is not among ``allowed``; the message lists the choices.
    """
    choices = list(allowed)
    if value not in choices:
        listed = ", ".join(repr(choice) for choice in choices)
        raise ValueError(f"{name} must be one of {listed}; received {value!r}.")


def at_least(name: str, value: SupportsIndex, least: int) -> int:
    """Return a count as an ``int``, if it is a whole number and large enough.

    Raises
    ------
    TypeError
        If ``value`` is not an integer.
    ValueError
        If ``value`` is smaller than ``least``.
    """
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise TypeError(f"{name} must be a whole number; received {value!r}.")
    number = operator.index(value)
    if number < least:
        raise ValueError(f"{name} must be at least {least}; received {number}.")
    return number


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
    number = _real(value)
    if not 0 < number < inf:
        raise _refusal(name, "be a positive, finite number", repr(value), advice)
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
    number = _real(value)
    if not (0 <= number < 1 or (one and number == 1)):
        raise _refusal(name, f"be in [0, 1{']' if one else ')'}", repr(value), advice)
    return number


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


def _real(value: Any) -> float:
    """Return a real number, also one in an array without axes, as a ``float``; else NaN."""
    without_axes = getattr(value, "ndim", None) == 0 and hasattr(value, "item")
    scalar = value.item() if without_axes else value
    return float(scalar) if isinstance(scalar, Real) else nan


def _refusal(name: str, rule: str, received: str, advice: str) -> ValueError:
    return ValueError(f"{name} must {rule}; received {received}. {advice}".rstrip())
