"""What one training of one network left behind, as plain numbers."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np

from bnutils.utils.scalars import plain, whole
from bnutils.utils.wording import shown

LONGEST = 10**8  # updates that one training may have
METRICS = {
    "loss": "training loss",
    "accuracy": "training accuracy",
    "val_loss": "validation loss",
    "val_accuracy": "validation accuracy",
    "test_loss": "test loss",
    "test_accuracy": "test accuracy",
}
Weights = Mapping[str, list[np.ndarray]]
Measure = Callable[[str, int, list[np.ndarray]], Mapping[str, float]]
"""``measure(arm, seed, weights) -> {name: number}``."""


def kept_as(which: object) -> object:
    """Return the name under which a run keeps weights: a number of updates as a text."""
    moment = whole(plain(which))
    return which if moment is None else str(moment)


def is_share(metric: str) -> bool:
    """Whether a metric is a share, which is shown in per cent; a loss is shown as it is."""
    return metric.endswith("accuracy")


def title(metric: str) -> str:
    """Return the name of a metric as a heading begins: ``"Test accuracy"``."""
    name = METRICS.get(metric, metric)
    return name[:1].upper() + name[1:]


@dataclass(frozen=True)
class Run:
    """One training of one arm with one seed.

    Attributes
    ----------
    arm : str
        Name of the arm.
    seed : int
        Seed of initial weights, data order and dropout masks.
    updates : tuple of int
        Numbers of updates after which the metrics were taken.
    epochs : tuple of float
        The same in passes over the training split.
    metrics : mapping of str to tuple of float
        ``loss`` and ``accuracy`` (mean over the updates since the last evaluation, in training
        mode), ``val_loss`` and ``val_accuracy`` (inference mode), one value for each entry of
        ``updates``; ``test_loss`` and ``test_accuracy``, one value at the end.
    diverged : bool
        Whether a loss was not finite.
    probed : tuple of int
        Numbers of updates after which the probes were read; empty without probes.
    readings : mapping of str to tuple of float
        What :mod:`bnutils.probes` read: ``"<statistic>/<where>"``, one value for each entry of
        ``probed``.
    hits : str
        Which images of its test part the network recognised, as :func:`packed` writes it.
    weights : mapping of str to list of numpy.ndarray
        ``"final"`` and ``"best"`` (lowest validation loss), and under numbers of updates such as
        ``"200"`` those of that moment, in the order of ``keras.Model.get_weights``; empty unless
        they were asked for.
    """

    arm: str
    seed: int
    updates: tuple[int, ...]
    epochs: tuple[float, ...]
    metrics: Mapping[str, tuple[float, ...]]
    diverged: bool = False
    probed: tuple[int, ...] = ()
    readings: Mapping[str, tuple[float, ...]] = field(default_factory=dict, repr=False)
    hits: str = field(default="", repr=False)
    weights: Weights = field(default_factory=dict, repr=False, compare=False)

    def to_dict(self) -> dict[str, Any]:
        """Return all but the weights, as JSON can hold it."""
        return asdict(replace(self, weights={}))

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Run":
        """Rebuild a run, without weights, from what :meth:`to_dict` and JSON made of it."""
        return cls(
            str(values["arm"]),
            int(values["seed"]),
            tuple(values["updates"]),
            tuple(values["epochs"]),
            _series(values["metrics"]),
            bool(values["diverged"]),
            tuple(values["probed"]),
            _series(values["readings"]),
            str(values["hits"]),
        )


def packed(right: np.ndarray) -> str:
    """Return which answers are right, shape ``(examples,)``, as a short text: a bit for each."""
    bits = b64encode(np.packbits(right).tobytes()).decode("ascii")
    return f"{len(right)}:{bits}"


def unpacked(hits: str) -> np.ndarray:
    """Return what :func:`packed` was given, bool of shape ``(examples,)``.

    Raises
    ------
    ValueError
        If the text is not of that kind.
    """
    count, _, bits = hits.partition(":")
    held = np.frombuffer(b64decode(bits, validate=True), np.uint8)
    if not count.isdecimal() or len(held) != -(-int(count) // 8):
        raise ValueError(
            f"Hits must be as bnutils.runs.packed writes them; received {shown(hits)}."
        )
    return np.unpackbits(held, count=int(count)).astype(bool)


def _series(values: Mapping[str, Any]) -> dict[str, tuple[float, ...]]:
    """JSON's lists as tuples."""
    return {name: tuple(series) for name, series in values.items()}
