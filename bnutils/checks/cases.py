"""One table of cases for all exercises.

It says on which batches a function is tried, and what is to blame where the function is right
on a plain one and fails on another.
"""

from collections.abc import Callable
from dataclasses import replace

from bnutils.checks import batches
from bnutils.checks.batches import Batch
from bnutils.checks.calling import Arguments
from bnutils.checks.exercise import Case

Kind = tuple[Case, Callable[[Batch], Batch]]
"""A case without its arguments, and what it makes of a plain batch."""

PLAIN: Kind = (Case("a plain batch"), batches.as_it_is)
SINGLE: Kind = (Case("a batch of one", blame="fails-on-batch-of-one"), batches.of_one)
CONSTANT: Kind = (
    Case("a constant feature", blame="fails-on-constant-feature"),
    batches.with_constant_feature,
)
ZERO_VARIANCE: Kind = (
    Case("a moving variance of 0", blame="fails-on-constant-feature"),
    batches.with_variance_zero,
)
LARGE: Kind = (
    Case("a large mean", blame="cancelling-variance", needs_float64=True),
    batches.far_off,
)
LARGE32: Kind = (
    Case("a large mean in float32", blame="cancelling-variance", tolerance=0.05),
    batches.far_off_in_float32,
)
INTEGERS: Kind = (
    Case("a batch of integers", blame="integer-input", may_refuse=True),
    batches.of_integers,
)

IN_TRAINING = (PLAIN, SINGLE, CONSTANT, LARGE, LARGE32, INTEGERS)
IN_INFERENCE = (PLAIN, SINGLE, ZERO_VARIANCE, INTEGERS)


def cases(
    kinds: tuple[Kind, ...], plain: Batch, arguments: Callable[[Batch], Arguments]
) -> tuple[Case, ...]:
    """Return a case of each kind.

    Parameters
    ----------
    kinds : tuple of Kind
        Such as ``IN_TRAINING`` or ``IN_INFERENCE``.
    plain : Batch
        What the cases' batches are made of.
    arguments : callable
        From a batch to the arguments of the student's function, in order.

    Returns
    -------
    tuple of Case
    """
    return tuple(replace(case, arguments=arguments(change(plain))) for case, change in kinds)
