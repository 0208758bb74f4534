"""Formulas that are known as wholes: the gradient with its means over wrong axes."""

import ast
from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np

from bnutils.checks.calls.calling import Array
from bnutils.checks.formulas.columns import Columns, joined
from bnutils.checks.formulas.combinations import solved
from bnutils.checks.formulas.explanation import Deviation, Explanation
from bnutils.checks.formulas.language import Numbers
from bnutils.checks.formulas.numbers import near, times, written


def explained(
    batches: Sequence[Numbers],
    results: Sequence[Array],
    candidates: Mapping[str, str],
    tolerance: float,
) -> Explanation | None:
    """Return the candidate that gives the results, but for a factor."""
    target = joined(results)
    columns = Columns(batches, [np.shape(one) for one in results])
    for text, column in columns.of(candidates).items():
        if not np.isfinite(column).all() or not column.any():
            continue
        (number,), error = solved(target, column[:, None])
        if error <= tolerance:
            wrong: list[Deviation] = [(candidates[text], _over(candidates[text]))]
            if not near(number, 1):
                wrong.append(("wrong-factor", f"all is {written(number)} times as large"))
            return Explanation.of(times(float(number), f"({text})"), wrong)
    return None


def _over(name: str) -> str:
    """Say over which axes the mistake of this name takes a mean."""
    axes = ast.literal_eval(name.partition("=")[2])
    return f"a mean runs over axis {' and '.join(map(str, axes))}"


def vector_gradients() -> dict[str, str]:
    """Return dx of vectors with statistics or means over wrong axes."""
    return _gradients([(0,), (1,), (0, 1)])


def image_gradients() -> dict[str, str]:
    """Return dx of images with statistics or means over wrong axes."""
    return _gradients([(0, 1, 2), (0,), (1, 2), (0, 1, 2, 3), (1, 2, 3), (0, 2, 3), (3,)])


def _gradients(axes: list[tuple[int, ...]]) -> dict[str, str]:
    """Return all choices of axes, of the statistics and of the means; the first is right."""
    found = {}
    for statistics, means in list(product(axes, axes))[1:]:
        wrong = means if statistics == axes[0] else statistics
        found[_gradient(statistics, means)] = f"wrong-axis={wrong}"
    return found


def _gradient(statistics: tuple[int, ...], means: tuple[int, ...]) -> str:
    x_hat = f"((x - mean(x, axis={statistics})) / {(std := _std(statistics))})"
    through_mean = f"mean(dy, axis={means})"
    through_variance = f"{x_hat} * mean(dy * {x_hat}, axis={means})"
    return f"gamma / {std} * (dy - {through_mean} - {through_variance})"


def parameter_gradients(axes: list[tuple[int, ...]]) -> dict[str, str]:
    """Return dgamma with statistics over wrong axes."""
    return {
        f"sum(dy * (x - mean(x, axis={one})) / {_std(one)})": f"wrong-axis={one}" for one in axes
    }


def _std(axes: tuple[int, ...]) -> str:
    return f"sqrt(var(x, axis={axes}) + epsilon)"
