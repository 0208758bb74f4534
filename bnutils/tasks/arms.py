"""Arms: what is compared, and whether a network can be built from each for every seed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, cast

from bnutils.optimizers import RULES, checked_decay, which_decay
from bnutils.schedules import Schedule, rate_or_schedule
from bnutils.utils.validation import at_least, is_a, one_of, settle, text
from bnutils.utils.wording import shown


class Architecture(Protocol):
    """Anything that builds a Keras model for a seed, such as :func:`bnutils.mlp`."""

    def build(self, input_shape: tuple[int, ...], classes: int, seed: int) -> Any:
        """Return a compiled or uncompiled ``keras.Model`` with softmax outputs."""


@dataclass(frozen=True)
class Arm:
    """An architecture, with what this arm does differently from the others.

    Parameters
    ----------
    model : Architecture
        For example ``bnutils.mlp(norm="batch")``.
    batch_size : int, optional
        Instead of the comparison's.
    optimizer : {"sgd", "momentum", "adam", "adamw"}, optional
        Instead of the comparison's.
    learning_rate : float or Schedule, optional
        Instead of the comparison's.
    weight_decay : float, optional
        Instead of the comparison's.
    decayed : {"all", "kernels", "normalised"}, optional
        Instead of the comparison's.

    Raises
    ------
    ValueError, TypeError
        If the model is no description of a network, or a setting is out of range.
    """

    model: Architecture
    batch_size: int | None = None
    optimizer: str | None = None
    learning_rate: float | Schedule | None = None
    weight_decay: float | None = None
    decayed: str | None = None

    def __post_init__(self) -> None:
        _check_described("model", self.model)
        if self.batch_size is not None:
            settle(self, batch_size=at_least("batch_size", self.batch_size, 1))
        if self.optimizer is not None:
            settle(self, optimizer=one_of("optimizer", self.optimizer, RULES))
        if self.learning_rate is not None:
            rate = rate_or_schedule("learning_rate", self.learning_rate)
            settle(self, learning_rate=rate)
        if self.weight_decay is not None:
            settle(self, weight_decay=checked_decay(self.weight_decay))
        if self.decayed is not None:
            settle(self, decayed=which_decay(self.decayed))


def checked_arms(arms: Mapping[str, Architecture | Arm]) -> dict[str, Arm]:
    """Return every arm as an :class:`Arm`, checked."""
    if not isinstance(arms, Mapping) or not arms:
        raise ValueError(
            "arms must be a dictionary with at least one entry, such as "
            f'{{"plain": bnutils.mlp()}}; received {shown(arms)}.'
        )
    return {text("every name in arms", name): _checked_arm(name, arm) for name, arm in arms.items()}


def _checked_arm(name: str, arm: Architecture | Arm) -> Arm:
    """What is given for an arm as an :class:`Arm`."""
    if is_a(arm, Arm):
        return cast(Arm, arm)
    _check_described(f"The arm {name!r}", arm)
    return Arm(cast(Architecture, arm))


def _check_described(what: str, model: Any) -> None:
    """Check that a network can be built for each seed."""
    described = callable(getattr(model, "build", None)) and not isinstance(model, type)
    if not described or hasattr(model, "get_weights"):
        raise ValueError(
            f"{what} must be the description of a network, such as bnutils.mlp(norm='batch'), "
            f"from which one is built for each seed, not a built one; received {shown(model)}."
        )
