"""The repository's address: one, wherever it stands."""

import subprocess
import sys
from pathlib import Path

from tools import repository_address

ROOT = Path(__file__).parents[2]


def test_it_is_the_same_everywhere() -> None:
    assert repository_address.faults() == []


def test_it_is_printed() -> None:
    command = [sys.executable, str(ROOT / "tools" / "repository_address.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == repository_address.address()
