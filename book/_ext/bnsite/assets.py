"""A page loads the style sheets and scripts that it needs, and no others.

A component keeps its files in a folder of ``book/_static`` and says with a :class:`Bundle`
which of them a page needs, by what is on the page. Whatever else would add files of that
folder (a builder that takes all that it finds) is undone, and so are the theme's own extras.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.config import Config

STATIC = Path(__file__).resolve().parents[2] / "_static"
COMMENT = re.compile(r"^[ \t]*/\*.*?\*/\n", re.DOTALL | re.MULTILINE)
UNWANTED_FILES = ("sphinx-thebe", "proof.css")
UNWANTED_CODE = ("THEBE_JS_URL",)


def nothing(doctree: nodes.document) -> Iterable[str]:
    """What pages load of files that are asked for later, or by one page's template."""
    return ()


@dataclass(frozen=True)
class Bundle:
    """The scripts and style sheets of one component.

    Attributes
    ----------
    folder : str
        Their folder below ``book/_static``.
    needs : callable
        From a page's content to the names of the files that it needs, in loading order.
    """

    folder: str
    needs: Callable[[nodes.document], Iterable[str]] = nothing

    def connect(self, app: Sphinx) -> None:
        """Have the files served, and loaded where they are needed."""
        app.connect("config-inited", self.keep_off_other_pages, priority=100)
        app.connect("html-page-context", self.add_to_page)
        app.connect("build-finished", self.copy, priority=100)

    def keep_off_other_pages(self, app: Sphinx, config: Config) -> None:
        """Take the folder's files off the lists of what every page loads."""
        for files in (config.html_js_files, config.html_css_files):
            files[:] = [f for f in files if not file_name(f).startswith(f"{self.folder}/")]

    def add_to_page(
        self, app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: Any
    ) -> None:
        """Add to a page the files that it needs; to a generated one, none."""
        for name in dict.fromkeys(self.needs(doctree) if doctree is not None else ()):
            if name.endswith(".css"):
                app.add_css_file(f"{self.folder}/{name}")
            else:
                app.add_js_file(f"{self.folder}/{name}", defer="defer")

    def copy(self, app: Sphinx, exception: Exception | None) -> None:
        """Copy the files to the site."""
        if exception is None and app.builder.format == "html":
            self.write(Path(app.outdir) / "_static" / self.folder)

    def write(self, target: Path) -> None:
        """Write the files as they are served: without comments on lines of their own.

        Those are for who reads the sources, and an eighth of what a page would load.
        """
        target.mkdir(parents=True, exist_ok=True)
        for path in (STATIC / self.folder).iterdir():
            if path.suffix in {".css", ".js"}:
                (target / path.name).write_text(COMMENT.sub("", path.read_text("utf8")), "utf8")


def file_name(entry: str | Sequence[Any]) -> str:
    """The file of an entry in ``html_js_files`` or ``html_css_files``."""
    return entry if isinstance(entry, str) else str(entry[0])


def wanted(asset: Any) -> bool:
    """Whether pages should load this file or code of the theme or of an extension."""
    name = str(getattr(asset, "filename", asset) or "")
    code = str((getattr(asset, "attributes", None) or {}).get("body") or "")
    return not any(word in name for word in UNWANTED_FILES) and not any(
        word in code for word in UNWANTED_CODE
    )


def drop_unwanted(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    """Take off a page what no page needs."""
    for kind in ("script_files", "css_files"):
        files = context.setdefault(kind, [])
        files[:] = [a for a in files if wanted(a)]  # in place: Sphinx adds to this very list


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the component."""
    app.connect("html-page-context", drop_unwanted, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
