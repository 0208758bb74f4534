"""The course's Sphinx extensions, one component a module.

===================  ====================================================================
:mod:`.assets`       a page loads the style sheets and scripts that it needs, and no others
:mod:`.bibliography` sorted by author, as the text cites
:mod:`.curves`       recorded curves as figures, and their means in the text
:mod:`.execution`    a lab runs again when, and only when, something it depends on changed
:mod:`.explorables`  interactive figures that need no kernel and no network
:mod:`.figures`      every figure says in words what it shows
:mod:`.findings`     roles and directives that print measured results from their records
:mod:`.gate`         a build that warned is repeated in full
:mod:`.heads`        what others are told of a page: its one title, its address, a picture
:mod:`.kernels`      the labs' kernels start without a notice
:mod:`.lab_figures`  a lab's figure on a prose page, of the run that the book is built with
:mod:`.ledger`       all claims with their evidence, the same as data, and our predictions
:mod:`.markup`       HTML as the standard has it, where the theme's is not
:mod:`.mathematics`  formulas are set while building; pages need no script for them
:mod:`.memory`       what is known of pages that a build does not write anew
:mod:`.metadata`     every page has a description
:mod:`.mistakes`     what the labs' checks know by name, as a page
:mod:`.missing`      what is shown for an address that the site does not have
:mod:`.pages`        the finished pages' accessibility
:mod:`.pictures`     nothing moves when a picture comes
:mod:`.predictions`  questions to commit to before the answer is shown
:mod:`.printed`      what programs printed, on a phone
:mod:`.quizzes`      self-check questions
:mod:`.repository`   the launch buttons point at the fork that builds the book
:mod:`.search`       search by sections, with words that mean the same
:mod:`.slides`       a page as slides, made of the page itself
:mod:`.styles`       one style sheet; light and dark also without a script, light on paper
:mod:`.teaching`     the boxes of the teaching pattern
:mod:`.theorems`     theorems have numbers, and can be referred to
:mod:`.timings`      a role that prints a measured time or ratio from the benchmarks
:mod:`.webtables`    tables become lists on a phone
:mod:`.weight`       pages load what they need, and the site holds no dead files
===================  ====================================================================

Where a chapter's files are is known to :mod:`bnutils.utils.chapters` alone, and what a
record looks like to :mod:`bnutils.findings`.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

COMPONENTS = (
    "assets",
    "bibliography",
    "curves",
    "execution",
    "explorables",
    "figures",
    "findings",
    "gate",
    "heads",
    "kernels",
    "lab_figures",
    "ledger",
    "mathematics",
    "markup",
    "metadata",
    "missing",
    "mistakes",
    "pages",
    "predictions",
    "quizzes",
    "repository",
    "search",
    "slides",
    "styles",
    "teaching",
    "theorems",
    "timings",
    "weight",
)


def sources(folder: Path = Path(__file__).parent) -> str:
    """A word for these extensions as they are now."""
    files = sorted(path for path in folder.rglob("*") if path.suffix in {".py", ".html", ".js"})
    return sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def note_sources(app: Sphinx, config: Config) -> None:
    """Put that word among the settings."""
    config.bnsite_sources = sources()


def follow_sources(app: Sphinx) -> None:
    """Have all pages written anew where an extension has changed: it may do more for them."""
    app.add_config_value("bnsite_sources", "", "html", [str])
    app.connect("config-inited", note_sources)


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect all components."""
    follow_sources(app)
    for name in COMPONENTS:
        app.setup_extension(f"bnsite.{name}")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
