"""The directive ``mistakes``: what the checks know by name, as a page.

Text, numbers and places come from the catalogue of :mod:`bnutils.checks`; the numbers are
computed while the page is built, from the entries' small batches. Each mistake has a heading
and an id of its own, ``mistake-`` and its name, so that one can be linked to.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from bnutils import checks
from bnutils.checks import reading
from bnutils.checks.answers.questions import Question, shown_example, title
from bnutils.checks.answers.table import QUESTIONS
from bnutils.checks.catalogue import GROUPS
from bnutils.checks.mistakes.entry import Entry, Example, Place

if TYPE_CHECKING:
    from sphinx.application import Sphinx


class Mistakes(SphinxDirective):
    """``{mistakes}``: all groups, then the small exercises."""

    def run(self) -> list[nodes.Node]:
        """List the mistakes, one part of the course after the other."""
        for path in Path(checks.__file__).parent.rglob("*.py"):
            self.env.note_dependency(str(path))
        groups = [
            self.section(name, f"mistakes-{number}", [self.entry(*one) for one in group.items()])
            for number, (name, group) in enumerate(GROUPS.items(), 1)
        ]
        return [*groups, *(self.question(question) for question in QUESTIONS)]

    def section(self, heading: str, name: str, content: list[nodes.Node]) -> nodes.section:
        """A part of the page with a heading and an id."""
        section = nodes.section("", ids=[name], names=[])
        section += nodes.title("", "", *self.parse_inline(heading)[0])
        section += content
        return section

    def entry(self, name: str, entry: Entry) -> nodes.section:
        """A mistake of the catalogue."""
        numbers = in_numbers(entry.example) if entry.example else ""
        text = described(name, entry.symptom, entry.why, numbers, self.way(entry.place))
        return self.section(entry.title, f"mistake-{name}", self.parse_text_to_nodes(text))

    def question(self, question: Question) -> nodes.section:
        """The mistakes of a small exercise."""
        name = title(question)
        entries: list[nodes.Node] = []
        for wrong in question.wrong:
            one = wrong.mistake
            text = described(
                one.name, shown_example(question, wrong), one.why, "", self.way(question.place)
            )
            entries.append(
                self.section(
                    one.title, f"mistake-{name}-{one.name}", self.parse_text_to_nodes(text)
                )
            )
        return self.section(f"Small exercises: `{name}`", f"mistakes-{name}", entries)

    def way(self, place: Place | None) -> str:
        """The link to a section of a chapter, from the page of the directive."""
        if place is None:
            return ""
        page = f"/book/{place.chapter}/{place.chapter}.md#{place.anchor}"
        return f"[{place.title}: {place.section}]({page})"


def described(name: str, symptom: str, why: str, numbers: str, way: str) -> str:
    """A mistake in MyST, below its heading."""
    parts = (
        f"**How it shows.** {symptom}",
        numbers,
        f"**Why it is wrong.** {why}" if why else "",
        f"**Read on.** {way}" if way else "",
        f"Its name in reports: `{name}`.",
    )
    return "\n\n".join(part for part in parts if part)


def in_numbers(example: Example) -> str:
    """A table of the right numbers and the wrong ones, computed."""
    rows = [("right", example.right), ("with this mistake", example.wrong)]
    lines = [f"| {said} | {reading.value(example, text)} |" for said, text in rows if text]
    head = f"For {reading.given(example)}:\n\n| Computed | {example.result} |\n| --- | --- |\n"
    return head + "\n".join(lines)


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the component."""
    app.add_directive("mistakes", Mistakes)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
