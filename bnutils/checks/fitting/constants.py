"""Constants of a function's own: what its numbers say of an epsilon that it does not take."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from bnutils.checks.calls.calling import Arguments, Array
from bnutils.checks.exercise import Case, Exercise, Values
from bnutils.checks.judging import SINGLE, is_right

NEAR = 2e-3
"""How far the numbers may be apart, relative to the constant."""

_SMALL = {"x": 1e-4, "moving_mean": 1e-4, "moving_variance": 1e-8, "beta": 0.0}
"""What arguments are scaled by, so that a small epsilon stands beside a small variance."""

_TRIED = {
    "epsilon": np.logspace(-13, 1, 113),
    "momentum": np.linspace(0, 1, 101),
}


def nice(values: Array, near: float = NEAR) -> float | None:
    """Return the number that all values are near, in few digits; None if they disagree."""
    middle = float(np.median(values))
    if not np.isfinite(values).all() or np.abs(values - middle).max() > near * abs(middle):
        return None
    short = (float(f"{middle:.{digits}g}") for digits in (1, 2, 3, 4))
    return next((one for one in short if abs(one - middle) <= near / 10 * abs(middle)), middle)


def probe(exercise: Exercise, name: str) -> Arguments:
    """Return arguments for which a result shows the constant `name`, however small it is."""
    plain = exercise.plain[0].arguments
    if name != "epsilon":
        return plain
    names = exercise.signature.arguments
    return tuple(one * _SMALL.get(word, 1.0) for word, one in zip(names, plain, strict=True))


def constant(exercise: Exercise, name: str, arguments: Arguments, got: Values) -> float | None:
    """Return the constant for which these results are right; None if there is none.

    Parameters
    ----------
    exercise : Exercise
        Whose right results are compared.
    name : str
        The argument that the function does not take.
    arguments : tuple
        What it was called with, see :func:`probe`.
    got : tuple of ndarray
        Its results.
    """

    def right(value: float) -> Values:
        return exercise.right(*with_value(exercise, name, value, arguments))

    def error(value: float) -> float:
        return sum(
            float(np.abs(one - due).sum()) for one, due in zip(got, right(value), strict=True)
        )

    tried = _TRIED[name]
    best = int(np.argmin([error(value) for value in tried]))
    if name == "epsilon" and best == 0:  # nothing stands beside the variance
        return None
    low, high = tried[max(best - 1, 0)], tried[min(best + 1, len(tried) - 1)]
    found = nice(np.array([_smallest(error, low, high)]))
    return found if found is not None and nearly(got, right(found)) else None


def nearly(got: Values, due: Values) -> bool:
    """Whether results are right as far as single precision shows."""
    return all(is_right(one, other, SINGLE.right) for one, other in zip(got, due, strict=True))


def with_value(exercise: Exercise, name: str, value: float, arguments: Arguments) -> Arguments:
    """Return the arguments with another value for one of them."""
    place = exercise.signature.arguments.index(name)
    return (*arguments[:place], value, *arguments[place + 1 :])


def settled(exercise: Exercise, name: str, value: float) -> Exercise:
    """Return the exercise with this constant in all its cases."""

    def cases(several: tuple[Case, ...]) -> tuple[Case, ...]:
        return tuple(
            replace(one, arguments=with_value(exercise, name, value, one.arguments))
            for one in several
        )

    return replace(
        exercise,
        plain=cases(exercise.plain),
        special=cases(exercise.special),
        square=cases(exercise.square),
    )


def _smallest(error: Callable[[float], float], low: float, high: float) -> float:
    """Return where the error between two bounds is smallest, by halving it in golden sections."""
    golden = (5**0.5 - 1) / 2
    for _ in range(60):
        left, right = high - golden * (high - low), low + golden * (high - low)
        low, high = (low, right) if error(left) < error(right) else (left, high)
    return (low + high) / 2
