"""The exercise of writing one's own training step."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from bnutils.checks.calls.calling import require_callable
from bnutils.checks.calls.results import is_stub
from bnutils.checks.calls.sessions import Session, session
from bnutils.checks.calls.terms import Array, Function, Signature, Witness
from bnutils.checks.catalogue import mistake
from bnutils.checks.ladder import with_hints
from bnutils.checks.networks.examples import (
    Network,
    State,
    is_moving,
    networks,
    normalisations,
    state,
)
from bnutils.checks.networks.gradients import (
    Passes,
    Step,
    loss_of,
    moved,
    moving,
    optimizer_for,
    passes,
)
from bnutils.checks.report import Mistake, Report, each_once

NAME = "training_step"
CALL = Signature("train_step(model, optimizer, loss_function, x, y)", (), ("nothing",))
BATCHES = (slice(0, 16), slice(16, 32), slice(32, 41))
"""Three steps: the second has the optimiser's momentum to carry on, the last is smaller."""

NEAR = 1e-3
"""A difference of so much of a change is rounding."""


@with_hints
def training_step(function: Function) -> Report:
    """Check ``train_step(model, optimizer, loss_function, x, y) -> loss`` for a Keras model.

    Parameters
    ----------
    function : callable
        Gets a model with batch normalisation, an optimiser, a loss ``loss_function(y, logits)``
        and a batch. Afterwards the optimiser has made one step with the gradient of the loss in
        training mode, the moving statistics have moved once, and the loss is returned.

    Returns
    -------
    Report
        Of three steps, each judged from where the student's own last step ended.
    """
    tried = networks(dropout=False)
    with session() as call:
        found = [one for network in tried for one in _tried(call, function, network)]
        return call.heard(Report(NAME, each_once(found), tuple(one.name for one in tried)))


class Stepping(Witness):
    """Three calls of the student's function for a model, each noted down.

    Parameters
    ----------
    function : callable
        The student's.
    network : Network
        What it trains.
    """

    def __init__(self, function: Function, network: Network) -> None:
        self.function, self.network = function, network
        self.optimizer, self.given = optimizer_for(network.model)
        self.steps = list[Step]()

    def __call__(self) -> float:
        """Make the steps; a body that was left empty is unfinished."""
        require_callable("train_step", self.function)
        for rows in BATCHES:
            self.steps.append(self._step(rows))
        return 0.0

    def _step(self, rows: slice) -> Step:
        model, optimizer = self.network.model, self.optimizer
        before = state(model)
        batch = self.network.x[rows].copy(), self.network.labels[rows].copy()
        self.given.clear()
        loss = self.function(model, optimizer, loss_of(), *batch)
        if loss is None and is_stub(self.function):
            raise NotImplementedError
        number = None if loss is None else _number(loss)
        return Step(before, state(model), rows, number, tuple(self.given))

    def saw(self) -> tuple[list[Step], list[bool]]:
        """Return the steps, and whether each normalisation is still trainable."""
        layers = normalisations(self.network.model)
        return self.steps, [bool(layer.trainable) for layer in layers]


def _number(loss: Any) -> float:
    """Return a loss as a number, nan if it is none."""
    try:
        return float(np.asarray(loss))
    except (TypeError, ValueError):
        return float("nan")


def _tried(call: Session, function: Function, network: Network) -> Iterator[Mistake]:
    """Yield what is wrong with the steps of one model."""
    outcome = call(Stepping(function, network), CALL, (), ((),))
    yield from outcome.mistakes
    if outcome.values is None or outcome.saw is None:
        return
    steps, trainable = outcome.saw
    if not all(trainable):
        seen = f"In {network.name}: a normalisation is not trainable any more."
        yield mistake("layer-frozen", seen)
        return
    velocity = {one.path: np.zeros(one.shape) for one in network.model.trainable_variables}
    for number, step in enumerate(steps, 1):
        due = passes(network, step.before, step.rows)
        found = list(_wrong(step, due, velocity, f"In {network.name}, step {number}: "))
        yield from found
        if found:
            return
        velocity = moved(velocity, due.gradients["training"])


