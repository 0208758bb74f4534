"""The directive ``quiz``: self-check questions from a chapter's ``questions.yml``.

Why not an existing quiz library: the one that works without a network (jupyterquiz) needs a
script per question, gives its parts random ids, and fails accessibility rules unless patched;
the others load scripts from elsewhere or cannot be reached by keyboard. Native form controls
need none of that: a question is a ``fieldset`` with radio buttons, check boxes or a text field,
its feedback a ``status`` region, and a small script compares and shows. What it shares with
the predictions (:mod:`bnsite.predictions`), reading, judging and keeping answers, is
``answers.js``.

All feedback stands in the page, in a ``details`` element below each question. Without
JavaScript the reader opens it to see the answers; with JavaScript it is hidden and is where the
script takes the feedback from: after a wrong answer, what there is to say of that answer; the
reader tries again, or asks for the right one. What was checked is kept in the browser. Texts are
MyST, so formulas, links and roles work in them.

===================  ============================================================
:mod:`.bank`         questions and misconceptions, read and checked
:mod:`.nodes`        what the directive makes of them
:mod:`.directive`    from a question to its nodes
:mod:`.rendering`    from nodes to HTML
:mod:`.export`       the questions for another package, jupyterquiz
===================  ============================================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bnsite.assets import Bundle
from bnsite.quizzes import rendering
from bnsite.quizzes.directive import QuizDirective
from bnsite.quizzes.nodes import quiz

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docutils import nodes
    from sphinx.application import Sphinx


def needs(doctree: nodes.document) -> Iterator[str]:
    """Script and style sheet, where there is a quiz."""
    if next(doctree.findall(quiz), None) is not None:
        yield from ("answers.js", "quiz.js", "answers.css")


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the component."""
    rendering.add_nodes(app)
    app.add_directive("quiz", QuizDirective)
    Bundle("quizzes", needs).connect(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
