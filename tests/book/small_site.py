"""Build a site of a few pages, to see what an extension of the book makes of them."""

import shutil
from collections.abc import Iterable
from io import StringIO
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

ROOT = Path(__file__).parents[2]


def build(
    folder: Path,
    pages: dict[str, str],
    extension: str,
    builder: str = "html",
    files: Iterable[Path] = (),
    **config: object,
) -> tuple[Path, str]:
    """Build a site; return its folder and the warnings.

    Parameters
    ----------
    folder : Path
        Where to put the sources and what is built.
    pages : dict
        From the names of the pages to their MyST text.
    extension, builder : str
        Sphinx' names of what is tried.
    files : iterable of Path
        Files of this repository that are taken over, at the same place.
    config : object
        More settings.
    """
    source, out = folder / "source", folder / builder
    for name, text in pages.items():
        write(source / f"{name}.md", text)
    for path in files:
        write(source / path.relative_to(ROOT), path.read_text("utf8"))
    settings = {
        "extensions": ["myst_parser", extension],
        "source_suffix": {".md": "markdown"},  # Sphinx' own default is shared by all builds
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


def write(path: Path, text: str) -> None:
    """Write a file and the folders that it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf8")


def copy_of_the_book(folder: Path) -> Path:
    """Copy what a build of the book reads, ready to be built without running a lab."""
    for name in ("book", "bnutils", "benchmarks"):
        ignored = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    for name in ("_config.yml", "_toc.yml", "pyproject.toml", "requirements.txt"):
        shutil.copy(ROOT / name, folder)
    config = folder / "_config.yml"
    text = config.read_text("utf8")
    run = "execute_notebooks: cache"
    assert run in text
    config.write_text(text.replace(run, "execute_notebooks: 'off'"), "utf8")
    return folder
