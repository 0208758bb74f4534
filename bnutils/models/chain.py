"""Networks as a chain of layers, some of which add what lies on a shortcut.

That is all that the engine trains: each layer takes what the one before it puts out, and an
``Add`` takes what an earlier one does too. A ``keras.Sequential`` is such a chain, and so is a
residual network as Keras' functional models have it.
"""

from collections.abc import Sequence
from typing import Any

from bnutils.errors import UnsupportedLayer


def computing(model: Any) -> list[Any]:
    """Return the layers of a model that compute something, in the order in which they do."""
    return [layer for layer in model.layers if type(layer).__name__ != "InputLayer"]


def shortcuts(layers: Sequence[Any]) -> dict[int, int]:
    """Return for each ``Add`` of a chain which layer's output it adds to that of the one before.

    Returns
    -------
    dict of int to int
        Number of the ``Add`` -> number of the earlier layer.
    """
    return {
        number: _sources(layers, number)[0]
        for number, layer in enumerate(layers)
        if type(layer).__name__ == "Add" and len(_sources(layers, number)) == 1
    }


def takers(layers: Sequence[Any]) -> list[list[Any]]:
    """Return for each layer of a chain those that take its output."""
    found = [list(layers[number + 1 : number + 2]) for number in range(len(layers))]
    for number, source in shortcuts(layers).items():
        found[source].append(layers[number])
    return found


def require_chain(model: Any) -> None:
    """Raise ``UnsupportedLayer`` if a functional model is no chain with shortcuts.

    What Keras says of a layer is said of the first time that it was called; so it is refused as
    well if it is called twice.
    """
    if type(model).__name__ == "Sequential":
        return
    layers = computing(model)
    before = model.inputs
    for number, layer in enumerate(layers):
        if not (_is_next(layer, before) or number in shortcuts(layers)):
            raise _no_chain(layer)
        before = [layer.output]
    if len(model.inputs) > 1 or not _same(model.outputs, before):
        raise _no_chain(layers[-1])


def _sources(layers: Sequence[Any], number: int) -> list[int]:
    """Which layers an ``Add`` takes from besides the one before it; [] if it does not take that."""
    taken = [part for part in layers[number].input if part is not layers[number - 1].output]
    early = range(number - 1)
    found = [place for part in taken for place in early if layers[place].output is part]
    return found if len(layers[number].input) == len(taken) + 1 == len(found) + 1 else []


def _is_next(layer: Any, before: Sequence[Any]) -> bool:
    """Whether a layer takes what the one before it puts out, and nothing else."""
    taken = layer.input
    return _same(list(taken) if isinstance(taken, list | tuple) else [taken], before)


def _same(some: Sequence[Any], others: Sequence[Any]) -> bool:
    return len(some) == len(others) and all(a is b for a, b in zip(some, others, strict=True))


def _no_chain(layer: Any) -> UnsupportedLayer:
    return UnsupportedLayer(
        "The engine trains chains of layers, each called once on what the one before it puts out, "
        "and an Add also on what one earlier layer does; received a model with the layer "
        f"{layer.name!r}, which breaks the chain. Use engine='keras', which trains any model."
    )
