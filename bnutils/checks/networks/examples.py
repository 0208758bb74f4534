"""Small Keras models with more than one normalisation, on which functions for models are tried."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from bnutils.checks.calls.terms import Array
from bnutils.surroundings import import_keras

State = dict[str, Array]
"""The numbers of a model, by the paths of its variables."""

CLASSES = 3
EXAMPLES = 48
DROPOUT = "a network with dropout"


@dataclass(frozen=True, eq=False)
class Network:
    """A model with data for it.

    Attributes
    ----------
    name : str
        In words.
    model : keras.Model
        Every number of it is drawn, those of the normalisations too.
    x : ndarray
        Inputs, float32. Their mean drifts from the first example to the last, so that no part of
        them stands for all.
    labels : ndarray of int
        A class for each.
    """

    name: str
    model: Any
    x: Array
    labels: Array


def networks(*, dropout: bool) -> list[Network]:
    """Return the models, new ones each time; that with dropout only where it is asked for."""
    makers = {"two layers": _dense, "images": _images, "a skip connection": _skip}
    if dropout:
        makers[DROPOUT] = _with_dropout
    return [_network(name, make, seed) for seed, (name, make) in enumerate(makers.items())]


def state(model: Any) -> State:
    """Return a copy of all numbers of a model."""
    return {weight.path: weight.numpy().copy() for weight in model.weights}


def restore(model: Any, numbers: State) -> None:
    """Give a model its numbers back."""
    for weight in model.weights:
        weight.assign(numbers[weight.path])


def normalisations(model: Any) -> list[Any]:
    """Return the model's batch normalisations, in the order in which data meet them."""
    kind = import_keras().layers.BatchNormalization
    return [layer for layer in model.layers if isinstance(layer, kind)]


def is_moving(path: str) -> bool:
    """Whether a variable is a moving statistic."""
    return "/moving_" in path


def _network(name: str, make: Callable[[Any], Any], seed: int) -> Network:
    keras, rng = import_keras(), np.random.default_rng(seed)
    model = make(keras)
    model.set_weights([_drawn(rng, weight.path, weight.shape) for weight in model.weights])
    x = rng.normal(1, 1, (EXAMPLES, *model.input_shape[1:]))
    x += np.linspace(-1, 2, EXAMPLES).reshape(-1, *[1] * (x.ndim - 1))
    labels = np.arange(EXAMPLES) % CLASSES
    return Network(name, model, x.astype("float32"), labels)


def _drawn(rng: np.random.Generator, path: str, shape: tuple[int, ...]) -> Array:
    """Return numbers for a weight, of a size that its kind may have."""
    if path.endswith(("gamma", "moving_variance")):
        return rng.uniform(0.5, 2, shape)
    return rng.normal(0, 1 / np.sqrt(np.prod(shape[:-1]) or 1), shape)


def _block(keras: Any, linear: str, *size: int) -> list[Any]:
    """A linear layer without a bias, which would be dead, with what comes behind it."""
    layer = getattr(keras.layers, linear)(*size, use_bias=False)
    return [layer, keras.layers.BatchNormalization(momentum=0.9), keras.layers.ReLU()]


def _dense(keras: Any) -> Any:
    """Two normalised layers, one above the other."""
    layers = keras.layers
    blocks = [*_block(keras, "Dense", 6), *_block(keras, "Dense", 4)]
    return keras.Sequential([keras.Input((5,)), *blocks, layers.Dense(CLASSES)])


def _images(keras: Any) -> Any:
    """Two normalised convolutions."""
    layers = keras.layers
    blocks = [*_block(keras, "Conv2D", 4, 3), *_block(keras, "Conv2D", 3, 3)]
    end = [layers.GlobalAveragePooling2D(), layers.Dense(CLASSES)]
    return keras.Sequential([keras.Input((7, 7, 2)), *blocks, *end])


def _skip(keras: Any) -> Any:
    """Two normalised layers, the second with a way around it."""
    layers = keras.layers
    inputs = h = keras.Input((5,))
    for layer in _block(keras, "Dense", 6):
        h = layer(h)
    around = h
    for layer in _block(keras, "Dense", 6):
        h = layer(h)
    return keras.Model(inputs, layers.Dense(CLASSES)(layers.add([h, around])))


def _with_dropout(keras: Any) -> Any:
    """Two normalised layers with dropout between them."""
    layers = keras.layers
    blocks = [*_block(keras, "Dense", 6), layers.Dropout(0.5), *_block(keras, "Dense", 4)]
    return keras.Sequential([keras.Input((5,)), *blocks, layers.Dense(CLASSES)])


def settings(model: Any) -> Mapping[str, tuple[float, bool]]:
    """Return momentum and `trainable` of each normalisation, by its path."""
    return {one.path: (float(one.momentum), bool(one.trainable)) for one in normalisations(model)}
