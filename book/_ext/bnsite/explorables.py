"""The directive ``explorable``: an interactive figure that needs no kernel and no network.

A figure is a custom element in a classic script (modules fail over ``file://``). Its HTML in
the starting state is made while building, by the same script, run by Node: a page without
JavaScript shows the figure as it starts, and nothing moves when the script takes over.

The scripts lie in ``book/_static/explorables``; a page loads those of its own figures.
"""

from __future__ import annotations

import json
import subprocess
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from . import node
from .assets import STATIC, Bundle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

FOLDER = STATIC / "explorables"
NAMES = (
    "drag-the-batch", "backward-flow", "moving-average-clock", "which-axes", "effective-rate",
    "atlas",
)  # fmt: skip
SHARED = ("formulas.js", "explorable.js")
OTHER = {"atlas": ("explorable.js", "atlas-table.js")}  # which has numbers instead of formulas
STYLE = "explorables.css"
OWN_STYLES = {"atlas": "atlas.css"}

_RENDER = """
const [folder, name] = process.argv.slice(1);
const E = require(`${folder}/explorable.js`);
require(`${folder}/${name}.js`);
const figure = E.figures[name];
const html = E.markup(figure, figure.defaults);
console.log(JSON.stringify({ title: figure.title, html }));
"""


def scripts(name: str) -> tuple[str, ...]:
    """Files that the figure needs, in the order in which they are loaded."""
    return (*OTHER.get(name, SHARED), f"{name}.js")


def styles(name: str) -> tuple[str, ...]:
    """Style sheets of the figure: that of all, and one of its own if it has one."""
    return (STYLE, OWN_STYLES[name]) if name in OWN_STYLES else (STYLE,)


@cache
def rendered(name: str) -> dict[str, str]:
    """Title and HTML of a figure in its starting state, made by its own script in Node."""
    command = [node.binary(), "-e", _RENDER, str(FOLDER), name]
    done = subprocess.run(command, capture_output=True, encoding="utf8", check=False)
    if done.returncode:
        raise RuntimeError(f"The figure {name!r} does not render:\n{done.stderr}")
    result: dict[str, str] = json.loads(done.stdout)
    return result


class explorable(nodes.General, nodes.Element):  # noqa: N801  (docutils' nodes are lower case)
    """An interactive figure."""


class ExplorableDirective(SphinxDirective):
    """``{explorable} NAME`` places the interactive figure of that name."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {}

    def run(self) -> list[nodes.Node]:
        """Place the figure, or say which figures there are."""
        name = self.arguments[0]
        if name not in NAMES:
            raise self.error(f"No such figure: {name!r}. Write one of {', '.join(NAMES)}.")
        for file in (*scripts(name), *styles(name)):
            self.env.note_dependency(str(FOLDER / file))
        return [explorable(name=name)]


def visit_html(self: HTML5Translator, node: explorable) -> None:
    """Write the figure as it starts."""
    name = node["name"]
    figure = rendered(name)
    self.body.append(
        f'<figure class="bnx-figure" id="{name}" aria-labelledby="{name}-title">'
        f'<figcaption id="{name}-title">{figure["title"]}</figcaption>'
        f"<bn-{name}>{figure['html']}</bn-{name}>"
        "<noscript><p>This is the starting state. With JavaScript the figure is interactive."
        "</p></noscript></figure>\n"
    )
    raise nodes.SkipNode


def visit_other(self: Any, node: explorable) -> None:
    """Other formats have no figure; the text around it says what it shows."""
    raise nodes.SkipNode


def needs(doctree: nodes.document) -> Iterator[str]:
    """The files of the figures on a page."""
    names = [figure["name"] for figure in doctree.findall(explorable)]
    for name in names:
        yield from scripts(name)
    for name in names:
        yield from styles(name)


BUNDLE = Bundle(FOLDER.name, needs)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    skip = (visit_other, None)
    app.add_node(explorable, html=(visit_html, None), latex=skip, text=skip, man=skip, texinfo=skip)
    app.add_directive("explorable", ExplorableDirective)
    BUNDLE.connect(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
