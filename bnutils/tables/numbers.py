"""Numbers as text: in one way within a column, and never a negative zero."""

from collections.abc import Callable, Iterable
from functools import partial
from math import floor, isfinite, log10

SMALL, LARGE = 1e-3, 1e6  # numbers outside are written with an exponent


def fixed(value: float, decimals: int) -> str:
    """Return a number with so many decimals; what rounds to zero has no sign.

    Parameters
    ----------
    value : float
        A finite number.
    decimals : int
        Digits after the point.

    Returns
    -------
    str
        Such as ``"0.00"``, also for -0.001 with two decimals.
    """
    return _without_negative_zero(f"{value:.{decimals}f}")


def signed(text: str) -> str:
    """Return a number, given as text, with a plus sign if it is above zero."""
    return text if text.startswith("-") or float(text) == 0 else f"+{text}"


def writer(values: Iterable[float], digits: int = 4) -> Callable[[float], str]:
    """Return a function that writes each of these numbers, all in one way.

    The largest number gets so many significant digits, and the others the same decimals. Where
    that would write a number as zero that is none, or where the numbers are very large or very
    small, each gets its own significant digits, with an exponent if need be.

    Parameters
    ----------
    values : iterable of float
        All numbers that will stand together; those that are not finite are left out.
    digits : int
        Significant digits.

    Returns
    -------
    callable
        From a finite number to its text.
    """
    sizes = [abs(value) for value in values if isfinite(value) and value != 0]
    largest, smallest = max(sizes, default=1.0), min(sizes, default=1.0)
    if not SMALL <= largest < LARGE:
        return partial(_short, digits=digits)
    decimals = max(0, digits - 1 - floor(log10(largest)))
    too_small = float(f"{smallest:.{decimals}f}") == 0
    return partial(_short, digits=digits) if too_small else partial(fixed, decimals=decimals)


def ranges(numbers: Iterable[int]) -> str:
    """Return whole numbers in order, neighbours joined: ``"0-9, 12"``."""
    joined: list[list[int]] = []
    for number in sorted(set(numbers)):
        if joined and number == joined[-1][-1] + 1:
            joined[-1][1:] = [number]
        else:
            joined.append([number])
    return ", ".join("-".join(map(str, ends)) for ends in joined)


def _short(value: float, digits: int) -> str:
    return _without_negative_zero(f"{value:.{digits}g}")


def _without_negative_zero(text: str) -> str:
    return text.removeprefix("-") if float(text) == 0 else text