def _wrong(step: Step, due: Passes, velocity: State, where: str) -> Iterator[Mistake]:
    """Yield what is wrong with one step: its weights, its statistics, its loss."""
    weights, said = _weights(step, due, velocity)
    statistics = _statistics(step, due)
    recorded = [path for path in step.given if is_moving(path)]
    if recorded:
        yield mistake("moving-in-the-gradient", f"{where}the optimiser was given {recorded[0]}.")
    if weights == statistics == "unchanged":
        yield mistake("nothing-changed", f"{where}every number is what it was.")
        return
    forgotten = weights == "inference-mode" and statistics == "unchanged"
    if weights:
        held = " The moving statistics are right." * (not statistics)
        name = "not-applied" if weights == "unchanged" else weights
        yield mistake(name, f"{where}{said}{held}")
    if statistics and not forgotten:
        held = " The trainable weights are right." * (not weights)
        name = "statistics-not-moved" if statistics == "unchanged" else statistics
        yield mistake(name, f"{where}{_said(statistics)}{held}")
    if not weights and not statistics:
        yield from _loss(step, due, where)


def _weights(step: Step, due: Passes, velocity: State) -> tuple[str, str]:
    """Return what is wrong with the trainable weights, "" if nothing is, and what was seen."""
    right, other = due.gradients["training"], due.gradients["inference"]
    once, none = moved(velocity, right), {path: 0 * one for path, one in right.items()}
    twice = moved(once, right)
    ways = {
        "": once,
        "unchanged": none,
        "inference-mode": moved(velocity, other),
        "applied-twice": {path: once[path] + twice[path] for path in once},
        "uphill": moved(velocity, {path: -one for path, one in right.items()}),
        "not-the-optimizer": moved(none, right),
    }
    change = {path: step.after[path] - step.before[path] for path in right}
    for name, movement in ways.items():
        if _alike(change, movement, once):
            return name, "the trainable weights are not where one step leads."
    left = [path for path, one in change.items() if not one.any()]
    if left:
        return "weights-left-out", f"{left[0]} is what it was."
    off = next(path for path in change if not _near(change[path], once[path], once[path]))
    return "another-step", f"{off} is not where one step leads."


def _statistics(step: Step, due: Passes) -> str:
    """Return what is wrong with the moving statistics, "" if nothing is."""
    none, once, twice = due.statistics
    way = {path: once[path] - none[path] for path in none}
    for name, numbers in {"": once, "unchanged": none, "forward-twice": twice}.items():
        if _alike(moving(step.after), numbers, way):
            return name
    return "statistics-elsewhere"


def _alike(got: State, due: State, way: State) -> bool:
    """Whether all numbers agree, up to rounding of the way that they should have gone."""
    return all(_near(got[path], due[path], way[path]) for path in due)


def _near(got: Array, due: Array, way: Array) -> bool:
    return bool((np.abs(got - due) <= NEAR * np.abs(way).max() + 2e-6).all())


def _said(name: str) -> str:
    """Say how the moving statistics moved."""
    return {
        "unchanged": "the moving statistics are what they were.",
        "forward-twice": "the moving statistics have moved twice.",
    }.get(name, "the moving statistics are not where one pass in training mode leads.")


def _loss(step: Step, due: Passes, where: str) -> Iterator[Mistake]:
    """Yield a mistake if what was returned is not the loss that was differentiated."""
    right = due.losses["training"]
    if step.loss is None:
        yield mistake("loss-not-returned", f"{where}None came back; {right:.5g} was expected.")
    elif not abs(step.loss - right) <= NEAR * (1 + abs(right)):
        held = "The step itself is right."
        yield mistake(
            "another-loss",
            f"{where}{step.loss:.5g} came back; {right:.5g} was expected. {held}",
        )
