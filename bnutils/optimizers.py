"""Keras' optimisers as one fused operation for each weight.

The formulas are those of ``keras.optimizers``; the tests hold them to it. TensorFlow is loaded
when the first weight is updated, not before.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bnutils.models import import_keras
from bnutils.utils.validation import one_of, positive, settle

MOMENTUM = 0.9
BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-7
WEIGHT_DECAY = 0.004

Memory = tuple[Any, ...]  # what a rule remembers of a weight
# update(rate, gradient, weight, memory, step), with step 1, 2, ...
Update = Callable[[float, Any, Any, Memory, Any], None]


def sgd(rate: float, gradient: Any, weight: Any, *_: Any) -> None:
    """w <- w - rate * g."""
    weight.assign_sub(rate * gradient)


def momentum(rate: float, gradient: Any, weight: Any, memory: Memory, step: Any) -> None:
    """v <- 0.9 v - rate * g;  w <- w + v."""
    import tensorflow as tf

    (v,) = memory
    tf.raw_ops.ResourceApplyKerasMomentum(
        var=weight.handle, accum=v.handle, lr=rate, grad=gradient, momentum=MOMENTUM
    )


def adam(rate: float, gradient: Any, weight: Any, memory: Memory, step: Any) -> None:
    """w <- w - rate * m / (sqrt(v) + epsilon) with bias-corrected moments m and v of g."""
    import tensorflow as tf

    (m, v), t = memory, tf.cast(step, tf.float32)
    tf.raw_ops.ResourceApplyAdam(
        var=weight.handle,
        m=m.handle,
        v=v.handle,
        beta1_power=tf.pow(BETA_1, t),
        beta2_power=tf.pow(BETA_2, t),
        lr=rate,
        beta1=BETA_1,
        beta2=BETA_2,
        epsilon=EPSILON,
        grad=gradient,
    )


def adamw(rate: float, gradient: Any, weight: Any, memory: Memory, step: Any) -> None:
    """w <- w - rate * decay * w, then as Adam."""
    weight.assign_sub(weight * (rate * WEIGHT_DECAY))
    adam(rate, gradient, weight, memory, step)


@dataclass(frozen=True)
class Rule:
    """All that there is to know about a rule of descent.

    Attributes
    ----------
    default_rate : float
        Keras' own step size.
    slots : int
        How many numbers the rule remembers of each weight.
    update : callable
        Takes a step of one weight.
    keras : str
        The optimiser in ``keras.optimizers`` that it equals.
    settings : mapping of str to float
        What that optimiser must be told.
    """

    default_rate: float
    slots: int
    update: Update
    keras: str
    settings: Mapping[str, float] = field(default_factory=dict)


RULES = {
    "sgd": Rule(0.01, 0, sgd, "SGD"),
    "momentum": Rule(0.01, 1, momentum, "SGD", {"momentum": MOMENTUM}),
    "adam": Rule(0.001, 2, adam, "Adam"),
    "adamw": Rule(0.001, 2, adamw, "AdamW"),
}
DEFAULT_RATES = {name: rule.default_rate for name, rule in RULES.items()}


@dataclass(frozen=True)
class Optimizer:
    """A rule of descent and its step size.

    Parameters
    ----------
    name : {"sgd", "momentum", "adam", "adamw"}
        ``"momentum"`` is SGD with momentum 0.9. The other constants are Keras' defaults.
    learning_rate : float
        Step size, positive; by default Keras' own (0.01 for SGD, 0.001 for Adam).

    Raises
    ------
    ValueError
        If the name is unknown or the step size is not positive.
    """

    name: str = "adam"
    learning_rate: float | None = None

    def __post_init__(self) -> None:
        settle(self, name=one_of("optimizer", self.name, RULES))
        settle(self, learning_rate=positive("learning_rate", self.rate))

    @property
    def rule(self) -> Rule:
        """What the name stands for."""
        return RULES[self.name]

    @property
    def rate(self) -> float:
        """The step size: what was given, or the rule's default."""
        return self.rule.default_rate if self.learning_rate is None else self.learning_rate

    @property
    def slot_count(self) -> int:
        """How many numbers the rule remembers of each weight."""
        return self.rule.slots

    def slots(self, variables: Sequence[Any]) -> list[Memory]:
        """Return what the rule remembers of each weight, zero at first."""
        import tensorflow as tf

        count = range(self.slot_count)
        return [tuple(tf.Variable(tf.zeros_like(v)) for _ in count) for v in variables]

    def apply(
        self, gradients: Sequence[Any], variables: Sequence[Any], slots: Sequence[Memory], step: Any
    ) -> None:
        """Take step number ``step`` (from 1), weight by weight."""
        for gradient, variable, memory in zip(gradients, variables, slots, strict=True):
            self.rule.update(self.rate, gradient, variable, memory, step)

    def keras(self) -> Any:
        """Return the Keras optimiser that this one equals."""
        kind = getattr(import_keras().optimizers, self.rule.keras)
        return kind(self.rate, **self.rule.settings)
