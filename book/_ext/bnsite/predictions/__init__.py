"""The directive ``predict``: a question that the reader commits to before seeing the answer.

The source is plain Markdown in a colon fence, so that JupyterLab, which does not know the
directive, shows the question, the numbered choices and a folded answer::

    :::{predict} gradient-growth

    On its way down to layer 1, what will the gradient do?

    1. shrink
    2. stay as it is
    3. grow

    <details>
    <summary>Answer</summary>

    **3.** It grows, by {finding}`why-scale-matters/gradient-growth:effect` per layer.

    </details>
    :::

The argument names the prediction; with the folder of its chapter before it, that is its id, the
same on pages, slides and in a reader's own record (``why-scale-matters/gradient-growth``). The
answer begins with what is right, in bold: the number of a choice, or a number with what still
counts as right, ``**{finding}`...:effect` (within 0.2).**``, ``**42 (exactly).**``, ``**600 times
(within a factor of 3).**``. What is between is the unit. The rest of the answer may be anything:
findings, formulas, figures.

On the page it is a ``fieldset`` with native controls, as in a quiz, and shares the quizzes' look
and script (:mod:`bnsite.quizzes`). Without JavaScript the answer stays a ``details`` element to
open; in print it is folded out below its question. Committing sends the event ``bn:predicted``
with ``{id, guess, right}`` and keeps the guess in the browser, under the key that
``book/_static/quizzes/answers.js`` describes.

===================  ============================================================
:mod:`.reading`      what the author wrote, split and checked
:mod:`.directive`    from that to nodes
===================  ============================================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bnsite.assets import Bundle
from bnsite.predictions.directive import PredictDirective
from bnsite.quizzes.nodes import quiz_part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docutils import nodes
    from sphinx.application import Sphinx


def needs(doctree: nodes.document) -> Iterator[str]:
    """Scripts and style sheet, where there is a prediction."""
    if any(part["role"] == "prediction" for part in doctree.findall(quiz_part)):
        yield from ("answers.js", "predict.js", "answers.css")


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the component; its nodes are those of the quizzes."""
    app.setup_extension("bnsite.quizzes")
    app.add_directive("predict", PredictDirective)
    Bundle("quizzes", needs).connect(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
