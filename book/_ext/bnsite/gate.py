"""A build that warned or failed is repeated in full by the next one.

Sphinx repeats a warning only when it reads the page again: without this, a build that
failed on a warning would pass the second time with nothing mended.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def forget(app: Sphinx, exception: Exception | None) -> None:
    """Drop what Sphinx remembers of this build."""
    if exception is not None or app._warncount:
        (Path(app.doctreedir) / "environment.pickle").unlink(missing_ok=True)


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the component."""
    app.connect("build-finished", forget, priority=1000)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
