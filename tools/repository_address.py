"""The repository's address: print it, or change it everywhere at once.

Usage
-----
python tools/repository_address.py                print the address
python tools/repository_address.py --write URL    change it in all files that hold it
python tools/repository_address.py --check        fail if a file holds another one

The address stands in pyproject.toml. What must hold a copy, because it is read without
this project (a notebook on Colab, a citation), is written from there.
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import nbformat

ROOT = Path(__file__).parents[1]
BOOTSTRAP_ID = "colab-bootstrap"
BOOTSTRAP = r"""
# On Colab only: install the course's package beside Colab's own TensorFlow and Keras.
import sys

if "google.colab" in sys.modules:
    import subprocess
    import tempfile

    course = "ADDRESS"
    OneLine = type("OneLine", (Exception,), {"_render_traceback_": lambda e: [str(e)]})
    clone = ["git", "clone", "-q", "--depth=1", course, here := tempfile.mkdtemp()]
    for command in (clone, [sys.executable, f"{here}/tools/on_colab.py", "REFERENCE"]):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            reason = done.stderr.strip().split("\n")[-1]
            raise OneLine(f"Cannot install {course}: {reason}")
""".strip()
COPIES = {
    "pyproject.toml": r'(?m)^(Repository = ")[^"]+(")',
    "CITATION.cff": r'(?m)^(repository-code: ")[^"]+(")',
    "book/instructors/sweeps.md": r'(@ git\+)[^"]+(")',
}


def project() -> dict[str, Any]:
    """The ``project`` table of pyproject.toml."""
    table: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]
    return table


def address() -> str:
    """The address as pyproject.toml has it."""
    return str(project()["urls"]["Repository"]).rstrip("/")


def bootstrap(repository: str = "", reference: str = "") -> str:
    """The first code cell of every lab, by default with this repository and its next release."""
    cell = BOOTSTRAP.replace("ADDRESS", repository or address())
    return cell.replace("REFERENCE", reference or f"v{project()['version']}")


def labs() -> list[Path]:
    """All notebooks of the book."""
    return sorted(
        p for p in (ROOT / "book").rglob("*.ipynb") if ".ipynb_checkpoints" not in p.parts
    )


def faults() -> list[str]:
    """Files that hold another address than pyproject.toml, each with what to do."""
    advice = f"run `python tools/repository_address.py --write {address()}`"
    found = []
    for name, pattern in COPIES.items():
        match = re.search(pattern, (ROOT / name).read_text("utf8"))
        if match is None or address() not in match.group():
            found.append(f"{name} does not hold {address()}: {advice}")
    for path in labs():
        cells = nbformat.read(path, as_version=4).cells
        if [c.source for c in cells if c.get("id") == BOOTSTRAP_ID] != [bootstrap()]:
            found.append(
                f"{path.relative_to(ROOT)}: no cell '{BOOTSTRAP_ID}' as generated: {advice}"
            )
    return found


def write(new: str) -> None:
    """Put the address into every file that holds one."""
    if not re.fullmatch(r"https://[\w.-]+/[\w.-]+/[\w.-]+", new):
        sys.exit(f"An address looks like https://github.com/owner/name; got {new!r}.")
    for name, pattern in COPIES.items():
        path = ROOT / name
        path.write_text(re.sub(pattern, rf"\g<1>{new}\g<2>", path.read_text("utf8")), "utf8")
    for path in labs():
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            if cell.get("id") == BOOTSTRAP_ID:
                cell.source = bootstrap()
        nbformat.write(notebook, path)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        "python tools/repository_address.py", description=__doc__.splitlines()[0]
    )
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--write", metavar="URL", help="change the address everywhere")
    action.add_argument("--check", action="store_true", help="fail if a copy differs")
    options = parser.parse_args()
    if options.write:
        write(options.write.rstrip("/"))
    elif options.check:
        sys.exit("\n".join(faults()) or 0)
    print(address())


if __name__ == "__main__":
    main()
