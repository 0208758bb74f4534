"""What is said to a function that does not fit, with the line to paste."""

import inspect
from collections.abc import Sequence

from bnutils.checks.calls.calling import Function
from bnutils.checks.catalogue import mistake
from bnutils.checks.exercise import Exercise
from bnutils.checks.fitting.binding import Binding
from bnutils.checks.fitting.frameworks import framework
from bnutils.checks.fitting.parameters import Parameter, parameters
from bnutils.checks.fitting.wording import name_of, paste, written
from bnutils.checks.report import Mistake


def in_another_order(function: Function, exercise: Exercise, bound: Binding) -> Mistake:
    """Say that the parameters are the exercise's, in another order."""
    return mistake("wrong-signature", f"{_both(function, exercise)}\n{_line(exercise, bound.call)}")


def unknown(function: Function, exercise: Exercise, bound: Binding) -> Mistake:
    """Say that the exercise has nothing for some parameters, or that some are missing."""
    name, wanted = name_of(function), exercise.signature.arguments
    if "cache" in {one.known for one in _named(function)}:
        forward = _forward(function)
        adapted = f"checks.cs231n_backward({forward}, {name})"
        seen = "This function takes the cache of a forward pass, so the check needs both."
        return mistake("wrong-signature", f"{seen}\n{paste(exercise.name, adapted)}")
    said = _both(function, exercise)
    if bound.absent:
        return mistake("wrong-signature", f"{said} It takes no {' and no '.join(bound.absent)}.")
    known = ((one.name, one.known if one.known in wanted else None) for one in _named(function))
    call = written(name, {own: meant or "..." for own, meant in known})
    return mistake("wrong-signature", f"{said}\n{_line(exercise, call)}")


def a_layer(function: Function, exercise: Exercise) -> Mistake:
    """Say that a layer, or its class, was given to the check of a function."""
    kind = function if isinstance(function, type) else type(function)
    seen = f"{kind.__name__} is a layer, and {exercise.name} checks a function."
    return mistake("wrong-signature", f"{seen}\n{paste('batch_norm_layer', kind.__name__)}")


def in_order(
    function: Function, exercise: Exercise, order: Sequence[int], name: str, alone: bool
) -> Mistake:
    """Say in which order of the arguments the numbers are right, but for what else is wrong."""
    names = exercise.signature.arguments
    given = [names[taken] for taken in order]
    moved = [names[place] for place, taken in enumerate(order) if place != taken]
    change = "change places" if len(moved) == 2 else "are given in another order"
    rest = "" if alone else ", but for what else is said here"
    seen = f"the numbers are right if {', '.join(moved[:-1])} and {moved[-1]} {change}{rest}."
    line = _line(exercise, f"{name_of(function)}({', '.join(given)})")
    return mistake(name, f"{seen}\n{line}")


def is_layer(function: Function) -> bool:
    """Whether this is a class, or a layer of a library."""
    return isinstance(function, type) or bool(framework(function))


def _both(function: Function, exercise: Exercise) -> str:
    """Return how the exercise calls, and what the function has."""
    own = ", ".join(one.name for one in _named(function))
    return f"The exercise calls {exercise.signature.text}; yours is {name_of(function)}({own})."


def _line(exercise: Exercise, call: str) -> str:
    wanted = ", ".join(exercise.signature.arguments)
    return paste(exercise.name, f"lambda {wanted}: {call}")


def _named(function: Function) -> tuple[Parameter, ...]:
    found = parameters(function)
    return found.named if found else ()


def _forward(backward: Function) -> str:
    """Return the name of the forward pass that stands beside a backward pass."""
    beside = getattr(inspect.unwrap(backward), "__globals__", {})
    for name, value in beside.items():
        found = parameters(value) if inspect.isfunction(value) else None
        if found and "bn_param" in found.known:
            return str(name)
    return "batchnorm_forward"
