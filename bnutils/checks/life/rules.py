"""What a layer computes, as formulas that can be lived by.

A rule's key says what it gives, and when: "y in training", "moving_mean", "moving_variance if
examples == 1", "moving_mean at first". Formulas speak of the layer as it is before the call: gamma,
beta, moving_mean and moving_variance, with momentum and epsilon, x and N, and of ``updates``,
which counts the batches of training, that of the call among them.
"""

import operator
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from bnutils.checks.calls.calling import Array
from bnutils.checks.formulas.language import Numbers, evaluate
from bnutils.checks.life.expected import BOTH
from bnutils.checks.life.script import Life, Setting, Step
from bnutils.checks.life.seen import per_feature

TRAINING, INFERENCE = "y in training", "y in inference"
MEAN, VARIANCE = "moving_mean", "moving_variance"
INFERRED = {MEAN: "moving_mean in inference", VARIANCE: "moving_variance in inference"}
ROOT = "gamma * (x - {mean}) / sqrt({variance} + epsilon) + beta"

RIGHT: dict[str, str] = {
    TRAINING: ROOT.format(mean="mean(x)", variance="var(x)"),
    INFERENCE: ROOT.format(mean=MEAN, variance=VARIANCE),
    MEAN: "momentum * moving_mean + (1 - momentum) * mean(x)",
    VARIANCE: "momentum * moving_variance + (1 - momentum) * var(x)",
    INFERRED[MEAN]: MEAN,
    INFERRED[VARIANCE]: VARIANCE,
    "moving_mean at first": "0",
    "moving_variance at first": "1",
    "gamma at first": "1",
    "beta at first": "0",
}
"""A right layer."""

_SIGNS = {"==": operator.eq, "<": operator.lt, ">": operator.gt}


@dataclass(frozen=True)
class Condition:
    """When a rule holds: "examples == 1", "updates > 20", "inferences > 0".

    Of images, examples are fewer than N, the values that share a mean.
    """

    name: str
    sign: str
    value: int

    @classmethod
    def read(cls, text: str) -> "Condition":
        """Return the condition that a key ends with."""
        name, sign, value = text.split()
        return cls(name, sign, int(value))

    def __str__(self) -> str:
        return f"{self.name} {self.sign} {self.value}"

    def holds(self, counts: Mapping[str, int]) -> bool:
        """Whether it does."""
        return bool(_SIGNS[self.sign](counts[self.name], self.value))


class Formulas:
    """A layer that computes what its formulas say."""

    def __init__(self, formulas: Mapping[str, str], setting: Setting) -> None:
        self.formulas, self.setting = formulas, setting
        self.updates = self.inferences = 0
        self.numbers: dict[str, Array] = {}
        names = ("gamma", "beta", MEAN, VARIANCE)
        self.numbers = {name: self._value(f"{name} at first", {}) for name in names}

    def _value(self, key: str, numbers: Numbers) -> Array:
        rule = self._rule(key, numbers)
        if rule in self.numbers and not key.startswith("y "):
            return self.numbers[rule]
        known = {"epsilon": self.setting.epsilon, "momentum": self.setting.momentum, **numbers}
        value = evaluate(rule, known)
        return value if key.startswith("y ") else per_feature(value, self.setting.features)

    def _rule(self, key: str, numbers: Numbers) -> str:
        """Return the last of the rules for something whose condition holds."""
        examples = len(numbers["x"]) if "x" in numbers else 0
        counts = {"examples": examples, "updates": self.updates, "inferences": self.inferences}
        rule = self.formulas.get(key, RIGHT[key])
        for other, text in self.formulas.items():
            name, _, condition = other.partition(" if ")
            if name == key and condition and Condition.read(condition).holds(counts):
                rule = text
        return rule

    def __call__(self, x: Array, training: bool) -> Array:
        """Return y, and keep what the call changes."""
        self.updates += training
        numbers = {**self.numbers, "x": x, "updates": self.updates}
        y = self._value(TRAINING if training else INFERENCE, numbers)
        keys = {name: name if training else INFERRED[name] for name in (MEAN, VARIANCE)}
        self.numbers |= {name: self._value(key, numbers) for name, key in keys.items()}
        self.inferences += not training
        return np.broadcast_to(y, x.shape)


def lived_by(
    formulas: Mapping[str, str], life: Life, parameters: Iterable[str] = BOTH
) -> tuple[Array, ...]:
    """Return what layers give in a life that compute what the formulas say.

    Parameters
    ----------
    formulas : mapping of str to str
        By key, as in a report; what is missing is right.
    life : Life
        The script.
    parameters : iterable of str
        Which of gamma and beta the layer lets itself be given.
    """
    layers = [Formulas(formulas, setting) for setting in life.settings]
    return tuple(_step(layers[step.layer], step, parameters) for step in life.steps)


def _step(layer: Formulas, step: Step, parameters: Iterable[str]) -> Array:
    for name, value in zip(("gamma", "beta"), step.affine or (), strict=False):
        if name in parameters:
            layer.numbers[name] = value
    return layer(np.asarray(step.x, np.float64), step.training)
