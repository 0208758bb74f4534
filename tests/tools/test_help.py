"""Every program says what it does when it is asked, and does nothing else then."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAMS = sorted(
    path.stem for path in (ROOT / "tools").glob("*.py") if "__name__ == " in path.read_text("utf8")
)


def run(program: str, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", f"tools.{program}", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_there_are_programs() -> None:
    assert {"build_book", "findings", "lab", "notebooks", "replicate"} <= set(PROGRAMS)


@pytest.mark.parametrize("program", PROGRAMS)
def test_help_is_all_that_is_done(program: str) -> None:
    helped = run(program, "--help")
    assert helped.returncode == 0, helped.stderr
    assert helped.stdout.startswith("usage: python ")
    assert f"tools.{program} " in helped.stdout or f"tools/{program}.py " in helped.stdout
    assert "show this help message and exit" in helped.stdout


@pytest.mark.parametrize("program", PROGRAMS)
def test_an_unknown_option_is_refused(program: str) -> None:
    refused = run(program, "--nonsense")
    assert refused.returncode == 2
    assert refused.stderr.startswith("usage: ")
