"""What people are told to install is there: the package is on no index."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from bnutils.sweep import cluster

ROOT = Path(__file__).parents[2]
FOLDERS = ("book", "bnutils", "benchmarks", "tools", ".github", ".binder", ".ci")
KINDS = {".md", ".py", ".pyi", ".ipynb", ".yml", ".toml", ".txt", ".in", ""}
# The package, asked of an index: named as a requirement, and no address follows.
COMMAND = re.compile(r"""\binstall\b[^\n`]*?[\s"']bnutils(?![\w.-])(?!(\[\w+\])?\s*@)""")
EXTRA = re.compile(r"\bbnutils\[\w+\](?!\s*@)")


def texts() -> list[Path]:
    """Everything that people read, or that messages come from."""
    below = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*")]
    found = [*ROOT.glob("*"), *below]
    own = [
        p
        for p in found
        if p.is_file() and p.suffix in KINDS and not {"__pycache__", ".ruff_cache"} & set(p.parts)
    ]
    return sorted(p for p in own if not p.name.startswith("."))


def asked_of_an_index(text: str) -> list[str]:
    return [found.group() for pattern in (COMMAND, EXTRA) for found in pattern.finditer(text)]


@pytest.mark.parametrize(
    "words",
    [
        "pip install bnutils",
        'pip install "bnutils[cluster]"',
        "%pip install -q --no-deps bnutils lazy-loader",
        "conda install -c conda-forge bnutils",
        "uv pip install 'bnutils==1.0'",
        "needs the extra bnutils[cluster]",
    ],
)
def test_asking_an_index_is_seen(words: str) -> None:
    assert asked_of_an_index(words)


@pytest.mark.parametrize(
    "words",
    [
        'pip install ".[cluster]"',
        "pip install --no-deps .",
        'pip install "bnutils[cluster] @ git+https://host/a/b"',
        'pip install "bnutils @ git+https://host/a/b"',
        "Install the course; `bnutils` is then there.",
        "install it with `python -m bnutils`",
    ],
)
def test_other_ways_are_fine(words: str) -> None:
    assert asked_of_an_index(words) == []


def test_nobody_is_sent_to_an_index_that_does_not_have_the_package() -> None:
    assert len(texts()) > 100
    said = {path: asked_of_an_index(path.read_text("utf8")) for path in texts()}
    assert {path.relative_to(ROOT): words for path, words in said.items() if words} == {}


def test_the_message_asks_for_what_the_extra_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]
    assert project["optional-dependencies"]["cluster"] == [cluster.DASK]
