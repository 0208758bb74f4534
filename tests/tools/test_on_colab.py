"""A lab on Colab: which code is installed, what is left alone, and how it stops. All offline.

Git is real, with repositories on this disk; pip, Colab's module and its server are made up.
"""

from __future__ import annotations

import json
import os
import subprocess
import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import nbclient
import nbformat
import pytest

from tools import on_colab, repository_address

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parents[2]
HERE = "https://github.com/course/upstream"  # by git's own settings a folder on this disk
FORK = "https://github.com/me/fork"
LAB = "book/the-transform/the-transform-lab.ipynb"
PIP = """
import json, os, sys
with open(os.environ["PIP_LOG"], "a") as log:
    log.write(json.dumps(sys.argv[1:]) + "\\n")
if os.environ.get("PIP_SAYS"):
    print("\\x1b[31m", file=sys.stderr)
    sys.exit(os.environ["PIP_SAYS"])
"""
NOTHING_BELOW = "print('the next cell has run')"


def git(folder: Path, *words: str) -> str:
    identity = ["-c", "user.name=A", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
    command = ["git", "-C", str(folder), *identity, *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def commit(folder: Path, text: str) -> str:
    """Commit a version of the package that can be told apart; return the commit."""
    path = folder / "bnutils" / "__init__.py"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"__version__ = {text!r}\n")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", text)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of repositories that git takes for GitHub: upstream, and a fork without tags."""
    folder = tmp_path / "github"
    for name in ("course/upstream", "me/fork"):
        path = folder / name
        path.mkdir(parents=True)
        git(path, "init", "-q", "-b", "main")
        (path / "tools").mkdir()
        (path / "tools" / "on_colab.py").write_bytes((ROOT / "tools" / "on_colab.py").read_bytes())
        commit(path, f"{name} main")
    fork = folder / "me/fork"
    git(fork, "checkout", "-q", "-b", "feature/own")
    commit(fork, "me/fork feature/own")
    git(fork, "checkout", "-q", "main")
    settings = {f"url.{folder.as_uri()}/.insteadOf": "https://github.com/"}
    settings["uploadpack.allowAnySHA1InWant"] = "true"  # as GitHub does
    monkeypatch.setenv("GIT_CONFIG_COUNT", str(len(settings)))
    for i, (key, value) in enumerate(settings.items()):
        monkeypatch.setenv(f"GIT_CONFIG_KEY_{i}", key)
        monkeypatch.setenv(f"GIT_CONFIG_VALUE_{i}", value)
    return folder


@pytest.fixture
def clone(github: Path, tmp_path: Path) -> Path:
    """What the cell fetches."""
    git(tmp_path, "clone", "-q", "--depth=1", HERE, "clone")
    return tmp_path / "clone"


class Sessions(BaseHTTPRequestHandler):
    def __init__(self, paths: list[str], *rest: object) -> None:
        self.paths = paths
        super().__init__(*rest)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        listed = [{"name": Path(path).name, "path": path} for path in self.paths]
        self.wfile.write(json.dumps(listed).encode())

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def colab(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Mapping[str, str]]:
    """Colab's server, as the environment names it; the paths of what is open are a parameter."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with HTTPServer(("127.0.0.1", 0), partial(Sessions, request.param)) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield {"COLAB_JUPYTER_IP": "127.0.0.1", "KMP_TARGET_PORT": str(server.server_port)}
        server.shutdown()
        thread.join()


def opened(address: str, branch: str) -> str:
    return f"fileId=https%3A//github.com/{address}/blob/{branch}/{LAB}"


def chosen(clone: Path) -> str:
    return (clone / "bnutils" / "__init__.py").read_text().split("'")[1]


# ---- which code ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("colab", "code"),
    [
        ([opened("me/fork", "main")], "me/fork main"),
        ([opened("me/fork", "feature/own")], "me/fork feature/own"),
        ([opened("course/upstream", "main")], "course/upstream main"),
        ([opened("me/fork", "main").replace("/", "%2F")], "me/fork main"),
        (["fileId=1Ab_a-copy-on-Drive", opened("me/fork", "main")], "me/fork main"),
        ([opened("me/fork", "no-such-branch")], "course/upstream main"),
        ([opened("me/gone", "main")], "course/upstream main"),
        (["fileId=https%3A//github.com/me/fork/blob/main/own.ipynb"], "course/upstream main"),
        ([], "course/upstream main"),
    ],
    indirect=["colab"],
)
def test_the_notebook_s_own_repository_and_branch(
    clone: Path, colab: Mapping[str, str], code: str
) -> None:
    on_colab.choose(clone, "v0.1.0", colab)
    assert chosen(clone) == code


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"COLAB_JUPYTER_IP": "127.0.0.1", "KMP_TARGET_PORT": "1"},
        {"COLAB_JUPYTER_IP": "nothing of the kind", "KMP_TARGET_PORT": "?"},
    ],
)
def test_without_a_word_from_colab_the_release_and_else_the_branch(
    github: Path, clone: Path, environ: dict[str, str]
) -> None:
    on_colab.choose(clone, "v0.1.0", environ)
    assert chosen(clone) == "course/upstream main"
    upstream = github / "course/upstream"
    git(upstream, "tag", "v0.1.0")
    newer = commit(upstream, "newer")
    on_colab.choose(clone, "v0.1.0", environ)
    assert chosen(clone) == "course/upstream main", "the release, and not what came after it"
    on_colab.choose(clone, newer, environ)
    assert chosen(clone) == "newer", "a commit is a reference too"


@pytest.mark.parametrize("colab", [[opened("me/fork", "main")]], indirect=True)
def test_a_repository_without_the_package_is_not_taken(
    github: Path, clone: Path, colab: Mapping[str, str]
) -> None:
    """Somebody teaches with a lab in a repository of their own, which is no fork."""
    git(github / "me/fork", "rm", "-q", "-r", "bnutils")
    git(github / "me/fork", "commit", "-q", "-m", "labs only")
    on_colab.choose(clone, "v0.1.0", colab)
    assert chosen(clone) == "course/upstream main"


# ---- what is installed ---------------------------------------------------------------------
REQUIRED = [
    "keras>=3.5",
    "numpy>=1.26",
    "not-there-1>=2",
    "tensorflow-cpu>=2.18; sys_platform == 'linux'",
    "tensorflow>=2.18; sys_platform != 'linux'",
    'distributed>=2024.5; extra == "cluster"',
]
THERE = {"keras": "3.8.0", "numpy": "2.0.2", "tensorflow": "2.19.0"}


def test_what_is_there_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = []

    def pip(*words: str) -> None:
        said.append((words, Path(words[1]).read_text() if words[0] == "--constraint" else ""))

    monkeypatch.setattr(on_colab, "pip", pip)
    monkeypatch.setattr(on_colab, "requires", lambda _: REQUIRED)
    monkeypatch.setattr(on_colab, "installed", THERE.get)
    on_colab.install(tmp_path)
    (package, _), (missing, kept) = said
    assert package == ("--no-deps", str(tmp_path))
    assert missing[2:] == ("not-there-1>=2",)
    assert set(kept.split()) == {f"{name}=={version}" for name, version in THERE.items()}


def test_if_nothing_is_missing_only_the_package_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[tuple[str, ...]] = []
    monkeypatch.setattr(on_colab, "pip", lambda *words: said.append(words))
    on_colab.install(tmp_path)  # here all of the course is installed
    assert said == [("--no-deps", str(tmp_path))]


# ---- the cell, in a kernel -----------------------------------------------------------------
@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make up Colab's module, and a pip that writes down what it is told; return what it wrote."""
    for name, text in {
        "google/colab/__init__.py": "",
        "pip/__init__.py": "",
        "pip/__main__.py": PIP,
    }.items():
        path = tmp_path / "colab" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    here = os.environ.get("PYTHONPATH")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(tmp_path / "colab"), here])))
    log = tmp_path / "pip.log"
    monkeypatch.setenv("PIP_LOG", str(log))
    return log


