"""What an update costs with batch normalisation and without, in plain Keras."""

from statistics import median
from typing import Any

import bnutils
from benchmarks.stopwatch import seconds

WIDTH, BATCH = 64, 64
PLAIN, BATCH_NORM = "plain", "batch norm"


def pace(depth: int, optimizer: str, updates: int, turns: int) -> dict[str, float]:
    """Milliseconds per update of ``fit`` for both networks, and the second over the first.

    Both train by turns in this process, so that what disturbs the machine disturbs both; the ratio
    is the median of those of the turns. Compiling is paid before.
    """
    fits = {PLAIN: _fit(depth, None, optimizer, updates)}
    fits[BATCH_NORM] = _fit(depth, "batch", optimizer, updates)
    for fit in fits.values():
        fit()
    took = [{name: seconds(fit) / updates for name, fit in fits.items()} for _ in range(turns)]
    ratios = [turn[BATCH_NORM] / turn[PLAIN] for turn in took]
    per_update = {name: 1000 * median(turn[name] for turn in took) for name in fits}
    spread = {"ratio": median(ratios), "low": min(ratios), "high": max(ratios)}
    return {**per_update, **spread, "turns": turns}


def _fit(depth: int, norm: str | None, optimizer: str, updates: int) -> Any:
    """An epoch of so many updates on images drawn from `digits`, ready to be run again."""
    import numpy as np

    data = bnutils.load("digits")
    rows = np.random.default_rng(0).integers(0, len(data.x_train), updates * BATCH)
    x, y = data.x_train[rows], data.y_train[rows]
    network = bnutils.mlp((WIDTH,) * depth, norm=norm, dropout=0.0, initial="he")
    model = network.build(x.shape[1:], data.classes, 0)
    model.compile(optimizer, "sparse_categorical_crossentropy")
    return lambda: model.fit(x, y, BATCH, verbose=0)
