"""Watching a layer: the same life again and again, each time up to another call.

Every reading makes its layers anew, so that no reading disturbs another one.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bnutils.checks.calls.calling import Array, Function
from bnutils.checks.life.living import make, run
from bnutils.checks.life.parameters import affine_of
from bnutils.checks.life.script import Pair, Setting, Step, batch, pair
from bnutils.checks.life.seen import Seen

SETTINGS = (
    Setting(4, 0.8, 0.1, 1),
    Setting(4, 0.6, 0.02, 2),
    Setting(4, 0.9, 0.2, 3),
)
"""One number of features, since JAX compiles for each anew."""

PROBE, OTHER_PROBE = 6, 9
"""Examples in the batches of inference; the second one is another batch."""

Call = tuple[bool, int]
"""Training or not, and the number of examples."""

Plan = tuple[Call, ...]
Rows = list[Array]
"""One array of (features,) for each setting."""


@dataclass(eq=False)
class Replays:
    """A factory whose layers live by plans.

    Attributes
    ----------
    factory : callable
        Makes the layers.
    parameters : frozenset of str
        Which of gamma and beta can be set.
    grid : tuple of int
        Height and width, of images.
    constants : mapping of str to float
        Epsilon and momentum, if the factory has its own.
    exact : float
        What numbers of the layer's precision may differ by.
    taken : mapping of str to str
        Which of momentum and epsilon the layers take for the other.
    """

    factory: Function
    parameters: frozenset[str]
    grid: tuple[int, ...] = ()
    constants: Mapping[str, float] = field(default_factory=dict)
    exact: float = 1e-7
    taken: Mapping[str, str] = field(default_factory=dict)
    known: dict[tuple[Plan, int], list[Array]] = field(default_factory=dict)
    made: dict[tuple[int, int, int], Array] = field(default_factory=dict)
    seen: dict[Hashable, Seen] = field(default_factory=dict)

    def remembered(self, key: Hashable, make: Callable[[], Seen]) -> Seen:
        """Return what was made for a key, made once."""
        if key not in self.seen:
            self.seen[key] = make()
        return self.seen[key]

    @property
    def settings(self) -> tuple[Setting, ...]:
        """The settings, with the constants that the layers really have."""
        own = (one.with_constants(self.constants) for one in SETTINGS)
        return tuple(one.taking(self.taken) for one in own)

    @property
    def pairs(self) -> range:
        """The numbers of the pairs of gamma and beta that tell something."""
        return range(1, 4 if self.parameters else 2)

    def pair(self, number: int, setting: Setting) -> Pair:
        """Return gamma and beta; number 0, and what cannot be set, is what layers start with."""
        plain = np.ones(setting.features), np.zeros(setting.features)
        chosen = pair(number, setting.features) if number else plain
        known = [name in self.parameters for name in ("gamma", "beta")]
        gamma, beta = (a if k else b for a, b, k in zip(chosen, plain, known, strict=True))
        return gamma, beta

    def batches(self, plan: Plan, setting: Setting) -> list[Array]:
        """Return what a layer is called with."""
        keys = [(1000 * setting.number + i, n, setting.features) for i, (_, n) in enumerate(plan)]
        for key in keys:
            if key not in self.made:
                self.made[key] = batch(*key, self.grid)
        return [self.made[key] for key in keys]

    def numbers(self, plan: Plan, setting: Setting) -> dict[str, Any]:
        """Return what a formula may speak of at a plan's last call."""
        gamma, beta = self.pair(1, setting)
        return {
            "x": self.batches(plan, setting)[-1],
            "epsilon": setting.epsilon,
            "momentum": setting.momentum,
            "updates": sum(training for training, _ in plan),
            "gamma": gamma,
            "beta": beta,
        }

    def outputs(self, plan: Plan, number: int = 1) -> list[Array]:
        """Return what the plan's last call gives, with each setting."""
        if (plan, number) not in self.known:
            lives = [self._outputs(plan, number, place) for place in range(len(SETTINGS))]
            for length in range(1, len(plan) + 1):
                calls = [outputs[length - 1] for outputs in lives]
                self.known.setdefault((plan[:length], number), calls)
        return self.known[plan, number]

    def _outputs(self, plan: Plan, number: int, place: int) -> list[Array]:
        setting = self.settings[place]
        layer = make(self.factory, SETTINGS[place])
        if number:
            affine_of(layer, self.pair(number, setting))
        batches = zip(plan, self.batches(plan, setting), strict=True)
        outputs = [run(layer, x.copy(), Step(training, x)) for (training, _), x in batches]
        return [np.array(y, np.float64) for y in outputs]
