"""The interactive figures: their formulas, their size, and what the directive puts on a page."""

import gzip
import re
import subprocess
from pathlib import Path

import numpy as np
import pytest
from bnsite import explorables, node

from tests.book.small_site import build

JAVASCRIPT = Path(__file__).with_name("javascript")
SOURCES = sorted(explorables.FOLDER.glob("*.js"))
TABLE = "atlas-table.js"


# ---- the formulas ----------------------------------------------------------------------------
def test_javascript() -> None:
    tests = sorted(str(path) for path in JAVASCRIPT.glob("*.test.js"))
    command = [node.binary(), "--test", "--test-reporter=tap", *tests]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    count = re.search(r"^# tests (\d+)", done.stdout, re.MULTILINE)
    assert count is not None
    assert int(count[1]) > 70  # a folder that is not found would pass with none


# ---- the scripts -----------------------------------------------------------------------------
@pytest.mark.parametrize("name", explorables.NAMES)
def test_a_figure_needs_less_than_10_kb(name: str, tmp_path: Path) -> None:
    explorables.BUNDLE.write(tmp_path)
    files = (*explorables.scripts(name), *explorables.styles(name))
    sizes = {f: len(gzip.compress((tmp_path / f).read_bytes(), 9)) for f in files}
    assert sizes.pop(TABLE, 0) < 10_000  # numbers, apart
    assert sum(sizes.values()) < 10_000, sizes


def test_what_is_served_draws_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = [explorables.rendered.__wrapped__(name) for name in explorables.NAMES]
    explorables.BUNDLE.write(tmp_path)
    monkeypatch.setattr(explorables, "FOLDER", tmp_path)
    assert [explorables.rendered.__wrapped__(name) for name in explorables.NAMES] == expected


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_scripts_are_classic_and_ask_no_other_host(path: Path) -> None:
    text = path.read_text("utf8")
    assert not re.search(r"^\s*(import|export)\b", text, re.MULTILINE), "modules fail over file://"
    assert not re.search(r"https?://|fetch\(|XMLHttpRequest|eval\(", text)


def test_every_figure_has_a_script() -> None:
    own = {path.stem for path in SOURCES} - {"formulas", "explorable", Path(TABLE).stem}
    assert own == set(explorables.NAMES)


# ---- the directive ---------------------------------------------------------------------------
PAGE = "# Title\n\n```{explorable} which-axes\n```\n"


def test_a_page_loads_the_scripts_of_its_own_figures_only(tmp_path: Path) -> None:
    pages = {"index": "# Index\n\n```{toctree}\nfigure\n```\n", "figure": PAGE}
    site, warnings = build(tmp_path, pages, "bnsite.explorables")
    assert warnings == ""
    html = (site / "figure.html").read_text("utf8")
    scripts = re.findall(r'<script defer="defer" src="_static/explorables/([\w-]+\.js)', html)
    assert scripts == list(explorables.scripts("which-axes"))
    assert "explorables" not in (site / "index.html").read_text("utf8")
    for file in (*scripts, explorables.STYLE):
        assert (site / "_static" / "explorables" / file).is_file()


def test_the_figure_stands_in_the_page_without_javascript(tmp_path: Path) -> None:
    site, _ = build(tmp_path, {"index": PAGE}, "bnsite.explorables")
    html = (site / "index.html").read_text("utf8")
    figure = html[html.index("<figure") : html.index("</figure>")]
    assert "<svg" in figure
    assert "<noscript>" in figure
    assert (
        'role="status">Chosen: example 2, row 1, column 1, channel 2. Batch normalisation' in figure
    )


def test_the_static_figure_is_what_the_script_draws() -> None:
    html = explorables.rendered("moving-average-clock")["html"]
    assert "After 0 updates, 100.0 % of the initial statistics" in html
    assert "Stored mean 0.00, variance 1.00" in html


def test_an_unknown_figure_is_an_error_that_names_the_known_ones(tmp_path: Path) -> None:
    _, warnings = build(
        tmp_path, {"index": PAGE.replace("which-axes", "nothing")}, "bnsite.explorables"
    )
    assert "No such figure: 'nothing'" in warnings
    assert "which-axes" in warnings


def test_a_script_that_fails_stops_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explorables, "FOLDER", Path("/nowhere"))
    with pytest.raises(RuntimeError, match="'broken' does not render"):
        explorables.rendered("broken")


@pytest.mark.parametrize(
    ("builder", "file"), [("text", "index.txt"), ("latex", "projectnamenotset.tex")]
)
def test_other_formats_leave_the_figure_out(tmp_path: Path, builder: str, file: str) -> None:
    out, warnings = build(tmp_path, {"index": PAGE + "\nAfter."}, "bnsite.explorables", builder)
    assert warnings == ""
    text = (out / file).read_text("utf8")
    assert "After." in text
    assert "svg" not in text


# ---- the colours -----------------------------------------------------------------------------
def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return float(np.dot([0.2126, 0.7152, 0.0722], linear))


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("theme", "page"), [("light", "#f7f7f4"), ("dark", "#1c2128")])
def test_colours_stand_out_from_the_page_and_from_their_labels(theme: str, page: str) -> None:
    rules = (explorables.FOLDER / explorables.STYLE).read_text("utf8").splitlines()
    rule = next(
        r for r in rules if ("dark" in r.split("{")[0]) == (theme == "dark") and "--bnx-a" in r
    )
    colours = dict(re.findall(r"--bnx-(\w+): (#\w{3,6});", rule))
    assert {"a", "b", "c", "line", "on"} <= colours.keys()
    on = colours.pop("on").replace("#fff", "#ffffff")
    for name, colour in colours.items():
        assert _contrast(colour, page) >= 3, name  # graphics (WCAG 1.4.11)
        assert name == "line" or _contrast(colour, on) >= 4.5, name  # numbers in the marks
