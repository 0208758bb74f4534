"""What wrong answers have to do with the arguments: one too many, one too few, two swapped."""

from collections.abc import Iterator, Sequence
from itertools import permutations
from typing import Any

import numpy as np

from bnutils.checks.answers.comparing import Answers
from bnutils.checks.calls.calling import Arguments
from bnutils.checks.report import Mistake

POWERS = {
    1.0: "multiplied by {} once too often",
    -1.0: "divided by {} once too often, or not multiplied by it",
    0.5: "multiplied by the root of {}, or not divided by it",
    -0.5: "divided by the root of {} once too often",
    2.0: "multiplied by {} twice too often",
    -2.0: "divided by {} twice too often",
}


def _arguments(answers: Answers) -> Iterator[tuple[str, list[Any]]]:
    """Yield each argument's values in all cases, and the lengths of arrays."""
    cases = list(answers.cases.values())
    for place, name in enumerate(answers.names):
        values = [case[place] for case in cases]
        if all(isinstance(one, np.ndarray) for one in values):
            yield name, values
            yield f"the length of {name}", [float(len(one)) for one in values]
            yield f"the length of {name} less 1", [len(one) - 1.0 for one in values]
        elif all(isinstance(one, int | float) for one in values):
            yield name, values


def argument_factor(answers: Answers) -> Mistake | None:
    """Say which argument enters too often, or not often enough."""
    for name, values in _arguments(answers):
        if isinstance(values[0], np.ndarray):
            continue
        for power, said in POWERS.items():
            if _differ(values) and answers.are(
                [r * np.float64(v) ** power for r, v in zip(answers.rights, values, strict=True)]
            ):
                title = f"The right result is {said.format(name)}"
                hint = "Count how often it enters, above and below."
                return Mistake("argument-factor", title, hint)
    return None


def other_variance(answers: Answers) -> Mistake | None:
    """Say whether the lengths of the arrays tell n from n - 1."""
    lengths = next((v for name, v in _arguments(answers) if name.startswith("the length")), [])
    for power in (0.5, -0.5, 1.0, -1.0):
        share = [(n / (n - 1)) ** power for n in lengths if n > 1]
        if len(share) == len(answers.rights) and answers.are(
            [r * s for r, s in zip(answers.rights, share, strict=True)]
        ):
            title = "A variance is divided by n where n - 1 belongs, or the other way round"
            return Mistake("other-variance", title, "Look at the `ddof` that you use.")
    return None


def swapped(answers: Answers) -> Mistake | None:
    """Say whether the right function gives these numbers for other places of its arguments."""
    cases = list(answers.cases.values())
    for order in permutations(range(len(answers.names))):
        if order == tuple(sorted(order)) or not _fit(cases[0], order):
            continue
        try:
            others = [answers.right(*(case[place] for place in order)) for case in cases]
        except (ArithmeticError, ValueError, TypeError):
            continue
        if answers.are(others):
            title = "Two arguments are in each other's place"
            return Mistake("arguments-swapped", title, "Compare their order with the exercise.")
    return None


def _fit(case: Arguments, order: tuple[int, ...]) -> bool:
    """Whether the arguments may stand in this order: arrays where arrays were."""
    return all(
        isinstance(case[new], np.ndarray) == isinstance(case[old], np.ndarray)
        for old, new in enumerate(order)
    )


def _differ(values: Sequence[float]) -> bool:
    return len(set(values)) > 1


def an_argument(answers: Answers) -> Mistake | None:
    """Say which argument comes back as it is."""
    for name, values in _arguments(answers):
        if answers.are(values):
            hint = "What is still to be done with it?"
            return Mistake("an-argument", f"The function returns {name}", hint)
    return None
