"""The commands on labs: found wherever they lie, and a wrong name is answered in words."""

import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from bnutils.errors import DataError
from tools import findings, lab, labs, notebooks

CONTENTS = "root: book/index\nparts:\n  - chapters:\n"
PROSE = "      - file: book/{0}/{0}\n"
ENTRY = PROSE + "        sections:\n          - file: book/{0}/{0}-lab\n"
PAGE = '{{"cells": [{{"source": ["data = bnutils.load({data})"]}}]}}'
PAGES = {
    "two/two-lab.ipynb": '\\"auto\\"',
    "one/one-lab.ipynb": '\\"digits\\"',
    "one/.ipynb_checkpoints/one-lab.ipynb": '\\"auto\\"',
    "appendix/notes.ipynb": "'auto'",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "_toc.yml").write_text(
        CONTENTS + PROSE.format("zero") + ENTRY.format("two") + ENTRY.format("one"), "utf8"
    )
    for name, data in PAGES.items():
        path = tmp_path / "book" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PAGE.format(data=data), "utf8")
    return tmp_path


@pytest.fixture
def executed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], dict[str, str]]]:
    """What would be executed: names of the labs, and the settings."""
    calls: list[tuple[list[str], dict[str, str]]] = []

    def execute(paths: list[Path], settings: dict[str, str] | None = None) -> int:
        calls.append(([path.parent.name for path in paths], settings or {}))
        return 0

    for module in (notebooks, findings):
        monkeypatch.setattr(module, "execute", execute)
    return calls


# ---- where they are ---------------------------------------------------------------------
def test_labs_are_listed_as_in_the_table_of_contents(root: Path) -> None:
    found = [(slug, path.relative_to(root).as_posix()) for slug, path in labs.every(root).items()]
    assert found == [("two", "book/two/two-lab.ipynb"), ("one", "book/one/one-lab.ipynb")]


def test_the_book_has_labs() -> None:
    assert len(labs.every()) > 5
    assert set(labs.every().values()) <= set(labs.notebooks())


def test_every_notebook_is_meant_if_none_is_named(root: Path) -> None:
    assert [p.name for p in labs.named(["two"], root)] == ["two-lab.ipynb"]
    names = [p.name for p in labs.named([], root)]
    assert names == ["notes.ipynb", "one-lab.ipynb", "two-lab.ipynb"]


def test_which_labs_choose_their_data(root: Path) -> None:
    assert [labs.chooses_data(p) for p in labs.named([], root)] == [True, False, True]


@pytest.mark.parametrize("slug", labs.every())
def test_a_lab_chooses_if_its_code_does(slug: str) -> None:
    cells = json.loads(labs.every()[slug].read_text("utf8"))["cells"]
    code = "".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")
    chooses = any(f"load({data})" in code for data in ('"auto"', "'auto'", ""))
    assert labs.chooses_data(labs.every()[slug]) == chooses


@pytest.mark.parametrize("command", [lab.main, notebooks.main, findings.main])
def test_an_unknown_lab_is_said_in_words(
    command: Callable[[Sequence[str]], int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "argv", ["python -m tools.lab", "nonsense"])
    assert labs.command(command) == 2
    error = capsys.readouterr().err
    assert "no lab 'nonsense'" in error
    assert set(labs.every()) <= set(error.split())


# ---- opening one ------------------------------------------------------------------------
def test_without_a_name_they_are_listed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert lab.main([], root) == 0
    assert {"one", "two"} <= set(capsys.readouterr().out.split())


def test_a_lab_opens_with_the_store_of_the_book(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", {"PATH": os.environ["PATH"]})
    opened: list[str] = []
    assert lab.main(["two"], root, opened.extend) == 0
    assert opened == [f"--ServerApp.root_dir={root}", str(root / "book/two/two-lab.ipynb")]
    assert os.environ["BNUTILS_STORE"] == str(root / "_build" / "runs")
    assert os.environ["BNUTILS_PROGRESS"] == "1"
    assert os.environ["BNUTILS_FINDINGS"] == "state"  # it is opened to change it


def test_kernels_of_jupyterlab_speak_in_cipher_where_they_can(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from jupyter_server.services.kernels.kernelmanager import MappingKernelManager

    launched: list[list[str]] = []
    monkeypatch.setattr("jupyterlab.labapp.main", launched.append)
    lab.jupyterlab(["a.ipynb"])
    monkeypatch.setattr(MappingKernelManager, "class_trait_names", list)  # an older one
    lab.jupyterlab(["a.ipynb"])
    assert launched == [
        ["--MappingKernelManager.transport_encryption=auto", "a.ipynb"],
        ["a.ipynb"],
    ]


# ---- executing them ---------------------------------------------------------------------
def test_the_labs_that_choose_their_data(executed: list[tuple[list[str], dict[str, str]]]) -> None:
    assert notebooks.main(["--choosing-data"]) == 0
    ((names, _),) = executed
    assert 0 < len(names) < len(labs.every())


def test_nothing_to_execute(capsys: pytest.CaptureFixture[str]) -> None:
    assert notebooks.execute([]) == 0
    assert "No lab" in capsys.readouterr().out


@pytest.mark.parametrize(("code", "expected"), [("1 + 1", 0), ("1 / 0", 1)])
def test_cells_are_executed(tmp_path: Path, code: str, expected: int) -> None:
    cell = {"cell_type": "code", "id": "one", "metadata": {}, "source": code}
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}}
    path = tmp_path / "one-lab.ipynb"
    cells = [cell | {"outputs": [], "execution_count": None}]
    path.write_text(json.dumps(notebook | {"cells": cells}), "utf8")
    assert notebooks.execute([path]) == expected


# ---- measuring again --------------------------------------------------------------------
def test_findings_are_measured_on_both_data_sets(
    executed: list[tuple[list[str], dict[str, str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(findings, "load", lambda name: name)
    for named, first in (("some/mnist.npz", "some/mnist.npz"), ("digits28", "")):
        monkeypatch.setenv("BNUTILS_DATA", named)
        executed.clear()
        assert findings.main(["batch-size"]) == 0
        refresh = {"BNUTILS_FINDINGS": "refresh"}
        assert executed == [
            (["batch-size"], {**refresh, "BNUTILS_DATA": first}),
            (["batch-size"], {**refresh, "BNUTILS_DATA": "digits28"}),
        ]


def test_a_lab_with_data_of_its_own_is_measured_once(
    executed: list[tuple[list[str], dict[str, str]]],
) -> None:
    assert findings.main(["the-transform"]) == 0
    assert [names for names, _ in executed] == [["the-transform"], []]


def test_without_mnist_nothing_is_measured(
    executed: list[tuple[list[str], dict[str, str]]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def load(name: str) -> None:
        raise DataError("No copy here.")

    monkeypatch.setattr(findings, "load", load)
    assert findings.main([]) == 2
    assert executed == []
    assert "on MNIST too. No copy here." in capsys.readouterr().err
