"""What is known at some calls of layers, and what formulas make of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bnutils.checks.calls.calling import Array
from bnutils.checks.formulas.language import evaluate

Numbers = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Seen:
    """The numbers of some calls.

    Attributes
    ----------
    calls : tuple of mapping
        For each call x, epsilon, momentum, gamma, beta, updates, and the state where it is known.
    held : dict
        What was evaluated already; shared with those that know another state.
    own : dict
        The same, where the state is in it.
    """

    calls: tuple[Numbers, ...]
    held: dict[str, Array] = field(default_factory=dict)
    own: dict[str, Array] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return name in self.calls[0]

    @property
    def images(self) -> bool:
        """Whether x has more axes than two."""
        return bool(np.ndim(self.calls[0]["x"]) > 2)

    def with_state(self, states: Sequence[Numbers]) -> "Seen":
        """Return the same calls of layers whose state is known."""
        calls = [{**one, **state} for one, state in zip(self.calls, states, strict=True)]
        changed = set().union(*states)
        own = {text: v for text, v in self.own.items() if not any(n in text for n in changed)}
        return Seen(tuple(calls), self.held, own)

    def value(self, text: str) -> Array:
        """Return a formula's value for each feature, one call after the other."""
        memory = self.own if "moving" in text else self.held
        if text not in memory:
            memory[text] = self._evaluated(text)
        return memory[text]

    def _evaluated(self, text: str) -> Array:
        return np.concatenate(
            [per_feature(evaluate(text, one), np.shape(one["x"])[-1]) for one in self.calls]
        )


def per_feature(value: Array, features: int) -> Array:
    """Return one number for each feature, however many axes a value has kept."""
    flat = value.reshape(-1)
    return flat if len(flat) == features else np.full(features, flat.item())
