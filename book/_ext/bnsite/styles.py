"""The course's one style sheet, from a source for each concern; both looks, wherever one reads.

A page asks for one sheet: ``_static/course.css`` with the files of ``book/_styles`` after it.

The theme binds the colours of its two looks to ``data-theme="light"`` and ``"dark"``, and a
script sets one of them. Without a script the page says ``"auto"`` and would have no colours,
and on paper the dark look is pale on white. So in every sheet each rule of a look is said again
for where nobody chose one, and the dark ones are for screens alone.
"""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tinycss2

from .assets import COMMENT, STATIC

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx.application import Sphinx
    from sphinx.config import Config

STYLES = STATIC.with_name("_styles")
SHEET = "course.css"
DONE = "/* bnsite: both looks */\n"
LOOK = re.compile(r"""\[data-theme=["']?(light|dark)["']?\]""")
NESTING = {"media", "supports"}


def join(app: Sphinx, config: Config) -> None:
    """Write the joined sheet into a static folder of its own, which is copied last.

    When it changes all pages are written anew: each names the sheet with its checksum.
    """
    folder = Path(app.outdir).parent / ".styles"
    folder.mkdir(parents=True, exist_ok=True)
    sheets = [STATIC / SHEET, *sorted(STYLES.glob("*.css"))]
    config.bnsite_sheet = "".join(COMMENT.sub("", sheet.read_text("utf8")) for sheet in sheets)
    (folder / SHEET).write_text(config.bnsite_sheet, "utf8")
    config.html_static_path = [*config.html_static_path, str(folder)]


def spread(css: str) -> str:
    """A sheet whose rules for one look also hold without a script, the dark ones not on paper."""
    return "".join(written(tinycss2.parse_stylesheet(css)))


def written(rules: Iterable[Any]) -> Iterator[str]:
    """Rules as text, those for one look said again."""
    for rule in rules:
        if rule.type == "qualified-rule":
            yield from for_each_look(rule)
        elif rule.type == "at-rule" and rule.lower_at_keyword in NESTING:
            condition = tinycss2.serialize(rule.prelude)
            inner = "".join(written(tinycss2.parse_rule_list(rule.content)))
            yield f"@{rule.at_keyword}{condition}{{{inner}}}"
        else:
            yield rule.serialize()


def for_each_look(rule: Any) -> Iterator[str]:
    """A rule, once for each look that its selectors ask for."""
    body = f"{{{tinycss2.serialize(rule.content)}}}"
    for look, group in groupby(map(tinycss2.serialize, selectors(rule.prelude)), look_of):
        chosen = ",".join(group)
        nobody_chose = LOOK.sub("[data-theme=auto]", chosen) + body
        if look == "dark":
            yield f"@media screen{{{chosen}{body}}}"
            yield f"@media screen and (prefers-color-scheme:dark){{{nobody_chose}}}"
        elif look == "light":
            dark_chosen = LOOK.sub("[data-theme=dark]", chosen) + body
            yield chosen + body
            yield f"@media print,(prefers-color-scheme:light){{{nobody_chose}}}"
            yield f"@media print{{{dark_chosen}}}"
        else:
            yield chosen + body


def selectors(prelude: Iterable[Any]) -> list[list[Any]]:
    """The selectors of a rule, without comments; commas within brackets do not part them."""
    parts: list[list[Any]] = [[]]
    for token in prelude:
        if token == ",":
            parts.append([])
        elif token.type != "comment":
            parts[-1].append(token)
    return parts


def look_of(selector: str) -> str:
    """The look that a selector asks for; "" for one that does not ask."""
    found = LOOK.search(selector)
    return found.group(1) if found else ""


def spread_all(app: Sphinx, exception: Exception | None) -> None:
    """Mend the sheets of the built site, the theme's and the extensions' too."""
    if exception is not None or app.builder.format != "html":
        return
    for path in sorted((Path(app.outdir) / "_static").rglob("*.css")):
        text = path.read_text("utf8")
        if LOOK.search(text) and not text.startswith(DONE):
            path.write_text(DONE + spread(text), "utf8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the component."""
    app.add_config_value("bnsite_sheet", "", "html", [str])
    app.connect("config-inited", join, priority=100)
    app.connect("build-finished", spread_all, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
