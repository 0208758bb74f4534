"""Build a site of a few pages, to see what an extension of the book makes of them."""

from io import StringIO
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace


def build(
    folder: Path, pages: dict[str, str], extension: str, builder: str = "html", **config: object
) -> tuple[Path, str]:
    """Build a site of these pages (name: MyST text); return its folder and the warnings."""
    source, out = folder / "source", folder / builder
    for name, text in pages.items():
        path = source / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf8")
    settings = {
        "extensions": ["myst_parser", extension],
        "html_theme": "basic",
        "myst_enable_extensions": ["dollarmath"],
        **config,
    }
    warnings = StringIO()
    with docutils_namespace():
        app = Sphinx(
            str(source), None, str(out), str(folder / "trees"), builder,
            confoverrides=settings, status=None, warning=warnings, freshenv=True,
        )  # fmt: skip
        app.build()
    return out, warnings.getvalue()
