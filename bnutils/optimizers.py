"""Keras' optimisers as one fused operation for each weight.

The formulas are those of ``keras.optimizers``; the tests hold them to it. TensorFlow is loaded
when the first weight is updated, not before.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bnutils.models import import_keras
from bnutils.models.chain import takers
from bnutils.models.norms import LAYERS
from bnutils.schedules import Schedule, Steps, as_keras, rate_or_schedule, rates_at
from bnutils.settings import as_json
from bnutils.utils.validation import not_negative, one_of, settle

MOMENTUM = 0.9
BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-7
WEIGHT_DECAY = 0.004  # of AdamW
DECAYED = ("all", "kernels", "normalised")
NORMALISATIONS = frozenset((*LAYERS.values(), "BatchScaling"))  # which take out the scale

Memory = tuple[Any, ...]  # what a rule remembers of a weight
# update(rate, gradient, weight, memory, step), with step 1, 2, ...
Update = Callable[[Any, Any, Any, Memory, Any], None]


def sgd(rate: Any, gradient: Any, weight: Any, *_: Any) -> None:
    """w <- w - rate * g."""
    weight.assign_sub(rate * gradient)


def momentum(rate: Any, gradient: Any, weight: Any, memory: Memory, step: Any) -> None:
    """v <- 0.9 v - rate * g;  w <- w + v."""
    import tensorflow as tf

    (v,) = memory
    tf.raw_ops.ResourceApplyKerasMomentum(
        var=weight.handle, accum=v.handle, lr=rate, grad=gradient, momentum=MOMENTUM
    )


def adam(rate: Any, gradient: Any, weight: Any, memory: Memory, step: Any) -> None:
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


def decay(share: Any, weights: Sequence[Any]) -> None:
    """w <- w - share * w, where share is rate * decay."""
    for weight in weights:
        weight.assign_sub(weight * share)


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
    decay : float, optional
        Keras' own weight decay; None for none.
    """

    default_rate: float
    slots: int
    update: Update
    keras: str
    settings: Mapping[str, float] = field(default_factory=dict)
    decay: float | None = None


RULES = {
    "sgd": Rule(0.01, 0, sgd, "SGD"),
    "momentum": Rule(0.01, 1, momentum, "SGD", {"momentum": MOMENTUM}),
    "adam": Rule(0.001, 2, adam, "Adam"),
    "adamw": Rule(0.001, 2, adam, "AdamW", decay=WEIGHT_DECAY),
}
DEFAULT_RATES = {name: rule.default_rate for name, rule in RULES.items()}


