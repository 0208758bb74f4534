"""Runs as tidy tables: one row for each number."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import lazy_loader

from bnutils.runs import Run

if TYPE_CHECKING:
    import pandas as pd
else:  # half a second, which finished runs need not wait for
    pd = lazy_loader.load("pandas")


def of_metrics(runs: Iterable[Run]) -> "pd.DataFrame":
    """Return one row for each run, evaluation and metric."""
    rows = [
        (run.arm, run.seed, epoch, update, metric, value)
        for run in runs
        for metric, series in run.metrics.items()
        for epoch, update, value in zip(
            run.epochs[-len(series) :], run.updates[-len(series) :], series, strict=True
        )
    ]
    return pd.DataFrame(rows, columns=["arm", "seed", "epoch", "update", "metric", "value"])


def of_readings(runs: Iterable[Run]) -> "pd.DataFrame":
    """Return one row for each run, update, statistic and place that was probed."""
    rows = [
        (run.arm, run.seed, update, *name.split("/", 1), value)
        for run in runs
        for name, series in run.readings.items()
        for update, value in zip(run.probed, series, strict=True)
    ]
    return pd.DataFrame(rows, columns=["arm", "seed", "update", "statistic", "where", "value"])
