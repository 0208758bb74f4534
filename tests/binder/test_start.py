"""A session on Binder: what `.binder/start` sets, and a kernel under it with little memory."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from bnutils.agreement import MODES
from bnutils.store import Store

ROOT = Path(__file__).parents[2]
START = ROOT / ".binder" / "start"
LAB = Path("book", "with-and-without")
# Binder promises 1 GiB and ends what takes more than 2; JupyterLab itself takes a tenth of one.
MEMORY = 3 * 2**29
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Binder runs on Linux")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what a session starts from, so that nothing is written into this one."""
    for path in (START, ROOT / "_toc.yml", *(ROOT / LAB).rglob("*.json")):
        place = tmp_path / path.relative_to(ROOT)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, place)
    return tmp_path


def plain() -> dict[str, str]:
    """An environment in which nobody has set anything, but where to find Python and the package."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {"PATH": path, "HOME": os.environ["HOME"], "PYTHONPATH": str(ROOT)}


@pytest.fixture(autouse=True)
def _empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()


def settings(checkout: Path) -> dict[str, str]:
    """What the script adds to an environment."""
    command = [str(checkout / START.relative_to(ROOT)), "env"]
    said = subprocess.run(command, env=plain(), capture_output=True, text=True, check=True).stdout
    after = dict(line.split("=", 1) for line in said.splitlines())
    return {name: after[name] for name in after.keys() - plain().keys() - {"PWD", "SHLVL", "_"}}


@pytest.fixture
def kernel(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a kernel that starts as one does on Binder, and gets no more memory."""
    limited = ["bash", "-c", f'ulimit -d {MEMORY // 1024}; exec "$@"', "bash"]
    python = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    argv = [str(checkout / START.relative_to(ROOT)), *limited, *python]
    folder = checkout / "jupyter" / "kernels" / "binder"
    folder.mkdir(parents=True)
    spec = {"argv": argv, "display_name": "Binder", "language": "python"}
    (folder / "kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(checkout / "jupyter"))
    return "binder"


def shown(checkout: Path, kernel: str, code: str) -> str:
    """What a kernel of the lab prints."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    place = {"metadata": {"path": str(checkout / LAB)}}
    client = NotebookClient(
        notebook, kernel_name=kernel, timeout=None, startup_timeout=600, resources=place
    )
    client.execute(env=plain())
    return "".join(output.get("text", "") for output in notebook.cells[0].outputs)


def test_it_hands_over_to_what_binder_starts() -> None:
    assert os.access(START, os.X_OK)
    text = START.read_text("utf8")
    assert text.startswith("#!/bin/bash\n")
    assert text.endswith('exec "$@"\n')


def test_it_sets_what_the_package_knows(checkout: Path) -> None:
    found = settings(checkout)
    ours = {name for name in found if name.startswith("BNUTILS_")}
    source = "".join(path.read_text("utf8") for path in (ROOT / "bnutils").rglob("*.py"))
    assert ours <= set(re.findall(r"BNUTILS_[A-Z_]+", source))
    assert found["BNUTILS_FINDINGS"] in MODES
    assert found["BNUTILS_FINDINGS"] != "check", "a reader's edit must not stop a lab"
    assert Path(found["BNUTILS_STORE"]).is_relative_to(checkout)
    threads = {name: value for name, value in found.items() if name.endswith("_THREADS")}
    assert {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS"} <= threads.keys()
    assert {*threads.values(), found["LOKY_MAX_CPU_COUNT"]} == {"1"}


TRAINS = """
import os
import bnutils
from bnutils.surroundings import filed
data = bnutils.load("auto")
network = bnutils.mlp(norm="batch")
arms = {f"batches of {size}": bnutils.Arm(network, batch_size=size) for size in (32, 512)}
result = bnutils.compare(arms, data, updates=2, seeds=10)
print(data.name, len(result.runs), filed(), os.environ["BNUTILS_STORE"])
"""


def test_the_largest_training_of_the_labs_fits(checkout: Path, kernel: str) -> None:
    """Ten networks at once on all of the offline images; runs are filed where all others are."""
    last = shown(checkout, kernel, TRAINS).splitlines()[-1]
    assert last == f"digits28 20 {{}} {checkout / '_build' / 'runs'}"
    held = Store(checkout / "_build" / "runs").contents()
    assert sorted(seed for group in held for seed in group.seeds) == sorted([*range(10)] * 2)


EDITED = """
import bnutils
print(bnutils.finding(
    "with-and-without/first-epoch", claim="My own claim", effect=bnutils.interval([1.0, 2.0, 3.0]),
    above=0, dataset="digits28", unit="percentage points", setting={"seeds": 3},
))
"""


def test_an_edited_lab_is_told_how_it_differs_and_goes_on(checkout: Path, kernel: str) -> None:
    assert "Not the setting of the record" in shown(checkout, kernel, EDITED)
