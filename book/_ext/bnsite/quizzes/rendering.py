"""From nodes to HTML: all the HTML that quizzes and predictions consist of stands here."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bnsite.quizzes.nodes import quiz, quiz_part, quiz_see
from bnutils.utils.chapters import Chapter

if TYPE_CHECKING:
    from collections.abc import Callable

    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

    Visitor = Callable[[HTML5Translator, Any], None]

QUIZ = (
    '<form class="bnq" id="quiz-{slug}" aria-label="Self-check quiz" autocomplete="off">'
    '<p class="bnq-score">{count} questions.</p>',
    "</form>\n",
)
# What stands before and after the content of a part, by its role.
PARTS = {
    "question": ('<fieldset class="bnq-question" id="{name}" data-kind="{kind}">', "</fieldset>\n"),
    "prompt": ('<legend><span class="bnq-number">Question {number}.</span> ', "</legend>"),
    "option": (
        '<label class="bnq-option"><input type="{control}" name="{name}" value="{value}"><span>',
        "</span></label>",
    ),
    "number": (
        '<label class="bnq-number-field"><span>Your answer</span>'
        '<input type="text" inputmode="decimal" autocomplete="off" size="10" name="{name}">'
        "<span>{unit}</span></label>",
        "",
    ),
    "check": (
        '<button type="button" class="bnq-check">Check<span class="bnq-hidden"> question {number}'
        '</span></button><button type="button" class="bnq-reveal" hidden>Show the answer'
        '<span class="bnq-hidden"> to question {number}</span></button>'
        '<div class="bnq-feedback" role="status"></div>',
        "",
    ),
    "answers": ('<details class="bnq-answers"><summary>Answers and why</summary>', "</details>"),
    "reply": ('<div class="bnq-reply" data-index="{index}" data-right="{right}">', "</div>"),
    "numeric reply": (
        '<div class="bnq-reply" data-index="{index}" data-right="{right}" data-value="{value}" '
        'data-tolerance="{tolerance}">',
        "</div>",
    ),
    "answer": ('<p class="bnq-answer">', "</p>"),
    "why": ('<p class="bnq-why"><strong class="bnq-verdict">{verdict}</strong> ', "</p>"),
    "treated": ('<p class="bnq-treated">', "</p>"),
    # A prediction is a question of its own, outside a quiz (see bnsite.predictions).
    "prediction": (
        '<div class="bnq bnp"><fieldset class="bnq-question" id="predict-{name}" data-id="{id}" '
        'data-kind="{kind}" data-right="{right}" data-tolerance="{tolerance}" '
        'data-factor="{factor}" data-shown="{shown}">',
        "</fieldset></div>\n",
    ),
    "asked": ('<legend><span class="bnp-title">Predict first.</span> ', "</legend>"),
    "choice": (
        '<label class="bnq-option"><input type="radio" name="{name}" value="{value}"><span>'
        '<span class="bnp-which">{value}.</span> ',
        "</span></label>",
    ),
    "commit": (
        '<button type="button" class="bnq-check">Commit my prediction</button>'
        '<div class="bnq-feedback" role="status"></div>',
        "",
    ),
    "outcome": ('<details class="bnp-answer"><summary>Answer</summary>', "</details>"),
}


def filled(template: str, node: nodes.Element) -> str:
    """A template with what the node knows, made safe for HTML."""
    return template.format_map({k: escape(str(v)) for k, v in node.attributes.items()})


def visit_quiz(self: HTML5Translator, node: quiz) -> None:
    """Open the form."""
    self.body.append(filled(QUIZ[0], node))


def depart_quiz(self: HTML5Translator, node: quiz) -> None:
    """Close the form."""
    self.body.append(QUIZ[1])


def visit_part(self: HTML5Translator, node: quiz_part) -> None:
    """Write what stands before a part's content."""
    self.body.append(filled(PARTS[node["role"]][0], node))


def depart_part(self: HTML5Translator, node: quiz_part) -> None:
    """Write what stands after a part's content."""
    self.body.append(PARTS[node["role"]][1])


def visit_see(self: HTML5Translator, node: quiz_see) -> None:
    """Open a link into a chapter; where the book has no such chapter yet, plain text."""
    env = self.builder.env
    page = Chapter(Path(env.srcdir), node["chapter"]).document
    if page not in env.all_docs:
        self.body.append("<span>")
        self.context.append("</span>")
        return
    address = self.builder.get_relative_uri(self.builder.current_docname, page)
    anchor = f"#{node['anchor']}" if node["anchor"] else ""
    self.body.append(f'<a class="reference internal" href="{escape(address + anchor)}">')
    self.context.append("</a>")


def depart_see(self: HTML5Translator, node: quiz_see) -> None:
    """Close the link, or the plain text."""
    self.body.append(self.context.pop())


def ignore(self: Any, node: nodes.Element) -> None:
    """Other formats show the texts."""


def add_nodes(app: Sphinx) -> None:
    """Tell Sphinx how each node is written."""
    written: dict[type[nodes.Element], tuple[Visitor, Visitor]] = {
        quiz: (visit_quiz, depart_quiz),
        quiz_part: (visit_part, depart_part),
        quiz_see: (visit_see, depart_see),
    }
    texts = (ignore, ignore)
    for node, html in written.items():
        app.add_node(node, html=html, latex=texts, text=texts, man=texts, texinfo=texts)
