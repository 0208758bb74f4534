"""Which weights of a network learn, and which stay where they started."""

from typing import Any

AFFINE = ("gamma", "beta", "scale")  # of a normalisation; Keras' RMSNormalization calls it scale
TRAINED = {  # the parts of a network that learn
    "all": ("kernel", "bias", "affine", "head"),
    "affine": ("affine",),
    "head": ("head",),
    "affine and head": ("affine", "head"),
    "hidden": ("kernel",),
}


def freeze(model: Any, trained: str) -> None:
    """Set Keras' ``trainable`` of every weight.

    Of the weight, and not of its layer: a ``BatchNormalization`` whose own ``trainable`` is False
    takes its moving statistics instead of the batch's. Here all layers compute what they always
    do, and the moving statistics follow the batch; only the optimiser leaves some weights alone.

    Parameters
    ----------
    model : keras.Sequential
        New, its last layer the head.
    trained : str
        One of :data:`TRAINED`.
    """
    if trained == "all":
        return
    for layer in model.layers:
        for weight in layer.trainable_weights:
            weight.trainable = _part(weight, layer is model.layers[-1]) in TRAINED[trained]


def _part(weight: Any, head: bool) -> str:
    """Which part of a network a weight belongs to."""
    if head:
        return "head"
    return "affine" if weight.name in AFFINE else str(weight.name)
