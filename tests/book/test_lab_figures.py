"""A lab's figures on prose pages."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.book.small_site import build, write

LAB = "book/some/some-lab"
DRAW = """from IPython.display import SVG
SVG('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>{}</title></svg>')"""
PAGE = """# Some

```{lab-figure} some/second
Two, in *words*.
```
"""


def notebook(folder: Path, *titles: str) -> None:
    """A lab with a cell for each title; one without draws nothing."""
    names = ("first", "second", "third")
    cells = [
        {
            "cell_type": "code",
            "id": name,
            "metadata": {},
            "source": DRAW.format(title) if title else "1 + 1",
            "outputs": [],
            "execution_count": None,
        }
        for name, title in zip(names, titles, strict=False)
    ]
    heading = {"cell_type": "markdown", "id": "title", "metadata": {}, "source": "# Lab"}
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python", "language": "python"}}
    content = {"cells": [heading, *cells], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    write(folder / "source" / f"{LAB}.ipynb", json.dumps(content))


def built(folder: Path, page: str = PAGE, mode: str = "force") -> tuple[str, str]:
    """The page with its figure, and the warnings."""
    out, warnings = build(
        folder,
        {
            "index": f"# Index\n\n```{{toctree}}\nbook/some/some\n{LAB}\n```\n",
            "book/some/some": page,
        },
        "",
        extensions=["myst_nb", "bnsite.figures", "bnsite.lab_figures"],
        source_suffix={".md": "myst-nb", ".ipynb": "myst-nb"},
        nb_execution_mode=mode,
    )
    return (out / "book/some/some.html").read_text("utf8"), warnings


def test_the_figure_is_that_of_the_cell_with_its_words(tmp_path: Path) -> None:
    notebook(tmp_path, "One", "Two", "Three")
    html, warnings = built(tmp_path)
    assert warnings == ""
    image = re.search(r'<img alt="Two\."[^>]*src="\.\./\.\./([^"]*\.svg)"', html)
    assert image
    assert "<title>Two</title>" in (tmp_path / "html" / image[1]).read_text("utf8")
    assert "Two, in <em>words</em>." in html


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (PAGE.replace("some/second", "some/none"), "no lab has the cell some/none"),
        (PAGE.replace("some/second", "none/second"), "no lab has the cell none/second"),
        (PAGE.replace("second", "third"), "the cell some/third draws nothing"),
    ],
)
def test_what_cannot_be_shown_is_a_warning(tmp_path: Path, page: str, said: str) -> None:
    notebook(tmp_path, "One", "Two", "")
    html, warnings = built(tmp_path, page)
    assert said in warnings
    assert "<img" not in html


def test_where_labs_are_not_run_there_is_no_figure(tmp_path: Path) -> None:
    notebook(tmp_path, "One", "Two")
    html, warnings = built(tmp_path, mode="off")
    assert warnings == ""
    assert "<figure" not in html


def test_a_heavy_figure_is_a_warning(tmp_path: Path) -> None:
    notebook(tmp_path, "One", "Two" + 41_000 * "o")
    _, warnings = built(tmp_path)
    assert "at most are 40,000" in warnings
