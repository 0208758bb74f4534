"""One table of cases for all exercises.

It says on which batches a function is tried, and what is to blame where the function is right
on plain ones and fails on another. A special case differs from the plain ones in one respect.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from bnutils.checks import batches
from bnutils.checks.batches import Batch
from bnutils.checks.calls.calling import Arguments
from bnutils.checks.exercise import Case

Kind = tuple[Case, Callable[[Batch], Batch]]
"""A case without its arguments, and what it makes of a plain batch."""

SINGLE: Kind = (
    Case("a batch of one", blame="fails-on-batch-of-one", of_batch=True),
    batches.of_one,
)
MANY: Kind = (Case("another batch size", blame="right-for-some"), batches.many)
CONSTANT: Kind = (
    Case("a constant feature", blame="fails-on-constant-feature", of_batch=True),
    batches.with_constant_feature,
)
ZERO_VARIANCE: Kind = (
    Case("a moving variance of 0", blame="fails-on-constant-feature", of_batch=True),
    batches.with_variance_zero,
)
LARGE: Kind = (
    Case("a large mean", blame="cancelling-variance", needs_float64=True),
    batches.far_off,
)
FLOAT32: Kind = (
    Case("float32", blame="fails-in-float32", tolerance=2e-4),
    batches.in_float32,
)
LARGE32: Kind = (
    Case("a large mean in float32", blame="cancelling-variance", tolerance=0.05, after="float32"),
    batches.far_off_in_float32,
)
INTEGERS: Kind = (
    Case("a batch of integers", blame="integer-input", may_refuse=True),
    batches.of_integers,
)

IN_TRAINING = (SINGLE, MANY, CONSTANT, LARGE, FLOAT32, LARGE32, INTEGERS)
IN_INFERENCE = (SINGLE, MANY, ZERO_VARIANCE, FLOAT32, INTEGERS)


def plain(several: Sequence[Batch], arguments: Callable[[Batch], Arguments]) -> tuple[Case, ...]:
    """Return a case for each batch, named after its size."""
    return tuple(Case(f"{len(batch.x)} examples", arguments(batch)) for batch in several)


def special(
    kinds: tuple[Kind, ...], batch: Batch, arguments: Callable[[Batch], Arguments]
) -> tuple[Case, ...]:
    """Return a case of each kind.

    Parameters
    ----------
    kinds : tuple of Kind
        Such as ``IN_TRAINING`` or ``IN_INFERENCE``.
    batch : Batch
        A plain one, of which the cases' batches are made.
    arguments : callable
        From a batch to the arguments of the student's function, in order.

    Returns
    -------
    tuple of Case
    """
    return tuple(replace(case, arguments=arguments(change(batch))) for case, change in kinds)
