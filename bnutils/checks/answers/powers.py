"""Exercises that solve base**n = value for a whole n: what is right, and what rounding does."""

from math import ceil, log

ROUNDING = 1e-12
"""What the quotient of two rounded logarithms may be off by."""

ROUNDED = (
    "Logarithms are rounded, and their quotient may be a whole number and a little more, "
    "which ceil takes to the next one."
)
"""Why the smallest n is not ``ceil(quotient(...))``."""


def quotient(value: float, base: float) -> float:
    """Return n with base**n = value, whole or not, as rounded logarithms have it."""
    return log(value) / log(base)


def smallest(value: float, base: float) -> int:
    """Return the smallest whole n with which base**n has reached value."""
    return ceil(quotient(value, base) - ROUNDING)


def one_less(value: float, base: float) -> int:
    """Return the whole number below, which is right at exact powers only."""
    return int(quotient(value, base) + ROUNDING)
