"""What was expected of costs before they were measured; the report says whether it held.

Written on 2026-12-01. Known beforehand: the section *An update with the layer*, where a call of
``fit`` with Python's share took 1.2 to 1.9 times as long with the layer, and one trial of the
memory of a step on a busy machine: dense layers 162 MiB plain and 337 MiB with batch norm,
convolutions 290 and 686; compiled by XLA 303 and 320, 679 and 706. What is said of times was
written before anything was timed. Then a trial of five turns on the busy machine had a step of the
dense network at 1.4 times with batch norm and 2.5 with layer norm, of the convolutions at 1.9 and
2.0, and nothing was changed after it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf, isfinite
from typing import Any

from benchmarks.records import Results

MIDDLE: Mapping[str, Any] = {"kind": "dense", "batch": 64, "width": 128, "depth": 4}
CONV: Mapping[str, Any] = {"kind": "conv", "batch": 64, "width": 32, "depth": 3}
RATIO = "train-batch-ratio"


@dataclass(frozen=True)
class Expectation:
    """A number, or its quotient with that of another setting, and where it was expected to lie."""

    claim: str
    benchmark: str
    quantity: str
    setting: Mapping[str, Any]
    above: float = -inf
    below: float = inf
    over: Mapping[str, Any] = field(default_factory=dict)

    def value(self, results: Results) -> float:
        """The number; NaN if it was not measured."""
        found = results.find(self.benchmark, "Keras fit", **self.setting).median(self.quantity)
        if not self.over:
            return found
        return found / results.find(self.benchmark, "Keras fit", **self.over).median(self.quantity)

    def verdict(self, results: Results) -> str:
        """``held``, ``did not hold``, or that there is nothing to judge by."""
        value = self.value(results)
        if not isfinite(value):
            return "not measured"
        return "held" if self.above <= value <= self.below else "did not hold"


def _memory(kind: str, norm: str, compiled: bool) -> dict[str, Any]:
    return {"kind": kind, "norm": norm, "compiled": compiled}


EXPECTED = (
    Expectation(
        "A step of four dense layers takes 1.2 to 2.5 times as long with batch norm",
        "cost", RATIO, MIDDLE, above=1.2, below=2.5,
    ),
    Expectation(
        "A step of three convolutions takes 1.1 to 2 times as long",
        "cost", RATIO, CONV, above=1.1, below=2.0,
    ),
    Expectation(
        "The wider the layers, the less it weighs: the ratio at 512 units is below that at 32",
        "cost", RATIO, {**MIDDLE, "width": 512}, below=1, over={**MIDDLE, "width": 32},
    ),
    Expectation(
        "The deeper the network, the more it weighs: the ratio at 16 layers is above that at 1",
        "cost", RATIO, {**MIDDLE, "depth": 16}, above=1, over={**MIDDLE, "depth": 1},
    ),
    Expectation(
        "The batch size changes the ratio by less than a third, from 1 to 512",
        "cost", RATIO, {**MIDDLE, "batch": 512}, 2 / 3, 1.5, over={**MIDDLE, "batch": 1},
    ),
    Expectation(
        "Layer normalisation is no cheaper way: a step takes at least 1.1 times as long as plain",
        "cost", "train-layer-ratio", MIDDLE, above=1.1,
    ),
    Expectation(
        "A prediction of the dense network takes less than 1.3 times as long with batch norm",
        "cost", "predict-batch-ratio", MIDDLE, below=1.3,
    ),
    Expectation(
        "Folded, a prediction takes as long as without the layer, within 10 %",
        "cost", "predict-folded-ratio", MIDDLE, above=0.9, below=1.1,
    ),
    Expectation(
        "Folded convolutions predict as fast as without the layer, within 10 %",
        "cost", "predict-folded-ratio", CONV, above=0.9, below=1.1,
    ),
    Expectation(
        "Dense, not compiled: a step needs 1.6 to 2.4 times the memory with batch norm",
        "footprint", "step", _memory("dense", "batch", False), above=1.6, below=2.4,
        over=_memory("dense", "plain", False),
    ),
    Expectation(
        "Convolutions, not compiled: a step needs 1.6 to 2.4 times the memory with batch norm",
        "footprint", "step", _memory("conv", "batch", False), above=1.6, below=2.4,
        over=_memory("conv", "plain", False),
    ),
    Expectation(
        "Dense, compiled by XLA: a step needs at most 1.2 times the memory",
        "footprint", "step", _memory("dense", "batch", True), below=1.2,
        over=_memory("dense", "plain", True),
    ),
)  # fmt: skip
