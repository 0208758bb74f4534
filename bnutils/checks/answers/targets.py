"""The exercise on how many updates it takes to reach a loss."""

from collections.abc import Callable
from functools import partial

import numpy as np

from bnutils.checks.answers.questions import Question, judge, known
from bnutils.checks.calls.calling import Arguments, Array, Function, Signature
from bnutils.checks.ladder import with_hints
from bnutils.checks.mistakes import places
from bnutils.checks.report import Report

Found = float | None


@with_hints
def updates_to_target(function: Function) -> Report:
    """Check ``updates_to_target(losses, every, target) -> n or None``.

    Parameters
    ----------
    function : callable
        ``losses`` is an array with the loss after ``every``, ``2 * every`` ... updates; n is the
        first of these numbers at which it is at most ``target``, and None if it never is. A loss
        that is NaN has reached nothing.

    Returns
    -------
    Report
    """
    return judge(function, UPDATES_TO_TARGET)


def _at(place: int, losses: Array, every: int) -> int:
    return (place + 1) * every


def _reached(losses: Array, every: int, target: float) -> int | None:
    places_reached = np.flatnonzero(losses <= target)
    return _at(int(places_reached[0]), losses, every) if places_reached.size else None


def _never(
    losses: Array, every: int, target: float, *, said: Callable[[Array, int], float]
) -> float:
    """Return the first number, or something that is not None where there is none."""
    found = _reached(losses, every, target)
    return said(losses, every) if found is None else found


def _chosen(
    losses: Array, every: int, target: float, *, place: Callable[[Array, float], int]
) -> Found:
    """Return the number of another place than the first, where there is one."""
    found = _reached(losses, every, target)
    return None if found is None else _at(place(losses, target), losses, every)


def _shifted(losses: Array, every: int, target: float, *, by: int) -> Found:
    found = _reached(losses, every, target)
    return None if found is None else found + by * every


def _counted(losses: Array, every: int, target: float, *, start: int) -> Found:
    """Return how many losses it took, not how many updates."""
    found = _reached(losses, every, target)
    return None if found is None else found // every - 1 + start


def _last(losses: Array, target: float) -> int:
    return int(np.flatnonzero(losses <= target)[-1])


def _stays(losses: Array, target: float) -> int:
    """Return the place from which on the loss is at most the target, else the last."""
    above = np.flatnonzero(~(losses <= target))
    return min(int(above[-1]) + 1, len(losses) - 1) if above.size else 0


def _without_return(losses: Array, every: int, target: float) -> None:
    _reached(losses, every, target)


def _cases() -> dict[str, Arguments]:
    nan = np.nan
    return {
        "it falls below": (np.array([2.0, 1.4, 0.9, 0.8, 0.5]), 50, 1.0),
        "it rises again": (np.array([1.9, 0.7, 1.2, 0.6, 0.9, 1.1]), 20, 0.75),
        "it is just reached": (np.array([1.5, 1.0, 0.5, 0.25]), 10, 0.5),
        "it is reached at once": (np.array([0.3, 0.2, 0.4]), 25, 0.5),
        "never": (np.array([2.0, 1.7, 1.6, 1.9]), 40, 1.0),
        "it diverges": (np.array([2.1, 30.0, nan, nan]), 15, 0.5),
        "reached, then it diverges": (np.array([1.3, 0.8, 0.4, nan, nan]), 30, 1.0),
    }


UPDATES_TO_TARGET = Question(
    Signature(
        "updates_to_target(losses, every, target) -> n or None",
        ("losses", "every", "target"),
        ("n",),
    ),
    _reached,
    _cases,
    "After how many updates was the first loss measured? Which is the first that is at most the "
    "target, and what if none is?",
    places.TARGET,
    (
        known(
            "returns-nothing",
            "None comes back even where the target is reached",
            "Does every way through the function end in a `return`?",
            "A Python function without `return` returns None, which means here that the target was "
            "never reached.",
            _without_return,
        ),
        known(
            "one-evaluation-early",
            "One evaluation too early",
            "After how many updates was losses[0] measured?",
            "Python counts from 0, and the first loss comes after `every` updates.",
            partial(_shifted, by=-1),
        ),
        known(
            "one-evaluation-late",
            "One evaluation too late",
            "After how many updates was losses[0] measured?",
            "At the first loss that is low enough the target is reached, not one evaluation later.",
            partial(_shifted, by=1),
        ),
        known(
            "evaluations-for-updates",
            "These are evaluations, not updates",
            "How many updates lie between two losses?",
            "Budgets are compared in updates; how often one looked says nothing of them.",
            partial(_counted, start=1),
            partial(_counted, start=0),
        ),
        known(
            "strictly-below",
            "A loss equal to the target does not count",
            "At most, or less than?",
            "The target was said to be reached where the loss is at most the target.",
            lambda losses, every, target: _reached(losses, every, np.nextafter(target, -np.inf)),
        ),
        known(
            "not-the-first",
            "The target was reached before that",
            "The loss may rise again. Which of the places is asked for?",
            "The question is when the target is reached first; what comes later is another one.",
            partial(_chosen, place=_last),
            partial(_chosen, place=_stays),
        ),
        known(
            "best-for-first",
            "This is where the loss is lowest",
            "Is the lowest loss the first that is low enough?",
            "The target may be reached long before the loss is at its best.",
            partial(_chosen, place=lambda losses, target: int(np.nanargmin(losses))),
            lambda losses, every, target: _at(int(np.nanargmin(losses)), losses, every),
        ),
        known(
            "never-is-not-none",
            "Where the target is never reached, a number comes back",
            "Look at what your function returns if no loss is low enough. What do `argmax` and "
            "`sum` give where nothing is true?",
            "A run that never arrives has no number of updates. Any number in its place goes into "
            "a mean or a median as if it were one.",
            partial(_never, said=lambda losses, every: every),
            partial(_never, said=lambda losses, every: len(losses) * every),
            partial(_never, said=lambda losses, every: (len(losses) + 1) * every),
            partial(_never, said=lambda losses, every: -1),
            partial(_never, said=lambda losses, every: 0),
            partial(_never, said=lambda losses, every: np.inf),
            partial(_never, said=lambda losses, every: np.nan),
            partial(_never, said=lambda losses, every: len(losses)),
        ),
        known(
            "nan-counts",
            "A loss that is NaN counts as low enough",
            "What is `nan > 1`, and what is `not nan > 1`?",
            "NaN compares with nothing. A run that has diverged has not arrived.",
            lambda losses, every, target: _reached(
                np.nan_to_num(losses, nan=-np.inf), every, target
            ),
        ),
        known(
            "first-place-lost",
            "A target that is reached at once counts as never reached",
            "Is 0 true or false in `if place:`?",
            "The first place has the number 0, which Python takes for false.",
            lambda losses, every, target: (
                None if losses[0] <= target else _reached(losses, every, target)
            ),
        ),
    ),
    none=True,
)
