"""The exercises with code: every solution passes its check, every stub fails it.

A lab holds a stub (first line ``# stub: label``) and, in the next code cell, the check; the
page of the chapter holds the solution (first line ``# solution: label``). Both are run here as
they are printed.
"""

import json
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import bnutils
from bnutils.checks import Report
from bnutils.utils.chapters import Chapter

ROOT = Path(__file__).resolve().parents[2]
SOLUTION = re.compile(r"^~~~python\n# solution: ([\w-]+)\n(.*?)^~~~$", re.DOTALL | re.MULTILINE)
LABELS = {
    "how-we-measure": ["dissent"],
    "the-transform": ["forward"],
    "the-backward-pass": ["backward", "steps", "training", "trusted"],
    "training-and-inference": ["inference", "update", "fold", "recalibrate"],
    "keras-layer-and-convolutions": ["convolution", "layer", "train-step"],
    "learning-rate-and-initialisation": [
        "effective-rate",
        "equivalent-rate",
        "angle",
        "instead-of-decay",
        "updates-to-target",
    ],
    "regularisation-and-placement": ["variance-shift", "running-average", "within-margin"],
    "batches-in-pieces": ["momentum", "pooled"],
    "very-deep-networks": ["stable-rank", "layer-factor", "residual-growth"],
    "cost": ["kept-activations", "equal-cost"],
    "small-batches": ["true-variance", "correction"],
    "why-does-it-work": ["scaled-step", "mean-shift"],
    "batch-mates": ["clipped-sum", "pooled-variance", "together-mean"],
}
EXERCISES = [(chapter, label) for chapter, labels in LABELS.items() for label in labels]


def code_cells(chapter: str) -> list[str]:
    notebook = json.loads(Chapter(ROOT, chapter).lab.read_text("utf-8"))
    return ["".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code"]


def stubs(chapter: str) -> dict[str, tuple[str, str]]:
    """Label -> (stub, the code cell after it)."""
    cells = code_cells(chapter)
    found = {}
    for cell, after in zip(cells, [*cells[1:], ""], strict=True):
        label = re.match(r"# stub: ([\w-]+)\n", cell)
        if label:
            found[label[1]] = (cell, after)
    return found


def solutions(chapter: str) -> dict[str, str]:
    """Label -> solution."""
    return dict(SOLUTION.findall(Chapter(ROOT, chapter).page.read_text("utf-8")))


def solutions_until(chapter: str, label: str) -> str:
    """A solution, and those before it, whose functions it may call."""
    found = solutions(chapter)
    return "\n".join(found[one] for one in LABELS[chapter][: LABELS[chapter].index(label) + 1])


def checked(code: str, check: str) -> Report:
    """Define the student's function, then do what the check cell does."""
    names: dict[str, Any] = {"np": np, "bnutils": bnutils}
    if re.search(r"\b(keras|tf)\b", code):
        names["keras"] = bnutils.models.import_keras()
        names["tf"] = import_module("tensorflow")
    exec(code, names)  # the book's own code
    report = eval(check, names)
    assert isinstance(report, Report)
    return report


@pytest.mark.parametrize("chapter", LABELS)
def test_every_stub_has_a_solution_and_the_other_way_round(chapter: str) -> None:
    assert list(stubs(chapter)) == LABELS[chapter]
    assert list(solutions(chapter)) == LABELS[chapter]


@pytest.mark.parametrize(("chapter", "label"), EXERCISES)
def test_the_solution_passes(chapter: str, label: str) -> None:
    _, check = stubs(chapter)[label]
    report = checked(solutions_until(chapter, label), check)
    assert report.passed, report


@pytest.mark.parametrize(("chapter", "label"), EXERCISES)
def test_the_stub_fails_as_unfinished(chapter: str, label: str) -> None:
    report = checked(*stubs(chapter)[label])
    assert report.names == ("unfinished",)


@pytest.mark.parametrize(("chapter", "label"), EXERCISES)
def test_the_stub_says_which_line_to_replace(chapter: str, label: str) -> None:
    stub, _ = stubs(chapter)[label]
    assert stub.count('raise NotImplementedError("Replace this line: ') == 1
    assert '"""' in stub


@pytest.mark.parametrize(("chapter", "label"), EXERCISES)
def test_stub_and_solution_are_called_alike(chapter: str, label: str) -> None:
    """The signature on the page is the one that the learner completes."""
    header = re.compile(r"^ *(?:def|class) .*:$", re.MULTILINE)
    stub, _ = stubs(chapter)[label]
    wanted = header.findall(stub)
    assert wanted
    assert set(wanted) <= set(header.findall(solutions(chapter)[label]))


@pytest.mark.parametrize(("chapter", "label"), EXERCISES)
def test_a_prediction_comes_before_the_code(chapter: str, label: str) -> None:
    page = Chapter(ROOT, chapter).page.read_text("utf-8")
    exercise = page[page.index("## Exercises") : page.index(f"# solution: {label}\n")]
    start = list(re.finditer(r"(?m)^\*\*\d\. ", exercise))[-1].start()
    assert "\n:::{predict} " in exercise[start:]


def test_the_detached_layer_of_the_book_fails_by_name() -> None:
    """Find the bug: the layer that the backward lab shows is the mistake that the check names."""

    def detached(
        dy: np.ndarray, x: np.ndarray, gamma: np.ndarray, epsilon: float
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        r = 1 / np.sqrt(x.var(axis=0) + epsilon)
        x_hat = (x - x.mean(axis=0)) * r
        return gamma * r * dy, (dy * x_hat).sum(axis=0), dy.sum(axis=0)

    report = bnutils.checks.batch_norm_backward(detached)
    assert any("detached" in name for name in report.names), report
