"""A figure of a lab on a prose page: the same picture, of the run that the book was built with.

::

    ```{lab-figure} training-and-inference/clock-plot
    What it shows.
    ```

names the lab's chapter and the cell that draws. So a page never shows other numbers than its lab,
and no picture is kept in the repository. The words of the figure are those of the lab.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from bnsite.figures import LARGEST, captioned
from bnutils.utils.chapters import Chapter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

LOG = logging.getLogger(__name__)


class drawn_by(nodes.Element):  # noqa: N801 - nodes are written so
    """The place of a figure until its lab has been read."""


class LabFigure(SphinxDirective):
    """``{lab-figure} chapter/cell``, with the caption as its content."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Keep a place for the figure, or warn that no lab has such a cell."""
        slug, _, cell = self.arguments[0].partition("/")
        chapter = Chapter(Path(self.env.srcdir), slug)
        lab, ids = chapter.lab, cells(chapter.lab) if chapter.has_lab else []
        if cell not in ids:
            warn(f"no lab has the cell {self.arguments[0]}", self.get_location())
            return []
        self.env.note_dependency(str(lab))
        pages_with_figures(self.env).add(self.env.docname)
        name = lab.relative_to(self.env.srcdir).with_suffix("").as_posix()
        place = drawn_by("", lab=name, cell=ids.index(cell), of=self.arguments[0])
        return [captioned(self, place, "bn-lab-figure")]


def cells(lab: Path) -> list[str]:
    """The ids of a notebook's cells, in order."""
    return [str(cell.get("id")) for cell in json.loads(lab.read_text("utf8"))["cells"]]


def warn(message: str, location: str) -> None:
    """Warn, which fails the build of the book."""
    LOG.warning("%s", message, location=location, type="bnsite", subtype="labfigure")


def pages_with_figures(env: BuildEnvironment) -> set[str]:
    """The pages that show figures of labs."""
    if not hasattr(env, "bnsite_lab_figures"):
        env.bnsite_lab_figures = set()  # type: ignore[attr-defined]
    return env.bnsite_lab_figures  # type: ignore[attr-defined,no-any-return]


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """A page is read anew."""
    pages_with_figures(env).discard(docname)


def write_again(app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
    """A lab may have run without its page being read: the page is written in any case."""
    return sorted(pages_with_figures(env))


def show(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the pictures into their places; where labs are not run there are none."""
    for place in list(doctree.findall(drawn_by)):
        image = picture(app.env, place)
        if image is not None:
            weigh(app, image, docname)
            place.replace_self(image)
            continue
        if app.config.nb_execution_mode != "off":
            warn(f"the cell {place['of']} draws nothing", docname)
        figure = place.parent
        figure.parent.remove(figure)


def picture(env: BuildEnvironment, place: drawn_by) -> nodes.image | None:
    """What the cell of a lab has drawn; None if it has drawn nothing."""
    if place["lab"] not in env.all_docs:  # a book without its labs
        return None
    lab = env.get_doctree(place["lab"])
    for cell in lab.findall(nodes.container):
        if cell.get("cell_index") == place["cell"]:
            for image in cell.findall(nodes.image):
                if str(image["uri"]).endswith(".svg"):
                    return image.deepcopy()
    return None


def weigh(app: Sphinx, image: nodes.image, docname: str) -> None:
    """A picture on a page is not heavy."""
    size = (Path(app.srcdir) / str(image["uri"]).lstrip("/")).stat().st_size
    if size > LARGEST:
        warn(f"a figure of {size:,} bytes; at most are {LARGEST:,}", docname)


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the component."""
    app.add_node(drawn_by)
    app.add_directive("lab-figure", LabFigure)
    app.connect("env-purge-doc", forget)
    app.connect("env-updated", write_again)
    app.connect("doctree-resolved", show)
    return {"parallel_read_safe": False, "parallel_write_safe": True}
