"""From a prediction to the nodes that a page shows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from bnsite.predictions.reading import Number, Prediction, PredictionError, read
from bnsite.quizzes.nodes import part

if TYPE_CHECKING:
    from bnsite.quizzes.nodes import quiz_part

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class PredictDirective(SphinxDirective):
    """``{predict} NAME`` asks for a prediction; see :mod:`bnsite.predictions`."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {}

    def run(self) -> list[nodes.Node]:
        """Place the prediction, or say what is wrong with it."""
        name = self.arguments[0]
        if not NAME.fullmatch(name):
            raise self.error(f"The name of a prediction is words-with-hyphens, not {name!r}.")
        try:
            prediction = read(self.parse_content_to_nodes())
        except PredictionError as fault:
            raise self.error(f"Prediction {name!r}: {fault}") from fault
        made = placed(f"{chapter_of(self.env.docname)}/{name}", name, prediction)
        self.set_source_info(made)
        return [made]


def chapter_of(document: str) -> str:
    """The chapter of a page: the folder that it lies in."""
    return document.split("/")[-2] if "/" in document else document


def placed(full_name: str, name: str, prediction: Prediction) -> quiz_part:
    """Question, controls, button with its message, and the answer."""
    return part(
        "prediction",
        part("asked", *prediction.question.children),
        *prediction.more,
        *controls(name, prediction),
        part("commit"),
        part("outcome", *prediction.answer),
        id=full_name,
        name=name,
        **knows(prediction.right),
    )


def controls(name: str, prediction: Prediction) -> list[quiz_part]:
    """What the reader answers with."""
    if isinstance(prediction.right, Number):
        return [part("number", name=f"predict-{name}", unit=prediction.right.unit)]
    return [
        part("choice", *choice.children, name=f"predict-{name}", value=i)
        for i, choice in enumerate(prediction.choices, start=1)
    ]


def knows(right: int | Number) -> dict[str, str]:
    """What the script has to know of the answer."""
    if isinstance(right, int):
        return {"kind": "single", "right": str(right), "tolerance": "", "factor": "", "shown": ""}
    return {
        "kind": "numeric",
        "right": repr(right.value),
        "tolerance": repr(right.tolerance),
        "factor": repr(right.factor) if right.factor else "",
        "shown": right.shown,
    }
