"""Check of a layer with state: training, inference and what passes between them."""

import inspect
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bnutils.checks import batches, layer_parts
from bnutils.checks.calling import Array, Function, is_stub, require_callable
from bnutils.checks.report import Mistake, Report
from bnutils.checks.running import check


def batch_norm_layer(factory: Function) -> Report:
    """Check a layer that keeps moving statistics, by what it returns alone.

    Parameters
    ----------
    factory : callable
        ``factory(features, momentum, epsilon) -> layer``, for instance a class. The layer is
        called as ``layer(x, training=True)`` or ``layer(x, training=False)`` with x
        (N, features), and returns y (N, features). It starts as Keras' layer does: gamma and
        moving variance 1, beta and moving mean 0. `momentum` weights the old value.

    Returns
    -------
    Report
        Of the first of these parts that is not right: training; inference after two
        batches of training; inference of a new layer; inference after more inference.
    """
    cases: tuple[str, ...] = ()
    for exercise in layer_parts.parts():
        report = check(_PARTS[exercise.name](factory), exercise)
        cases += tuple(f"{case} ({exercise.name})" for case in report.cases)
        if not report.passed:
            found = tuple(_placed(one, exercise.name) for one in report.mistakes)
            return Report("batch_norm_layer", found, cases)
    return Report("batch_norm_layer", (), cases)


def _placed(mistake: Mistake, part: str) -> Mistake:
    """Say in which part of the layer's life the mistake showed."""
    return replace(mistake, seen=f"in {part}{': ' if mistake.seen else '.'}{mistake.seen}")


def _run(layer: Any, x: Array, training: bool) -> Any:
    """Call the layer; a stub raises what a stub should."""
    y = layer(x, training=training)
    method = inspect.getattr_static(type(layer), "__call__", None)
    if y is None and method is not None and is_stub(method):
        raise NotImplementedError
    return y


def _make(factory: Function) -> Any:
    require_callable("The factory, its name without brackets,", factory)
    layer = factory(layer_parts.FEATURES, batches.MOMENTUM, batches.EPSILON)
    if layer is None:
        raise TypeError("the factory returns None")
    require_callable("What the factory returns", layer)
    return layer


def _training(factory: Function) -> Function:
    return lambda x: _run(_make(factory), x, True)


def _untrained(factory: Function) -> Function:
    return lambda x: _run(_make(factory), x, False)


def _trained(factory: Function) -> Function:
    def function(x: Array, first: Array, second: Array) -> Any:
        layer = _make(factory)
        _run(layer, first, True)
        _run(layer, second, True)
        return _run(layer, x, False)

    return function


def _again(factory: Function) -> Function:
    def function(x: Array, first: Array, second: Array) -> Any:
        layer = _make(factory)
        _run(layer, first, True)
        _run(layer, second, False)
        _run(layer, second, False)
        return _run(layer, x, False)

    return function


_PARTS: dict[str, Callable[[Function], Function]] = {
    layer_parts.TRAINING_PART: _training,
    layer_parts.AFTER: _trained,
    layer_parts.NEW_LAYER: _untrained,
    layer_parts.AGAIN: _again,
}
