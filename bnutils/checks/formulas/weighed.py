"""Sums of terms: which of the right ones are there, with which coefficients, and what else is."""

import re
from collections.abc import Mapping

import numpy as np

from bnutils.checks.calls.calling import Array
from bnutils.checks.formulas.combinations import fewest
from bnutils.checks.formulas.explanation import Deviation
from bnutils.checks.formulas.language import tidy
from bnutils.checks.formulas.numbers import near, times, written


def weighed(
    target: Array, right: Mapping[str, Array], others: Mapping[str, Array], tolerance: float
) -> dict[str, float] | None:
    """Return the terms that the target is made of, right ones first.

    Parameters
    ----------
    target : ndarray
        (n,).
    right, others : mapping of str to ndarray
        Terms, each (n,).
    tolerance : float
        How far off a number may be, relative to the largest.
    """
    sizes = np.sum(np.abs(list(right.values())), axis=0) + 1e-300
    goal = target / sizes  # so that features of a small scale count as much as others
    right = {text: column / sizes for text, column in right.items()}
    alone = fewest(goal, right, len(right), tolerance)
    if alone is not None:
        return alone
    others = {text: column / sizes for text, column in others.items()}
    return fewest(goal, {**right, **others}, len(right) + 1, tolerance)


def compared(
    found: Mapping[str, float],
    right: Mapping[str, float],
    missing: Mapping[str, str],
    extra: Mapping[str, str],
) -> list[Deviation]:
    """Name in what a sum differs from the right one.

    Parameters
    ----------
    found, right : mapping of str to float
        Terms with their coefficients.
    missing, extra : mapping of str to str
        The mistake's name where a right term is missing, or another one is there. One that is
        there in another form is not missing.
    """
    others = [text for text in found if text not in right]
    absent = [text for text in right if text not in found]
    deviations: list[Deviation] = []
    for text, due in right.items():
        if text not in found and not any(_stands_for(one, text, extra) for one in others):
            deviations.append((missing[text], f"the term with {text} is missing"))
        elif text in found and not near(found[text], due):
            share = found[text] / due
            name = "sign-error" if near(share, -1) else "wrong-factor"
            deviations.append((name, _counts(share, text)))
    for text in others:
        instead = any(_stands_for(text, due, extra) for due in absent)
        said = _is_there(found[text], text, instead)
        deviations.append((extra.get(text) or "extra-term", said))
    return deviations


def _counts(share: float, text: str) -> str:
    if near(share, -1):
        return f"the term with {text} has the opposite sign"
    return f"the term with {text} counts {written(share)} times"


def _is_there(number: float, text: str, instead: bool) -> str:
    """Say that a term is there that should not be, perhaps in the form of one that should."""
    done = "subtracted" if number < 0 else "added"
    why = " where another term belongs" if instead else ", which does not belong there"
    return f"{tidy(times(abs(number), f'({text})'))} is {done}{why}"


def _stands_for(text: str, right: str, extra: Mapping[str, str]) -> bool:
    """Whether a wrong term is another form of the right one: of the same statistic."""
    if extra.get(text, "extra-term") == "extra-term":
        return False
    return bool(_statistics(text) & _statistics(right))


def _statistics(text: str) -> set[str]:
    """Return what a term is about: a mean (or what is taken for one), beta, bias."""
    words = set(re.findall(r"[a-z_]+", text))
    centres = ("sum", "moving_mean", "median", "min", "max")
    about = {"mean" if word in centres else word for word in words}
    return about & {"mean", "beta", "bias"}
