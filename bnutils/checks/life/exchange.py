"""Layers whose two modes are in each other's place."""

from collections.abc import Mapping
from typing import Any

from bnutils.checks.calls.calling import Array, Function
from bnutils.checks.life.rules import INFERENCE, INFERRED, MEAN, RIGHT, TRAINING, VARIANCE

_OTHER = {TRAINING: INFERENCE, MEAN: INFERRED[MEAN], VARIANCE: INFERRED[VARIANCE]}
_OTHER |= {other: one for one, other in _OTHER.items()}


class Exchanged:
    """A layer that is called with the other mode."""

    def __init__(self, layer: Any) -> None:
        self.layer, self.own = layer, getattr(layer, "own", layer)

    def __call__(self, x: Array, training: bool) -> Any:
        """Return y of the other mode."""
        return self.layer(x, training=not training)


def exchanged(factory: Function) -> Function:
    """Return a factory of layers that are called with the other mode."""
    return lambda *arguments: Exchanged(factory(*arguments))


def with_modes_exchanged(formulas: Mapping[str, str]) -> dict[str, str]:
    """Return the formulas of a layer whose two modes are exchanged."""
    whole = {key: formulas.get(key, text) for key, text in RIGHT.items()}
    return {_OTHER.get(key, key): text for key, text in whole.items()}
