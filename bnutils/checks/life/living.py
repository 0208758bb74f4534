"""Letting layers live: making them, calling them, and keeping what they return."""

import inspect
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bnutils.checks.calls.calling import (
    Array,
    Function,
    Outcome,
    Signature,
    Witness,
    is_stub,
    require_callable,
)
from bnutils.checks.calls.sessions import session
from bnutils.checks.catalogue import mistake
from bnutils.checks.life.parameters import affine_of
from bnutils.checks.life.script import Life, Setting, Step
from bnutils.checks.report import Mistake

TEXT = "factory(features, momentum, epsilon)(x, training=True) -> y"


@dataclass(frozen=True, eq=False)
class Lived:
    """What a life gave.

    Attributes
    ----------
    outputs : tuple of ndarray or None
        One for each step; None if it came to no end.
    mistakes : tuple of Mistake
        Why; or what else was seen.
    parameters : frozenset of str
        Which of gamma and beta could be set.
    """

    outputs: tuple[Array, ...] | None
    mistakes: tuple[Mistake, ...]
    parameters: frozenset[str]


class Living(Witness):
    """A life while it goes on, so that an error can be said to have its moment."""

    def __init__(self, factory: Function, life: Life) -> None:
        self.factory, self.life = factory, life
        self.at: int | None = None
        self.changed: int | None = None
        self.parameters: set[str] = set()

    def __call__(self, *arguments: Any) -> Any:
        """Live through all steps; return what the layers returned, or the only one's output."""
        outputs = self.run()
        return outputs if len(outputs) > 1 else outputs[0]

    def saw(self) -> tuple[int | None, int | None, set[str]]:
        """Return how far the life came, where x was changed, and what could be set."""
        return self.at, self.changed, self.parameters

    def run(self) -> list[Any]:
        """Live through all steps; return all outputs."""
        layers = [make(self.factory, setting) for setting in self.life.settings]
        outputs = []
        for index, step in enumerate(self.life.steps):
            self.at = index
            outputs.append(self._step(layers[step.layer], step))
        return outputs

    def _step(self, layer: Any, step: Step) -> Any:
        if step.affine is not None:
            self.parameters.update(affine_of(layer, step.affine))
        x = step.x.copy()
        y = run(layer, x, step)
        if self.changed is None and not np.array_equal(x, step.x):
            self.changed = self.at
        return y

    def moment(self) -> str:
        """Say where the life stands."""
        return "when the layer is made" if self.at is None else self.life.place(self.at)


def live(factory: Function, life: Life) -> Lived:
    """Let layers live through a script, safely.

    Parameters
    ----------
    factory : callable
        ``factory(features, momentum, epsilon) -> layer``; it may do anything.
    life : Life
        The script.
    """
    living = Living(factory, life)
    names = tuple(f"y {life.place(index)}" for index in range(len(life.steps)))
    shapes = tuple(step.x.shape for step in life.steps)
    with session() as call:
        outcome = call(living, Signature(TEXT, (), names), (), shapes)
    if outcome.saw is not None:
        living.at, living.changed, living.parameters = outcome.saw
    return Lived(outcome.values, _findings(outcome, living), frozenset(living.parameters))


def _findings(outcome: Outcome, living: Living) -> tuple[Mistake, ...]:
    found = outcome.mistakes
    if outcome.final:  # nobody is left who could say when
        return found
    if outcome.values is None:
        finished = living.at == len(living.life.steps) - 1 and "y in" in found[0].seen
        return found if finished else tuple(_at(living.moment(), one) for one in found)
    if living.changed is not None:
        seen = f"{living.life.place(living.changed)}: after the call x is different."
        return (*found, mistake("changes-its-input", seen))
    return found


def _at(moment: str, found: Mistake) -> Mistake:
    """Say at which moment of the layer's life the mistake showed."""
    if found.name in ("unfinished", "returns-none"):
        return found
    return replace(found, seen=f"{moment}: {found.seen}" if found.seen else f"{moment}.")


def make(factory: Function, setting: Setting) -> Any:
    """Return a new layer."""
    require_callable("The factory, its name without brackets,", factory)
    layer = factory(setting.features, setting.momentum, setting.epsilon)
    require_callable("What the factory returns", layer)
    return layer


def run(layer: Any, x: Array, step: Step) -> Any:
    """Call the layer; a stub raises what a stub should; of a tuple the first entry is y."""
    y = layer(x, step.training) if step.by_position else layer(x, training=step.training)
    method = inspect.getattr_static(type(getattr(layer, "own", layer)), "__call__", None)
    if y is None and method is not None and is_stub(method):
        raise NotImplementedError
    return y[0] if isinstance(y, tuple) and y else y
