"""What a layer's outputs say of its epsilon, its momentum and its moving variance."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from bnutils.checks.batches import EPSILON, MOMENTUM, batch
from bnutils.checks.calls.calling import (
    Arguments,
    Array,
    Function,
    Outcome,
    Shape,
    Signature,
    call,
)
from bnutils.checks.fitting.constants import nice
from bnutils.checks.formulas.straight import straight

FEATURES = 4
GRID = (3, 2)
"""Height and width of images: the same in all calls, since JAX compiles for each shape anew."""

_EXAMPLES = 6
_NEAR = 2e-3

Caller = Callable[[Function, Signature, Arguments, tuple[Shape, ...]], Outcome]
"""What runs a student's function, and makes findings of what goes wrong."""

Layer = Callable[..., Any]
MakeLayer = Callable[[int, float, float], Layer]
_TRAINING = Signature("layer(x, training=True) -> y", ("x",), ("y",))
_LIFE = Signature("layer(x, training=False) -> y", ("x", "an earlier x"), ("y",))


@dataclass(frozen=True)
class Observed:
    """What a layer does; None is what its outputs do not say.

    Attributes
    ----------
    epsilon : float or None
        What stands beside the variance in training.
    kept : float or None
        The weight of the old value in the moving statistics.
    sample_variance : bool or None
        Whether the moving variance takes the sample variance.
    """

    epsilon: float | None = None
    kept: float | None = None
    sample_variance: bool | None = None


def observed(make: MakeLayer, images: bool = False, caller: Caller = call) -> Observed:
    """Train new layers for one step, and read what they did in what they return."""
    shape = (_EXAMPLES, *GRID, FEATURES) if images else (_EXAMPLES, FEATURES)
    epsilon = _epsilon(make, batch(*shape, spread=1e-3).x, caller)
    first, probe = batch(*shape, centre=2.0).x, batch(*shape, seed=1).x
    y = caller(_trained(make), _LIFE, (probe, first), (probe.shape,)).values
    if y is None or epsilon is None:
        return Observed(epsilon)
    mean, variance = _read(probe, y[0], epsilon)
    return Observed(epsilon, *_update(_rows(first), mean, variance))


def runs(make: MakeLayer, images: bool = False, caller: Caller = call) -> bool:
    """Whether a new layer trains on a plain batch, and infers it."""
    x = batch(_EXAMPLES, *GRID, FEATURES).x if images else batch(_EXAMPLES, FEATURES).x
    return caller(_trained(make), _LIFE, (x, x), (x.shape,)).values is not None


def refuses_one(make: MakeLayer, images: bool = False, caller: Caller = call) -> bool:
    """Whether training on one example raises ``ValueError``, as PyTorch's layers do."""
    x = batch(1, 1, 1, FEATURES).x if images else batch(1, FEATURES).x
    outcome = caller(_training(make), _TRAINING, (x,), (x.shape,))
    return any("ValueError" in one.seen for one in outcome.mistakes)


def _training(make: MakeLayer) -> Callable[[Array], Any]:
    return lambda x: make(FEATURES, MOMENTUM, EPSILON)(x, training=True)


def _trained(make: MakeLayer) -> Callable[[Array, Array], Any]:
    def function(x: Array, first: Array) -> Any:
        layer = make(FEATURES, MOMENTUM, EPSILON)
        layer(first, training=True)
        return layer(x, training=False)

    return function


def _epsilon(make: MakeLayer, x: Array, caller: Caller) -> float | None:
    """Return epsilon, from the slope of y on x where the variance is small."""
    y = caller(_training(make), _TRAINING, (x,), (x.shape,)).values
    if y is None:
        return None
    slope, _, _ = straight(x, y[0])
    return nice(1 / slope**2 - _rows(x).var(axis=0))


def _read(x: Array, y: Array, epsilon: float) -> tuple[Array, Array]:
    """Return the mean and variance that y = (x - mean) / sqrt(variance + epsilon) was made with."""
    slope, offset, _ = straight(x, y)
    return -offset / slope, 1 / slope**2 - epsilon


def _update(x: Array, mean: Array, variance: Array) -> tuple[float | None, bool | None]:
    """Return the weight of the old value, and of which variance the new one was."""
    kept = nice(1 - mean / x.mean(axis=0))
    if kept is None:
        return None, None
    factor = nice((variance - kept) / ((1 - kept) * x.var(axis=0)))
    sample = len(x) / (len(x) - 1)
    told = {False: 1.0, True: sample}
    near = [name for name, due in told.items() if factor and abs(factor - due) < _NEAR * 10]
    return kept, near[0] if near else None


def _rows(x: Array) -> Array:
    return np.reshape(x, (-1, x.shape[-1]))
