"""Gradient accumulation: the gradients of pieces of a batch, one after the other, and their mean.

With K equal pieces B_1, ..., B_K of a batch and a loss that is a mean over examples,

    (1/K) sum_k gradient(mean loss of B_k) = gradient(mean loss of the batch)

if the loss of an example depends on this example alone. With batch normalisation it depends on
the statistics of the piece too, and the equation fails.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from bnutils.surroundings import import_keras
from bnutils.utils.validation import at_least, one_of

STATISTICS = ("pieces", "batch")


def accumulated_gradients(
    model: Any,
    x: np.ndarray,
    y: np.ndarray,
    pieces: int,
    *,
    loss: Any = "sparse_categorical_crossentropy",
    statistics: str = "pieces",
) -> list[np.ndarray]:
    """Return the mean over the pieces of a batch of the gradients of the mean loss.

    The model is in training mode, and afterwards as it was before, its moving statistics included,
    also if something goes wrong. Dropout draws other masks for each piece. Losses that the model
    adds by itself, such as weight decay, are left out.

    Parameters
    ----------
    model : keras.Model
        Built; whose ``trainable_variables`` the gradients belong to.
    x, y : numpy.ndarray
        The batch, N examples along the first axis, and its targets.
    pieces : int
        K, a divisor of N: each piece is N / K examples that follow each other. 1 is the batch.
    loss : str or keras loss
        As of ``model.compile``, a mean over examples.
    statistics : {"pieces", "batch"}
        By what the layers of batch normalisation normalise a piece: by its own mean and variance,
        which is what happens in every training loop; or by those of the whole batch, which a first
        forward pass has measured. These are constants in the second: no gradient goes through
        them, so it is not the batch's gradient either.

    Returns
    -------
    list of numpy.ndarray
        In the order of ``model.trainable_variables``.

    Raises
    ------
    TypeError
        If ``model`` is no Keras model.
    ValueError
        If ``pieces`` does not divide N, x and y have different lengths, a piece of one example
        would be normalised by itself, or ``statistics="batch"`` is asked of a model that has none.
    """
    model = _built(model)
    norms = _normalising(model)
    kind = one_of("statistics", statistics, STATISTICS)
    size = _size(len(x), len(y), at_least("pieces", pieces, 1))
    _can_be_normalised(norms, size, kind)
    function = import_keras().losses.get(loss)
    variables = list(model.trainable_variables)
    parts = [slice(start, start + size) for start in range(0, len(x), size)]
    with _left_as_it_was(model):
        if kind == "batch":
            _fix_statistics(model, norms, x)
        sums = [_gradients(model, variables, x[part], y[part], function) for part in parts]
    return [np.mean(own, axis=0) for own in zip(*sums, strict=True)]


def _gradients(
    model: Any, variables: Sequence[Any], x: np.ndarray, y: np.ndarray, loss: Any
) -> list[np.ndarray]:
    """Those of the mean loss of one piece."""
    import tensorflow as tf

    values = [variable.value for variable in variables]
    with tf.GradientTape() as tape:
        tape.watch(values)
        mean = tf.reduce_mean(loss(y, model(x, training=True)))
    found = tape.gradient(mean, values, unconnected_gradients="zero")
    return [np.asarray(gradient) for gradient in found]


def _fix_statistics(model: Any, norms: Sequence[Any], x: np.ndarray) -> None:
    """Let the layers normalise by the statistics that a batch has in training mode."""
    for norm in norms:
        norm.momentum = 0.0  # one update puts the batch's own in their place
    model(x, training=True)
    for norm in norms:
        norm.trainable = False  # for a layer of batch normalisation this is inference mode


@contextmanager
def _left_as_it_was(model: Any) -> Iterator[None]:
    """Put back all variables, those of random numbers too, and the modes of the layers."""
    values = [(variable, variable.numpy().copy()) for variable in model.variables]
    modes = [(norm, norm.momentum, norm.trainable) for norm in _normalising(model)]
    try:
        yield
    finally:
        for norm, momentum, trainable in modes:
            norm.momentum, norm.trainable = momentum, trainable
        for variable, value in values:
            variable.assign(value)


# ---- what is asked of the arguments -------------------------------------------------------
def _built(model: Any) -> Any:
    keras = import_keras()
    if not isinstance(model, keras.Model):
        raise TypeError(
            f"model must be a Keras model; received {type(model).__name__}. A description becomes "
            "one by its method build(shape, classes)."
        )
    if not model.built:
        raise ValueError("model must be built; received one that is not. Call it on a batch once.")
    return model


def _normalising(model: Any) -> list[Any]:
    """The layers of batch normalisation, inner models included."""
    kind = import_keras().layers.BatchNormalization
    return [layer for layer in model._flatten_layers() if isinstance(layer, kind)]


def _size(examples: int, targets: int, pieces: int) -> int:
    """The examples of a piece."""
    if examples != targets:
        raise ValueError(f"x and y must have as many examples; received {examples} and {targets}.")
    if not examples or examples % pieces:
        raise ValueError(
            f"pieces must divide the batch into equal ones; received {pieces} for {examples} "
            "examples. The mean of unequal pieces is not the mean of the batch, with or without "
            "batch normalisation."
        )
    return examples // pieces


def _can_be_normalised(norms: Sequence[Any], size: int, statistics: str) -> None:
    if statistics == "batch" and not norms:
        raise ValueError(
            "statistics='batch' asks for those of batch normalisation; the model has no such "
            "layer. Leave the argument out: without it the pieces give the batch's gradient."
        )
    alone = [norm.name for norm in norms if size == 1 and _is_one_value(norm)]
    if statistics == "pieces" and alone:
        raise ValueError(
            "A piece must have 2 examples or more to be normalised by itself; received pieces of "
            f"one, which have a single value a channel where {alone[0]} stands: it would make "
            "zeros of them. Take fewer pieces."
        )


def _is_one_value(norm: Any) -> bool:
    """Whether an example has one value for each channel, such as a vector has."""
    shape = list(norm.get_build_config()["input_shape"][1:])
    del shape[norm.axis - 1 if norm.axis > 0 else norm.axis]
    return all(length == 1 for length in shape)
