"""``python -m bnutils compare``: several norms with the same seeds."""

import argparse
import json
from pathlib import Path

from bnutils import models
from bnutils.cli.options import add_experiment, check_file_name, data_of, epochs_of
from bnutils.cli.output import complain, tell
from bnutils.optimizers import DEFAULT_RATES
from bnutils.results import Comparison
from bnutils.tasks import Architecture, Arm
from bnutils.training import compare


def add_compare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add = parser.add_argument
    norms = [str(norm).lower() for norm in models.NORMS]
    add("--norm", nargs="+", default=["none", "batch"], choices=norms, help="one arm each")
    add("--hidden", nargs="+", type=int, default=[128], metavar="UNITS", help="hidden layers")
    add("--dropout", type=float, default=0.2, help="share of units set to zero")
    add_experiment(parser)
    add("--batch-size", type=int, default=32)
    add("--optimizer", default="adam", choices=list(DEFAULT_RATES))
    add("--learning-rate", type=float)
    add("--weight-decay", type=float, help="as in Keras, of all weights")
    add("--json", action="store_true", help="print everything as JSON instead of a table")
    add("--plot", type=Path, metavar="FILE", help="draw the validation accuracy (.svg, .png, .pdf)")
    parser.set_defaults(run=_compare)


def _compare(chosen: argparse.Namespace) -> None:
    if chosen.plot:
        check_file_name("--plot", chosen.plot, ".svg", ".png", ".pdf")
    if len(set(chosen.norm)) < len(chosen.norm):
        raise ValueError(f"--norm must name each arm once; received {' '.join(chosen.norm)}.")
    arms: dict[str, Architecture | Arm] = {
        norm: models.mlp(
            tuple(chosen.hidden), norm=None if norm == "none" else norm, dropout=chosen.dropout
        )
        for norm in chosen.norm
    }
    result = compare(
        arms,
        data_of(chosen),
        epochs=epochs_of(chosen),
        updates=chosen.updates,
        batch_size=chosen.batch_size,
        seeds=chosen.seeds,
        split=chosen.split,
        memory_gib=chosen.memory_gib,
        optimizer=chosen.optimizer,
        learning_rate=chosen.learning_rate,
        weight_decay=chosen.weight_decay,
    )
    _report(result, chosen.metric, as_json=chosen.json)
    if chosen.plot:
        _draw(result, chosen.plot)


def _report(result: Comparison, metric: str, *, as_json: bool) -> None:
    table = result.summary(metric)
    if as_json:
        whole = {
            "metric": metric,
            "dataset": result.dataset,
            "summary": json.loads(table.to_frame().to_json(orient="index")),
            "values": json.loads(result.to_frame().to_json(orient="records", double_precision=9)),
            "provenance": result.provenance,
        }
        tell(json.dumps(whole))
    else:
        tell(str(table))


def _draw(result: Comparison, path: Path) -> None:
    import io

    import matplotlib as mpl

    mpl.use("agg")
    import matplotlib.pyplot as plt

    from bnutils import plotting
    from bnutils.utils.files import write_atomically

    plotting.use_house_style()
    figure, ax = plt.subplots()
    result.plot("val_accuracy", ax=ax)
    buffer = io.BytesIO()
    figure.savefig(buffer, format=path.suffix[1:], facecolor="white")
    write_atomically(path, buffer.getvalue())
    complain(f"Figure: {path}")
