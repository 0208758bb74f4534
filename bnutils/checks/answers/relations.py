"""What wrong answers have to do with right ones: a factor, a power, an argument, a case.

Where a mistake is not known by name, its numbers still say something. Each function looks at the
answers in all cases and returns what holds in all of them, or None.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from bnutils.checks.answers import inputs
from bnutils.checks.answers.comparing import Answers, alike, spoken
from bnutils.checks.calls.calling import Array
from bnutils.checks.report import Mistake


def named(answers: Answers, hint: str) -> Mistake:
    """Return what can be said of wrong answers.

    Parameters
    ----------
    answers : Answers
        At least one of them is wrong.
    hint : str
        The exercise's own, for what no relation explains.

    Returns
    -------
    Mistake
    """
    with np.errstate(all="ignore"):
        looks = WHERE_DRAWN if answers.drawn else RELATIONS
        found = next((one for look in looks if (one := look(answers)) is not None), None)
        return found or Mistake("different", "The result is not right yet", hint, _bounds(answers))


# ---- what does not depend on the right answer ---------------------------------------------
def _not_finite(answers: Answers) -> Mistake | None:
    if all(np.isfinite(one).all() for one in answers.got):
        return None
    hint = "Look for a division by zero, or the root or logarithm of a negative number."
    return Mistake("not-a-number", "The result is not finite", hint)


def _always_the_same(answers: Answers) -> Mistake | None:
    number = np.asarray(answers.got[0].ravel()[0], float)
    if not alike(answers.got, [np.full(one.shape, number) for one in answers.got], 1e-12):
        return None
    return Mistake(
        "always-the-same",
        f"Whatever it is given, the function returns {spoken(number)}",
        "Look for a number of your own where an argument should stand.",
    )


# ---- the right answer, and something done to it -------------------------------------------
CHANGES: tuple[tuple[str, str, str, Callable[[Array], Any]], ...] = (
    (
        "turned-over",
        "This is one over the right number",
        "Look at a quotient: what belongs above, and what below?",
        lambda right: 1 / right,
    ),
    (
        "squared",
        "This is the square of the right number",
        "Look for a root that is missing, or a square too many.",
        np.square,
    ),
    (
        "cubed",
        "This is the third power of the right number",
        "Look for a factor that enters more than once.",
        lambda right: right**3,
    ),
    (
        "root-of-it",
        "This is the root of the right number",
        "Look for a root too many, or a square that is missing.",
        np.sqrt,
    ),
    (
        "logarithm-of-it",
        "This is the logarithm of the right number",
        "What is the opposite of a logarithm?",
        np.log,
    ),
    ("logarithm-of-it", "This is log10 of the right number", "How is it undone?", np.log10),
    ("logarithm-of-it", "This is log2 of the right number", "How is it undone?", np.log2),
    ("exponential-of-it", "This is exp of the right number", "How is it undone?", np.exp),
    ("size-of-it", "The sign is lost", "Look for an absolute value, or a square.", np.abs),
    *(
        (
            "rounded",
            f"The right number is rounded to {digits} decimals",
            "Return it as it is; the reader rounds.",
            partial(np.round, decimals=digits),
        )
        for digits in range(7)
    ),
    ("rounded", "The right number is cut to an integer", "Return it as it is.", np.trunc),
    ("rounded", "The right number is rounded up", "Return it as it is.", np.ceil),
)
FACTORS = {
    -1.0: ("sign-error", "The sign is wrong", "Which is subtracted from which?"),
    100.0: ("percent-for-share", "These are percent", "Is a share or a percentage asked for?"),
    0.01: ("percent-for-share", "This is a hundredth", "Is a share or a percentage asked for?"),
    **dict.fromkeys(
        (np.log(10), 1 / np.log(10), np.log(2), 1 / np.log(2), np.log2(10), np.log10(2)),
        (
            "other-logarithm",
            "The logarithm has another base",
            "np.log is the natural one. Which one belongs here?",
        ),
    ),
}


def _changed(answers: Answers) -> Mistake | None:
    for name, title, hint, change in CHANGES:
        if answers.are([change(right) for right in answers.rights]):
            return Mistake(name, title, hint)
    return None


def _offset(answers: Answers) -> Mistake | None:
    offset = float((answers.got[0] - answers.rights[0]).ravel()[0])
    if not answers.are([right + offset for right in answers.rights]):
        return None
    much = f"{abs(offset):.5g} too {'large' if offset > 0 else 'small'}"
    name = "off-by-one" if abs(abs(offset) - 1) < answers.tolerance else "constant-offset"
    hint = "What is counted that should not be, or added that does not belong?"
    return Mistake(name, f"In all cases the result is {much}", hint)


def _factor(answers: Answers) -> Mistake | None:
    pairs = list(zip(answers.got, answers.rights, strict=True))
    over = sum(float((right * right).sum()) for _, right in pairs)
    factor = sum(float((got * right).sum()) for got, right in pairs) / over
    if not answers.are([factor * right for right in answers.rights]):
        return None
    for value, (name, title, hint) in FACTORS.items():
        if abs(factor / value - 1) < max(1e-6, answers.tolerance / 2):
            return Mistake(name, title, hint)
    if answers.drawn and _from_whole(factor) > answers.tolerance / 2:
        return None
    title = f"In all cases the result is {factor:.{3 if answers.drawn else 6}g} times the right one"
    return Mistake("constant-factor", title, "Where does such a factor come in, or get lost?")


def _from_whole(factor: float) -> float:
    """Return how far a factor, or one over it, is from 2, 3 ... 9, as a share of it."""
    sizes = (abs(factor), 1 / abs(factor))
    return min(abs(one / whole - 1) for one in sizes for whole in range(2, 10))


def _line(answers: Answers) -> Mistake | None:
    """Say whether a factor and an offset explain numbers in at least three cases."""
    if answers.rights[0].ndim or len({float(right) for right in answers.rights}) < 3:
        return None
    line = np.polyfit(np.array(answers.rights), np.array(answers.got), 1)
    if not answers.are([np.polyval(line, right) for right in answers.rights]):
        return None
    title = f"In all cases the result is {line[0]:.5g} times the right one {line[1]:+.5g}"
    return Mistake("factor-and-offset", title, "Which of the two is too much?")


# ---- some of the answers ----------------------------------------------------------------------
def _at_times(answers: Answers) -> Mistake | None:
    """Say which cases are right, where some are."""
    pairs = zip(answers.cases, answers.got, answers.rights, strict=True)
    right = {case: answers.agree(one, due) for case, one, due in pairs}
    if not any(right.values()):
        return None
    good, bad = ([c for c, known in right.items() if known is it] for it in (True, False))
    title = f"Right in {len(good)} of {len(right)} cases"
    seen = f"right in {'; '.join(good)}; not in {'; '.join(bad)}. {_bounds(answers)}"
    return Mistake("some-cases", title, "What sets the others apart?", seen)


def _columns(answers: Answers) -> Mistake | None:
    """Say what each column is of the right one."""
    got, right = answers.got[0], answers.rights[0]
    if right.ndim != 2:
        return None
    line = [np.polyfit(r, g, 1) for r, g in zip(right.T, got.T, strict=True)]
    fitted = np.stack([np.polyval(f, r) for f, r in zip(line, right.T, strict=True)], axis=1)
    if not answers.agree(got, fitted):
        return None
    moments = zip(got.mean(axis=0), got.std(axis=0), strict=True)
    said = "; ".join(f"mean {m + 0.0:.4g}, standard deviation {s:.4g}" for m, s in moments)
    title = "Each column is the right one, moved and stretched"
    return Mistake("columns-scaled", title, "Compare these with what is asked.", f"{said}.")


def _other_order(answers: Answers) -> Mistake | None:
    pairs = list(zip(answers.got, answers.rights, strict=True))
    if not answers.rights[0].ndim or not all(
        answers.agree(np.sort(one, axis=None), np.sort(due, axis=None)) for one, due in pairs
    ):
        return None
    title = "The right numbers stand in another order"
    return Mistake("other-order", title, "Look for a sort, a reshape or a transpose.")


def _bounds(answers: Answers) -> str:
    """Say how large the answers are beside the right ones."""
    pairs = list(zip(answers.got, answers.rights, strict=True))
    ratios = np.concatenate([(one / due).ravel() for one, due in pairs])
    ratios = ratios[np.isfinite(ratios)]
    if not ratios.size:
        return ""
    least, most = float(ratios.min()), float(ratios.max())
    return f"your results are {least:.4g} to {most:.4g} times the right ones."


RELATIONS = (
    _not_finite,
    inputs.an_argument,
    _always_the_same,
    inputs.swapped,
    _offset,
    _factor,
    _changed,
    inputs.other_variance,
    inputs.argument_factor,
    _line,
    _at_times,
    _other_order,
    _columns,
)
"""What is looked for, in this order."""

WHERE_DRAWN = (
    _not_finite,
    inputs.an_argument,
    _always_the_same,
    _factor,
    inputs.argument_factor,
    _offset,
    _changed,
    _at_times,
)
"""What can be told of numbers that chance has moved."""
