"""Multilayer perceptrons."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bnutils.models.network import Network
from bnutils.models.norms import GROUPS
from bnutils.surroundings import import_keras
from bnutils.utils.validation import counts, settle


class DenseNetwork(Network):
    """Networks whose hidden layers are Dense layers on vectors."""

    def _positions(self, shape: Sequence[int]) -> list[int]:
        return [1] * len(self._widths())

    def _entrance(self, shape: tuple[int, ...]) -> Any:
        return import_keras().layers.Flatten()

    def _weighted(self, width: int, **options: Any) -> Any:
        return import_keras().layers.Dense(width, **options)

    def _exit(self) -> list[Any]:
        return []

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require_shape(())  # of whatever shape, it stands at one place


@dataclass(frozen=True, repr=False)
class MLP(DenseNetwork):
    """A multilayer perceptron; see :func:`mlp`."""

    hidden: tuple[int, ...]
    norm: str | None
    dropout: float
    activation: str
    placement: str

    def __post_init__(self) -> None:
        settle(self, hidden=counts("hidden", self.hidden, 1))
        super().__post_init__()

    def _widths(self) -> tuple[int, ...]:
        return self.hidden


def mlp(
    hidden: int | Iterable[int] = (128,),
    norm: str | None = None,
    dropout: float = 0.2,
    activation: str = "relu",
    placement: str = "before",
    *,
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
) -> MLP:
    """Describe a multilayer perceptron: Flatten, then Dense blocks, then softmax.

    Parameters
    ----------
    hidden : int or tuple of int
        Widths of the hidden layers.
    norm : {None, "batch", "layer", "group", "rms", "renorm"}
        Normalisation of every hidden layer. ``"rms"`` needs Keras 3.9 or later.
        ``"renorm"`` is batch renormalisation after Ioffe (2017), Keras'
        ``BatchNormalization(renorm=True)`` with 1/3 <= r <= 3 and abs(d) <= 5, where the installed
        Keras has it: in training too, as far as these bounds allow, x is normalised by moving
        statistics, (x - mean_B) / std_B * r + d with r = std_B / std_moving and
        d = (mean_B - mean_moving) / std_moving, which pass no gradient on.
    dropout : float
        Share of the units set to zero after each hidden layer, in [0, 1).
    activation : {"relu", "tanh", "sigmoid", "linear"}
        Nonlinearity of the hidden layers.
    placement : {"before", "after"}
        Whether the normalisation stands before or after the activation.
    affine : bool
        Whether the normalisation has gamma and beta.
    groups : int
        Groups of units for ``norm="group"``; must divide every width.
    bias : bool
        Whether the hidden layers have a bias.
    initial : {"glorot", "he"}
        How the kernels of the hidden layers start. The last layer starts as Keras has it.
    gain : float
        Factor on the initial kernels of the hidden layers, between 1e-9 and 1e9.
    dropout_at : {"every", "last"}
        Which hidden layers dropout follows: every one, or the last alone, where no
        normalisation comes after it.
    trained : {"all", "affine", "head", "affine and head", "hidden"}
        Which weights learn: all; gamma and beta alone, as in Frankle et al. (2021); those of
        the last layer; both; or the kernels of the hidden layers alone, all of which are
        scale-invariant before a batch normalisation, as Li and Arora (2020) need it. What does
        not learn stays as it started, and batch normalisation still takes the statistics of
        the batch.
    statistics : {"both", "mean", "variance"}
        Which statistics of the batch ``norm="batch"`` uses. ``"mean"`` only centres,
        x - mean + beta, and has no gamma; ``"variance"`` only scales,
        gamma x / sqrt(variance + epsilon), and has no beta. The variance is about the mean of the
        batch all the same: each half does what the whole layer does, less the other half. In
        inference both take moving statistics, as the whole layer does.
    noise : float
        Size n of a noise behind each normalisation, in training alone, after the experiment of
        Santurkar et al. (2018), section 2.2; by default none. What comes out is multiplied by s
        and shifted by m, which differ for each unit, example and position. Their distribution is
        a unit's own and changes at every step: s is uniform within n/5 of S, m within n/5 of M,
        where S is drawn anew from U(1, 1 + n/2) and M from U(-n, n). They depend on the seed,
        the step, the layer and the place in the batch, and are the same with both engines.
        Arms with noise of another size draw the same numbers, in proportion to it, and probes
        read with the noise of the step that comes next. A unit of a convolution is a
        channel. See :class:`bnutils.layers.ActivationNoise <bnutils.layers.noise.ActivationNoise>`.
    ghost : int or None
        Examples that share their statistics in training with ``norm="batch"``, ghost batches after
        Hoffer et al. (2017); by default the whole batch. See
        :class:`bnutils.layers.GhostBatchNormalization
        <bnutils.layers.ghost.GhostBatchNormalization>`.

    Returns
    -------
    MLP

    Raises
    ------
    ValueError, TypeError
        If an argument is outside what is listed here, ``groups`` do not divide a width, a
        group has one unit, or what is to be trained, taken apart or made noisy is not there.
    """
    return MLP(
        counts("hidden", hidden, 1), norm, dropout, activation, placement, affine=affine,
        groups=groups, bias=bias, initial=initial, gain=gain, dropout_at=dropout_at,
        trained=trained, statistics=statistics, noise=noise, ghost=ghost,
    )  # fmt: skip
