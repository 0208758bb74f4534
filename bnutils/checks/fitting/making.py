"""Making layers: from features, momentum and epsilon to the parameters that a class has."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bnutils.checks.catalogue import mistake
from bnutils.checks.fitting.frameworks import arrays_of, framework, loaded
from bnutils.checks.fitting.parameters import Parameters, parameters
from bnutils.checks.fitting.wording import name_of, paste, written
from bnutils.checks.report import Mistake

Make = Callable[[int, float, float], Any]
"""From features, momentum and epsilon to a layer of the student's."""

WANTED = ("features", "momentum", "epsilon")
_CALLED = "The exercise calls factory(features, momentum, epsilon)"


@dataclass(frozen=True)
class Making:
    """How a factory is called.

    Attributes
    ----------
    make : callable
        With features, momentum and epsilon.
    missing : tuple of str
        Those of "momentum" and "epsilon" that the factory does not take.
    remarks : tuple of str
        How it is called, if not as the exercise says.
    mistakes : tuple of Mistake
        Why it cannot be called, or not in that order.
    """

    make: Make
    missing: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    mistakes: tuple[Mistake, ...] = ()

    def __call__(self, features: int, momentum: float, epsilon: float) -> Any:
        """Make a layer of the student's."""
        return self.make(features, momentum, epsilon)


def making(factory: Any, images: bool = False) -> Making:
    """Return how to call a factory, by its kind and the names of its parameters."""
    if framework(factory) and not isinstance(factory, type):
        return Making(factory, mistakes=(_ready_made(factory),))
    found = parameters(factory, WANTED)
    library = isinstance(factory, type) and _has_an_order_of_its_own(factory)
    if found is None or (not library and _fits(factory, found)):
        return Making(factory)
    given = _given(found)
    extra = _extra(found, 4 if images else 2)
    left = [one.name for one in found.named if one.required and one.name not in {*given, *extra}]
    if left or (not library and _in_another_order(found)):
        return Making(factory, mistakes=(_refused(factory, given, left),))
    return _by_name(factory, given, extra)


def _has_an_order_of_its_own(kind: type) -> bool:
    """Whether it is a library's class, or one in PyTorch's manner: called by name at all times."""
    return bool(framework(kind)) or arrays_of(kind) == "torch"


def _fits(factory: Any, found: Parameters) -> bool:
    """Whether the exercise's call goes through, and no name speaks against it."""
    try:
        inspect.signature(factory).bind(*WANTED)
    except TypeError:
        return False
    first = found.known[: len(WANTED)]
    placed = all(got in (None, due) for got, due in zip(first, WANTED, strict=False))
    return placed and set(WANTED) & set(found.known) <= set(first)


def _given(found: Parameters) -> dict[str, str]:
    """Return which parameter receives what: by its name, or as the first that says nothing."""
    places = {name: found.find(name) for name in WANTED}
    given = {place.name: name for name, place in places.items() if place}
    unknown = [one for one in found.named if one.known is None and one.required]
    if places["features"] is None and unknown and unknown[0] is found.named[0]:
        given = {unknown[0].name: "features", **given}
    return given


def _extra(found: Parameters, dimensions: int) -> dict[str, Any]:
    """Return what some libraries ask for besides: a source of random numbers, of dimensions."""
    extra = {one.name: dimensions for one in found.named if one.name in ("num_dims", "ndim")}
    if any(one.name == "rngs" for one in found.named) and loaded("flax.nnx"):
        extra["rngs"] = loaded("flax.nnx").Rngs(0)
    return extra


def _in_another_order(found: Parameters) -> bool:
    """Whether arguments that can be given by position would reach each other's parameters."""
    places = [one.known for one in found.named if one.by_position and one.known in WANTED]
    return places != [name for name in WANTED if name in places]


def _by_name(factory: Any, given: Mapping[str, str], extra: Mapping[str, Any]) -> Making:
    def make(features: int, momentum: float, epsilon: float) -> Any:
        values = {"features": features, "momentum": momentum, "epsilon": epsilon}
        return factory(**{one: values[name] for one, name in given.items()}, **extra)

    missing = tuple(name for name in WANTED[1:] if name not in given.values())
    return Making(make, missing, (f"The layer is made by {written(name_of(factory), given)}.",))


def _refused(factory: Any, given: Mapping[str, str], left: list[str]) -> Mistake:
    """Say why the call does not fit, and how it does."""
    name = name_of(factory)
    call = written(name, {**given, **{one: "..." for one in left}})
    seen = f"{_CALLED} by position; {name}{_signature(factory)} takes them otherwise."
    line = paste("batch_norm_layer", f"lambda features, momentum, epsilon: {call}")
    return mistake("wrong-signature", f"{seen}\n{line}")


def _signature(factory: Any) -> str:
    declared = inspect.signature(factory)
    bare = [one.replace(annotation=inspect.Parameter.empty) for one in declared.parameters.values()]
    return str(inspect.Signature(bare))


def _ready_made(layer: Any) -> Mistake:
    """Say that a layer was given where its class should be."""
    name = type(layer).__name__
    seen = f"{_CALLED} to make layers of its own; received a layer that is made already."
    return mistake("wrong-signature", f"{seen}\n{paste('batch_norm_layer', name)}")
