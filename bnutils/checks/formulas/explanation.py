"""What a function computes in place of the right result, and what is wrong with that."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bnutils.checks.formulas.language import tidy

Deviation = tuple[str, str]
"""A mistake's name, and what stands where."""


IMPLIED = {
    "gamma-beta-swapped": "beta-ignored",
    "epsilon-outside-root": "epsilon-missing",
    "mean-not-divided": "mean-not-subtracted",
    "normalised-twice": "mean-not-subtracted",
    "train-inference-mixup": "mean-not-subtracted",
    "not-the-mean": "mean-not-subtracted",
    "mean-not-scaled": "mean-not-subtracted",
    "dgamma-from-x": "mean-not-subtracted",
}
"""What need not be said beside another mistake: the other says where it went."""


@dataclass(frozen=True)
class Explanation:
    """One result, explained.

    Attributes
    ----------
    formula : str
        In the language of formulas; it gives the student's numbers.
    deviations : tuple of (str, str)
        In what it differs from the right one; empty where only rounding differs.
    """

    formula: str
    deviations: tuple[Deviation, ...]

    def without(self, names: Mapping[str, str]) -> "Explanation":
        """Return the explanation with names of parts replaced by their formulas."""

        def replaced(text: str) -> str:
            for name, formula in names.items():
                whole = formula if formula.isidentifier() else f"({formula})"
                text = re.sub(rf"\b{name}\b", whole, text)
            return text

        said = tuple((name, replaced(text).replace("(1) * ", "")) for name, text in self.deviations)
        return Explanation(tidy(replaced(self.formula)), said)

    @classmethod
    def of(cls, formula: str, deviations: tuple[Deviation, ...] | list[Deviation]) -> "Explanation":
        """Return the explanation with the formula written without idle brackets."""
        single = [(name, said) for names, said in deviations for name in names.split("+")]
        names = {name for name, _ in single}
        implied = {IMPLIED[name] for name in names if name in IMPLIED}
        single = [one for one in single if one[0] not in implied]
        return cls(tidy(formula), tuple(dict.fromkeys(single)))
