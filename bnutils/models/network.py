"""How a description becomes a Keras model: hidden layers, one like the other, then softmax."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from bnutils import layers
from bnutils.models.learning import freeze
from bnutils.models.norms import (
    NORMS,
    normalisation,
    require_affine,
    require_divided,
    require_mates,
    require_several,
    require_statistics,
    settled_ghost,
)
from bnutils.models.options import (
    ACTIVATIONS,
    PLACEMENTS,
    Options,
    require_learners,
    require_normalised,
)
from bnutils.models.starts import noise_seed, start
from bnutils.surroundings import import_keras
from bnutils.utils.validation import at_least, counts, fraction, settle, settle_choices


class Network(Options, ABC):
    """What the descriptions share; each says what its hidden layers are."""

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
        require_statistics(self.norm, self.statistics)
        settle(self, ghost=settled_ghost(self.norm, self.statistics, self.ghost))
        require_normalised(self.noise, self.norm)
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
        keras.Model
            A ``Sequential`` where one layer follows the other. What does not learn has
            ``trainable = False``, weight by weight.

        Raises
        ------
        ValueError, TypeError
            If an argument is out of range, the shape is none that the network takes, or the
            installed Keras lacks the normalisation.
        """
        shape, seed = counts("input_shape", input_shape, 1), at_least("seed", seed, 0)
        classes = at_least("classes", classes, 1)
        self.require_shape(shape)
        head = import_keras().layers.Dense(
            classes, "softmax", kernel_initializer=start(seed, len(self._widths()))
        )
        model = self._joined(shape, seed, head)
        freeze(model, self.trained)
        return model

    def require_shape(self, shape: tuple[int, ...]) -> None:
        """Raise ``ValueError`` if the network cannot take examples of a shape."""
        require_several(self.norm, self._widths(), self.groups, self._positions(shape))

    def require_batch(self, shape: tuple[int, ...], examples: int) -> None:
        """Raise ``ValueError`` if the network cannot learn from batches of so many examples."""
        require_mates(self.norm, self.ghost, examples, self._positions(shape))

    def _joined(self, shape: tuple[int, ...], seed: int, head: Any) -> Any:
        """The layers as a model: here, one after the other."""
        keras, depth = import_keras(), len(self._widths())
        hidden = [layer for index in range(depth) for layer in self._hidden(index, seed)]
        own = [self._entrance(shape), *hidden, *self._exit(), head]
        return keras.Sequential([keras.Input(shape), *own])

    def _hidden(self, index: int, seed: int) -> list[Any]:
        """Weights, normalisation and activation in the order of ``placement``, and dropout."""
        after = [import_keras().layers.Activation(self.activation)]
        place = 0 if self.placement == "before" else 1
        after[place:place] = self._normalisations(index, seed)
        last = index == len(self._widths()) - 1
        return [self._kernel(index, seed), *after, *self._dropouts(last)]

    def _kernel(self, index: int, seed: int) -> Any:
        """The layer with weights of that number."""
        initial = start(seed, index, self.initial, self.gain)
        width = self._widths()[index]
        return self._weighted(width, use_bias=self.bias, kernel_initializer=initial)

    def _normalisations(self, index: int, seed: int) -> list[Any]:
        """The normalisation of that number and the noise behind it, as far as they are wanted."""
        if self.norm is None:
            return []
        which = self.norm, self.affine, self.groups, self.statistics, self.ghost
        made = [normalisation(*which)]
        if self.noise:
            made.append(layers.ActivationNoise(self.noise, noise_seed(seed, index)))
        return made

    def _dropouts(self, last: bool) -> list[Any]:
        """Dropout, where it is wanted."""
        wanted = self.dropout and (last or self.dropout_at == "every")
        return [import_keras().layers.Dropout(self.dropout)] if wanted else []
