"""Which edits are tried, and what running an edited lab tells."""

import signal
from pathlib import Path

import pytest

from tools import labs
from tools.lab_cells import Cell, run
from tools.lab_edits import Edit, edits_of, every_edit, problem_of
from tools.lab_short import fewer_seeds


def changed(source: str) -> list[str]:
    cell = Cell("one", source)
    return [edit.of(cell).source for edit in edits_of(cell)]


@pytest.mark.parametrize(
    ("source", "edited"),
    [
        ("m = 8", ["m = 4", "m = 16"]),
        ("rate = 0.1", ["rate = 0.05", "rate = 0.2"]),
        ("momentum = 0.9", ["momentum = 0.45", "momentum = 0.95"]),
        ("é = 'é', 3", ["é = 'é', 1", "é = 'é', 6"]),
        ('mlp(norm="batch")', ['mlp(norm="layer")', "mlp(norm=None)"]),
        ('load("digits")', ['load("digits28")']),
        ("if True:\n    n = 5", ["if True:\n    n = 2", "if True:\n    n = 10"]),
    ],
)
def test_settings_are_changed_one_at_a_time(source: str, edited: list[str]) -> None:
    assert changed(source) == edited


@pytest.mark.parametrize(
    "source",
    ["x[2:]", "x**2", "0 + 1 - 1", "x.mean(2)", "f(axis=3)", "plot(alpha=0.5)", "f'{x:5}'", "True"],
)
def test_structure_and_looks_are_left_alone(source: str) -> None:
    assert changed(source) == []


def test_every_lab_has_edits_and_each_changes_its_cell_alone() -> None:
    for lab in labs.every().values():
        edits = every_edit(lab)
        assert len(edits) > 10
        assert len({str(edit) for edit in edits}) == len(edits)


def test_an_edit_leaves_other_cells_alone() -> None:
    edit = Edit("one", 1, 4, "8", "4")
    assert edit.of(Cell("other", "m = 8")) == Cell("other", "m = 8")


FINDING = """
import bnutils
effect = bnutils.interval(values)
bnutils.finding("a-chapter/gain", claim="It gains.", effect=effect, above=0)
"""


def test_what_a_lab_shows_is_kept(tmp_path: Path) -> None:
    cells = [Cell("values", "values = [1.0, 2.0]"), Cell("finding", FINDING)]
    shown = run(cells, tmp_path, {})
    assert [one.name for one in shown.findings] == ["a-chapter/gain"]
    assert problem_of(shown, ["a-chapter/gain"]) == ""
    assert problem_of(shown, ["a-chapter/gain", "a-chapter/loss"]) == "without a-chapter/loss"


def test_an_error_is_told_with_its_cell(tmp_path: Path) -> None:
    shown = run([Cell("one", "1 / 0"), Cell("two", "x = 1")], tmp_path, {})
    assert problem_of(shown, []).startswith("[one] ZeroDivisionError: division by zero")


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timers on this system")
def test_a_lab_that_does_not_end_is_ended(tmp_path: Path) -> None:
    shown = run([Cell("one", "while True: pass")], tmp_path, {}, seconds=1)
    assert "not done after 1 s of computing" in problem_of(shown, [])


@pytest.mark.parametrize(
    ("source", "fewer"),
    [
        ("M, SEEDS = 8, range(20)", "M, SEEDS = 8, range(3)"),
        ("SEEDS = range(2)", "SEEDS = range(2)"),
        ("draws = range(20)\nSEEDS = [1, 2]", "draws = range(20)\nSEEDS = [1, 2]"),
    ],
)
def test_a_lab_is_tried_with_few_seeds(source: str, fewer: str) -> None:
    assert fewer_seeds(Cell("one", source)) == Cell("one", fewer)
