"""Scripts are deferred, in their order, and those without work are left out."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from bnsite.weight import scripts
from bs4 import BeautifulSoup

PAGE = """<html><head><script src="_static/documentation_options.js?v=1"></script>
<link rel="preload" as="script" href="_static/b.js"><script>let a = 1;</script>
<script src="_static/searchtools.js"></script><script src="searchindex.js"></script>
<script defer="defer" src="_static/own.js"></script><script src="_static/copybutton.js"></script>
</head><body>{body}<script src="_static/scripts/b.js"></script></body></html>"""


def loaded(body: str, out: Path) -> list[str]:
    (out / "_static").mkdir(exist_ok=True)
    (out / scripts.OPTIONS).write_text("const DOCUMENTATION_OPTIONS = {};")
    soup = BeautifulSoup(PAGE.format(body=body), "html.parser")
    scripts.lighten_page(SimpleNamespace(outdir=out), soup, "page.html")
    assert soup.head is not None
    assert soup.select("link, body script") == []
    inline = [one.get_text() for one in soup.select("script:not([src])")]
    assert inline == ["const DOCUMENTATION_OPTIONS = {};", "let a = 1;"]
    assert all(one.has_attr("defer") for one in soup.select("script[src]"))
    return [one["src"].rpartition("/")[2] for one in soup.select("head script[src]")]


def test_a_page_loads_what_it_needs_behind_its_text(tmp_path: Path) -> None:
    assert loaded("", tmp_path) == ["own.js", "b.js"]
    code = '<div class="highlight"><pre></pre></div>'
    assert loaded(code, tmp_path) == [
        "own.js",
        "copybutton.js",
        "b.js",
    ]


@pytest.mark.parametrize(
    "end", ["//# sourceMappingURL=a.js.map", "/*# sourceMappingURL=a.map */\n"]
)
def test_what_points_to_a_source_map_is_taken_out(tmp_path: Path, end: str) -> None:
    path = tmp_path / "_static" / "a.js"
    path.parent.mkdir()
    path.write_text(f"run();\n{end}")
    scripts.forget_sources(tmp_path)
    assert path.read_text() == "run();\n"
