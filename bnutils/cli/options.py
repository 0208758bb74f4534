"""What the commands have in common."""

import argparse
import os
from pathlib import Path

from bnutils.cli.output import complain
from bnutils.datasets import NAMES, Dataset, load
from bnutils.runs import METRICS
from bnutils.tasks import MEMORY_GIB, SPLITTINGS

EPOCHS = 5  # where no budget is given


def add_experiment(parser: argparse.ArgumentParser) -> None:
    """Declare data, budget, seeds, and the metric of the table."""
    add = parser.add_argument
    add("--data", default="auto", choices=NAMES)
    budget = parser.add_mutually_exclusive_group()
    budget.add_argument(
        "--epochs", type=int, help=f"passes over the data ({EPOCHS} if neither is given)"
    )
    budget.add_argument("--updates", type=int, help="steps of the optimiser")
    add("--seeds", type=int, default=10)
    add("--split", default="given", choices=SPLITTINGS, help="own: each seed deals the images anew")
    add(
        "--memory-gib",
        type=float,
        default=MEMORY_GIB,
        help="that the seeds trained side by side may take (%(default)s)",
    )
    add("--metric", default="test_accuracy", choices=METRICS, help="metric of the table")


def epochs_of(chosen: argparse.Namespace) -> int | None:
    """Return the budget in epochs: EPOCHS if none is given, None if it is in updates."""
    neither = chosen.epochs is None and chosen.updates is None
    return EPOCHS if neither else chosen.epochs


def data_of(chosen: argparse.Namespace) -> Dataset:
    """Load the data; what was taken is said on the error stream."""
    return load(chosen.data, report=complain)


def check_file_name(option: str, path: Path, *endings: str) -> None:
    """Fail before hours of training rather than after.

    Parameters
    ----------
    option : str
        Which option named the file.
    path : pathlib.Path
        What it named.
    *endings : str
        The endings that are known.

    Raises
    ------
    ValueError
        If the ending is another, or the file cannot be written.
    """
    writable = os.access(path.resolve().parent, os.W_OK) and not path.is_dir()
    if path.suffix not in endings or not writable:
        raise ValueError(
            f"{option} must name a file ending in {' or '.join(endings)} in a folder that exists "
            f"and can be written; received {path}."
        )
