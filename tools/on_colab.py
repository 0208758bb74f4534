"""Install the course's package on Colab: ``python tools/on_colab.py REFERENCE``.

The first cell of every lab fetches the repository that it names, and runs this file there with
Colab's Python. What is installed, the first of these that there is:

1. the branch, tag or commit that the notebook was opened from, in whatever fork it lies;
2. ``REFERENCE`` in the repository that the cell names: the release that the notebook belongs to;
3. that repository's default branch.

Packages that Colab has are left as they are; those that it lacks are added to fit them. Whatever
goes wrong is said in one line, which is the last.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from http.client import HTTPException
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from urllib.parse import unquote
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "bnutils"
LAB = re.compile(r"(https://github\.com/[\w.-]+/[\w.-]+)/blob/([^?#]+)/book/[^?#]+\.ipynb")
TENSORFLOW = ("tensorflow", "tensorflow-cpu")  # one package, by whichever name Colab has it
SECONDS = 20  # in which Colab must say which notebook is open
QUIET = ("--quiet", "--no-color", "--disable-pip-version-check", "--no-input")


class NotInstalledError(Exception):
    """The package cannot be installed; the message is one line that says why."""


def main(arguments: Sequence[str], root: Path = ROOT) -> int:
    """Install what the notebook needs; return the exit code."""
    parser = argparse.ArgumentParser("python tools/on_colab.py", description=__doc__)
    parser.add_argument("reference", metavar="REFERENCE", help="a branch, tag or commit")
    reference = parser.parse_args(arguments).reference
    try:
        choose(root, reference, os.environ)
        install(root)
    except NotInstalledError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def choose(root: Path, reference: str, environ: Mapping[str, str]) -> None:
    """Bring the checkout to where the notebook comes from, else to ``reference`` if it exists."""
    start = git(root, "rev-parse", "HEAD")
    for place in [*opened_from(environ), ("origin", reference)]:
        if git(root, "fetch", "--quiet", "--depth=1", *place) is not None:
            git(root, "checkout", "--quiet", "FETCH_HEAD")
            if (root / PACKAGE / "__init__.py").is_file():
                return
    git(root, "checkout", "--quiet", str(start))


def git(root: Path, *words: str) -> str | None:
    """What git answers in the checkout; None where it fails."""
    command = ["git", "-C", str(root), *words]
    silent = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}  # a private fork: no question, a failure
    done = subprocess.run(command, capture_output=True, text=True, env=silent, check=False)
    return None if done.returncode else done.stdout.strip()


def opened_from(environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Repository and branch of the open notebook, if it is a lab on GitHub and Colab says so.

    Colab's Jupyter server, at the address that it puts into the environment, lists what is open;
    a notebook from GitHub has its whole address as its path. Nobody promises that this stays so.
    """
    if not {"COLAB_JUPYTER_IP", "KMP_TARGET_PORT"} <= environ.keys():
        return
    server = "http://{COLAB_JUPYTER_IP}:{KMP_TARGET_PORT}/api/sessions".format_map(environ)
    try:
        with urlopen(server, timeout=SECONDS) as answer:
            sessions = json.load(answer)
        paths = [unquote(unquote(session["path"])) for session in sessions]
    except (OSError, HTTPException, ValueError, KeyError, TypeError):
        return
    for found in filter(None, map(LAB.search, paths)):
        yield found[1], found[2]


def install(root: Path) -> None:
    """Install the package alone, then whatever of its requirements is not there."""
    pip("--no-deps", str(root))
    wanted = dict(requirements())
    missing = [line for name, line in wanted.items() if installed(name) is None]
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "kept.txt"
        kept.write_text("\n".join(held([*wanted, *TENSORFLOW])), "utf8")
        if missing:
            pip("--constraint", str(kept), *missing)


def requirements() -> Iterator[tuple[str, str]]:
    """Names and lines of what the package requires, but for TensorFlow and extras."""
    for line in requires(PACKAGE) or ():
        found = re.match(r"[\w.-]+", line)
        if found and found[0] not in TENSORFLOW and "extra ==" not in line:
            yield found[0], line


def installed(name: str) -> str | None:
    """The version of a package, or None."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def held(names: Sequence[str]) -> list[str]:
    """What pip must not change: the versions of the packages that are there."""
    return [f"{name}=={there}" for name in names if (there := installed(name)) is not None]


def pip(*words: str) -> None:
    """Install without a sound; where that fails, raise what pip calls the reason."""
    command = [sys.executable, "-m", "pip", "install", *QUIET, *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = f"{done.stdout}\n{done.stderr}".strip()
        reasons = re.findall(r"(?:ERROR|fatal): (.+)", said) or said.split("\n")[-1:]
        raise NotInstalledError(reasons[0] or f"pip ended with code {done.returncode}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
