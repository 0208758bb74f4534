"""The repository's address, from one place: right on any fork without an edit.

The buttons lead to the repository that builds. A lab that is downloaded from the site names that
repository, too, and the commit that was built, for the day on which it is opened on Colab.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinx.application import Sphinx
    from sphinx.config import Config

PUSHED = {"push", "schedule", "workflow_dispatch"}  # events whose commit is on a branch


def address(root: Path, environ: Mapping[str, str]) -> str:
    """The address of the repository that builds: GitHub's own word, else pyproject.toml's."""
    if environ.get("GITHUB_REPOSITORY"):
        server = environ.get("GITHUB_SERVER_URL", "https://github.com")
        return f"{server.rstrip('/')}/{environ['GITHUB_REPOSITORY']}"
    project = tomllib.loads((root / "pyproject.toml").read_text("utf8"))["project"]
    return str(project["urls"]["Repository"]).rstrip("/")


def site_address(root: Path, environ: Mapping[str, str]) -> str:
    """The address of the repository's GitHub Pages; '' for a repository that is elsewhere."""
    parts = urlsplit(address(root, environ))
    if parts.netloc != "github.com":
        return ""
    owner, _, name = parts.path.strip("/").partition("/")
    home = f"{owner.lower()}.github.io"
    return f"https://{home}/" if name.lower() == home else f"https://{home}/{name}/"


def branch(environ: Mapping[str, str]) -> str:
    """The branch that is built; ``main`` for pull requests, tags and builds at home."""
    pushed = environ.get("GITHUB_EVENT_NAME") in PUSHED
    if pushed and environ.get("GITHUB_REF_TYPE") == "branch":
        return environ.get("GITHUB_REF_NAME", "main")
    return "main"


def commit(environ: Mapping[str, str]) -> str:
    """The commit that is built, where others can fetch it; else ''."""
    pushed = environ.get("GITHUB_EVENT_NAME") in PUSHED
    return environ.get("GITHUB_SHA", "") if pushed else ""


def own(notebook: str, root: Path, environ: Mapping[str, str]) -> str:
    """The text of a lab whose first cell installs from the repository that builds."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf8"))["project"]
    committed, release = address(root, {}), f"v{project['version']}"
    text = notebook.replace(f'\\"{committed}\\"', f'\\"{address(root, environ)}\\"')
    return text.replace(f'\\"{release}\\"', f'\\"{commit(environ) or release}\\"')


def own_downloads(app: Sphinx, problem: Exception | None) -> None:
    """Write the site's copies of the labs anew."""
    for path in () if problem else Path(app.outdir, "_sources").rglob("*.ipynb"):
        path.write_text(own(path.read_text("utf8"), Path(app.srcdir), os.environ), "utf8")


def point_buttons(app: Sphinx, config: Config) -> None:
    """Give the theme the repository that it leads to."""
    config.html_theme_options["repository_url"] = address(Path(app.srcdir), os.environ)
    config.html_theme_options["repository_branch"] = branch(os.environ)


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the component."""
    app.connect("config-inited", point_buttons)
    app.connect("build-finished", own_downloads)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
