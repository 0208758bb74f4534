"""From whatever makes a student's layers to the factory that the check calls."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from bnutils.checks.batches import EPSILON, MOMENTUM
from bnutils.checks.calls.calling import Signature, call, require_callable
from bnutils.checks.fitting.cs231n import cs231n_layer
from bnutils.checks.fitting.layers import NUMPY, FittedLayer, Kind, kind_of
from bnutils.checks.fitting.making import Making, making
from bnutils.checks.fitting.observing import FEATURES, Caller, Observed, observed, refuses_one, runs
from bnutils.checks.fitting.parameters import takes_bn_param
from bnutils.checks.report import Mistake

_MAKING = Signature("factory(features, momentum, epsilon) -> layer", (), ("layer",))
_NEAR = 1e-2


@dataclass(frozen=True)
class FittedFactory:
    """A factory as the check calls it: ``factory(features, momentum, epsilon) -> layer``.

    Attributes
    ----------
    making : Making
        How the student's is called.
    kind : Kind
        What its layers want x to be.
    images : bool
        Whether x is (N, H, W, C).
    remarks : tuple of str
        How the layers are made and called, and which conventions they follow, where the
        exercise does otherwise.
    mistakes : tuple of Mistake
        Why nothing can be judged; then there is no need to call the factory.
    constants : mapping of str to float
        Epsilon and momentum, in the exercise's meaning, that the student's factory does not
        take: a layer is right if it is right for these.
    reversed_momentum : bool
        Whether momentum weights the new value, as in PyTorch; the layers are given 1 - momentum.
    sample_variance : bool
        Whether the moving variance takes the sample variance, as in PyTorch.
    refuses_one : bool
        Whether training on one example is refused, as in PyTorch; the state stays as it is.
    """

    making: Making
    kind: Kind = NUMPY
    images: bool = False
    remarks: tuple[str, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    constants: Mapping[str, float] = field(default_factory=dict)
    reversed_momentum: bool = False
    sample_variance: bool = False
    refuses_one: bool = False

    def __call__(self, features: int, momentum: float, epsilon: float) -> FittedLayer:
        """Make a layer; `momentum` weights the old value."""
        given = 1 - momentum if self.reversed_momentum else momentum
        own = self.making(features, given, epsilon)
        if own is None:
            raise TypeError("the factory returns None")
        return FittedLayer(own, features, self.kind, self.images)


def fitted_factory(factory: Any, images: bool = False, caller: Caller = call) -> FittedFactory:
    """Return a factory whose layers are called as the exercise says, whatever they are.

    Parameters
    ----------
    factory : callable
        The student's: a class, or a function that makes a layer; NumPy, Keras, PyTorch, Flax.
    images : bool, optional
        Whether the layers are for images, channels last.
    caller : callable, optional
        What the student's code is run by, in place of
        :func:`bnutils.checks.calls.calling.call`.

    Returns
    -------
    FittedFactory
        To be called by position, with features, momentum and epsilon.
    """
    require_callable("The factory, its name without brackets,", factory)
    if takes_bn_param(factory):
        factory = cs231n_layer(factory)
        made = Making(factory, remarks=("It is made a layer by checks.cs231n_layer.",))
    else:
        made = making(factory, images)
    if made.mistakes:
        return FittedFactory(made, mistakes=made.mistakes)
    with np.errstate(all="ignore"):
        return _observed(made, factory, images, caller)


def _observed(made: Making, factory: Any, images: bool, caller: Caller) -> FittedFactory:
    """Return the factory with what its layers show of themselves."""
    fitted = _kind(FittedFactory(made, images=images), factory, caller)
    seen = observed(fitted, images, caller)
    if fitted.kind.arrays == "torch":
        fitted = _by_convention(fitted, seen, refuses_one(fitted, images, caller))
    fitted = replace(fitted, constants=_constants(fitted, seen))
    return replace(fitted, remarks=(*made.remarks, *_remarks(fitted)))


def _kind(fitted: FittedFactory, factory: Any, caller: Caller) -> FittedFactory:
    """Return the factory with layers that run: in float64 if they can, else in float32."""
    own = _one(fitted.making)
    options = [replace(fitted, kind=kind_of(factory, own, precise)) for precise in (True, False)]
    return next((one for one in options if runs(one, one.images, caller)), options[0])


def _by_convention(fitted: FittedFactory, seen: Observed, refuses: bool) -> FittedFactory:
    """Follow what PyTorch does otherwise than the exercise, where the layer does."""
    backwards = seen.kept is not None and abs(seen.kept - (1 - MOMENTUM)) < _NEAR
    return replace(
        fitted,
        reversed_momentum=backwards and "momentum" not in fitted.making.missing,
        sample_variance=bool(seen.sample_variance),
        refuses_one=refuses,
    )


def _constants(fitted: FittedFactory, seen: Observed) -> dict[str, float]:
    """Return the constants that stand in for what the factory does not take."""
    found = {"epsilon": seen.epsilon, "momentum": seen.kept}
    return {name: found[name] or 0.0 for name in fitted.making.missing if found[name] is not None}


def _remarks(fitted: FittedFactory) -> tuple[str, ...]:
    follows = [said for name, said in _PYTORCH.items() if getattr(fitted, name)]
    remarks = [f"It follows PyTorch's conventions: {', '.join(follows)}."] if follows else []
    own = [f"{name} = {value:g}" for name, value in fitted.constants.items()]
    if own:
        remarks.append(f"Judged by the layer's own {' and '.join(own)}.")
    layer = _one(fitted)
    if layer is not None and layer.said:
        remarks.append(f"It is called as {layer.said}.")
    if not fitted.kind.precise:
        remarks.append("It was called with float32; float64 it refuses.")
    return tuple(remarks)


_PYTORCH = {
    "reversed_momentum": "momentum weights the new value (the check gave it 1 - momentum)",
    "sample_variance": "the moving variance takes the sample variance",
    "refuses_one": "one example in training is refused",
}


def _one(make: Making | FittedFactory) -> Any:
    """Return one layer, to look at; None if making it fails, which the check will see."""
    kept: list[Any] = []

    def function() -> float:
        kept.append(make(FEATURES, MOMENTUM, EPSILON))
        return 0.0

    call(function, _MAKING, (), ((),))
    return kept[0] if kept else None
