"""The templates of pages that have no source: the search page, and that of unknown addresses."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config


def offer(app: Sphinx, config: Config) -> None:
    """Have Sphinx look for templates here, too."""
    folder = str(Path(__file__).parent)
    if folder not in config.templates_path:
        config.templates_path.append(folder)
