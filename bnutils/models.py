"""Small Keras networks that differ only in their normalisation.

A function such as :func:`mlp` returns a description; ``description.build(...)`` makes the
Keras model. Descriptions compare by value and print as the call that makes them, so a result
can be filed under the architecture that produced it, without loading Keras.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from bnutils.surroundings import import_keras as import_keras
from bnutils.utils.validation import at_least, counts, fraction, one_of, settle, settle_choices

NORMS = (None, "batch", "layer")
ACTIVATIONS = ("relu", "tanh", "sigmoid", "linear")
PLACEMENTS = ("before", "after")


@dataclass(frozen=True)
class MLP:
    """A multilayer perceptron; see :func:`mlp`."""

    hidden: tuple[int, ...]
    norm: str | None
    dropout: float
    activation: str
    placement: str

    def __post_init__(self) -> None:
        share = fraction("dropout", self.dropout, "It is a share of the units.", one=False)
        settle(self, hidden=counts("hidden", self.hidden, 1), dropout=share)
        settle_choices(self, norm=NORMS, activation=ACTIVATIONS, placement=PLACEMENTS)

    def build(self, input_shape: tuple[int, ...], classes: int, seed: int) -> Any:
        """Return the Keras model, its weights fixed by ``seed``.

        Parameters
        ----------
        input_shape : tuple of int
            Shape of one example, for example ``(28, 28)``.
        classes : int
            Number of outputs; they are probabilities (softmax).
        seed : int
            Fixes the initial weights, layer by layer: two architectures with the same widths
            start from the same kernels whatever lies between them.

        Returns
        -------
        keras.Sequential
        """
        shape, classes, seed = _asked(input_shape, classes, seed)
        keras = import_keras()
        layers = [keras.layers.Flatten()]
        for index, units in enumerate(self.hidden):
            dense = keras.layers.Dense(units, kernel_initializer=_glorot(seed, index))
            layers += [dense, *self._after_dense()]
        layers.append(_softmax(classes, _glorot(seed, len(self.hidden))))
        return keras.Sequential([keras.Input(shape), *layers])

    def _after_dense(self) -> list[Any]:
        """Normalisation, activation and dropout, in the order that ``placement`` says."""
        keras = import_keras()
        layers = [keras.layers.Activation(self.activation)]
        if self.norm is not None:
            layers.insert(0 if self.placement == "before" else 1, normalisation(self.norm))
        if self.dropout:
            layers.append(keras.layers.Dropout(self.dropout))
        return layers


@dataclass(frozen=True)
class ConvNet:
    """A small convolutional network; see :func:`convnet`."""

    filters: tuple[int, ...]
    norm: str | None
    activation: str

    def __post_init__(self) -> None:
        settle(self, filters=counts("filters", self.filters, 1))
        settle_choices(self, norm=NORMS, activation=ACTIVATIONS)

    def build(self, input_shape: tuple[int, ...], classes: int, seed: int) -> Any:
        """Return the Keras model, its weights fixed by ``seed``.

        Parameters
        ----------
        input_shape : tuple of int
            Shape of one example: ``(height, width)``, or ``(height, width, channels)``.
        classes : int
            Number of outputs; they are probabilities (softmax).
        seed : int
            Fixes the initial weights, layer by layer, as in :meth:`MLP.build`.

        Returns
        -------
        keras.Sequential
        """
        shape, classes, seed = _asked(input_shape, classes, seed)
        require_images(self, shape)
        keras = import_keras()
        layers = [keras.layers.Reshape((*shape[:2], -1))]
        for index, filters in enumerate(self.filters):
            layers += self._convolution(filters, _glorot(seed, index))
        layers.append(keras.layers.GlobalAveragePooling2D())
        layers.append(_softmax(classes, _glorot(seed, len(self.filters))))
        return keras.Sequential([keras.Input(shape), *layers])

    def _convolution(self, filters: int, initial: Any) -> list[Any]:
        """Return a convolution, its normalisation if there is one, and its activation."""
        keras = import_keras()
        options = {"strides": 2, "padding": "same", "kernel_initializer": initial}
        layers = [keras.layers.Conv2D(filters, 3, **options)]
        if self.norm is not None:
            layers.append(normalisation(self.norm))
        return [*layers, keras.layers.Activation(self.activation)]


def mlp(
    hidden: int | Iterable[int] = (128,),
    norm: str | None = None,
    dropout: float = 0.2,
    activation: str = "relu",
    placement: str = "before",
) -> MLP:
    """Describe a multilayer perceptron: Flatten, then Dense blocks, then softmax.

    Parameters
    ----------
    hidden : int or tuple of int
        Widths of the hidden layers.
    norm : {None, "batch", "layer"}
        Normalisation of every hidden layer.
    dropout : float
        Share of the units set to zero after each hidden layer, in [0, 1).
    activation : {"relu", "tanh", "sigmoid", "linear"}
        Nonlinearity of the hidden layers.
    placement : {"before", "after"}
        Whether the normalisation stands before or after the activation.

    Returns
    -------
    MLP

    Raises
    ------
    ValueError, TypeError
        If an argument is outside what is listed here.
    """
    return MLP(counts("hidden", hidden, 1), norm, dropout, activation, placement)


def convnet(
    filters: int | Iterable[int] = (8, 16, 32),
    norm: str | None = None,
    activation: str = "relu",
) -> ConvNet:
    """Describe a convolutional network: 3x3 convolutions of stride 2, mean over the image.

    Parameters
    ----------
    filters : int or tuple of int
        Channels of the convolutions, one each.
    norm : {None, "batch", "layer"}
        Normalisation between each convolution and its activation.
    activation : {"relu", "tanh", "sigmoid", "linear"}
        Nonlinearity after each convolution.

    Returns
    -------
    ConvNet

    Raises
    ------
    ValueError, TypeError
        If an argument is outside what is listed here.
    """
    return ConvNet(counts("filters", filters, 1), norm, activation)


def require_images(architecture: object, shape: tuple[int, ...]) -> None:
    """Raise ``ValueError`` if an architecture convolves examples whose shape is no image's."""
    if isinstance(architecture, ConvNet) and len(shape) not in (2, 3):
        raise ValueError(
            "input_shape of a convolutional network must be (height, width) or (height, width, "
            f"channels); received {shape}. Reshape the images, or take bnutils.mlp."
        )


