"""The normalisation layers, and where they would have nothing to normalise."""

from collections.abc import Sequence
from math import gcd
from typing import Any

from bnutils import layers
from bnutils.surroundings import import_keras
from bnutils.utils.validation import at_least, flag, one_of
from bnutils.utils.wording import shown

LAYERS = {
    "batch": "BatchNormalization",
    "layer": "LayerNormalization",
    "group": "GroupNormalization",
    "instance": "GroupNormalization",
    "rms": "RMSNormalization",
    "renorm": "BatchNormalization",
}
NORMS = (None, *LAYERS)
OVER_EXAMPLES = ("batch", "renorm")  # norms that take statistics of the batch
STATISTICS = ("both", "mean", "variance")  # of the batch, that a batch normalisation uses
GROUPS = 4  # divides the widths of most networks here; Keras' 32 would not
RMS_SINCE = "3.9"  # Keras
# The bounds that Ioffe (2017), "Batch Renormalization", ends his training with. His start, with
# plain batch normalisation and bounds that widen slowly, is left out: Keras' layer has one setting.
RENORM = {"renorm": True, "renorm_clipping": {"rmin": 1 / 3, "rmax": 3.0, "dmax": 5.0}}


def normalisation(
    norm: str,
    affine: bool = True,
    groups: int = GROUPS,
    statistics: str = "both",
    ghost: int | None = None,
) -> Any:
    """Return a new normalisation layer.

    Parameters
    ----------
    norm : {"batch", "layer", "group", "instance", "rms", "renorm"}
        Which one.
    affine : bool
        Whether it has gamma and beta: Keras' ``scale`` and ``center``.
    groups : int
        Groups of channels, for ``"group"`` alone.
    statistics : {"both", "mean", "variance"}
        Which ones of the batch are used, for ``"batch"`` alone; see :func:`bnutils.mlp`.
    ghost : int or None
        Examples of a ghost batch, for ``"batch"`` alone; see :func:`bnutils.mlp`.

    Returns
    -------
    keras.layers.Layer
        For the rest with Keras' own defaults; batch renormalisation has the bounds of Ioffe (2017),
        1/3 <= r <= 3 and abs(d) <= 5. Half of batch normalisation, and that over ghost batches, are
        layers of :mod:`bnutils.layers`.

    Raises
    ------
    ValueError
        If an argument is outside what is listed here, the installed Keras has no such layer, or
        its layer is always affine.
    TypeError
        If ``affine`` is neither True nor False, or ``groups`` or ``ghost`` no whole number.
    """
    norm = one_of("norm", norm, LAYERS)
    affine, groups = flag("affine", affine), at_least("groups", groups, 1)
    require_affine(norm, affine)
    statistics = one_of("statistics", statistics, STATISTICS)
    require_statistics(norm, statistics)
    ghost = settled_ghost(norm, statistics, ghost)
    if statistics != "both":
        return _half(statistics, affine)
    options: dict[str, Any] = {} if affine else {"center": False, "scale": False}
    if ghost is not None:
        return layers.GhostBatchNormalization(ghost, **options)
    if norm == "renorm":
        return _renorm(options)
    if norm in ("group", "instance"):
        options["groups"] = groups if norm == "group" else -1  # -1: as many as channels
    return _kind(norm)(**options)


def _half(statistics: str, affine: bool) -> Any:
    """Batch normalisation that only centres, or only scales, and learns that alone."""
    if statistics == "mean":
        return layers.BatchCentering(center=affine)
    return layers.BatchScaling(scale=affine)


def _kind(norm: str) -> Any:
    """Keras' class, if the installed Keras has it."""
    keras = import_keras()
    if not hasattr(keras.layers, LAYERS[norm]):
        raise ValueError(
            f"norm={norm!r} needs a Keras that has {LAYERS[norm]}, {RMS_SINCE} or later; received "
            f"Keras {keras.__version__}. Update it, or take another norm such as 'layer'."
        )
    return getattr(keras.layers, LAYERS[norm])


