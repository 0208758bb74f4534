"""The ledger of all claims, the same as data, and how our predictions came out.

===================  ============================================================
:mod:`.results`      every result of the book, counted
:mod:`.scope`        for what a result was seen, in words
:mod:`.scoring`      what was expected beside what came out
:mod:`.replications` what others measured of it
:mod:`.words`        totals as sentences
:mod:`.downloads`    ``ledger.csv`` and ``ledger.json``
:mod:`.nodes`        what the directives mark for the script that filters
:mod:`.filtering`    the form that chooses among the claims
:mod:`.directive`    the directives ``ledger-totals`` and ``ledger``
:mod:`.blocks`       the directive ``our-predictions``
===================  ============================================================

Without a script the ledger is the full list, and there is no form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bnsite.assets import Bundle
from bnsite.ledger import downloads, nodes
from bnsite.ledger.blocks import OurPredictions
from bnsite.ledger.directive import Ledger, Totals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docutils.nodes import document
    from sphinx.application import Sphinx


def needs(doctree: document) -> Iterator[str]:
    """The style sheet for both pages, the script for that with something to choose from."""
    if nodes.has_entries(doctree):
        yield from ("filter.js", "ledger.css")
    elif nodes.has_blocks(doctree):
        yield "ledger.css"


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the component."""
    app.setup_extension("bnsite.findings")
    nodes.add_nodes(app)
    app.add_directive("ledger", Ledger)
    app.add_directive("ledger-totals", Totals)
    app.add_directive("our-predictions", OurPredictions)
    app.connect("build-finished", downloads.write, priority=100)
    Bundle("ledger", needs).connect(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
