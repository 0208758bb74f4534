"""The repository's address, from one place: right on any fork without an edit."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinx.application import Sphinx
    from sphinx.config import Config


def address(root: Path, environ: Mapping[str, str]) -> str:
    """The address of the repository that builds: GitHub's own word, else pyproject.toml's."""
    if environ.get("GITHUB_REPOSITORY"):
        server = environ.get("GITHUB_SERVER_URL", "https://github.com")
        return f"{server.rstrip('/')}/{environ['GITHUB_REPOSITORY']}"
    project = tomllib.loads((root / "pyproject.toml").read_text("utf8"))["project"]
    return str(project["urls"]["Repository"]).rstrip("/")


def branch(environ: Mapping[str, str]) -> str:
    """The branch that is built; ``main`` for pull requests, tags and builds at home."""
    pushed = environ.get("GITHUB_EVENT_NAME") in {"push", "schedule", "workflow_dispatch"}
    if pushed and environ.get("GITHUB_REF_TYPE") == "branch":
        return environ.get("GITHUB_REF_NAME", "main")
    return "main"


def point_buttons(app: Sphinx, config: Config) -> None:
    """Give the theme the repository that it leads to."""
    config.html_theme_options["repository_url"] = address(Path(app.srcdir), os.environ)
    config.html_theme_options["repository_branch"] = branch(os.environ)


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the component."""
    app.connect("config-inited", point_buttons)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
