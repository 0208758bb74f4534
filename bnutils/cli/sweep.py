"""``python -m bnutils sweep``: a grid of settings from the command line."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from bnutils.cli.options import add_experiment, check_file_name, data_of, epochs_of
from bnutils.cli.output import complain, tell
from bnutils.models import ACTIVATIONS, NORMS, PLACEMENTS
from bnutils.optimizers import DEFAULT_RATES
from bnutils.utils.files import write_atomically

if TYPE_CHECKING:
    from bnutils.sweep import Sweep

AXES = (
    "norm", "batch_size", "learning_rate", "depth", "width", "dropout", "activation", "placement",
    "optimizer", "weight_decay",
)  # fmt: skip
SOME_FAILED = 3


def add_sweep(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments; those of the grid take several values each."""
    _add_grid(parser)
    add_experiment(parser)
    add = parser.add_argument
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--workers", type=int, default=1, help="processes on this machine")
    where.add_argument("--cluster", metavar="ADDRESS", help="Dask scheduler, tcp://host:8786")
    add("--shard", type=_shard, metavar="I/N", help="train only part I of N")
    add("--out", type=Path, metavar="FILE", help="write all values (.csv or .json)")
    parser.set_defaults(run=_sweep)


def _add_grid(parser: argparse.ArgumentParser) -> None:
    def several(name: str, **options: object) -> None:
        parser.add_argument(name, nargs="+", **options)  # type: ignore[arg-type]

    norms = [str(norm).lower() for norm in NORMS]
    several("--norm", default=["none", "batch"], choices=norms)
    several("--batch-size", type=int, default=[32])
    several("--learning-rate", type=float, default=None)
    several("--depth", type=int, default=[1], help="hidden layers")
    several("--width", type=int, default=[128], help="units of each hidden layer")
    several("--dropout", type=float, default=[0.2], help="share of units set to zero")
    several("--activation", default=["relu"], choices=ACTIVATIONS)
    several("--placement", default=["before"], choices=PLACEMENTS, help="of the normalisation")
    several("--optimizer", default=["adam"], choices=list(DEFAULT_RATES))
    several("--weight-decay", type=float, default=None, help="as in Keras, of all weights")


def _shard(text: str) -> tuple[int, int]:
    try:
        one, of = (int(number) for number in text.split("/"))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"must be two whole numbers such as 1/4; received {text!r}"
        ) from None
    return one, of


def _sweep(chosen: argparse.Namespace) -> int:
    """Train, print, write; 3 if some points failed."""
    from bnutils import sweep

    if chosen.out:
        check_file_name("--out", chosen.out, ".csv", ".json")
    points = sweep.grid(**{name: getattr(chosen, name) for name in AXES})
    result = sweep.run(
        points,
        data_of(chosen),
        epochs=epochs_of(chosen),
        updates=chosen.updates,
        seeds=chosen.seeds,
        split=chosen.split,
        memory_gib=chosen.memory_gib,
        workers=chosen.workers,
        cluster=chosen.cluster,
        shard=chosen.shard,
    )
    _report(result, chosen.metric)
    if chosen.out:
        _write(result, chosen.out)
    return SOME_FAILED if result.failures else 0


def _report(result: "Sweep", metric: str) -> None:
    """The table to the ordinary output, failures to the error stream."""
    failed = result.failures
    if len(failed) < len(result.results):
        tell(str(result.summary(metric)))
    for one in failed:
        complain(f"failed: {one.point}\n  {one.error}")
    if failed:
        complain(f"{len(failed)} of {len(result.results)} points failed")


def _write(result: "Sweep", path: Path) -> None:
    """All values, as a table or with failures and provenance."""
    frame = result.to_frame()
    if path.suffix == ".csv":
        write_atomically(path, frame.to_csv(index=False))
        return
    whole = {
        "dataset": result.dataset,
        "budget": result.budget,
        "failures": [{**one.point.settings, "error": one.error} for one in result.failures],
        "values": json.loads(frame.to_json(orient="records", double_precision=15)),
        "provenance": result.provenance,
    }
    write_atomically(path, json.dumps(whole, indent=1) + "\n")
