"""The nodes of quizzes and predictions; :mod:`bnsite.quizzes.rendering` turns them into HTML."""

from __future__ import annotations

from typing import Any

from docutils import nodes


class quiz(nodes.General, nodes.Element):  # noqa: N801  (docutils' nodes are lower case)
    """All questions of a chapter: its ``slug``, and their ``count``."""


class quiz_part(nodes.General, nodes.Element):  # noqa: N801
    """A piece of a question: its ``role``, and what the role has to know."""


class quiz_see(nodes.General, nodes.Inline, nodes.Element):  # noqa: N801
    """A link to where a misconception is treated: a ``chapter`` and an ``anchor`` in it."""


def part(role: str, *children: nodes.Node, **knows: Any) -> quiz_part:
    """A piece of a question around its content."""
    made = quiz_part(role=role, **knows)
    made += children
    return made
