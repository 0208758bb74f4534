"""The errors of the package, and the one way in which they are worded.

A message says the rule, the value received, and what to do about it.
"""

import operator
from collections.abc import Iterable
from typing import SupportsIndex


class BnutilsError(Exception):
    """Base class of the errors that are this package's own."""


class DataError(BnutilsError):
    """A data set cannot be found, read or trusted."""


class FindingMismatch(BnutilsError):  # noqa: N818 - a disagreement, not a malfunction
    """A measured effect disagrees with the committed record of the finding."""


class UnsupportedLayer(BnutilsError):  # noqa: N818 - names what is unsupported
    """The engine has no rule for a layer of the model."""


class MemoryBudgetError(BnutilsError):
    """There is too little memory for what was asked."""


class StoreWarning(UserWarning):
    """A stored run is damaged or cannot be written; it is computed, now or next time."""


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
