"""The form of the notebooks, checked without a kernel."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

from tools import repository_address

ROOT = Path(__file__).parents[2]

LABS = repository_address.labs()
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
MACHINE = re.compile(r"(?<![\w.])/(?:home|Users|root|tmp|work|mnt|content)/|[A-Z]:\\\\|~/")
LONGEST_CELL = 15
LONGEST_LINE = 88


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.fixture(params=LABS, ids=name_of)
def lab(request: pytest.FixtureRequest) -> nbformat.NotebookNode:
    notebook = nbformat.read(request.param, as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    return notebook


def sources(lab: nbformat.NotebookNode, kind: str) -> list[str]:
    return [cell.source for cell in lab.cells if cell.cell_type == kind]


def headings(lab: nbformat.NotebookNode) -> list[str]:
    text = "\n".join(sources(lab, "markdown"))
    return [h.strip() for h in re.findall(r"(?m)^##\s+(.+)$", text)]


def test_there_are_labs() -> None:
    assert len(LABS) >= 1


def test_no_outputs(lab: nbformat.NotebookNode) -> None:
    code = [cell for cell in lab.cells if cell.cell_type == "code"]
    assert [c.id for c in code if c.outputs or c.execution_count is not None] == []


def test_format_and_metadata(lab: nbformat.NotebookNode) -> None:
    assert (lab.nbformat, lab.nbformat_minor) == (4, 5)
    known = {key: value for key, value in lab.metadata.items() if key != "myst"}
    assert known == METADATA
    assert set(lab.metadata.get("myst", {})) <= {"html_meta"}
    assert [c.id for c in lab.cells if set(c.metadata) - {"tags"}] == []


def test_ids_are_unique_and_speak(lab: nbformat.NotebookNode) -> None:
    ids = [cell.id for cell in lab.cells]
    assert sorted(ids) == sorted(set(ids))
    assert [i for i in ids if not re.fullmatch(r"[a-z][a-z0-9-]*", i)] == []


def test_cells_are_short(lab: nbformat.NotebookNode) -> None:
    code = [c for c in lab.cells if c.cell_type == "code"]
    assert [c.id for c in code if len(c.source.splitlines()) > LONGEST_CELL] == []


def test_lines_fit_the_page(lab: nbformat.NotebookNode) -> None:
    """No code scrolls sideways; only the generated line with a fork's own address may."""
    lines = [line for text in sources(lab, "code") for line in text.splitlines()]
    long = [line for line in lines if len(line) > LONGEST_LINE]
    assert [line for line in long if repository_address.address() not in line] == []


def test_no_machine_paths(lab: nbformat.NotebookNode) -> None:
    assert [c.id for c in lab.cells if MACHINE.search(c.source)] == []


def test_opens_with_title_goals_time_and_prerequisites(lab: nbformat.NotebookNode) -> None:
    first_code = next(i for i, c in enumerate(lab.cells) if c.cell_type == "code")
    opening = "\n".join(c.source for c in lab.cells[:first_code])
    assert opening.startswith("# ")
    assert len(re.findall(r"(?m)^# ", opening)) == 1
    for words in ("What you will be able to do", "Time", r"You need|Prerequisites"):
        assert re.search(words, opening), words


def test_begins_with_the_two_setup_cells(lab: nbformat.NotebookNode) -> None:
    code = [c for c in lab.cells if c.cell_type == "code"][:2]
    assert [c.id for c in code] == [repository_address.BOOTSTRAP_ID, "setup"]
    assert "hide-input" in code[0].metadata.get("tags", [])
    assert code[0].source == repository_address.bootstrap()
    assert "import bnutils" in code[1].source


def test_predicts_before_it_plots(lab: nbformat.NotebookNode) -> None:
    cells = [c.source for c in lab.cells]
    asks = next(i for i, text in enumerate(cells) if ":::{predict}" in text)
    plots = [
        i for i, text in enumerate(cells) if re.search(r"\.(plot|loglog|semilogy|hist)\(", text)
    ]
    assert asks < min(plots, default=len(cells))


def test_has_exercises_and_ends_with_summary_and_sources(lab: nbformat.NotebookNode) -> None:
    found = [h.lower().split(":")[0].split()[0] for h in headings(lab)]
    assert {"exercise", "exercises"} & set(found)
    assert "summary" in found
    assert found[-1] == "sources"


def test_leads_to_the_quiz(lab: nbformat.NotebookNode) -> None:
    ending = "\n".join(sources(lab, "markdown")).partition("## Summary")[2]
    assert re.search(r"\{quiz\}|#check-yourself|quiz", ending)


def test_formulas_are_plain_tex(lab: nbformat.NotebookNode) -> None:
    """A definition would hold from its cell on in Jupyter, and nowhere else in the book."""
    defined = re.compile(r"\\(?:(?:re)?newcommand|[egx]?def|let|DeclareMathOperator)(?![A-Za-z])")
    assert [c.id for c in lab.cells if c.cell_type == "markdown" and defined.search(c.source)] == []
