"""One step of training a Keras model, in the right way and in wrong ones."""

from dataclasses import dataclass
from typing import Any

from bnutils.checks.networks.examples import Network, State, is_moving, restore, state
from bnutils.surroundings import import_keras

RATE, MOMENTUM = 0.1, 0.9
"""Of the optimiser: with its momentum a second step is not like the first."""


@dataclass(frozen=True)
class Step:
    """What a student's step did, or ours in its place.

    Attributes
    ----------
    before, after : dict of str to ndarray
        The model's numbers.
    rows : slice
        Which examples the batch was made of.
    loss : float or None
        What was returned.
    given : tuple of str
        Paths of the variables that the optimiser was given.
    """

    before: State
    after: State
    rows: slice
    loss: Any
    given: tuple[str, ...]


@dataclass(frozen=True)
class Passes:
    """A batch's losses and gradients, from one state of the model.

    Attributes
    ----------
    losses : dict of str to float
        In mode "training" and "inference".
    gradients : dict of str to dict of str to ndarray
        The same, with respect to each trainable weight.
    statistics : list of dict of str to ndarray
        The moving statistics after no, one, two passes in training mode.
    """

    losses: dict[str, float]
    gradients: dict[str, State]
    statistics: list[State]


def loss_of() -> Any:
    """Return the loss that the exercise uses."""
    return import_keras().losses.SparseCategoricalCrossentropy(from_logits=True)


def optimizer_for(model: Any) -> tuple[Any, list[str]]:
    """Return an optimiser, and the list in which it notes the variables that it is given.

    It steps the trainable weights only; with others Keras' own would stop.
    """
    optimizer, given = import_keras().optimizers.SGD(RATE, momentum=MOMENTUM), list[str]()
    optimizer.build(model.trainable_variables)
    own = {variable.path: variable for variable in model.trainable_variables}
    applied = optimizer.apply

    def apply(grads: Any, trainable_variables: Any = None) -> Any:
        listed = list(own.values() if trainable_variables is None else trainable_variables)
        given.extend(one.path for one in listed)
        pairs = [(g, one) for g, one in zip(grads, listed, strict=True) if one.path in own]
        return applied(*zip(*pairs, strict=True)) if pairs else None

    optimizer.apply = apply
    return optimizer, given


def passes(network: Network, before: State, rows: slice) -> Passes:
    """Return what a batch gives in either mode; the model is left in the state `before`."""
    import tensorflow as tf

    model, losses, gradients = network.model, {}, {}
    x, labels = network.x[rows], network.labels[rows]
    for mode in ("inference", "training"):
        restore(model, before)
        with tf.GradientTape() as tape:
            loss = loss_of()(labels, model(x, training=mode == "training"))
        variables = model.trainable_variables
        found = zip(variables, tape.gradient(loss, variables), strict=True)
        losses[mode], gradients[mode] = float(loss), {one.path: g.numpy() for one, g in found}
    once = state(model)
    model(x, training=True)
    passed = before, once, state(model)
    restore(model, before)
    return Passes(losses, gradients, [moving(one) for one in passed])


def moving(numbers: State) -> State:
    """Return the moving statistics among a model's numbers."""
    return {path: value for path, value in numbers.items() if is_moving(path)}


def moved(velocity: State, gradient: State) -> State:
    """Return the optimiser's next movement, from its last one."""
    return {path: MOMENTUM * velocity[path] - RATE * gradient[path] for path in gradient}
