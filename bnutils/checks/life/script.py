"""What happens in a life: which layers there are, and which batch reaches which of them when."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from bnutils.checks.calls.calling import Array

ORDINALS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
]
Pair = tuple[Array, Array]
"""gamma and beta."""


@dataclass(frozen=True)
class Setting:
    """What a factory makes a layer from; `number` tells apart what is alike otherwise."""

    features: int = 4
    momentum: float = 0.8
    epsilon: float = 0.1
    number: int = 0

    def with_constants(self, own: Mapping[str, float]) -> "Setting":
        """Return the setting of layers with a momentum or epsilon of their own."""
        momentum, epsilon = own.get("momentum", self.momentum), own.get("epsilon", self.epsilon)
        return replace(self, momentum=momentum, epsilon=epsilon)

    def taking(self, taken: Mapping[str, str]) -> "Setting":
        """Return the setting of layers that take one constant for another."""
        return replace(self, **{name: getattr(self, other) for name, other in taken.items()})


@dataclass(frozen=True, eq=False)
class Step:
    """One call of a layer.

    Attributes
    ----------
    training : bool
        The mode.
    x : ndarray
        The batch, channels last.
    layer : int
        Which of the layers is called.
    affine : pair of ndarray, optional
        The gamma and beta that it is given before the call.
    by_position : bool
        Whether `training` is passed without its name.
    """

    training: bool
    x: Array
    layer: int = 0
    affine: Pair | None = None
    by_position: bool = False

    @property
    def mode(self) -> str:
        """The mode in words."""
        return "training" if self.training else "inference"


@dataclass(frozen=True, eq=False)
class Life:
    """A script: layers that are all made at first, and the calls in their order.

    Attributes
    ----------
    name : str
        For the report: "two layers, taking turns".
    settings : tuple of Setting
        One for each layer.
    steps : tuple of Step
        The calls.
    blame : str
        The mistake to report if a layer is right in the other lives and fails in this one.
    tolerance : float
        Largest difference, relative to the largest expected number; 0 is that of the precision.
    may_refuse, needs_float64 : bool
        As in :class:`~bnutils.checks.exercise.Case`.
    """

    name: str
    settings: tuple[Setting, ...]
    steps: tuple[Step, ...]
    blame: str = ""
    tolerance: float = 0.0
    may_refuse: bool = False
    needs_float64: bool = False

    def place(self, index: int) -> str:
        """Say when a call takes place: "in training, third batch (one example)"."""
        step = self.steps[index]
        earlier = [
            one
            for one in self.steps[: index + 1]
            if (one.layer, one.training) == (step.layer, step.training)
        ]
        count = len(earlier)
        which = ORDINALS[count - 1] + " batch" if count <= len(ORDINALS) else f"batch {count}"
        examples = "one example" if len(step.x) == 1 else f"{len(step.x)} examples"
        whose = f", {ORDINALS[step.layer]} layer" if len(self.settings) > 1 else ""
        return f"in {step.mode}{whose}, {which} ({examples})"


def batch(seed: int, examples: int, features: int, grid: tuple[int, ...] = ()) -> Array:
    """Return a batch whose features differ in mean and scale, as other batches' do.

    Parameters
    ----------
    seed : int
        Another one gives another mean and scale.
    examples, features : int
        The first and the last axis.
    grid : tuple of int, optional
        The axes between them, those of an image.
    """
    rng = np.random.default_rng([seed, examples, features])
    centre, scale = rng.normal(0, 2, size=features), rng.uniform(0.4, 2.5, size=features)
    return np.asarray(centre + scale * rng.normal(size=(examples, *grid, features)))


def pair(seed: int, features: int) -> Pair:
    """Return a gamma and a beta; both have either sign."""
    rng = np.random.default_rng([seed, features, 7])
    signs = np.where((np.arange(features) + seed) % 3 == 1, -1.0, 1.0)
    return signs * rng.uniform(0.5, 2, size=features), rng.normal(0, 1.5, size=features)
