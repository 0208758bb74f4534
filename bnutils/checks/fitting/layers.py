"""Any layer as the check calls it: `layer(x, training=...)`, with NumPy arrays in and out."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from bnutils.checks.calls.calling import Array, require_callable
from bnutils.checks.fitting import affine
from bnutils.checks.fitting.frameworks import arrays_of, framework
from bnutils.checks.fitting.linen import Linen
from bnutils.checks.fitting.modes import Mode, mode
from bnutils.checks.fitting.tensors import double, plain, single, tensor


@dataclass(frozen=True)
class Kind:
    """What a layer wants x to be.

    Attributes
    ----------
    arrays : str
        Whose: "torch", "jax"; "" for NumPy's, which Keras takes too.
    precise : bool
        Whether float64 is tried.
    channels_first : bool
        Whether images are (N, C, H, W).
    """

    arrays: str = ""
    precise: bool = True
    channels_first: bool = False


NUMPY = Kind()


class FittedLayer:
    """A student's layer, called in one way whatever it is.

    Attributes
    ----------
    own : object
        The student's.
    said : str
        How that is called, if not as the exercise says.
    """

    def __init__(self, own: Any, features: int, kind: Kind, images: bool = False) -> None:
        shape = (2, 3, 3, features) if images else (2, features)
        self._kind = kind
        self.own = _ready(own, shape, kind)
        self._in_double = kind.precise and framework(own) == "torch"
        self._mode = _mode(self.own)
        self.said = self._mode.said

    def __call__(self, x: Array, training: bool) -> Any:
        """Return y, as NumPy's array if it is one at all."""
        first = self._kind.channels_first and x.ndim == 4
        given = np.moveaxis(x, -1, 1) if first else x
        given = double(given) if self._in_double else given
        given = given if self._kind.precise else single(given)
        y = self._mode.call(tensor(self._kind.arrays, given), training)
        y = plain(y[0] if isinstance(y, tuple) and y else y)
        return np.moveaxis(y, 1, -1) if first and np.ndim(y) == 4 else y


def set_affine(layer: FittedLayer, gamma: Array, beta: Array) -> bool:
    """Give a layer these gamma and beta; return whether both were found."""
    found = [affine.put(layer.own, *one) for one in (("gamma", gamma), ("beta", beta))]
    return all(found)


def get_affine(layer: FittedLayer) -> tuple[Array | None, Array | None]:
    """Return a layer's gamma and beta, as vectors; None for what is not found."""
    return affine.get(layer.own, "gamma"), affine.get(layer.own, "beta")


def kind_of(factory: Any, own: Any, precise: bool = True) -> Kind:
    """Return what a layer of the student's wants x to be."""
    if framework(own) in ("linen", "nnx"):
        return Kind("jax", precise)
    if framework(own) == "torch":
        return Kind("torch", precise, channels_first=True)
    arrays = arrays_of(type(own)) or arrays_of(factory)
    return Kind("" if arrays == "tensorflow" else arrays, precise)


def _ready(own: Any, shape: tuple[int, ...], kind: Kind) -> Any:
    """Give a layer its numbers, if it makes them later, and the precision of x."""
    if not hasattr(own, "forward"):
        require_callable("What the factory returns", own)
    if framework(own) == "linen":
        return Linen(own, shape)
    if framework(own) == "keras" and not own.built:
        own.build((None, *shape[1:]))
    if framework(own) == "torch" and kind.precise:
        own.double()
    return own


def _mode(own: Any) -> Mode:
    return Mode(own, "module.apply(variables, x)") if isinstance(own, Linen) else mode(own)
