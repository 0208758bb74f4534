"""Execute labs with nbval: ``python -m tools.notebooks [--choosing-data] [SLUG ...]``.

All labs, those named, or with ``--choosing-data`` only those that run on MNIST and on the
offline images alike (``BNUTILS_DATA`` says which).
"""

import argparse
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools import labs
from tools.build_book import environment

PYTEST = (
    "-m",
    "pytest",
    "--nbval-lax",  # that a cell raises is a failure, another output is not
    "--nbval-current-env",
    "--nbval-kernel-startup-timeout=180",
    "--nbval-cell-timeout=600",
    "--timeout=1200",
    "--durations=10",
    "-p",
    "no:cacheprovider",
)


def main(arguments: Sequence[str]) -> int:
    """Execute what the command line asks for; return the exit code."""
    parser = argparse.ArgumentParser("python -m tools.notebooks", description=__doc__)
    parser.add_argument("--choosing-data", action="store_true", help="only labs that choose data")
    parser.add_argument("slugs", nargs="*", metavar="SLUG", help="chapters; all by default")
    asked = parser.parse_args(arguments)
    chosen = labs.named(asked.slugs)
    if asked.choosing_data:
        chosen = [lab for lab in chosen if labs.chooses_data(lab)]
    return execute(chosen)


def execute(paths: Sequence[Path], settings: Mapping[str, str] | None = None) -> int:
    """Run every cell of these notebooks as `make book` would; return pytest's exit code."""
    if not paths:
        print("No lab to execute.")
        return 0
    env = {**environment(labs.ROOT), **(settings or {})}
    command = [sys.executable, *PYTEST, *map(str, paths)]
    return subprocess.run(command, cwd=labs.ROOT, env=env, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(labs.command(main))
