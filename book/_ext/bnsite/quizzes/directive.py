"""From the questions of a chapter to the nodes of its quiz."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import yaml
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from bnsite.quizzes import bank
from bnsite.quizzes.nodes import part, quiz, quiz_part, quiz_see

if TYPE_CHECKING:
    from bnsite.quizzes.bank import Question, Reply


class QuizDirective(SphinxDirective):
    """``{quiz} CHAPTER-SLUG`` places the self-check quiz of that chapter."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {}

    def run(self) -> list[nodes.Node]:
        """Place the quiz, or say what is wrong with its questions."""
        root, slug = Path(self.env.srcdir), self.arguments[0]
        for path in bank.files(root, slug):
            self.env.note_dependency(str(path))
        try:
            questions = bank.load(root, slug)["questions"]
            self.misconceptions = bank.misconceptions(root)
        except (OSError, ValueError, yaml.YAMLError) as fault:
            raise self.error(str(fault)) from fault
        made = quiz(slug=slug, count=len(questions))
        made += [self.question(slug, i, q) for i, q in enumerate(questions, start=1)]
        return [made]

    def question(self, slug: str, number: int, question: Question) -> quiz_part:
        """Prompt, code, controls, button with feedback region, and all replies."""
        name = f"{slug}-{question['id']}"
        return part(
            "question",
            part("prompt", *self.inline(question["prompt"]), number=number),
            *code(question),
            *self.controls(name, question),
            part("check", number=number),
            self.answers(question),
            name=name,
            kind=question["kind"],
        )

    def controls(self, name: str, question: Question) -> list[quiz_part]:
        """What the reader answers with."""
        if question["kind"] == "numeric":
            return [part("number", name=name, unit=question["answer"].get("unit", ""))]
        control = "radio" if question["kind"] == "single" else "checkbox"
        return [
            part("option", *self.inline(option["text"]), control=control, name=name, value=i)
            for i, option in enumerate(question["options"])
        ]

    def answers(self, question: Question) -> quiz_part:
        """Replies to all answers: the script's store, and the key of readers without it."""
        replies = enumerate(bank.replies(question))
        return part("answers", *(self.reply(question, reply, i) for i, reply in replies))

    def reply(self, question: Question, reply: Reply, index: int) -> quiz_part:
        """What was answered, whether it is right and why, and where the book treats it."""
        right = bank.is_right(question, reply)
        knows = {"index": index, "right": str(right).lower()}
        if "value" in reply:
            knows |= {key: repr(reply[key]) for key in ("value", "tolerance")}
        heard = reply.get("text", str(reply.get("value", "anything else")))
        verdict = "Right." if right else "Not so."
        return part(
            "numeric reply" if "value" in reply else "reply",
            part("answer", *self.inline(heard)),
            part("why", *self.inline(reply["feedback"]), verdict=verdict),
            *self.treated(reply, right),
            **knows,
        )

    def treated(self, reply: Reply, right: bool) -> list[quiz_part]:
        """Name of the misconception and the link to where it is treated."""
        belief = self.misconceptions.get(reply.get("misconception", ""), {})
        see = reply.get("see", belief.get("see"))
        parts: list[nodes.Node] = []
        if belief:
            start = "Against the misconception: “" if right else "The misconception: “"
            parts += [nodes.Text(start), *self.inline(belief["title"]), nodes.Text("” ")]
        if see:
            parts += [nodes.Text("See "), link(see), nodes.Text(".")]
        return [part("treated", *parts)] if parts else []

    def inline(self, text: str) -> list[nodes.Node]:
        """Nodes of a MyST text that is one paragraph."""
        made = self.parse_text_to_nodes(text.strip())
        if len(made) != 1 or not isinstance(made[0], nodes.paragraph):
            raise self.error(f"A text of a quiz must be one paragraph: {text!r}")
        return list(made[0].children)


def code(question: Question) -> list[nodes.Node]:
    """The question's code, if it has any."""
    if "code" not in question:
        return []
    return [nodes.literal_block(question["code"], question["code"].rstrip(), language="python")]


def link(see: dict[str, str]) -> quiz_see:
    """The link to a place in the book."""
    anchor = see.get("anchor", "")
    return quiz_see("", nodes.Text(see["text"]), chapter=see["chapter"], anchor=anchor)
