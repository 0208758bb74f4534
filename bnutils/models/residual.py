"""Residual networks of dense blocks."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bnutils import layers
from bnutils.models.norms import GROUPS
from bnutils.models.perceptron import DenseNetwork
from bnutils.surroundings import import_keras
from bnutils.utils.validation import at_least, flag, settle

WEIGHTS = 2  # layers with weights in a branch
MOST_BLOCKS = 1000


@dataclass(frozen=True, repr=False)
class ResNet(DenseNetwork):
    """A residual network; see :func:`resnet`."""

    blocks: int
    width: int
    norm: str | None
    activation: str
    skip_init: bool = field(default=False, kw_only=True)
    dropout: float = field(default=0.0, kw_only=True)
    placement = "before"  # of the activation, which stands before the weights

    def __post_init__(self) -> None:
        settle(
            self,
            blocks=at_least("blocks", self.blocks, 1, MOST_BLOCKS),
            width=at_least("width", self.width, 1),
            skip_init=flag("skip_init", self.skip_init),
        )
        super().__post_init__()
        self._require_learned_factors()

    def _require_learned_factors(self) -> None:
        if self.skip_init and self.trained != "all":
            raise ValueError(
                "trained must be 'all' with skip_init=True, whose factors would stay 0 and hide "
                f"the branches; received {self.trained!r}. Leave out one of the two."
            )

    def _widths(self) -> tuple[int, ...]:
        return (self.width,) * (1 + WEIGHTS * self.blocks)

    def _joined(self, shape: tuple[int, ...], seed: int, head: Any) -> Any:
        """A layer of weights, then blocks, then what a branch begins with, then the head."""
        keras = import_keras()
        image = keras.Input(shape)
        x = _through([self._entrance(shape), self._kernel(0, seed)], image)
        for block in range(self.blocks):
            x = keras.layers.Add()([x, _through(self._branch(block, seed), x)])
        last = self._activated(WEIGHTS * self.blocks, seed)
        return keras.Model(image, _through([*last, head], x))

    def _branch(self, block: int, seed: int) -> list[Any]:
        """Normalisation, activation and weights, twice, and perhaps a factor."""
        parts: list[Any] = []
        for index in range(WEIGHTS * block, WEIGHTS * (block + 1)):
            parts += [*self._activated(index, seed), self._kernel(index + 1, seed)]
        return [*parts, layers.SkipInit()] if self.skip_init else parts

    def _activated(self, index: int, seed: int) -> list[Any]:
        """What stands before the weights: normalisation, activation, dropout."""
        activation = import_keras().layers.Activation(self.activation)
        last = index == WEIGHTS * self.blocks
        return [*self._normalisations(index, seed), activation, *self._dropouts(last)]


def _through(chain: Iterable[Any], x: Any) -> Any:
    """What a chain of layers makes of a tensor."""
    for layer in chain:
        x = layer(x)
    return x


def resnet(
    blocks: int = 20,
    width: int = 64,
    norm: str | None = None,
    activation: str = "relu",
    *,
    skip_init: bool = False,
    dropout: float = 0.0,
    affine: bool = True,
    groups: int = GROUPS,
    bias: bool = True,
    initial: str = "glorot",
    gain: float = 1.0,
    dropout_at: str = "every",
    trained: str = "all",
    statistics: str = "both",
    noise: float = 0.0,
    ghost: int | None = None,
) -> ResNet:
    """Describe a residual network of dense blocks: x + branch(x), block after block.

    Flatten and a Dense layer come first, then the blocks, then normalisation, activation and
    softmax. A branch is

        normalisation, activation, Dense, normalisation, activation, Dense,

    the block of two layers with weights of He et al. (2016), "Identity mappings in deep residual
    networks", the smallest that they use. Nothing stands on the shortcut: what comes in comes out
    again with the branch added. The first kernel of a block stands directly before a
    normalisation, as in a plain network; what the second puts out is added up as it is. With
    batch normalisation no hidden bias matters: on its way to the head it comes to a normalisation
    by every path.

    Probes call the sums at the ends of the blocks ``"add 1"``, ``"add 2"``, ... The gradient with
    respect to what goes into a block is that along both ways, branch and shortcut.

    Parameters
    ----------
    blocks : int
        How many, at most 1000. There are twice as many Dense layers in them.
    width : int
        Units of each hidden layer.
    norm : {None, "batch", "layer", "group", "rms", "renorm"}
        Normalisation before each activation.
    activation : {"relu", "tanh", "sigmoid", "linear"}
        Nonlinearity before the weights of each layer but the first.
    skip_init : bool
        Whether each branch ends with a factor that is learned and starts at 0, SkipInit of De and
        Smith (2020), "Batch normalization biases residual blocks towards the identity function in
        deep networks". They use it instead of a normalisation, to do at first what batch
        normalisation does: make a branch small beside its shortcut. A relative is Fixup (Zhang,
        Dauphin & Ma 2019), which starts the last kernel of a branch at 0.
    dropout : float
        Share of the units set to zero after each activation, in [0, 1).
    dropout_at : {"every", "last"}
        Which activations dropout follows: every one, or that before softmax alone.
    affine, groups, bias, initial, gain, trained, statistics, noise, ghost
        As for :func:`mlp`.

    Returns
    -------
    ResNet
        Its model is a functional one of Keras, with an ``Add`` at the end of each block.

    Raises
    ------
    ValueError, TypeError
        If an argument is outside what is listed here, ``groups`` do not divide the width, or
        what is to be trained is not there, or would be hidden behind a factor that stays 0.
    """
    return ResNet(
        blocks, width, norm, activation, skip_init=skip_init, dropout=dropout, affine=affine,
        groups=groups, bias=bias, initial=initial, gain=gain, dropout_at=dropout_at,
        trained=trained, statistics=statistics, noise=noise, ghost=ghost,
    )  # fmt: skip
