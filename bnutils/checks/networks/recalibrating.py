"""The exercise of measuring a model's statistics anew, with every weight left as it is."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from bnutils.checks.calls.calling import require_callable
from bnutils.checks.calls.results import is_stub
from bnutils.checks.calls.sessions import Session, session
from bnutils.checks.calls.terms import Array, Function, Signature, Witness
from bnutils.checks.catalogue import mistake
from bnutils.checks.ladder import with_hints
from bnutils.checks.networks.examples import (
    DROPOUT,
    Network,
    State,
    is_moving,
    networks,
    normalisations,
    restore,
    settings,
    state,
)
from bnutils.checks.networks.populations import Seen, Statistics, named
from bnutils.checks.report import Mistake, Report, each_once
from bnutils.surroundings import import_keras

NAME = "recalibration"
CALL = Signature("recalibrate(model, x)", ("x",), ("nothing",))


@with_hints
def recalibration(function: Function) -> Report:
    """Check ``recalibrate(model, x)``, which sets the moving statistics of a Keras model.

    Parameters
    ----------
    function : callable
        Gets a model with more than one batch normalisation and x, all its training inputs.
        Afterwards each of them has stored mean and variance of its own inputs over all of x, as
        they are in inference mode, and no other number of the model has changed. What it returns
        does not matter.

    Returns
    -------
    Report
        Layer by layer, each judged by what the student stored in those before it.
    """
    tried = networks(dropout=True)
    with session() as call:
        found = [one for network in tried for one in _tried(call, function, network)]
        return call.heard(Report(NAME, _sorted_out(found), tuple(one.name for one in tried)))


class Recalibrating(Witness):
    """A call of the student's function for a model, which remembers what became of that.

    Parameters
    ----------
    function : callable
        The student's.
    network : Network
        What it is called with.
    """

    def __init__(self, function: Function, network: Network) -> None:
        self.function, self.network = function, network

    def __call__(self, x: Array) -> float:
        """Call it; a body that was left empty is unfinished."""
        require_callable("recalibrate", self.function)
        if self.function(self.network.model, x) is None and is_stub(self.function):
            raise NotImplementedError
        return 0.0

    def saw(self) -> tuple[State, Mapping[str, tuple[float, bool]]]:
        """Return the model's numbers, and the settings of its normalisations."""
        return state(self.network.model), settings(self.network.model)


def _tried(call: Session, function: Function, network: Network) -> Iterator[Mistake]:
    """Yield what is wrong after a call for one model."""
    before, set_before = state(network.model), settings(network.model)
    outcome = call(Recalibrating(function, network), CALL, (network.x,), ((),))
    yield from outcome.mistakes
    if outcome.values is None or outcome.saw is None:
        return
    after, set_after = outcome.saw
    if set_before != set_after:
        yield mistake(
            "setting-left-changed", f"In {network.name}: {_changed(set_before, set_after)}"
        )
    yield from _other_numbers(network, before, after)
    yield from _first_wrong(network, before, after)


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    path = next(path for path in before if before[path] != after.get(path))
    (momentum, trainable), now = before[path], after.get(path, ("?", "?"))
    return (
        f"{path} had momentum {momentum:g} and trainable {trainable}, and now has {now[0]} and "
        f"{now[1]}."
    )


def _other_numbers(network: Network, before: State, after: State) -> Iterator[Mistake]:
    """Yield a mistake if something else than a moving statistic has changed."""
    other = [
        path
        for path in before
        if not is_moving(path) and not np.array_equal(before[path], after[path])
    ]
    if other:
        yield mistake("weights-changed", f"In {network.name}: {', '.join(other[:4])}.")


def _first_wrong(network: Network, before: State, after: State) -> Iterator[Mistake]:
    """Yield what is wrong with the first layer whose statistics are not those of its inputs."""
    mixed, layers = dict(before), normalisations(network.model)
    for number, layer in enumerate(layers, 1):
        own = layer.moving_mean.path, layer.moving_variance.path
        seen = _seen(network, layer, before, mixed)
        got = Statistics(*(after[path].astype(float) for path in own))
        agree = got.like(Statistics.of(seen.inputs))
        if not all(agree):
            said = _said(network, number, len(layers), got, seen, agree)
            yield _why(got, seen, network, before, after, number, said)
            return
        mixed |= {path: after[path] for path in own}


def _seen(network: Network, layer: Any, before: State, mixed: State) -> Seen:
    """Return what the layer sees, with other numbers in the model."""
    beneath = import_keras().Model(network.model.inputs[0], layer.input)

    def run(numbers: State) -> Array:
        restore(network.model, numbers)
        return np.asarray(beneath(network.x, training=False), float)

    inputs, stale = run(mixed), run(before)
    gamma, beta = (np.asarray(one, float) for one in (layer.gamma, layer.beta))
    old = Statistics(before[layer.moving_mean.path], before[layer.moving_variance.path])

    def outputs(used: Statistics) -> Array:
        spread = np.sqrt(used.variance + layer.epsilon)
        return np.asarray(gamma * (inputs - used.mean) / spread + beta)

    return Seen(inputs, stale, outputs, old)


def _said(
    network: Network,
    number: int,
    count: int,
    got: Statistics,
    seen: Seen,
    agree: tuple[bool, bool],
) -> str:
    """Say what holds and what does not."""
    due = Statistics.of(seen.inputs)
    name, own, right = (
        ("moving_variance", got.variance, due.variance)
        if agree[0]
        else ("moving_mean", got.mean, due.mean)
    )
    place = int(np.abs(own - right).argmax())
    held = " The means are right." * agree[0] + " The variances are right." * agree[1]
    earlier = " What is before it is right." if number > 1 else ""
    return (
        f"In {network.name}, normalisation {number} of {count}: {name}[{place}] is "
        f"{own[place]:.4g}; {right[place]:.4g} was expected.{held}{earlier}"
    )


def _why(
    got: Statistics,
    seen: Seen,
    network: Network,
    before: State,
    after: State,
    number: int,
    said: str,
) -> Mistake:
    """Return the mistake with its name."""
    if all(np.array_equal(before[path], after[path]) for path in before):
        return mistake("nothing-changed", f"In {network.name}: every number is what it was.")
    name = named(got, seen)
    if not name and network.name == DROPOUT and number > 1:
        name = "dropout-left-on"
    return mistake(name or "not-the-population", said)


def _sorted_out(found: list[Mistake]) -> tuple[Mistake, ...]:
    """Return each mistake once; the general one only where no other says more."""
    named_ones = each_once(found)
    known = [one for one in named_ones if one.name != "not-the-population"]
    return tuple(known or named_ones)
