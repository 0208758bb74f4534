"""Check of a layer with state: training, inference and what passes between them."""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from bnutils import reference
from bnutils.checks import batches, forward, inference, variants
from bnutils.checks.calling import Arguments, Array, Function, Signature, is_stub
from bnutils.checks.diagnosis import check
from bnutils.checks.exercise import Case, Exercise, Slots, Values, Wrong, different
from bnutils.checks.report import Report

EPSILON = 0.1
MOMENTUM = 0.8
FEATURES = 4
TRAINING = Signature("factory(features, momentum, epsilon)(x, training=True) -> y", ("x",), ("y",))
NEW = Signature("factory(features, momentum, epsilon)(x, training=False) -> y", ("x",), ("y",))
TRAINED = Signature(NEW.text, ("x", "an earlier x", "an earlier x"), ("y",))


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
    for exercise in parts():
        report = check(_PARTS[exercise.name](factory), exercise)
        cases += tuple(f"{case} ({exercise.name})" for case in report.cases)
        if not report.passed:
            return Report("batch_norm_layer", report.mistakes, cases)
    return Report("batch_norm_layer", (), cases)


def _run(layer: Any, x: Array, training: bool) -> Any:
    """Call the layer; a stub raises what a stub should."""
    y = layer(x, training=training)
    method = inspect.getattr_static(type(layer), "__call__", None)
    if y is None and method is not None and is_stub(method):
        raise NotImplementedError
    return y


def _make(factory: Function) -> Any:
    layer = factory(FEATURES, MOMENTUM, EPSILON)
    if layer is None:
        raise TypeError("the factory returns None")
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
    "training": _training,
    "inference after training": _trained,
    "inference of a new layer": _untrained,
    "inference after inference": _again,
}


def parts() -> tuple[Exercise, ...]:
    """Return one exercise for each part of a layer's life."""
    after, before, again = tuple(_PARTS)[1:]
    probe, first, second = (batches.batch(6, FEATURES, seed=seed).x for seed in (0, 1, 2))
    seen = (Case(batches.PLAIN, (probe, 2 * first, 3 + second)),)
    blank = (Case(batches.PLAIN, (probe,)),)
    return (
        Exercise(
            "training", TRAINING, _right_training, _wrong_training, _SLOTS, _cases(), _symptom
        ),
        Exercise(after, TRAINED, _right_after, _wrong_after, _AFTER, seen, different),
        Exercise(before, NEW, _right_before, _wrong_before, _BEFORE, blank, different),
        Exercise(again, TRAINED, _right_again, _wrong_again, _AGAIN, seen, different),
    )


ONE, ZERO = np.ones(FEATURES), np.zeros(FEATURES)
_SLOTS: Slots = (
    ("wrong-axis=(1,)", "wrong-axis=(0, 1)", "train-inference-mixup", "train-inference-mixup=new"),
    variants.VARIANCE,
    variants.EPSILON,
    ("mean-not-subtracted",),
)
_STATE = (inference.MIXUPS[0], "wrong-initial-state", "updated-in-inference")
_BEFORE: Slots = (_STATE,)
_AFTER: Slots = (
    (*inference.MOMENTUM_MISTAKES, *_STATE),
    ("sample-variance", "std-instead-of-variance"),
    variants.EPSILON,
)
_AGAIN: Slots = (("updated-in-inference",),)


def _cases() -> tuple[Case, ...]:
    return tuple(
        Case(
            case.name,
            case.arguments[:1],
            case.blame,
            case.tolerance,
            case.may_refuse,
            case.needs_float64,
        )
        for case in forward.cases((6, FEATURES))
    )


def _symptom(name: str, arguments: Arguments, got: Array, expected: Array) -> Any:
    return forward.symptom(name, arguments, got, expected)


def _right_training(x: Array) -> Values:
    return (reference.batch_norm_train(x, None, None, epsilon=EPSILON)[0],)


def _wrong_training(wrong: Wrong, x: Array) -> Values:
    if variants.detail(wrong, "train-inference-mixup") == "":
        return _inferred(wrong, x, ZERO, ONE)
    if "train-inference-mixup=new" in wrong:
        return _inferred(wrong, x, *_updated(wrong, ZERO, ONE, x))
    return forward.variant(wrong, x, ONE, ZERO, EPSILON)


def _right_before(x: Array) -> Values:
    return (reference.batch_norm_infer(x, None, None, ZERO, ONE, epsilon=EPSILON),)


def _wrong_before(wrong: Wrong, x: Array) -> Values:
    return _wrong_after(wrong, x)


def _right_after(x: Array, *batch: Array) -> Values:
    state = reference.MovingStatistics.initial(FEATURES)
    for one in batch:
        state = state.updated(*reference.moments(one), momentum=MOMENTUM)
    return (reference.batch_norm_infer(x, None, None, state.mean, state.variance, epsilon=EPSILON),)


def _wrong_after(wrong: Wrong, x: Array, *batch: Array) -> Values:
    mean, variance = ZERO, ZERO if "wrong-initial-state" in wrong else ONE
    for one in (*batch, x) if "updated-in-inference" in wrong else batch:
        mean, variance = _updated(wrong, mean, variance, one)
    return _mixed_up(wrong, x, mean, variance)


def _right_again(x: Array, first: Array, second: Array) -> Values:
    return _right_after(x, first)


def _wrong_again(wrong: Wrong, x: Array, first: Array, second: Array) -> Values:
    return _right_after(x, first, *((second, second) if wrong else ()))


def _updated(wrong: Wrong, mean: Array, variance: Array, x: Array) -> tuple[Array, Array]:
    new = inference.batch_statistics(wrong, x)
    return (
        inference.averaged(wrong, mean, new[0], MOMENTUM),
        inference.averaged(wrong, variance, new[1], MOMENTUM),
    )


def _mixed_up(wrong: Wrong, x: Array, mean: Array, variance: Array) -> Values:
    if "train-inference-mixup" in wrong:
        mean, variance = x.mean(axis=0), x.var(axis=0)
    return _inferred(wrong, x, mean, variance)


def _inferred(wrong: Wrong, x: Array, mean: Array, variance: Array) -> Values:
    return (variants.normalised(wrong, x, mean, variance, EPSILON),)