def _renorm(options: dict[str, Any]) -> Any:
    """Keras' layer with corrections, if the installed Keras has them."""
    try:
        return _kind("renorm")(**options, **RENORM)
    except (TypeError, ValueError) as refused:  # an argument that it does not know
        raise ValueError(
            f"norm='renorm' needs a Keras whose {LAYERS['renorm']} has the argument renorm; "
            f"received Keras {import_keras().__version__}. Update it, or take another norm such "
            "as 'group'."
        ) from refused


def require_affine(norm: str | None, affine: bool) -> None:
    """Raise ``ValueError`` if Keras' layer cannot be without its parameters."""
    if norm == "rms" and not affine:
        raise ValueError(
            "affine must be True for norm='rms', since Keras' RMSNormalization always has its "
            "scale; received False. Leave affine out, or take norm='layer'."
        )


def require_statistics(norm: str | None, statistics: str) -> None:
    """Raise ``ValueError`` if there is no such half of the normalisation."""
    if statistics != "both" and norm != "batch":
        raise ValueError(
            "statistics must be 'both' unless norm is 'batch', which alone is taken apart here; "
            f"received {statistics!r} with norm={norm!r}. Leave statistics out, or take "
            "norm='batch'."
        )


def settled_ghost(norm: str | None, statistics: str, ghost: int | None) -> int | None:
    """Return the size of a ghost batch, if the normalisation is the one that may have any."""
    if ghost is None:
        return None
    if (norm, statistics) != ("batch", "both"):
        raise ValueError(
            "ghost must be None unless norm is 'batch' and statistics is 'both', which alone takes "
            f"ghost batches here; received {shown(ghost)} with norm={norm!r} and "
            f"statistics={statistics!r}. Leave ghost out, or take norm='batch'."
        )
    return at_least("ghost", ghost, 1)


def require_divided(widths: Sequence[int], groups: int) -> None:
    """Raise ``ValueError`` if the channels of a layer do not fall into so many groups."""
    common = gcd(*widths)
    if common % groups:
        raise ValueError(
            "groups must divide the width of every hidden layer for norm='group'; received "
            f"{groups} for {shown(tuple(widths))}. Take a divisor of {common}."
        )


def is_by_channel(norm: str | None, width: int, groups: int) -> bool:
    """Whether each channel of an example is normalised by itself."""
    return norm == "instance" or (norm == "group" and groups == width)


def require_several(
    norm: str | None, widths: Sequence[int], groups: int, positions: Sequence[int]
) -> None:
    """Raise ``ValueError`` where a normalisation would see a single number of an example.

    A number less its own mean is 0: whatever comes in, beta would come out.

    Parameters
    ----------
    norm : str or None
        Which normalisation.
    widths, positions : sequence of int
        Channels of each hidden layer, and at how many places of the image they stand.
    groups : int
        Of group normalisation.
    """
    for layer, (width, places) in enumerate(zip(widths, positions, strict=True), start=1):
        if places == 1 and is_by_channel(norm, width, groups):
            raise ValueError(
                f"norm={norm!r} must normalise at least two numbers of an example together; "
                f"received hidden layer {layer} with one channel a group and one position, where "
                "every output would be beta. Take norm='layer', fewer groups, or a "
                "convolutional network on larger images."
            )


def require_mates(
    norm: str | None, ghost: int | None, examples: int, positions: Sequence[int]
) -> None:
    """Raise ``ValueError`` where batch statistics would be those of a single number.

    Such a number less its own mean is 0: beta comes out, and no gradient comes back.

    Parameters
    ----------
    norm : str or None
        Which normalisation.
    ghost : int or None
        Examples of a ghost batch.
    examples : int
        Of a batch.
    positions : sequence of int
        At how many places of the image each hidden layer stands.
    """
    together = min(examples, ghost or examples)
    if norm in OVER_EXAMPLES and together * min(positions, default=2) == 1:
        raise ValueError(
            f"norm={norm!r} must normalise at least two numbers of a batch together in training; "
            f"received batch_size={examples} with ghost={ghost} and a hidden layer at one "
            "position, where beta would come out whatever comes in. Take batches, or ghost "
            "batches, of 2 or more, or a normalisation of each example by itself, such as "
            "norm='layer'."
        )
