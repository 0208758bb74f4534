"""Setting and reading gamma and beta of a layer, under whatever names it keeps them."""

from collections.abc import Iterator, MutableMapping
from typing import Any

import numpy as np

from bnutils.checks.calls.calling import Array
from bnutils.checks.fitting.frameworks import framework, loaded
from bnutils.checks.fitting.names import known
from bnutils.checks.fitting.tensors import plain

_INSIDE = ("params", "parameters", "weights", "p", "variables")
"""Where layers keep dictionaries of their parameters."""

Place = tuple[Any, Any]
"""A layer or dictionary, and the name or key in it."""


def get(layer: Any, name: str) -> Array | None:
    """Return a layer's "gamma" or "beta" as a vector; None if none is found."""
    place = _find(layer, name)
    return None if place is None else np.array(plain(_value(place)), float).reshape(-1)


def put(layer: Any, name: str, values: Array) -> bool:
    """Give a layer's "gamma" or "beta" these values; return whether it has one."""
    place = _find(layer, name)
    if place is None:
        return False
    old = _value(place)
    shape = np.shape(plain(old)) or values.shape
    if not _put_inside(old, values.reshape(shape)):
        _replace(place, values.reshape(shape).astype(_kind(old)))
    return True


def _put_inside(old: Any, values: Array) -> bool:
    """Change what keeps its identity: a tensor or variable of a framework."""
    torch = loaded("torch")
    if torch is not None and isinstance(old, torch.Tensor):
        with torch.no_grad():
            old.copy_(torch.as_tensor(values))
    elif callable(getattr(old, "assign", None)):
        old.assign(values)
    elif callable(getattr(old, "set_value", None)):
        old.set_value(loaded("jax").numpy.asarray(values, old.dtype))
    else:
        return False
    return True


def _kind(old: Any) -> Any:
    """Return the dtype of floating-point numbers, and float64 for others."""
    dtype = np.asarray(plain(old)).dtype
    return dtype if dtype.kind == "f" else np.dtype(float)


def _find(layer: Any, name: str) -> Place | None:
    places = [place for place in _places(layer) if _called(str(place[1]), name)]
    named = [place for place in places if _is_vector(_value(place))]
    exact = [place for place in named if str(place[1]).strip("_").lower() == name]
    return next(iter(exact or named), None)


def _called(attribute: str, name: str) -> bool:
    return known(attribute, (name,)) == name or attribute.strip("_").lower() == name[0]


def _is_vector(value: Any) -> bool:
    """Whether this can be one number for each feature: not None, not a kernel."""
    array = plain(value)
    if isinstance(array, float | int) and not isinstance(array, bool):
        return True
    return isinstance(array, np.ndarray) and array.size == max(array.shape, default=1)


def _places(owner: Any, depth: int = 3) -> Iterator[Place]:
    """Yield everything that a layer keeps, also in its dictionaries and in layers inside it."""
    names = owner if isinstance(owner, MutableMapping) else _attributes(owner)
    for name in list(names):
        yield owner, name
        value = _value((owner, name))
        inside = owner is names or name in _INSIDE
        if depth and ((inside and isinstance(value, MutableMapping)) or framework(value)):
            yield from _places(value, depth - 1)


def _attributes(layer: Any) -> list[str]:
    """Return the names of what a layer keeps; PyTorch has dictionaries for some of it."""
    apart = (getattr(layer, name, None) for name in ("_parameters", "_modules"))
    more = [name for one in apart if isinstance(one, MutableMapping) for name in one]
    return [*getattr(layer, "__dict__", {}), *more, *getattr(type(layer), "__slots__", ())]


def _value(place: Place) -> Any:
    owner, name = place
    return owner.get(name) if isinstance(owner, MutableMapping) else getattr(owner, name, None)


def _replace(place: Place, values: Array) -> None:
    owner, name = place
    if isinstance(owner, MutableMapping):
        owner[name] = values
    else:
        setattr(owner, name, values)
