"""The words of a call: what goes in, what comes out, and how the exercise says it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt

from bnutils.checks.report import Mistake

Array = npt.NDArray[Any]
Arguments = tuple[Any, ...]
Function = Callable[..., Any]
Shape = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Outcome:
    """What one call gave.

    Attributes
    ----------
    values : tuple of ndarray, optional
        The results; None if there is nothing to compare.
    mistakes : tuple of Mistake
        What was found.
    final : bool
        Whether the check ends here: the function would hang, or die, once more.
    saw : object
        What a :class:`Witness` saw; None if the call was ended.
    """

    values: tuple[Array, ...] | None
    mistakes: tuple[Mistake, ...] = ()
    final: bool = False
    saw: Any = None


@dataclass(frozen=True)
class Signature:
    """How the exercise says that the function is called.

    Attributes
    ----------
    text : str
        As the student reads it, "forward(x, gamma, beta, epsilon) -> y".
    arguments, results : tuple of str
        Their names, in order.
    """

    text: str
    arguments: tuple[str, ...]
    results: tuple[str, ...]


class Witness:
    """A function of ours around a student's, which keeps something for afterwards.

    A call may be made in another process, where nothing stays that a closure collects. What
    :meth:`saw` returns comes back with the outcome: arrays, numbers, texts.
    """

    def __call__(self, *arguments: Any) -> Any:
        """Call the student's function."""
        raise NotImplementedError

    def saw(self) -> Any:
        """Return what was seen, as far as it got."""
        raise NotImplementedError


class TooSlow(BaseException):
    """Raised in a student's function when its time is over; no ``except Exception`` gets it."""
