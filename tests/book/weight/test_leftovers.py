"""Files that nothing refers to go, all others stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bnsite.weight import leftovers

if TYPE_CHECKING:
    from pathlib import Path

ADDRESS = "https://me.github.io/mine/"
USED = {
    ".buildinfo": "",
    ".nojekyll": "",
    "objects.inv": "",
    "index.html": '<a href="book/a.html#x">a</a><meta content="https://me.github.io/mine/p.png"/>',
    "404.html": '<img src="/mine/lost.svg"><a href="/mine/">home</a><form action="/mine/s.html">',
    "s.html": "",
    "old/a.html": '<meta http-equiv="refresh" content="0; url=../book/a.html">',
    "p.png": "",
    "lost.svg": '<svg><image href="in.png"/></svg>',
    "in.png": "",
    "book/a.html": (
        "<link href='../_static/a.css?v=1'><script src=\"../_static/a.js\"></script>"
        '<a href="../_sources/a%20b.md">source</a><a href="../folder/">x</a>'
        '<a href="https://example.org/gone.html"></a><a href="mailto:x@y.z"></a>'
    ),
    "folder/index.html": "",
    "_sources/a b.md": "",
    "_static/a.css": '@import "b.css";p{background:url(../x.png)}q{background:url("data:x")}',
    "_static/b.css": "",
    "x.png": "",
    "_static/a.js": 'load("late.js")',
    "_static/late.js": "",
}
DEAD = (
    "_static/a.js.map",
    "_static/font.ttf",
    "_static/deep/er/x.mo",
    "genindex.html",
    "gone.html",
)


def test_what_can_be_reached_stays(tmp_path: Path) -> None:
    for name in (*USED, *DEAD):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(USED.get(name, ""))
    leftovers.remove(tmp_path, ADDRESS)
    left = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()}
    assert left == set(USED)
    assert not (tmp_path / "_static" / "deep").exists()