def is_described(architecture: object) -> bool:
    """Whether an architecture is one of this module's, and not of the user's own.

    Those are named by their repr, start from kernels drawn as here, and use no global random
    state. Of a subclass none of this is known.

    Parameters
    ----------
    architecture : object
        What an arm is given as.

    Returns
    -------
    bool
    """
    return type(architecture) in (MLP, ConvNet)


def initial_weights(model: Any, seed: int) -> list[np.ndarray]:
    """Return the weights that ``build`` would give for another seed, without building.

    Keras never gives back all the memory of a model, about 0.3 MB each, which a thousand
    seeds would feel; and drawing is several times as fast.

    Parameters
    ----------
    model : keras.Sequential
        Built by an architecture of this module and not trained since.
    seed : int
        Of the kernels that are drawn; biases and normalisation start the same for all.

    Returns
    -------
    list of numpy.ndarray
        In the order of ``Model.get_weights``.
    """
    seed = at_least("seed", seed, 0)
    kernels = [index for index, weight in enumerate(model.weights) if weight.name == "kernel"]
    values: list[np.ndarray] = model.get_weights()
    for layer, index in enumerate(kernels):
        values[index] = np.asarray(_glorot(seed, layer)(values[index].shape))
    return values


def normalisation(norm: str) -> Any:
    """Return a new normalisation layer.

    Parameters
    ----------
    norm : {"batch", "layer"}
        Which one.

    Returns
    -------
    keras.layers.Layer
        With Keras' own defaults.
    """
    keras = import_keras()
    layers = {"batch": "BatchNormalization", "layer": "LayerNormalization"}
    return getattr(keras.layers, layers[one_of("norm", norm, layers)])()


def _asked(shape: Any, classes: Any, seed: Any) -> tuple[tuple[int, ...], int, int]:
    """The arguments of ``build``, checked."""
    sizes = counts("input_shape", shape, 1)
    return sizes, at_least("classes", classes, 1), at_least("seed", seed, 0)


def _softmax(classes: int, initial: Any) -> Any:
    return import_keras().layers.Dense(classes, "softmax", kernel_initializer=initial)


def _glorot(seed: int, index: int) -> Any:
    """Keras' default initialiser with a stream that belongs to this seed and layer."""
    state = int(np.random.SeedSequence([seed, index]).generate_state(1)[0])
    return import_keras().initializers.GlorotUniform(seed=state % 2**31)
