"""What a check returns: the mistakes it recognised, each with a hint."""

from dataclasses import dataclass
from textwrap import fill
from typing import Self

from bnutils.tables import WIDTH


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
    """

    name: str
    title: str
    hint: str
    seen: str = ""

    def __str__(self) -> str:
        parts = [f"{self.title}.", f"Hint: {self.hint}"]
        if self.seen:
            parts.insert(1, f"Seen: {self.seen}")
        return "\n".join(
            fill(line, WIDTH, initial_indent="   ", subsequent_indent="      ")
            for part in parts
            for line in part.splitlines()
        ).lstrip()


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
    """

    subject: str
    mistakes: tuple[Mistake, ...]
    cases: tuple[str, ...]

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
        if self.passed:
            tried = f"{len(self.cases)} cases: {', '.join(self.cases)}."
            return fill(f"{self.subject}: right in all {tried}", WIDTH, subsequent_indent="   ")
        count = len(self.mistakes)
        head = f"{self.subject}: {count} thing{'s' * (count > 1)} to look at."
        return "\n".join([head, *(f"{i}. {one}" for i, one in enumerate(self.mistakes, 1))])
