"""The checks of arguments, worded in one way: the rule, the value received."""

import operator
from collections.abc import Iterable
from math import inf, nan
from numbers import Real
from typing import SupportsIndex


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
    number = float(value) if isinstance(value, Real) else nan
    if not 0 < number < inf:
        raise ValueError(
            f"{name} must be a positive, finite number; received {value!r}. {advice}".rstrip()
        )
    return number
