"""Right or wrong: each output of each life beside the oracle's."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from bnutils.checks.calls.calling import Array, Function
from bnutils.checks.differences import difference
from bnutils.checks.judging import DOUBLE, INSIDE, Precision, by_type
from bnutils.checks.life.expected import expected
from bnutils.checks.life.living import Lived, live
from bnutils.checks.life.script import Life
from bnutils.checks.report import Mistake


@dataclass(frozen=True)
class Manner:
    """In what a library's layers differ from the exercise, and are right.

    Attributes
    ----------
    constants : mapping of str to float
        Epsilon and momentum, if the factory has its own.
    sample_variance : bool
        Whether the moving variance takes the sample variance.
    refuses_one : bool
        Whether training on a single value raises.
    """

    constants: Mapping[str, float] = field(default_factory=dict)
    sample_variance: bool = False
    refuses_one: bool = False

    def meant(self, life: Life) -> Life:
        """Return a life of layers with the factory's own constants."""
        settings = tuple(one.with_constants(self.constants) for one in life.settings)
        return replace(life, settings=settings)

    def lived(self, life: Life) -> Life:
        """Return a life without the calls that are refused."""
        if not self.refuses_one:
            return life
        steps = [one for one in life.steps if not one.training or one.x[..., 0].size > 1]
        return replace(life, steps=tuple(steps))


EXERCISE = Manner()


@dataclass(frozen=True, eq=False)
class Verdict:
    """What became of one life.

    Attributes
    ----------
    life : Life
        Its script.
    mistakes : tuple of Mistake
        Exceptions, results that are no numbers, and inputs that were changed.
    wrong : tuple of int
        The steps whose outputs are not the right ones.
    outputs, right : tuple of ndarray
        What came and what was due; empty if the life came to no end.
    parameters : frozenset of str
        Which of gamma and beta could be set.
    precision : Precision
        What the layer computes in.
    meant : Life
        The script with the epsilon and momentum that the layers really have.
    """

    life: Life
    mistakes: tuple[Mistake, ...]
    wrong: tuple[int, ...]
    outputs: tuple[Array, ...]
    right: tuple[Array, ...]
    parameters: frozenset[str]
    precision: Precision
    meant: Life

    def seen(self, index: int) -> str:
        """Say what is wrong at a step, with numbers."""
        numbers = difference("y", self.outputs[index], self.right[index])
        return f"{self.life.place(index)}: {numbers}"


def judge(factory: Function, life: Life, manner: Manner = EXERCISE) -> Verdict:
    """Let layers live through a script, and compare.

    Parameters
    ----------
    factory : callable
        Makes the layers.
    life : Life
        The script.
    manner : Manner, optional
        In what they may differ from the exercise.
    """
    meant = manner.meant(life)
    lived = live(factory, life)
    if lived.outputs is None:
        return Verdict(life, lived.mistakes, (), (), (), lived.parameters, DOUBLE, meant)
    right = expected(meant, lived.parameters, manner.sample_variance)
    precision = _precision(lived, life)
    wrong = _wrong(lived.outputs, right, max(life.tolerance, precision.right))
    if wrong and precision is DOUBLE and not _wrong(lived.outputs, right, INSIDE.right):
        precision, wrong = INSIDE, ()
    return Verdict(
        life, lived.mistakes, wrong, lived.outputs, right, lived.parameters, precision, meant
    )


def _wrong(outputs: tuple[Array, ...], right: tuple[Array, ...], kept: float) -> tuple[int, ...]:
    pairs = enumerate(zip(outputs, right, strict=True))
    return tuple(i for i, (got, due) in pairs if error(got, due) > kept)


def error(got: Array, due: Array) -> float:
    """Return the largest difference, relative to the largest number that was due."""
    scale = max(float(np.abs(due).max()), 1e-2)
    found = float(np.abs(got.astype(np.float64) - due).max()) / scale
    return found if np.isfinite(found) else np.inf


def reproduces(got: Array, due: Array, kept: float) -> bool:
    """Whether numbers agree, and are not finite in the same places."""
    finite = np.isfinite(due)
    if not np.array_equal(finite, np.isfinite(got)):
        return False
    return error(np.where(finite, got, 0), np.where(finite, due, 0)) <= kept


def _precision(lived: Lived, life: Life) -> Precision:
    """Return the precision in which batches of float64 came out."""
    pairs = zip(lived.outputs or (), life.steps, strict=True)
    return by_type(y for y, step in pairs if step.x.dtype == np.float64)


def judged(
    factory: Function, lives: tuple[Life, ...], manner: Manner = EXERCISE
) -> Iterator[Verdict]:
    """Yield one verdict after the other, up to a life that came to no end."""
    for life in lives:
        verdict = judge(factory, manner.lived(life), manner)
        yield verdict
        if not verdict.outputs:
            return
