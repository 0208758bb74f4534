"""How a description becomes a Keras model: hidden layers, one like the other, then softmax."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from bnutils.models.learning import freeze
from bnutils.models.norms import (
    NORMS,
    normalisation,
    require_affine,
    require_divided,
    require_several,
)
from bnutils.models.options import ACTIVATIONS, PLACEMENTS, Options, require_learners
from bnutils.models.starts import start
from bnutils.surroundings import import_keras
from bnutils.utils.validation import at_least, counts, fraction, settle, settle_choices


class Network(Options, ABC):
    """What :class:`.MLP` and :class:`.ConvNet` share; each says what its hidden layers are."""

    norm: str | None
    dropout: float
    activation: str
    placement: str

    def __post_init__(self) -> None:
        share = fraction("dropout", self.dropout, "It is a share of the units.", one=False)
        settle(self, dropout=share)
        settle_choices(self, norm=NORMS, activation=ACTIVATIONS, placement=PLACEMENTS)
        self.settle_options()
        require_affine(self.norm, self.affine)
        require_learners(self.trained, self.norm, self.affine, self._widths())
        if self.norm == "group":
            require_divided(self._widths(), self.groups)

    @abstractmethod
    def _widths(self) -> tuple[int, ...]:
        """Units, or channels, of each hidden layer."""

    @abstractmethod
    def _positions(self, shape: Sequence[int]) -> list[int]:
        """At how many places of an image each hidden layer stands."""

    @abstractmethod
    def _entrance(self, shape: tuple[int, ...]) -> Any:
        """The layer that gives an example the shape that the hidden ones take."""

    @abstractmethod
    def _weighted(self, width: int, **options: Any) -> Any:
        """The layer with weights that a hidden layer begins with."""

    @abstractmethod
    def _exit(self) -> list[Any]:
        """What stands between the hidden layers and softmax."""

    def build(self, input_shape: tuple[int, ...], classes: int, seed: int) -> Any:
        """Return the Keras model, its weights fixed by ``seed``.

        Parameters
        ----------
        input_shape : tuple of int
            Shape of one example: ``(28, 28)``. Of a convolutional network it is
            ``(height, width)`` or ``(height, width, channels)``.
        classes : int
            Number of outputs; they are probabilities (softmax).
        seed : int
            Fixes the initial weights, layer by layer: two architectures with the same widths
            start from the same kernels whatever lies between them, but for the factor that
            ``initial`` and ``gain`` say.

        Returns
        -------
        keras.Sequential
            What does not learn has ``trainable = False``, weight by weight.

        Raises
        ------
        ValueError, TypeError
            If an argument is out of range, the shape is none that the network takes, or the
            installed Keras lacks the normalisation.
        """
        shape, seed = counts("input_shape", input_shape, 1), at_least("seed", seed, 0)
        classes = at_least("classes", classes, 1)
        self.require_shape(shape)
        keras, depth = import_keras(), len(self._widths())
        hidden = [layer for index in range(depth) for layer in self._hidden(index, seed)]
        head = keras.layers.Dense(classes, "softmax", kernel_initializer=start(seed, depth))
        layers = [self._entrance(shape), *hidden, *self._exit(), head]
        model = keras.Sequential([keras.Input(shape), *layers])
        freeze(model, self.trained)
        return model

    def require_shape(self, shape: tuple[int, ...]) -> None:
        """Raise ``ValueError`` if the network cannot take examples of a shape."""
        require_several(self.norm, self._widths(), self.groups, self._positions(shape))

    def _hidden(self, index: int, seed: int) -> list[Any]:
        """Weights, normalisation and activation in the order of ``placement``, and dropout."""
        keras, widths = import_keras(), self._widths()
        initial = start(seed, index, self.initial, self.gain)
        weighted = self._weighted(widths[index], use_bias=self.bias, kernel_initializer=initial)
        after = [keras.layers.Activation(self.activation)]
        if self.norm is not None:
            norm = normalisation(self.norm, self.affine, self.groups)
            after.insert(0 if self.placement == "before" else 1, norm)
        if self.dropout and (self.dropout_at == "every" or index == len(widths) - 1):
            after.append(keras.layers.Dropout(self.dropout))
        return [weighted, *after]
