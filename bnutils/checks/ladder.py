"""Hints in three rungs: each further call that finds the same mistake says more.

1. what fails, with the numbers that show it, and where to look;
2. which term is missing or wrong and the formula of what was computed, or else why it is wrong;
3. the place in the chapter, with a small batch to follow by hand.

None of them is the solution. Each mistake of each exercise climbs by itself, and a function that
passes starts its exercise anew.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import ParamSpec

from bnutils.checks import homes, reading
from bnutils.checks.catalogue import MISTAKES
from bnutils.checks.report import RUNGS, Mistake, Report
from bnutils.utils.wording import shown

Called = ParamSpec("Called")


class Ladder:
    """How often each mistake of each exercise has been found."""

    def __init__(self) -> None:
        self._found: dict[str, Counter[str]] = {}
        self._exercises: set[str] = set()

    def note(self, exercise: str) -> None:
        """Learn that there is such an exercise."""
        self._exercises.add(exercise)

    def raised(self, report: Report) -> Report:
        """Return the report with each mistake on its rung."""
        if report.passed:
            self._found.pop(report.subject, None)
            return report
        found = self._found.setdefault(report.subject, Counter())
        found.update(set(report.names))
        mistakes = tuple(_on(one, found[one.name], report) for one in report.mistakes)
        return replace(report, mistakes=mistakes)

    def reset(self, exercise: str | None = None) -> None:
        """Start one exercise anew, or all of them."""
        if exercise is None:
            self._found.clear()
        elif isinstance(exercise, str) and exercise in self._exercises:
            self._found.pop(exercise, None)
        else:
            known = ", ".join(sorted(self._exercises))
            raise ValueError(f"exercise must be one of {known}; received {shown(exercise)}.")


LADDER = Ladder()


def reset_hints(exercise: str | None = None) -> None:
    """Begin with the first hint again.

    Parameters
    ----------
    exercise : str, optional
        The name of a check, such as "batch_norm_backward". Without it, all start anew.

    Raises
    ------
    ValueError
        If there is no check of this name.
    """
    LADDER.reset(exercise)


def with_hints(check: Callable[Called, Report]) -> Callable[Called, Report]:
    """Have a check say more each time that it finds the same mistake."""
    LADDER.note(check.__name__)

    @wraps(check)
    def climbing(*args: Called.args, **kwargs: Called.kwargs) -> Report:
        return LADDER.raised(check(*args, **kwargs))

    return climbing


def _on(mistake: Mistake, times: int, report: Report) -> Mistake:
    """Return the mistake on the rung of its `times`-th call."""
    rung = min(times, RUNGS)
    if rung < RUNGS:
        return replace(mistake, rung=rung)
    entry = MISTAKES.get(mistake.name)
    place, worked = mistake.place, mistake.worked
    if entry is not None and entry.place is not None:
        place = place or reading.where(homes.place_in(report.subject, entry.place))
    if entry is not None and entry.example is not None:
        result, _, _ = mistake.term.partition(":")
        example = homes.example_in(report.subject, entry.example, report.formulas, result)
        worked = worked or reading.worked(example, report.formulas)
    return replace(mistake, rung=rung, place=place, worked=worked)
