"""Both looks hold wherever one reads, and the course has one sheet."""

from __future__ import annotations

from pathlib import Path

import pytest
from bnsite import styles

from tests.book.small_site import build

LIGHT, DARK = 'html[data-theme="light"]', "html[data-theme=dark]"


def squeezed(css: str) -> str:
    return "".join(css.split())


@pytest.mark.parametrize(
    ("css", "spread"),
    [
        ("a{b:c}", "a{b:c}"),
        (
            f"{DARK} p{{b:c}}",
            f"@media screen{{{DARK} p{{b:c}}}}"
            "@media screen and (prefers-color-scheme:dark){html[data-theme=auto] p{b:c}}",
        ),
        (
            f"{LIGHT}{{b:c}}",
            f"{LIGHT}{{b:c}}"
            "@media print,(prefers-color-scheme:light){html[data-theme=auto]{b:c}}"
            "@media print{html[data-theme=dark]{b:c}}",
        ),
        (
            f"@media (min-width:9px){{{DARK} p{{b:c}}}}",
            f"@media (min-width:9px){{@media screen{{{DARK} p{{b:c}}}}"
            "@media screen and (prefers-color-scheme:dark){html[data-theme=auto] p{b:c}}}",
        ),
        (
            "@media screen and (prefers-color-scheme:dark){a{b:c}}",
            "@media screen and (prefers-color-scheme:dark){a{b:c}}",
        ),
        (
            '@import "x.css";@font-face{src:url(a.woff2)}',
            '@import "x.css";@font-face{src:url(a.woff2)}',
        ),
    ],
)
def test_rules_of_a_look(css: str, spread: str) -> None:
    assert squeezed(styles.spread(css)) == squeezed(spread)


def test_each_selector_goes_its_own_way() -> None:
    """Those of no look stay; a comma within brackets parts nothing."""
    css = styles.spread(f"p:is(.a,.b),{DARK} i:not(.c,.d){{e:f}}")
    assert css.startswith("p:is(.a,.b){e:f}@media screen{")
    assert f"{DARK} i:not(.c,.d){{e:f}}" in css


def test_sheets_of_a_site_are_spread_once(tmp_path: Path) -> None:
    """Also where a build finds what the last one has written."""
    pages = {"index": "# Title\n"}
    static = tmp_path / "source" / "static"
    static.mkdir(parents=True)
    (static / "look.css").write_text(f"{DARK}{{b:c}}", "utf8")
    for _ in range(2):
        site, warnings = build(tmp_path, pages, "bnsite.styles", html_static_path=["static"])
        assert warnings == ""
        sheet = (site / "_static" / "look.css").read_text("utf8")
        assert sheet.count("@media screen{") == 1


def test_the_course_has_one_sheet(tmp_path: Path) -> None:
    """It holds what the sources say, in their order, without their comments."""
    site, _ = build(tmp_path, {"index": "# Title\n"}, "bnsite.styles")
    sheet = (site / "_static" / styles.SHEET).read_text("utf8")
    parts = sorted(styles.STYLES.glob("*.css"))
    assert len(parts) > 3
    for path in parts:
        end = path.read_text("utf8")[-60:]
        assert squeezed(end) in squeezed(sheet), path
    assert "/* ----" not in sheet
