"""A page loads what it needs: KaTeX's style sheet where there are formulas, thebe nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes

from .mathematics import STYLE_SHEET

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def name_of(asset: Any) -> str:
    return str(getattr(asset, "filename", asset) or "")


def body_of(asset: Any) -> str:
    return str((getattr(asset, "attributes", None) or {}).get("body") or "")


def wanted(asset: Any) -> bool:
    return "sphinx-thebe" not in name_of(asset) and "THEBE_JS_URL" not in body_of(asset)


def has_formulas(doctree: nodes.document | None) -> bool:
    if doctree is None:
        return False
    return any(True for n in doctree.findall() if isinstance(n, nodes.math | nodes.math_block))


def choose(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    for kind in ("script_files", "css_files"):
        files = context.setdefault(kind, [])
        files[:] = [a for a in files if wanted(a)]  # in place: Sphinx adds to this very list
    if has_formulas(doctree):
        app.add_css_file(STYLE_SHEET)


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("html-page-context", choose, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
