"""Good values: small objects of the package, made anew where a call may change them."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from bnutils import datasets, models, reference, results, sweep, tasks
from bnutils.atlas.table import HITS as HITS_OF_ATLAS
from bnutils.atlas.table import KEY, judged
from bnutils.runs import METRICS, Run, packed

EXAMPLES = 6
HITS = packed(np.arange(EXAMPLES) % 2 == 0)


@cache
def data() -> datasets.Dataset:
    rng = np.random.default_rng(0)
    images, labels = rng.uniform(size=(EXAMPLES, 4, 4)), np.arange(EXAMPLES) % 2
    parts = {f"x_{split}": images for split in ("train", "val", "test")}
    parts |= {f"y_{split}": labels for split in ("train", "val", "test")}
    return datasets.Dataset("own", **parts, classes=2)


def part_of_data(name: str) -> np.ndarray:
    return np.array(getattr(data(), name))


def atlas() -> Any:
    """One row of the atlas' table."""
    hits = dict.fromkeys(HITS_OF_ATLAS, (1, 2, 3, 4))
    return judged(pd.DataFrame([dict.fromkeys(KEY, 1) | {"learning_rate": 0.1, **hits}]))


def network() -> models.MLP:
    return models.mlp(4)


def arm() -> tasks.Arm:
    return tasks.Arm(network())


def runs(*names: str) -> tuple[Run, ...]:
    series = {name: (0.5, 0.25) for name in METRICS}
    kept = {"final": [np.ones(2)]}
    return tuple(
        Run(name, seed, (5, 10), (0.5, 1.0), series, hits=HITS, weights=kept)
        for name in names
        for seed in (0, 3)
    )


def readings() -> pd.DataFrame:
    read = {"gain/dense 1": (0.5, 2.0), "gain/dense 2": (1.0, 1.5)}
    probed = (replace(run, probed=(0, 5), readings=read) for run in runs("plain", "abc"))
    return results.Comparison(tuple(probed), "epochs", "own").readings()


def panels(axes: list[Axes]) -> int:
    """How many there are; their figure is closed, which nobody else does."""
    plt.close(axes[0].get_figure(root=True))
    return len(axes)


def comparison() -> results.Comparison:
    origin = {"data": {"checksum": data().checksum}, "split": "own"}
    return results.Comparison(runs("plain", "abc"), "epochs", "own", origin)


def points() -> tuple[sweep.Point, ...]:
    return sweep.grid(width=[3, 4], norm="batch", batch_size=2)


def swept() -> sweep.Sweep:
    return sweep.Sweep((sweep.Result(points()[0], runs("plain")),), "epochs", "own")


def folder() -> Path:
    """A new one, in the folder of temporary files that the tests give."""
    return Path(mkdtemp())


def saved() -> Path:
    file = folder() / "saved.json"
    comparison().save(file)
    return file


# ---- arrays -----------------------------------------------------------------------------
def batch() -> np.ndarray:
    return np.arange(12.0).reshape(4, 3) % 5


def images() -> np.ndarray:
    return np.arange(48.0).reshape(2, 3, 2, 4) % 7


def three() -> np.ndarray:
    return np.array([1.0, 2.0, 4.0])


def four() -> np.ndarray:
    return np.array([1.0, 2.0, 4.0, 8.0])


def mask() -> np.ndarray:
    return np.array([True, True, False, True])


def batch_cache() -> Any:
    return reference.batch_norm_train(batch(), None, None)[1]


def layer_cache() -> Any:
    return reference.layer_norm(batch(), None, None)[1]


def group_cache() -> Any:
    return reference.group_norm(images(), None, None, groups=2)[1]


def rms_cache() -> Any:
    return reference.rms_norm(batch(), None)[1]
