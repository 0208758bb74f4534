"""Where a result differs from the right one, and what is right about it."""

from collections.abc import Sequence

import numpy as np

from bnutils.checks.calls.calling import Arguments, Array
from bnutils.checks.catalogue import mistake
from bnutils.checks.exercise import error
from bnutils.checks.judging import INSIDE, is_right
from bnutils.checks.report import Mistake


def difference(name: str, got: Array, expected: Array) -> str:
    """Say where a result differs most, with both numbers."""
    wrong = error(got, expected)
    place = np.unravel_index(wrong.argmax(), wrong.shape)
    index = ", ".join(str(int(one)) for one in place)
    digits = 5
    while digits < 15 and f"{got[place]:.{digits}g}" == f"{expected[place]:.{digits}g}":
        digits += 2
    return f"{name}[{index}] is {got[place]:.{digits}g}; {expected[place]:.{digits}g} was expected."


def different(name: str, arguments: Arguments, got: Array, expected: Array) -> Mistake:
    """Return the symptom of last resort, as exercises ask for one."""
    return mistake("different", what_holds(name, got, expected))


def what_holds(name: str, got: Array, expected: Array) -> str:
    """Say what is right about numbers that nothing explains, and where they differ most."""
    features = range(expected.shape[-1])
    columns = [(np.ravel(got[..., i]), np.ravel(expected[..., i])) for i in features]
    right = [str(i) for i, (one, due) in enumerate(columns) if is_right(one, due, INSIDE.right)]
    said = [f"right in feature {', '.join(right)}"] if right else []
    said += _alike(columns) if not right else []
    return f"{'; '.join([*said, difference(name, got, expected)])}"


def some_examples(name: str, got: Array, expected: Array) -> str:
    """Say which examples of a batch are right, if some are and others are not."""
    if expected.ndim < 2:
        return ""
    fits = (error(got, expected) <= INSIDE.right).reshape(len(expected), -1).all(axis=1)
    if fits.all() or not fits.any():
        return ""
    right, wrong = (", ".join(map(str, np.flatnonzero(one == fits))) for one in (True, False))
    return f"right in example {right}; wrong in example {wrong}; {difference(name, got, expected)}"


def _alike(columns: Sequence[tuple[Array, Array]]) -> list[str]:
    """Say whether numbers are off by a factor or by a number, feature by feature."""
    with np.errstate(all="ignore"):
        ratios = [one / due for one, due in columns]
        steps = [one - due for one, due in columns]
    if all(_constant(one) for one in ratios):
        return [f"each feature is off by a factor: {_listed(ratios)}"]
    if all(_constant(one) for one in steps):
        return [f"each feature is off by a number: {_listed(steps)}"]
    return []


def _constant(values: Array) -> bool:
    return values.size > 1 and bool(np.ptp(values) <= INSIDE.right * np.abs(values).max())


def _listed(values: Sequence[Array]) -> str:
    return ", ".join(f"{one[0]:.4g}" for one in values)
