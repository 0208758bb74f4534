"""What a page weighs: it loads what it needs, early what it shows, and nothing lies about.

==================  =====================================================================
:mod:`.scripts`     a page loads the scripts that it needs, none before its text
:mod:`.stylesheets` rules that no page of the site can need are left out
:mod:`.joined`      one style sheet of those that all pages load
:mod:`.icons`       of the icon fonts, the icons that are used, inside the style sheet
:mod:`.formulas`    of KaTeX' fonts, the letters of the book's formulas, inside the style sheet
:mod:`.lettering`   in which font each letter of a formula is drawn
:mod:`.leftovers`   files that nothing refers to are removed
==================  =====================================================================

All of it happens at the end of a build, to whatever theme and extensions have written.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import formulas, leftovers, scripts, stylesheets

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def lighten(app: Sphinx, exception: Exception | None) -> None:
    """Write the style sheets anew, and remove what is then left over."""
    if exception is None and app.builder.format == "html":
        out = Path(app.outdir)
        formulas.trim_all(app)
        stylesheets.trim_all(out)
        scripts.forget_sources(out)
        leftovers.remove(out, str(app.config.html_baseurl))


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the component."""
    app.setup_extension("bnsite.pages")
    app.connect("bnsite-page", scripts.lighten_page)
    app.connect("bnsite-page", formulas.remember)
    app.connect("bnsite-page", formulas.read_fonts_early)
    app.connect("build-finished", lighten, priority=950)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