def run_cells(*cells: str) -> tuple[str, str]:
    """Run cells in a kernel as "Run all" does; return what is shown, and the error if any."""
    code = [nbformat.v4.new_code_cell(cell) for cell in cells]
    notebook = nbformat.v4.new_notebook(cells=code)
    error = ""
    try:
        nbclient.NotebookClient(notebook, timeout=None, startup_timeout=600).execute()
    except nbclient.exceptions.CellExecutionError:
        shown = [o for cell in notebook.cells for o in cell.get("outputs", [])]
        error = "\n".join(next(o.traceback for o in shown if o.output_type == "error"))
    shown = [o for cell in notebook.cells for o in cell.get("outputs", [])]
    return "".join(o.get("text", "") for o in shown), error


@pytest.mark.usefixtures("github")
def test_the_cell_installs_and_the_lab_goes_on(machine: Path) -> None:
    cell = repository_address.bootstrap(HERE, "v0.1.0")
    assert run_cells("import google.colab", cell, NOTHING_BELOW) == ("the next cell has run\n", "")
    told = [json.loads(line) for line in machine.read_text().splitlines()]
    assert [words[0] for words in told] == ["install"]
    assert "--no-deps" in told[0]


def test_the_cell_does_nothing_elsewhere(machine: Path) -> None:
    cell = repository_address.bootstrap("https://host.invalid/a/b", "v0.1.0")
    assert run_cells(cell, NOTHING_BELOW) == ("the next cell has run\n", "")
    assert not machine.exists()


@pytest.mark.usefixtures("machine", "github")
@pytest.mark.parametrize(
    ("address", "pip_says", "reason"),
    [
        ("https://host.invalid/a/b", "", "host.invalid"),
        ("https://github.com/no/such", "", "repository"),
        (HERE, "ERROR: No matching distribution found for flit-core", "No matching"),
        (HERE, "warning\nfatal: unable to access", "unable to access"),
        (HERE, "Killed", "Killed"),
    ],
)
def test_it_stops_with_one_line_in_words(
    monkeypatch: pytest.MonkeyPatch, address: str, pip_says: str, reason: str
) -> None:
    monkeypatch.setenv("PIP_SAYS", pip_says)
    cell = repository_address.bootstrap(address, "v0.1.0")
    shown, error = run_cells("import google.colab", cell, NOTHING_BELOW)
    assert shown == ""
    assert error.startswith(f"Cannot install {address}: ")
    assert reason in error
    assert "\n" not in error
    assert "\x1b" not in error