@dataclass(frozen=True, repr=False)
class Optimizer:
    """A rule of descent, its step size, and its weight decay.

    In each update the weights that decay are shrunk first, w <- w - rate * weight_decay * w, with
    the gradient already taken; then comes the rule. That is Keras' form, for every rule: decoupled
    from the gradient, from momentum and from Adam's moments (Loshchilov & Hutter 2019, "Decoupled
    weight decay regularization"), and in proportion to the rate.

    Parameters
    ----------
    name : {"sgd", "momentum", "adam", "adamw"}
        ``"momentum"`` is SGD with momentum 0.9. The other constants are Keras' defaults.
    learning_rate : float or Schedule
        Step size, positive, or one of :mod:`bnutils.schedules`; by default Keras' own (0.01 for
        SGD, 0.001 for Adam).
    weight_decay : float, optional
        Not negative; by default Keras' own (0.004 for AdamW, none for the others).
    decayed : {"all", "kernels", "normalised"}
        Which weights decay. ``"all"`` that are trained, as in Keras, biases, gamma and beta among
        them; ``"kernels"`` without these; ``"normalised"``, of the kernels those of layers directly
        before a normalisation, whose scale does not matter to the loss; a network without has none.
        A layer whose output also lies on a shortcut is none of them, nor is one before what only
        centres.

    Raises
    ------
    ValueError
        If a choice is unknown, or a number out of range.
    """

    name: str = "adam"
    learning_rate: float | Schedule | None = None
    weight_decay: float | None = None
    decayed: str = "all"

    def __post_init__(self) -> None:
        settle(self, name=one_of("optimizer", self.name, RULES))
        settle(self, learning_rate=rate_or_schedule("learning_rate", self.rate))
        settle(self, weight_decay=self._own_decay(), decayed=which_decay(self.decayed))
        if not self.decay:
            settle(self, decayed="all")

    def _own_decay(self) -> float | None:
        """The weight decay that was given, if it is another than the rule's."""
        usual = self.rule.decay
        given = usual if self.weight_decay is None else checked_decay(self.weight_decay)
        return None if (given or 0.0) == (usual or 0.0) else given

    def __repr__(self) -> str:
        return f"Optimizer({', '.join(f'{name}={one!r}' for name, one in self._given().items())})"

    def _given(self) -> dict[str, Any]:
        """What is not as usual, besides name and rate: equal optimisers print and are filed alike.

        So are those from before there was weight decay.
        """
        given: dict[str, Any] = {"name": self.name, "learning_rate": self.learning_rate}
        if self.weight_decay is not None:
            given["weight_decay"] = self.weight_decay
        return given if self.decayed == "all" else {**given, "decayed": self.decayed}

    def settings(self) -> dict[str, Any]:
        """Return what results are filed under, as JSON can hold it."""
        filed: dict[str, Any] = as_json(self._given())
        return filed

    @property
    def rule(self) -> Rule:
        """What the name stands for."""
        return RULES[self.name]

    @property
    def rate(self) -> float | Schedule:
        """The step size: what was given, or the rule's default."""
        return self.rule.default_rate if self.learning_rate is None else self.learning_rate

    @property
    def decay(self) -> float:
        """The weight decay: what was given, or the rule's default; 0 for none."""
        return (self.rule.decay if self.weight_decay is None else self.weight_decay) or 0.0

    @property
    def slot_count(self) -> int:
        """How many numbers the rule remembers of each weight."""
        return self.rule.slots

    def rates(self, step: Steps) -> np.ndarray:
        """Return the learning rates of some updates, counted from 0: float64 of the same shape."""
        return rates_at(self.rate, step)

    def paces(self, step: Steps) -> np.ndarray:
        """Return the numbers that each update needs, float32.

        Parameters
        ----------
        step : array of int
            Numbers of the updates, from 0, shape (steps,).

        Returns
        -------
        numpy.ndarray
            Shape ``(steps, 2)``: the rate, and the share of itself that a weight loses.
        """
        rates = self.rates(step)
        return np.stack([rates, rates * self.decay], axis=-1).astype(np.float32)

    def decays(self, layers: Sequence[Any]) -> list[bool]:
        """Return of each trainable weight of a chain of Keras layers whether it decays."""
        whose = takers(layers) if self.decayed == "normalised" else [[]] * len(layers)
        return [
            bool(self.decay) and _decays(weight.name, after, self.decayed)
            for layer, after in zip(layers, whose, strict=True)
            for weight in layer.trainable_weights
        ]

    def slots(self, variables: Sequence[Any]) -> list[Memory]:
        """Return what the rule remembers of each weight, zero at first."""
        import tensorflow as tf

        count = range(self.slot_count)
        return [tuple(tf.Variable(tf.zeros_like(v)) for _ in count) for v in variables]

    def apply(
        self,
        gradients: Sequence[Any],
        variables: Sequence[Any],
        slots: Sequence[Memory],
        step: Any,
        rate: Any,
    ) -> None:
        """Take step number ``step`` (from 1) at a rate, weight by weight."""
        for gradient, variable, memory in zip(gradients, variables, slots, strict=True):
            self.rule.update(rate, gradient, variable, memory, step)

    def keras(self, layers: Sequence[Any] = (), updates: int = 1) -> Any:
        """Return the Keras optimiser that this one equals.

        Parameters
        ----------
        layers : sequence of keras.Layer
            Of the model that it trains; needed where not all weights decay.
        updates : int
            For how long; needed where the rate changes.
        """
        kind = getattr(import_keras().optimizers, self.rule.keras)
        own = {} if self.weight_decay is None else {"weight_decay": self.weight_decay}
        made = kind(as_keras(self.rate, updates), **self.rule.settings, **own)
        trained = [weight for layer in layers for weight in layer.trainable_weights]
        pairs = zip(trained, self.decays(layers), strict=True)
        made.exclude_from_weight_decay([weight for weight, decays in pairs if not decays])
        return made


def checked_decay(value: object) -> float:
    """Return a weight decay, if it is one; else raise ``ValueError``."""
    return not_negative("weight_decay", value)


def which_decay(value: object) -> str:
    """Return which weights decay, if it is known; else raise ``ValueError``."""
    return one_of("decayed", value, DECAYED)


def _decays(name: str, after: Sequence[Any], which: str) -> bool:
    """Whether a weight of that name decays, in a layer whose output those in ``after`` take."""
    if which == "all" or name != "kernel":
        return which == "all"
    kinds = {type(layer).__name__ for layer in after}
    return which == "kernels" or (bool(kinds) and kinds <= NORMALISATIONS)
