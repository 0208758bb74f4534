"""The course's Sphinx extensions, one concern a module.

========== ======================================================================
mathematics formulas are set while building; pages need no script for them
findings   roles and directives that print measured results from their records
execution  a lab runs again when, and only when, something it depends on changed
figures    every figure says in words what it shows
metadata   every page has a description
assets     a page loads the style sheets and scripts that it needs, and no others
pages      the finished pages' accessibility
repository the launch buttons point at the fork that builds the book
gate       a build that warned is repeated in full
========== ======================================================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

PARTS = (
    "assets",
    "execution",
    "figures",
    "findings",
    "gate",
    "mathematics",
    "metadata",
    "pages",
    "repository",
    "teaching",
)


def setup(app: Sphinx) -> dict[str, Any]:
    for part in PARTS:
        app.setup_extension(f"bnsite.{part}")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
