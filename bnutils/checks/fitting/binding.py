"""From the exercise's arguments, in its order, to the parameters that a function has."""

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bnutils.checks.calls.calling import Function
from bnutils.checks.fitting.parameters import Parameter, Parameters, parameters
from bnutils.checks.fitting.wording import name_of, written

NUMBERS = ("epsilon", "momentum")
"""What a function may leave out, and have as a constant of its own."""

_FLAGS = ("training", "inference", "mode")
_MAY_MISS = ([], *([one] for one in NUMBERS))
_STRONG = (*NUMBERS, "gamma", "beta", "moving_mean", "moving_variance", "bn_param", "cache", "dy")


@dataclass(frozen=True)
class Binding:
    """How a function is called.

    Attributes
    ----------
    function : callable
        With the exercise's arguments, in its order.
    missing : str
        "epsilon" or "momentum", if the function does not take it.
    call : str
        How the function is called, if not as the exercise says: "forward(x, eps=epsilon)".
    reordered : bool
        Whether it has all arguments, by their names, in another order than the exercise.
    left : tuple of str
        Parameters for which the exercise has nothing.
    absent : tuple of str
        Arguments of the exercise that it does not take, other than epsilon or momentum.
    """

    function: Function
    missing: str = ""
    call: str = ""
    reordered: bool = False
    left: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()

    @property
    def fits(self) -> bool:
        """Whether it can be called at all."""
        return not self.left and not self.absent


def binding(function: Function, wanted: Sequence[str]) -> Binding:
    """Return how to call a function with the exercise's arguments `wanted`."""
    found = _telling(parameters(function, wanted), wanted)
    if found is None or found.any_position or _fits(function, found, wanted):
        return Binding(function)
    given = _given(found, wanted)
    extra = {one.name: one for one in found.named if one.name not in given and _spare(one)}
    taken = {*given, *extra}
    left = [one.name for one in found.named if one.required and one.name not in taken]
    missing = [name for name in wanted if name not in given.values()]
    reordered = _reordered(found, given, wanted)
    guessed = [one.name for one in found.named if one.known is None and one.name in given]
    if left or (reordered and guessed):
        return Binding(function, left=(*left, *guessed))
    if missing not in _MAY_MISS:
        return Binding(function, absent=tuple(missing))
    said = {**given, **{name: _said(one, wanted) for name, one in extra.items()}}
    call = written(name_of(function), said)
    named = _by_name(function, found, wanted, given, extra)
    return Binding(named, "".join(missing), call, reordered)


def _telling(found: Parameters | None, wanted: Sequence[str]) -> Parameters | None:
    """Leave out what names say that is neither in the exercise nor speaks against it."""
    if found is None:
        return None
    tells = {*wanted, *_FLAGS, *_STRONG}
    named = (one if one.known in tells else replace(one, known=None) for one in found.named)
    return replace(found, named=tuple(named))


def infers(wanted: Sequence[str]) -> bool:
    """Whether the exercise is one on inference: it brings the statistics and leaves them."""
    return "moving_mean" in wanted and "momentum" not in wanted


def _fits(function: Function, found: Parameters, wanted: Sequence[str]) -> bool:
    """Whether the exercise's call goes through, and no name speaks against it."""
    try:
        inspect.signature(function).bind(*wanted)
    except TypeError:
        return False
    first, after = found.known[: len(wanted)], found.known[len(wanted) :]
    placed = all(got in (None, due) for got, due in zip(first, wanted, strict=False))
    return placed and not {*after} & {*wanted, *_FLAGS}


def _given(found: Parameters, wanted: Sequence[str]) -> dict[str, str]:
    """Return which parameter receives what: by its name, and what says nothing in order."""
    places = {name: found.find(name) for name in wanted}
    given = {place.name: name for name, place in places.items() if place}
    silent = [one.name for one in found.named if one.known is None and one.required]
    free = [name for name in wanted if name not in given.values()]
    return {**given, **dict(zip(silent, free, strict=False))}


def _spare(one: Parameter) -> bool:
    if one.known in ("moving_mean", "moving_variance"):
        return one.required and one.name.lower().startswith(("moving", "running", "pop"))
    return one.known in _FLAGS or (one.required and one.known in _SPARE)


def _reordered(found: Parameters, given: Mapping[str, str], wanted: Sequence[str]) -> bool:
    order = [given[one.name] for one in found.named if one.name in given and one.by_position]
    return order != [name for name in wanted if name in order]


def _by_name(
    function: Function,
    found: Parameters,
    wanted: Sequence[str],
    given: Mapping[str, str],
    extra: Mapping[str, Parameter],
) -> Function:
    def fitted(*arguments: Any) -> Any:
        values = dict(zip(wanted, arguments, strict=True))
        words = {name: values[one] for name, one in given.items()}
        words |= {name: _value(one, values, wanted) for name, one in extra.items()}
        first = [words.pop(one.name) for one in found.named if not one.by_name]
        return function(*first, **words)

    return fitted


def _value(one: Parameter, values: Mapping[str, Any], wanted: Sequence[str]) -> Any:
    """Return what is given to a parameter for which the exercise has nothing."""
    if one.known in _FLAGS:
        return _flag(one, wanted)
    number = _SPARE[str(one.known)]
    vector = values.get("gamma", values.get("moving_mean", 0.0))
    return number if one.known in NUMBERS else 0 * vector + number


def _said(one: Parameter, wanted: Sequence[str]) -> str:
    return repr(_flag(one, wanted) if one.known in _FLAGS else _SPARE[str(one.known)])


def _flag(one: Parameter, wanted: Sequence[str]) -> Any:
    """Return what says whether the function trains: it infers if it is given the statistics."""
    training = "moving_mean" not in wanted or ("x" in wanted and "momentum" in wanted)
    if one.known == "mode":
        return "train" if training else "test"
    return training if one.known == "training" else not training


_SPARE = {
    "beta": 0.0,
    "gamma": 1.0,
    "moving_mean": 0.0,
    "moving_variance": 1.0,
    "epsilon": 1e-5,
    "momentum": 0.9,
}
"""What a function is given that asks for more than the exercise has."""
