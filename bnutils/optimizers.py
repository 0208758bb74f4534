"""Keras' optimisers as one fused operation for each weight.

The formulas are those of ``keras.optimizers``; the tests hold them to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from numbers import Real
from typing import Any

from bnutils.utils.validation import one_of

DEFAULT_RATES = {"sgd": 0.01, "momentum": 0.01, "adam": 0.001, "adamw": 0.001}
MOMENTUM = 0.9
BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-7
WEIGHT_DECAY = 0.004


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
        one_of("optimizer", self.name, DEFAULT_RATES)
        if self.learning_rate is None:
            object.__setattr__(self, "learning_rate", DEFAULT_RATES[self.name])
        if not (isinstance(self.learning_rate, Real) and 0 < self.rate < inf):
            raise ValueError(
                f"learning_rate must be a positive, finite number; received {self.learning_rate!r}."
            )

    @property
    def rate(self) -> float:
        """The step size as a number."""
        return float(self.learning_rate or 0)

    @property
    def slot_count(self) -> int:
        """How many numbers the rule remembers of each weight."""
        return {"sgd": 0, "momentum": 1, "adam": 2, "adamw": 2}[self.name]

    def slots(self, variables: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Return what the rule remembers of each weight, zero at first."""
        import tensorflow as tf

        count = range(self.slot_count)
        return [tuple(tf.Variable(tf.zeros_like(v)) for _ in count) for v in variables]

    def apply(
        self, gradients: Sequence[Any], variables: Sequence[Any], slots: Sequence[Any], step: Any
    ) -> None:
        """Take step number ``step`` (from 1), weight by weight."""
        update = {"sgd": self._sgd, "momentum": self._momentum}.get(self.name, self._adam)
        for gradient, variable, memory in zip(gradients, variables, slots, strict=True):
            update(gradient, variable, memory, step)

    def _sgd(self, gradient: Any, variable: Any, memory: Any, step: Any) -> None:
        """w <- w - rate * g."""
        variable.assign_sub(self.rate * gradient)

    def _momentum(self, gradient: Any, variable: Any, memory: Any, step: Any) -> None:
        """v <- 0.9 v - rate * g;  w <- w + v."""
        import tensorflow as tf

        tf.raw_ops.ResourceApplyKerasMomentum(
            var=variable.handle,
            accum=memory[0].handle,
            lr=self.rate,
            grad=gradient,
            momentum=MOMENTUM,
        )

    def _adam(self, gradient: Any, variable: Any, memory: Any, step: Any) -> None:
        """w <- w - rate * m / (sqrt(v) + epsilon) with bias-corrected moments m and v of g.

        AdamW first shrinks the weight: w <- w - rate * decay * w.
        """
        import tensorflow as tf

        if self.name == "adamw":
            variable.assign_sub(variable * (self.rate * WEIGHT_DECAY))
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=memory[0].handle,
            v=memory[1].handle,
            beta1_power=tf.pow(BETA_1, tf.cast(step, tf.float32)),
            beta2_power=tf.pow(BETA_2, tf.cast(step, tf.float32)),
            lr=self.rate,
            beta1=BETA_1,
            beta2=BETA_2,
            epsilon=EPSILON,
            grad=gradient,
        )

    def keras(self) -> Any:
        """Return the Keras optimiser that this one equals."""
        from bnutils.models import import_keras

        optimizers = import_keras().optimizers
        if self.name == "momentum":
            return optimizers.SGD(self.rate, momentum=MOMENTUM)
        kinds = {"sgd": optimizers.SGD, "adam": optimizers.Adam, "adamw": optimizers.AdamW}
        return kinds[self.name](self.rate)
