"""A small book with two labs, built again and again: which labs run, and what fails."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

ROOT = Path(__file__).parents[2]

CONF = """
source_suffix = {".md": "myst-nb", ".ipynb": "myst-nb"}
extensions = ["myst_nb", "bnsite.execution", "bnsite.gate", "bnsite.kernels"]
nb_execution_mode = "cache"
nb_execution_timeout = -1
nb_execution_raise_on_error = True
nb_output_stderr = "remove-warn"
exclude_patterns = ["_build"]
"""
PACKAGE = {
    "__init__.py": "",
    "__init__.pyi": "from . import first as first\nfrom . import second as second\n",
    "first.py": "VALUE = 1\n",
    "second.py": "VALUE = 1\n",
}
NOTE = "open('runs.txt', 'a').write('{name} ')"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def cell(kind: str, name: str, text: str) -> dict[str, object]:
    code = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "id": name, "metadata": {}, "source": text, **code}


def write_lab(book: Path, name: str, *more: str) -> None:
    code = [f"from bnutils import {name}\n{NOTE.format(name=name)}", *more]
    cells = [cell("markdown", "title", f"# {name}")]
    cells += [cell("code", f"code-{i}", text) for i, text in enumerate(code)]
    notebook = {"cells": cells, "metadata": {"kernelspec": KERNEL}}
    text = json.dumps({**notebook, "nbformat": 4, "nbformat_minor": 5})
    (book / f"{name}.ipynb").write_text(text)


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.delenv("PYTHONPATH", raising=False)  # the small book has a bnutils of its own
    folder = tmp_path / "book"
    (folder / "bnutils").mkdir(parents=True)
    for name, text in PACKAGE.items():
        (folder / "bnutils" / name).write_text(text)
    (folder / "conf.py").write_text(CONF)
    (folder / "index.md").write_text("# Index\n\n```{toctree}\nfirst\nsecond\n```\n")
    for name in ("first", "second"):
        write_lab(folder, name)
    return folder


def build(book: Path) -> tuple[str, str, int]:
    """Build; return which labs ran, the warnings and the exit code."""
    runs, warnings = book / "runs.txt", StringIO()
    runs.write_text("")
    out = book / "_build"
    with patch_docutils(), docutils_namespace():
        app = Sphinx(
            book,
            book,
            out / "html",
            out / "doctrees",
            "html",
            status=None,
            warning=warnings,
            warningiserror=True,
            keep_going=True,
        )
        app.build()
    return " ".join(sorted(runs.read_text().split())), warnings.getvalue(), app.statuscode


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning", "ignore::FutureWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_labs_run_when_they_must(
    book: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """One story, since every build starts kernels."""
    assert build(book) == ("first second", "", 0)
    assert "IPKernelApp" not in capfd.readouterr().err  # kernels start without a notice
    assert build(book) == ("", "", 0)

    (book / "bnutils" / "first.py").write_text("VALUE = 2\n")
    assert build(book) == ("first", "", 0)

    write_lab(book, "second", "VALUE = second.VALUE")
    assert build(book) == ("second", "", 0)

    (book / "_build" / ".jupyter_cache" / "fingerprints.json").write_text("{damaged")
    assert build(book)[0] == "first second"

    monkeypatch.setenv("BNUTILS_FINDINGS", "off")  # what it leaves does not pass for checked
    assert build(book) == ("first second", "", 0)
    monkeypatch.delenv("BNUTILS_FINDINGS")
    assert build(book) == ("first second", "", 0)

    write_lab(book, "second", "import sys\nprint('stray', file=sys.stderr)")
    for _ in range(2):  # a failed build does not pass by being repeated
        _, warnings, code = build(book)
        assert "stderr" in warnings
        assert code == 1
