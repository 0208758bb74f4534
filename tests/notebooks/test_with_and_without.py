"""The lab *With and without*: its plain Keras and `compare` are one, and its bad script is bad."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bnutils.utils.chapters import Chapter
from tools.lab_cells import experiment_cells, run

ROOT = Path(__file__).parents[2]
LAB = Chapter(ROOT, "with-and-without").lab
TIE = ("setup", "data", "script", "tie-compare", "tie-fit", "tie")


def test_fit_and_compare_agree_number_for_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cells as they are printed: both start and see the same, so the losses are the same."""
    monkeypatch.setenv("BNUTILS_DATA", "digits28")
    names: dict[str, Any] = {}
    cells = [cell for cell in experiment_cells(LAB) if cell.id in TIE]
    assert len(cells) == len(TIE)
    assert run(cells, LAB.parent, names).error == ""
    both = names["both"]
    assert len(both) == 10
    np.testing.assert_allclose(both["fit"], both["compare"], rtol=1e-4)
    assert both["fit"].iloc[-1] < 0.8 * both["fit"].iloc[0], "the network has learned something"


def listing() -> str:
    """The script whose faults are to be found."""
    cells = json.loads(LAB.read_text("utf8"))["cells"]
    text = next("".join(c["source"]) for c in cells if c["id"] == "script-text")
    return text.partition("```python\n")[2].partition("```")[0]


def test_the_bad_script_has_the_faults_that_its_answer_names() -> None:
    pin, _, code = listing().partition("\n")
    assert re.fullmatch(r"# pip install tensorflow==2\.0", pin)
    tree = ast.parse(code)
    modules = {
        alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module == "tensorflow.keras"
        for alias in node.names
    }
    loop = next(node for node in tree.body if isinstance(node, ast.For))
    assert isinstance(loop.iter, ast.Name)
    assert loop.iter.id in modules
    assert "seed" not in code
    assert "converges faster" in code
