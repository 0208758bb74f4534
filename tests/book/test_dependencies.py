"""Which labs run again after a change: found from source, without running anything."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from bnsite.dependencies import Package, data_state, fingerprint, modules_of

from bnutils.utils.chapters import Chapter

ROOT = Path(__file__).parents[2]

MODULES = {
    "__init__.py": "import lazy_loader\n__getattr__ = lazy_loader.attach_stub(1)\n",
    "__init__.pyi": (
        "from . import plotting as plotting\n"
        "from . import deep as deep\n"
        "from .datasets import load as load\n"
        "from .training import compare as compare\n"
        "from .alone import lonely as lonely\n"
        "from .wing import first as first\n"
        "from .shelf import Shelf as Shelf\n"
    ),
    "datasets.py": "import numpy as np\nfrom ._files import read\n",
    "_files.py": "",
    "training.py": "def compare():\n    from .engine import run\n    from . import results\n",
    "engine.py": "import bnutils.datasets\n",
    "results.py": "if TYPE_CHECKING:\n    from .plotting import draw\n",
    "plotting.py": "",
    "alone.py": "",
    "deep/__init__.py": "from .inner import x\n",
    "deep/inner.py": "from .. import alone\n",
    "wing/__init__.py": (  # a wing that loads nothing before it is asked for
        "import lazy_loader\n"
        "__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, ['first', 'second'])\n"
    ),
    "wing/first.py": "from . import third\n",
    "wing/second.py": "from bnutils.shelf import Shelf\n",
    "wing/third.py": "",
    "shelf/__init__.py": "from bnutils.shelf.entries import Shelf\n",
    "shelf/entries.py": "",
    "shelf/aside.py": "",
    "py.typed": "",
}
LABS = {
    "compares": ["import bnutils\nbnutils.compare()"],
    "loads": ["import bnutils as bn", "data = bn.load('auto')"],
    "draws": ["from bnutils import plotting\nplotting.x()"],
    "goes-deep": ["from bnutils.deep import inner"],
    "asks-a-wing-for-a-module": ["import bnutils\nbnutils.first.run()"],
    "imports-from-a-wing": ["from bnutils.wing import first"],
    "imports-what-a-module-offers": ["from bnutils.wing.first import run"],
    "names-a-wing": ["import bnutils\nbnutils.wing.second.run()"],
    "renames-a-wing": ["import bnutils.wing as w\nw.third.run()"],
    "gets-a-wing": ["from bnutils import wing"],
    "gets-what-a-wing-offers": ["from bnutils.shelf import Shelf"],
    "gets-what-a-wing-re-exports": ["import bnutils\nbnutils.Shelf()"],
    "needs-nothing": ["import math\nprint(math.pi)"],
    "hands-it-round": ["import bnutils\nprint(dir(bnutils))"],
    "unknown-name": ["import bnutils\nbnutils.nothing_of_this_name"],
    "broken": ["import bnutils\nthis is no python"],
    "star": ["from bnutils import *"],
    "shell": ["!python -m bnutils compare"],
    "bootstrap": ['import sys\nif "google.colab" in sys.modules:\n    %pip install x', "1 + 1"],
}
FIRST = {"wing", "wing.first", "wing.third"}  # the wing itself loads nothing
SHELF = {"shelf", "shelf.entries", "shelf.aside"}
WING = FIRST | SHELF | {"wing.second"}
DOUBTFUL = {"hands-it-round", "unknown-name", "broken", "star", "shell"}
ALL = DOUBTFUL | {"compares"}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    for name, text in MODULES.items():
        path = tmp_path / "bnutils" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "requirements.txt").write_text("numpy==2\n")
    for name, cells in LABS.items():
        write_lab(tmp_path / f"{name}.ipynb", cells)
    return tmp_path


def write_lab(path: Path, cells: list[str], words: str = "# Title") -> None:
    entries = [{"cell_type": "markdown", "source": words, "metadata": {}}]
    entries += [{"cell_type": "code", "source": c, "metadata": {}, "outputs": []} for c in cells]
    path.write_text(json.dumps({"cells": entries, "metadata": {}, "nbformat": 4}))


def prints(book: Path, environ: dict[str, str] | None = None) -> dict[str, object]:
    environ = environ or {"KERAS_HOME": str(book)}
    return {name: fingerprint(book, book / f"{name}.ipynb", environ) for name in LABS}


def changed(before: dict[str, object], after: dict[str, object]) -> set[str]:
    return {name for name in before if before[name] != after[name]}


def modules(book: Path, lab: str) -> set[str]:
    notebook = json.loads((book / f"{lab}.ipynb").read_text())
    return set(modules_of(Package(book / "bnutils"), notebook)) - {""}


@pytest.mark.parametrize(
    ("lab", "expected"),
    [
        ("compares", {"training", "engine", "results", "plotting", "datasets", "_files"}),
        ("loads", {"datasets", "_files"}),
        ("draws", {"plotting"}),
        ("goes-deep", {"deep", "deep.inner", "alone"}),
        ("asks-a-wing-for-a-module", FIRST),
        ("imports-from-a-wing", FIRST),
        ("imports-what-a-module-offers", FIRST),
        ("names-a-wing", WING),
        ("renames-a-wing", WING),
        ("gets-a-wing", WING),
        ("gets-what-a-wing-offers", SHELF),
        ("gets-what-a-wing-re-exports", SHELF),
        ("needs-nothing", set()),
        ("bootstrap", set()),
    ],
)
def test_closure(book: Path, lab: str, expected: set[str]) -> None:
    assert modules(book, lab) == expected


@pytest.mark.parametrize("lab", sorted(DOUBTFUL))
def test_in_doubt_everything(book: Path, lab: str) -> None:
    assert modules(book, lab) == set(Package(book / "bnutils").modules) - {""}


@pytest.mark.parametrize(
    ("module", "labs"),
    [
        ("engine.py", ALL),
        ("plotting.py", ALL | {"draws"}),
        ("datasets.py", ALL | {"loads"}),
        ("_files.py", ALL | {"loads"}),
        ("alone.py", DOUBTFUL | {"goes-deep"}),
        ("wing/second.py", DOUBTFUL | {"names-a-wing", "renames-a-wing", "gets-a-wing"}),
        ("__init__.py", set(LABS) - {"needs-nothing", "bootstrap"}),
    ],
)
def test_editing_a_module_reruns_its_labs_only(book: Path, module: str, labs: set[str]) -> None:
    before = prints(book)
    path = book / "bnutils" / module
    path.write_text(path.read_text() + "\n# edited\n")
    assert changed(before, prints(book)) == labs


def test_a_dynamic_import_leaves_a_doubt(book: Path) -> None:
    (book / "bnutils" / "_files.py").write_text("import importlib\nimportlib.import_module(n)\n")
    assert modules(book, "loads") == set(Package(book / "bnutils").modules) - {""}


def test_a_new_data_file_reruns_users_of_the_package(book: Path) -> None:
    before = prints(book)
    (book / "bnutils" / "house.mplstyle").write_text("lines.linewidth: 2\n")
    assert changed(before, prints(book)) == set(LABS) - {"needs-nothing", "bootstrap"}


def test_what_is_only_read_by_people_reruns_nothing(book: Path) -> None:
    before = prints(book)
    (book / "bnutils" / "README.md").write_text("In which order to read the package.\n")
    assert changed(before, prints(book)) == set()


def test_code_counts_and_words_do_not(book: Path) -> None:
    before = prints(book)
    write_lab(book / "loads.ipynb", LABS["loads"], words="# Another title")
    assert changed(before, prints(book)) == set()
    write_lab(book / "loads.ipynb", [*LABS["loads"], "1 + 1"])
    assert changed(before, prints(book)) == {"loads"}


def test_other_requirements_rerun_all(book: Path) -> None:
    before = prints(book)
    (book / "requirements.txt").write_text("numpy==3\n")
    assert changed(before, prints(book)) == set(LABS)


def test_a_changed_record_reruns_the_lab_that_measures_it(book: Path) -> None:
    """Otherwise a record could be edited without anybody comparing it with a measurement."""
    before = prints(book)
    lab = sorted(ALL)[0]
    findings = Chapter(book, lab.removesuffix("-lab")).findings
    findings.mkdir(parents=True)
    (findings / "gain.digits.json").write_text("{}")
    assert changed(before, prints(book)) == {lab}
    (findings / "notes.txt").write_text("not a record")
    assert changed(before, prints(book)) == {lab}


def test_another_data_set_reruns_labs_that_load(book: Path) -> None:
    before = prints(book)
    after = prints(book, {"KERAS_HOME": str(book), "BNUTILS_DATA": "digits28"})
    assert changed(before, after) == ALL | {"loads"}


def test_data_state_sees_a_changed_file(tmp_path: Path) -> None:
    file = tmp_path / "mnist.npz"
    environ = {"BNUTILS_DATA": str(tmp_path), "KERAS_HOME": str(tmp_path)}
    states = {data_state(environ)}
    file.write_bytes(b"1")
    states.add(data_state(environ))
    assert data_state({**environ, "BNUTILS_DATA": str(file)}) == data_state(environ)
    os.utime(file, (1, 1))
    states.add(data_state(environ))
    assert len(states) == 3


def test_the_package_itself_is_understood() -> None:
    """No module of bnutils leaves a doubt, or every edit would run every lab."""
    package = Package(ROOT / "bnutils")
    assert [name for name, found in package.imports.items() if found is None] == []
    everything = set(package.modules)
    for path in sorted((ROOT / "book").rglob("*-lab.ipynb")):
        assert modules_of(package, json.loads(path.read_text("utf8"))) != everything, path.name


@pytest.mark.parametrize(
    "setting",
    [{"BNUTILS_FINDINGS": "off"}, {"TF_ENABLE_ONEDNN_OPTS": "0"}, {"BNUTILS_ANYTHING_NEW": "1"}],
)
def test_what_the_session_decides_of_outputs_is_part_of_it(
    book: Path, setting: dict[str, str]
) -> None:
    home = {"KERAS_HOME": str(book)}
    assert changed(prints(book, home), prints(book, home | setting)) == set(LABS)


@pytest.mark.parametrize(
    "setting", [{"BNUTILS_STORE": "/elsewhere"}, {"TF_CPP_MIN_LOG_LEVEL": "3"}, {"EDITOR": "vi"}]
)
def test_what_it_does_not_is_not(book: Path, setting: dict[str, str]) -> None:
    home = {"KERAS_HOME": str(book)}
    assert changed(prints(book, home), prints(book, home | setting)) == set()
