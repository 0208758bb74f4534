"""The command line, for people who outgrow notebooks: ``python -m bnutils --help``."""

import argparse
import sys
from collections.abc import Sequence
from contextlib import nullcontext, redirect_stderr
from io import StringIO

from bnutils.cli.compare import add_compare
from bnutils.cli.output import Undelivered, complain, tell, warnings_in_a_line
from bnutils.cli.store import add_store
from bnutils.cli.sweep import add_sweep
from bnutils.errors import BnutilsError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code.

    0; 2 after a wrong request; 3 if points of a sweep failed; 4 if its output cannot be written;
    130 if interrupted.
    """
    try:
        chosen = _chosen(arguments)
        with warnings_in_a_line():
            return int(chosen.run(chosen) or 0)
    except Undelivered as problem:
        complain(f"bnutils: the output cannot be written ({problem})")
        return 4
    except (BnutilsError, ValueError, TypeError, OSError) as problem:
        complain(f"bnutils: {problem}")
        return 2
    except KeyboardInterrupt:
        complain("bnutils: interrupted; finished runs are in the store")
        return 130


def _chosen(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What the words ask for; after ``--help``, and after words that are no command, the end."""
    try:
        with redirect_stderr(StringIO()) if sys.stderr is None else nullcontext():
            return _parser().parse_args(arguments)
    except (SystemExit, ValueError, OSError):  # the latter: where the output is closed, or full
        tell("", end="")  # argparse does not look whether its help was written
        raise


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m bnutils", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    add_compare(commands.add_parser("compare", help="train several norms with the same seeds"))
    add_sweep(commands.add_parser("sweep", help="train a grid of settings, here or on a cluster"))
    add_store(commands.add_parser("store", help="inspect or clear the store of finished runs"))
    return parser
