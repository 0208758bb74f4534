"""What a check returns: the mistakes it recognised, each with a hint."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from textwrap import fill
from typing import Self

from bnutils.tables import WIDTH

RUNGS = 3
"""How many hints there are for one mistake."""

MEANINGS = {
    r"\bN\b": "N is the number of values that share one mean.",
    "axis=": "a mean or var without axis runs over all axes but the last.",
    r"\bturned\(": "turned(a) lays a column along the features, as a.T does.",
    r"\bcolumn\(": "column(a) makes a vector a column, as a[:, None] does.",
    r"\bown_": "a name that begins with own_ is a result of your function.",
}
"""What in formulas is neither an argument nor known from NumPy."""


class CheckFailed(AssertionError):  # noqa: N818 - reads as what happened
    """Raised by :meth:`Report.require` for a function that is not right yet."""


@dataclass(frozen=True)
class Mistake:
    """One thing to look at.

    Attributes
    ----------
    name : str
        Short and stable, such as "sample-variance"; for tests and statistics of a class.
    title : str
        What is wrong.
    hint : str
        Where to look; never the answer.
    seen : str
        What the check saw, with numbers. May be empty.
    term : str
        Second hint: what the formula lacks, or has too much.
    why : str
        Second hint where no term is known: why it is wrong.
    place, worked : str
        Third hint: where the book speaks of it, and a small batch with its numbers.
    rung : int
        How many of the hints are shown.
    """

    name: str
    title: str
    hint: str
    seen: str = ""
    term: str = ""
    why: str = ""
    place: str = ""
    worked: str = ""
    rung: int = 1

    def __str__(self) -> str:
        parts = [f"{self.title}."]
        parts += [f"Seen: {self.seen}"] * bool(self.seen)
        parts += [f"Hint: {self.hint}"]
        for rung, said, words in (
            (2, "Term" if self.term else "Why", self.term or self.why),
            (3, "Example", self.worked),
            (3, "Read", self.place),
        ):
            parts += [f"{said}: {words}"] * bool(words and self.rung >= rung)
        return "\n".join(_indented(line) for part in parts for line in part.splitlines()).lstrip()


def _indented(line: str) -> str:
    """Return a line of an entry; an address stays in one piece."""
    return fill(
        line,
        WIDTH,
        initial_indent="   ",
        subsequent_indent="      ",
        break_long_words=False,
        break_on_hyphens=False,
    )


@dataclass(frozen=True, repr=False)
class Report:
    """The outcome of a check; shown as plain text.

    Attributes
    ----------
    subject : str
        Name of the check.
    mistakes : tuple of Mistake
        What was found; empty if the function is right.
    cases : tuple of str
        The batches that the function was called with.
    formulas : mapping of str to str
        What was computed instead, for each result that is wrong and was found out: by the
        result's name, in the language of :mod:`bnutils.checks.formulas`.
    remarks : tuple of str
        What is no mistake and still good to know: "computed in float32".
    """

    subject: str
    mistakes: tuple[Mistake, ...]
    cases: tuple[str, ...]
    formulas: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether nothing was found."""
        return not self.mistakes

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the mistakes."""
        return tuple(mistake.name for mistake in self.mistakes)

    def require(self) -> Self:
        """Return this report if it passed, else raise :class:`CheckFailed` with its text."""
        if not self.passed:
            raise CheckFailed(str(self))
        return self

    def __repr__(self) -> str:
        count = len(self.mistakes)
        tried = f"{len(self.cases)} cases: {', '.join(self.cases)}."
        said = f"{count} thing{'s' * (count > 1)} to look at." if count else f"right in all {tried}"
        head = fill(f"{self.subject}: {said}", WIDTH, subsequent_indent="   ")
        found = [f"{i}. {one}" for i, one in enumerate(_each_term_once(self.mistakes), 1)]
        computed = self._computed()
        remarks = [_remark(one) for one in self.remarks]
        text = "\n".join([head, *found, *computed, *remarks, *self._next()])
        return re.sub(r"axis=\((\d),\)", r"axis=\1", text)

    def _computed(self) -> list[str]:
        """Say what was computed instead, from the second hint on."""
        if all(one.rung < 2 for one in self.mistakes):
            return []
        lines = [f"Computed: {name} = {formula}" for name, formula in self.formulas.items()]
        used = " ".join(self.formulas.values())
        lines += [f"Here {said}" for word, said in MEANINGS.items() if re.search(word, used)]
        return [fill(line, WIDTH, subsequent_indent="   ") for line in lines]

    def _next(self) -> list[str]:
        """Say how to get the next hint, as long as there is one."""
        rungs = {one.rung for one in self.mistakes}
        if not rungs or min(rungs) >= RUNGS:
            return []
        return ["Call the check again for the next hint."]


def _each_term_once(found: Sequence[Mistake]) -> Iterator[Mistake]:
    """Yield the mistakes without terms that one before them has: their reasons say more."""
    for place, one in enumerate(found):
        said = {other.term for other in found[:place]}
        yield replace(one, term="") if one.term in said else one


def _remark(text: str) -> str:
    lines = f"Remark: {text}".splitlines()
    return "\n".join(
        fill(line, WIDTH, initial_indent="   " * (i > 0), subsequent_indent="   ")
        for i, line in enumerate(lines)
    )


def each_once(found: Iterable[Mistake]) -> tuple[Mistake, ...]:
    """Return the first mistake of each name."""
    first: dict[str, Mistake] = {}
    for one in found:
        first.setdefault(one.name, one)
    return tuple(first.values())
