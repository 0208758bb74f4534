"""Numbers that were found, as a formula writes them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction

EXACT = 1e-7
"""So close to a simple number, relative to it, a number that was found is taken for it."""

ROUGHLY = 1e-2
"""So close, relative to it, a simple number is tried in place of the one that was found."""

LARGEST_DENOMINATOR = 12


def written(value: float) -> str:
    """Return a number as text: a small fraction or the root of one, else twelve digits."""
    fraction = Fraction(value).limit_denominator(LARGEST_DENOMINATOR)
    if fraction and abs(float(fraction) - value) <= EXACT * abs(value):
        return str(fraction)
    square = Fraction(value**2).limit_denominator(LARGEST_DENOMINATOR)
    if value > 0 and 0 < square < 100 and abs(float(square) - value**2) <= EXACT * value**2:
        return f"sqrt({square})"
    short = f"{value:.3g}"
    return short if abs(float(short) - value) <= EXACT * abs(value) else f"{value:.12g}"


def simpler(numbers: Iterable[float], fits: Callable[[list[float]], bool]) -> list[float]:
    """Return numbers as simple as they may be: each a small fraction or of few digits, if it fits.

    Parameters
    ----------
    numbers : iterable of float
        As they were found, with the rounding of what they were found from.
    fits : callable
        Whether numbers in their place will do.
    """
    found = list(map(float, numbers))
    for place, value in enumerate(found):
        for simple in _simple(value):
            tried = [*found[:place], simple, *found[place + 1 :]]
            if fits(tried):
                found = tried
                break
    return found


def _simple(value: float) -> Iterator[float]:
    """Yield what a number may have been before rounding, the simplest first."""
    fraction = float(Fraction(value).limit_denominator(LARGEST_DENOMINATOR))
    simple = [fraction, *(float(f"{value:.{digits}g}") for digits in (1, 2, 3))]
    return (one for one in simple if one and near(one / value, 1, ROUGHLY))


def near(value: float, other: float, tolerance: float = EXACT) -> bool:
    """Whether two numbers are the same but for rounding."""
    return abs(value - other) <= tolerance * max(1.0, abs(other))


def times(coefficient: float, text: str) -> str:
    """Return a term with its coefficient: "-x", "2 * x", "(1/3) * x"."""
    if near(coefficient, 1):
        return text
    if near(coefficient, -1):
        return f"-({text})"
    number = written(coefficient)
    return f"({number}) * ({text})" if text != "1" else f"({number})"


def added(terms: Mapping[str, float]) -> str:
    """Return the sum of terms with their coefficients; "0" if there is none."""
    return " + ".join(times(number, f"({text})") for text, number in terms.items()) or "0"
