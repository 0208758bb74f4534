"""The command line, for people who outgrow notebooks: ``python -m bnutils --help``."""

import argparse
import sys
from collections.abc import Sequence

from bnutils.cli.compare import add_compare
from bnutils.cli.store import add_store
from bnutils.cli.sweep import add_sweep
from bnutils.errors import BnutilsError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code.

    0; 2 after a wrong request; 3 if points of a sweep failed; 130 if interrupted.
    """
    chosen = _parser().parse_args(arguments)
    try:
        return int(chosen.run(chosen) or 0)
    except (BnutilsError, ValueError, OSError) as problem:
        print(f"bnutils: {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("bnutils: interrupted; finished runs are in the store", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m bnutils", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    add_compare(commands.add_parser("compare", help="train several norms with the same seeds"))
    add_sweep(commands.add_parser("sweep", help="train a grid of settings, here or on a cluster"))
    add_store(commands.add_parser("store", help="inspect or clear the store of finished runs"))
    return parser
