r"""Is a gradient right? Compare it with central differences.

.. math:: \frac{\partial L}{\partial x_i} \approx \frac{L(x + h e_i) - L(x - h e_i)}{2 h}

The difference quotient errs in two ways: by the curvature that it leaves out, which grows as
the square of h, and by rounding, which grows as 1/h. They balance near the cube root of the
machine precision, about 6e-6 in float64, with an error of about 1e-10. In float32 the best
step leaves an error of about 1e-5, which hides real mistakes: hence float64 only.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bnutils.utils.validation import function as callable_one
from bnutils.utils.validation import positive, shaped_like
from bnutils.utils.wording import shown

Array = npt.NDArray[np.float64]

STEP = float(np.finfo(np.float64).eps ** (1 / 3))
"""Default step: the cube root of the machine precision."""

SMALLEST = 1e-3
"""Gradients below this size are judged by their absolute error, which is rounding."""

REMEDY = "Leave it out for the default."
ORDER = "Check the order of the arguments and results."


@dataclass(frozen=True, eq=False)
class GradientReport:
    """The outcome of a gradient check.

    Attributes
    ----------
    max_relative_error : float
        Largest difference between the two gradients, divided by the largest entry of either
        (or by 1e-3 where all are smaller).
    index : tuple of int
        Where in x the two differ most.
    analytic, numeric : ndarray
        Both gradients, in the shape of x.
    tolerance : float
        The error up to which the check passes.
    """

    max_relative_error: float
    index: tuple[int, ...]
    analytic: Array
    numeric: Array
    tolerance: float

    @property
    def passed(self) -> bool:
        """Whether the largest error is within the tolerance."""
        return self.max_relative_error <= self.tolerance

    def __repr__(self) -> str:
        verdict = "passed" if self.passed else "FAILED"
        where = f"x[{', '.join(map(str, self.index))}]"
        return (
            f"gradcheck {verdict}: largest relative error {self.max_relative_error:.1e} "
            f"(tolerance {self.tolerance:.0e})\n"
            f"  at {where}: analytic {self.analytic[self.index]:.8g}, "
            f"numeric {self.numeric[self.index]:.8g}"
        )


def gradcheck(
    function: Callable[[Array], npt.ArrayLike],
    gradient: npt.ArrayLike | Callable[[Array], npt.ArrayLike],
    x: Array,
    *,
    upstream: npt.ArrayLike | None = None,
    step: float = STEP,
    tolerance: float = 1e-7,
) -> GradientReport:
    """Compare an analytic gradient with central differences.

    Parameters
    ----------
    function : callable
        Takes an array like `x`; returns the loss, or with `upstream` an array.
    gradient : array_like or callable
        The gradient of the loss with respect to `x`, in its shape; or a function of `x` that
        returns it.
    x : ndarray of float64
        The point to check at, of any shape. It is not changed.
    upstream : array_like, optional
        Gradient of the loss with respect to what `function` returns, of that shape. The loss
        is then the sum of upstream * function(x): with ``upstream=dy`` this checks the dx of
        a backward pass.
    step : float, default 6e-6
        How far each entry is moved to either side. The default suits a function that varies
        over distances of about 1; take a larger or smaller step for one that varies over
        longer or shorter ones.
    tolerance : float, default 1e-7
        Largest relative error at which the check passes.

    Returns
    -------
    GradientReport
        With `passed`, `max_relative_error` and `index`; printing it says all.

    Raises
    ------
    ValueError
        If `x`, the function's or the gradient's values are not float64 or not finite, if
        shapes disagree, or if `step` or `tolerance` are not above 0.
    TypeError
        If `function` cannot be called.

    Examples
    --------
    >>> x = np.array([1.0, 2.0])
    >>> gradcheck(lambda x: np.sum(x**2), 2 * x, x).passed
    True
    >>> gradcheck(lambda x: np.sum(x**2), x, x).passed
    False
    """
    tolerance = positive("`tolerance`", tolerance, REMEDY)
    point = _float64("x", x)
    analytic = _float64("gradient", gradient(point.copy()) if callable(gradient) else gradient)
    shaped_like("`gradient`", analytic.shape, "`x`", point.shape, ORDER)
    numeric = numeric_gradient(function, point, upstream=upstream, step=step)
    scale = max(np.abs(analytic).max(), np.abs(numeric).max(), SMALLEST)
    error = np.abs(analytic - numeric) / scale
    index = tuple(int(i) for i in np.unravel_index(error.argmax(), error.shape))
    return GradientReport(float(error.max()), index, analytic, numeric, tolerance)


def numeric_gradient(
    function: Callable[[Array], npt.ArrayLike],
    x: Array,
    *,
    upstream: npt.ArrayLike | None = None,
    step: float = STEP,
) -> Array:
    """Gradient by central differences alone.

    Parameters
    ----------
    function : callable
        Takes an array like `x`; returns the loss, or with `upstream` an array.
    x : ndarray of float64
        The point, of any shape. It is not changed.
    upstream : array_like, optional
        Gradient of the loss with respect to what `function` returns, of that shape.
    step : float, default 6e-6
        How far each entry is moved to either side.

    Returns
    -------
    ndarray
        In the shape of `x`.

    Raises
    ------
    ValueError
        If `x` or the function's values are not float64 or not finite, shapes disagree, or
        `step` is not above 0 or too small for the numbers in `x`.
    TypeError
        If `function` cannot be called.
    """
    function, step = callable_one("`function`", function), positive("`step`", step, REMEDY)
    point = _float64("x", x)
    _require_resolved(point, step)
    weight = _weight(_float64("function(x)", function(point.copy())), upstream)
    numeric = np.empty_like(point)
    for index in np.ndindex(point.shape):
        above, below = point.copy(), point.copy()
        above[index] += step
        below[index] -= step
        rise = _float64("function(x)", function(above.copy())) - _float64(
            "function(x)", function(below.copy())
        )
        numeric[index] = np.sum(weight * rise) / (above[index] - below[index])
    return numeric


def _weight(value: Array, upstream: npt.ArrayLike | None) -> Array:
    """Return the gradient of the loss with respect to the function's value."""
    if upstream is None:
        if value.size != 1:
            raise ValueError(
                "`function` must return one number, the loss, when there is no `upstream`; "
                f"received the shape {value.shape}. Pass `upstream`, the gradient of the loss "
                "with respect to the function's value."
            )
        return np.ones_like(value)
    weight = _float64("upstream", upstream)
    shaped_like("`upstream`", weight.shape, "the function's value", value.shape, ORDER)
    return weight


def _float64(name: str, value: npt.ArrayLike) -> Array:
    try:
        given = np.asarray(value)
    except Exception as problem:  # any class may refuse the conversion in its own way
        raise ValueError(
            f"`{name}` must be an array of numbers; received {shown(value)}. Pass a NumPy array."
        ) from problem
    if given.dtype != np.float64 or np.ma.is_masked(value):
        what = "masked numbers" if np.ma.is_masked(value) else given.dtype
        raise ValueError(
            f"`{name}` must be float64; received {what}. Convert everything with "
            "`.astype(np.float64)`: in lower precision rounding hides mistakes."
        )
    if given.size == 0 or not np.isfinite(given).all():
        raise ValueError(
            f"`{name}` must hold finite numbers; received {shown(given)}. Check at a point where "
            "the function is defined."
        )
    return given


def _require_resolved(x: Array, step: float) -> None:
    if not (np.abs(x) * np.finfo(np.float64).eps < step * 1e-3).all():
        raise ValueError(
            f"`step` must be well above the spacing of the numbers in `x`; received {step:.1e} "
            f"for entries up to {np.abs(x).max():.1e}. Rescale `x` or take a larger step."
        )
