"""Set formulas with KaTeX while building: a page needs a style sheet and no script.

Fonts and style sheet of the KaTeX version that :mod:`bnsite.katex` runs are in
``_static/vendor/katex``. A formula that KaTeX refuses is a warning with file and line. Pages
write plain TeX, as labs have to, and as the page Notation has it: there are no macros.
"""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

from . import katex
from .assets import Bundle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

LOG = logging.getLogger(__name__)
SELF_NUMBERING = re.compile(r"\\(begin|end)\{(align|alignat|gather|equation)\}")


def needs(doctree: nodes.document) -> Iterator[str]:
    """KaTeX's style sheet, where there are formulas."""
    if any(isinstance(n, nodes.math | nodes.math_block) for n in doctree.findall()):
        yield "katex.min.css"


def as_katex(tex: str, nowrap: bool) -> str:
    r"""What KaTeX accepts: the page numbers equations; lines broken by ``\\`` need ``split``."""
    tex = SELF_NUMBERING.sub(r"\\\1{\2*}", tex)
    if not nowrap and r"\\" in tex and r"\begin" not in tex:
        return rf"\begin{{split}}{tex}\end{{split}}"
    return tex


def rendered(self: Any, node: nodes.Node, tex: str, *, display: bool) -> str:
    """A formula as HTML; one that KaTeX refuses is a warning, and shown as it is written."""
    options = {"displayMode": display, "strict": "ignore"}
    try:
        return katex.render(tex, json.dumps(options))
    except katex.FormulaError as error:
        LOG.warning("formula: %s", error, location=node, type="bnsite", subtype="math")
        return f"<code>{html.escape(tex)}</code>"


def visit_inline(self: Any, node: nodes.math) -> None:
    """Write a formula in a line of text."""
    self.body.append(self.starttag(node, "span", "", CLASS="math"))
    self.body.append(rendered(self, node, node.astext(), display=False) + "</span>")
    raise nodes.SkipNode


def visit_display(self: Any, node: nodes.math_block) -> None:
    """Write a formula on a line of its own, with its number."""
    self.body.append(self.starttag(node, "div", CLASS="bn-equation"))
    tex = as_katex(node.astext(), bool(node.get("nowrap")))
    self.body.append(f'<div class="bn-scroll">{rendered(self, node, tex, display=True)}</div>')
    if node.get("number"):
        number = get_node_equation_number(self, node)
        self.body.append(f'<span class="eqno">({number})')
        self.add_permalink_ref(node, "Link to this equation")
        self.body.append("</span>")
    self.body.append("</div>\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the component."""
    app.add_html_math_renderer("prerendered", (visit_inline, None), (visit_display, None))
    Bundle("vendor/katex", needs).connect(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
