"""Theorems have numbers, and text refers to them: ``{prf:theorem}`` and ``{prf:ref}``.

Both are sphinx-proof's. Its style sheet is left off (see :mod:`bnsite.assets`), since the
course's own gives theorems their look. It puts the body of a theorem into a section, always with
the same id; here the body stands in the theorem itself, as in any other box, since an id may
stand on a page once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx

BODY = "proof-content"


def unwrap(app: Sphinx, doctree: nodes.document) -> None:
    """Take the body of each theorem out of its section."""
    for body in list(doctree.findall(nodes.section)):
        if BODY in body["ids"]:
            body.parent.replace(body, body.children)


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the component."""
    app.setup_extension("sphinx_proof")
    app.connect("doctree-read", unwrap)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
