"""What an exercise is: its cases, its right results, and how wrong ones are explained."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from bnutils.checks.calls.calling import Arguments, Array, Signature
from bnutils.checks.formulas.explanation import Explanation
from bnutils.checks.formulas.language import Numbers
from bnutils.checks.report import Mistake

Values = tuple[Array, ...]

Explainer = Callable[[Sequence[Numbers], Sequence[Array], float], Explanation | None]
"""From the arguments of several calls, one result of each, and a tolerance."""

CLOSE = 1e-4
"""Numbers this close, relative to the largest of a feature, are the same: a right float32 is."""


@dataclass(frozen=True, eq=False)
class Case:
    """One call of the student's function.

    Attributes
    ----------
    name : str
        For the report: "a batch of one".
    arguments : tuple
        What the function is called with; empty in the table of :mod:`~bnutils.checks.cases`.
    blame : str
        The mistake to report if the function is right elsewhere and fails here.
    tolerance : float
        Largest difference, relative to the largest expected number.
    may_refuse : bool
        Whether an exception is an acceptable answer.
    needs_float64 : bool
        Whether a function that computes in float32 is excused.
    after : str
        The name of a case without which this one says nothing new.
    of_batch : bool
        Whether an exception is to blame on what the batch is: without a spread, say. Others keep
        their own title.
    """

    name: str
    arguments: Arguments = ()
    blame: str = ""
    tolerance: float = CLOSE
    may_refuse: bool = False
    needs_float64: bool = False
    after: str = ""
    of_batch: bool = False


@dataclass(frozen=True, eq=False)
class Exercise:
    """What a check knows of its exercise.

    Attributes
    ----------
    name : str
        The check's public name.
    signature : Signature
        How the student's function is called.
    right : callable
        The right results for the arguments, from :mod:`bnutils.reference`.
    plain : tuple of Case
        Batches that differ in everything; on all of them together wrong results are explained.
    special : tuple of Case
        What is tried once these are right, each with what is to blame if it fails.
    explainers : mapping of str to callable
        For each result's name: what is computed in its place.
    symptom : callable
        Name of a result, arguments, the student's values and the right ones -> the mistake
        to report where nothing explains them.
    square : tuple of Case
        Batches with as many examples as features, on which averaging along the wrong axis goes
        through unnoticed. They are tried where shapes do not fit in the plain cases.
    turned : callable, optional
        The explainer for results on these.
    alike : mapping of pairs of str to str
        Arguments that are likely taken for each other, with that mistake's name.
    formulas : mapping of str to str
        The right formula of each result.
    """

    name: str
    signature: Signature
    right: Callable[..., Values]
    plain: tuple[Case, ...]
    special: tuple[Case, ...]
    explainers: Mapping[str, Explainer]
    symptom: Callable[[str, Arguments, Array, Array], Mistake]
    square: tuple[Case, ...] = ()
    turned: Explainer | None = None
    alike: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    formulas: Mapping[str, str] = field(default_factory=dict)

    def numbers(self, case: Case) -> Numbers:
        """Return a case's arguments by name."""
        return dict(zip(self.signature.arguments, case.arguments, strict=True))


def agree(got: Array, expected: Array, tolerance: float = CLOSE) -> bool:
    """Whether all numbers differ by at most `tolerance` times the largest of their feature."""
    return bool((error(got, expected) <= tolerance).all())


NOTHING = 1e-9
"""A feature whose right numbers are all smaller is 0 but for rounding, as dx of one example."""


def error(got: Array, expected: Array) -> Array:
    """Return the differences relative to the largest expected number of the feature."""
    if expected.ndim == 1:  # one number for each feature
        scale = np.maximum(np.abs(expected), 0.1 * np.abs(expected).max(initial=0))
    else:
        scale = np.abs(expected).max(axis=tuple(range(expected.ndim - 1)), initial=0)
    scale = np.where(scale < NOTHING, 0.1, scale)
    difference = np.abs(np.asarray(got, np.float64) - expected) / scale
    return np.asarray(np.nan_to_num(difference, nan=np.inf))
