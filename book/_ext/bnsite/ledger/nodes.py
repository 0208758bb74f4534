"""Boxes of the ledger that say what is in them, for the script that filters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

BLOCK = "bn-block"


class marked(nodes.General, nodes.Element):  # noqa: N801 - as docutils names its nodes
    """A ``div`` with ``data-`` attributes, from the mapping ``data``."""


def visit(self: HTML5Translator, node: marked) -> None:
    """Open the box."""
    data = {f"data-{name}": value for name, value in node["data"].items()}
    self.body.append(self.starttag(node, "div", **data))


def depart(self: HTML5Translator, node: marked) -> None:
    """Close the box."""
    self.body.append("</div>\n")


def has_entries(doctree: nodes.document) -> bool:
    """Whether there are claims to choose from."""
    return next(doctree.findall(marked), None) is not None


def has_blocks(doctree: nodes.document) -> bool:
    """Whether there are blocks of predictions."""
    return any(BLOCK in section["classes"] for section in doctree.findall(nodes.section))


def raw(html: str) -> nodes.raw:
    """Some HTML as a node."""
    return nodes.raw("", html, format="html")


def table(head: list[str], rows: Iterable[Iterable[Sequence[nodes.Node]]]) -> nodes.table:
    """A table, from the words of its head and the content of its cells."""
    group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in head), cols=len(head))
    group += nodes.thead("", _row([nodes.Text(title)] for title in head))
    group += nodes.tbody("", *map(_row, rows))
    return nodes.table("", group)


def _row(cells: Iterable[Sequence[nodes.Node]]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", *cell)) for cell in cells))


def add_nodes(app: Sphinx) -> None:
    """Tell Sphinx how the boxes are written."""
    handlers: dict[str, Any] = {"html": (visit, depart)}
    app.add_node(marked, **handlers)
