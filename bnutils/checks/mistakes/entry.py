"""What is known of a mistake: what its numbers look like, why it is one, where to read on."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Place:
    """A section of a chapter.

    Attributes
    ----------
    chapter : str
        The chapter's name in addresses.
    title, section : str
        The headings of the page and of the section, as they stand there.
    """

    chapter: str
    title: str
    section: str

    @property
    def anchor(self) -> str:
        """The section's name in addresses."""
        return re.sub(r"[^\w]+", "-", self.section.lower()).strip("-")

    @property
    def address(self) -> str:
        """Both names, "the-backward-pass#compact-one-line"."""
        return f"{self.chapter}#{self.anchor}"

    def __str__(self) -> str:
        return f'{self.title}, section "{self.section}"'


@dataclass(frozen=True)
class Example:
    """A batch so small that the mistake can be followed with a pencil.

    Attributes
    ----------
    result : str
        What is computed: "y".
    right, wrong : str
        Its formulas, in the language of :mod:`bnutils.checks.formulas.language`. No wrong one
        where many mistakes have the same symptom.
    given : mapping
        What the formulas' names stand for. Several numbers are one feature of several
        examples; several such rows are examples of several features.
    """

    result: str
    right: str
    wrong: str = ""
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """A mistake as the catalogue knows it.

    Attributes
    ----------
    title : str
        What is wrong.
    hint : str
        Where to look; never the answer.
    symptom : str
        What in the numbers gives it away.
    why : str
        Why it is wrong.
    place : Place, optional
        Where the book speaks of it.
    example : Example, optional
        Numbers that show it.
    """

    title: str
    hint: str
    symptom: str = ""
    why: str = ""
    place: Place | None = None
    example: Example | None = None
