"""Measure findings again and write their records: ``python -m tools.findings [SLUG ...]``.

On purpose only: a build never writes a record. A lab that chooses its data is measured twice, on
MNIST and on the offline images; other labs once.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from bnutils.datasets import load
from bnutils.errors import DataError
from tools import labs
from tools.notebooks import execute

OFFLINE = "digits28"


def main(arguments: Sequence[str]) -> int:
    """Measure the labs named, or all; return the exit code."""
    parser = argparse.ArgumentParser("python -m tools.findings", description=__doc__)
    parser.add_argument("slugs", nargs="*", metavar="SLUG", help="chapters; all by default")
    chosen = labs.named(parser.parse_args(arguments).slugs)
    twice = [lab for lab in chosen if labs.chooses_data(lab)]
    problem = without_mnist() if twice else ""
    if problem:
        print(f"A finding needs its record on MNIST too. {problem}", file=sys.stderr)
        return 2
    named = os.environ.get("BNUTILS_DATA", "")
    return measure(chosen, "" if named == OFFLINE else named) or measure(twice, OFFLINE)


def measure(chosen: Sequence[Path], data: str) -> int:
    """Execute labs that write what they measure on these data."""
    return execute(chosen, {"BNUTILS_FINDINGS": "refresh", "BNUTILS_DATA": data})


def without_mnist() -> str:
    """Why MNIST cannot be had, or ''; labs would take the offline images without failing."""
    try:
        load("mnist")
    except DataError as problem:
        return str(problem)
    return ""


if __name__ == "__main__":
    raise SystemExit(labs.command(main))
