"""Convolutional networks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bnutils.models.network import Network
from bnutils.models.norms import GROUPS, is_by_channel
from bnutils.surroundings import import_keras
from bnutils.utils.validation import counts, settle

STRIDE = 2


@dataclass(frozen=True, repr=False)
class ConvNet(Network):
    """A small convolutional network; see :func:`convnet`."""

    filters: tuple[int, ...]
    norm: str | None
    activation: str
    placement: str = field(default="before", kw_only=True)
    dropout: float = field(default=0.0, kw_only=True)

    def __post_init__(self) -> None:
        settle(self, filters=counts("filters", self.filters, 1))
        super().__post_init__()
        if self.filters and is_by_channel(self.norm, self.filters[-1], self.groups):
            self._require_nonlinear_mean()

    def _require_nonlinear_mean(self) -> None:
        """The last layer is averaged over the image; by instance it would have the mean beta."""
        if self.placement == "after" or self.activation == "linear":
            raise ValueError(
                f"norm={self.norm!r} must have a nonlinearity behind it where each channel is "
                "normalised by itself, since the mean over the image would be beta, whatever the "
                f"image; received placement={self.placement!r}, activation={self.activation!r}. "
                "Take placement='before' and another activation, or norm='layer'."
            )

    def _widths(self) -> tuple[int, ...]:
        return self.filters

    def _positions(self, shape: Sequence[int]) -> list[int]:
        if len(shape) not in (2, 3):
            raise ValueError(
                "input_shape of a convolutional network must be (height, width) or (height, "
                f"width, channels); received {shape}. Reshape the images, or take bnutils.mlp."
            )
        places = []
        height, width, *_ = shape
        for _ in self.filters:
            height, width = -(-height // STRIDE), -(-width // STRIDE)
            places.append(height * width)
        return places

    def _entrance(self, shape: tuple[int, ...]) -> Any:
        return import_keras().layers.Reshape((*shape[:2], -1))

    def _weighted(self, width: int, **options: Any) -> Any:
        return import_keras().layers.Conv2D(width, 3, strides=STRIDE, padding="same", **options)

    def _exit(self) -> list[Any]:
        return [import_keras().layers.GlobalAveragePooling2D()]


def convnet(
    filters: int | Iterable[int] = (8, 16, 32),
    norm: str | None = None,
    activation: str = "relu",
    *,
    placement: str = "before",
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
) -> ConvNet:
    """Describe a convolutional network: 3x3 convolutions of stride 2, mean over the image.

    Parameters
    ----------
    filters : int or tuple of int
        Channels of the convolutions, one each.
    norm : {None, "batch", "layer", "group", "instance", "rms", "renorm"}
        Normalisation of every convolution. ``"layer"`` and ``"rms"``, which needs Keras 3.9 or
        later, are those of the channels at one position; ``"instance"`` is Keras'
        ``GroupNormalization(groups=-1)``, and needs images that have two positions left, and a
        nonlinearity before the mean.
    activation : {"relu", "tanh", "sigmoid", "linear"}
        Nonlinearity after each convolution.
    placement, affine, groups, bias, initial, gain, dropout_at, trained, statistics, noise, ghost
        As for :func:`mlp`; a hidden layer is a convolution, and its units are channels.
    dropout : float
        Share of the outputs set to zero after each convolution, in [0, 1).

    Returns
    -------
    ConvNet

    Raises
    ------
    ValueError, TypeError
        If an argument is outside what is listed here, ``groups`` do not divide the filters,
        what is to be trained, taken apart or made noisy is not there, or the mean over the image
        would hide the image.
    """
    return ConvNet(
        counts("filters", filters, 1), norm, activation, placement=placement, dropout=dropout,
        affine=affine, groups=groups, bias=bias, initial=initial, gain=gain,
        dropout_at=dropout_at, trained=trained, statistics=statistics, noise=noise, ghost=ghost,
    )  # fmt: skip
