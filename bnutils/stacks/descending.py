"""How a stack is trained: the loss, a step of gradient descent, one time through the images."""

import numpy as np
import numpy.typing as npt

from bnutils.stacks.networks import Array, Stack, Weights
from bnutils.utils.validation import at_least


def cross_entropy(outputs: Array, y: npt.ArrayLike) -> tuple[Array, Array]:
    """Return the loss of each example, (R, m), and its gradient with respect to the outputs.

    Parameters
    ----------
    outputs : ndarray
        (R, m, classes), before the softmax.
    y : array_like of int
        Labels, (R, m) or (m,).

    Returns
    -------
    losses : ndarray
        (R, m).
    upstream : ndarray
        Of the *mean* over the m examples: (softmax - one-hot) / m.

    Raises
    ------
    ValueError
        If labels are not classes, or not one an example.
    """
    labels, classes = np.asarray(y), outputs.shape[-1]
    if labels.dtype.kind not in "iu" or labels.min() < 0 or labels.max() >= classes:
        raise ValueError(f"y must be whole numbers from 0 to {classes - 1}; received {y!r}.")
    labels = np.broadcast_to(labels, outputs.shape[:2])[..., None]
    shifted = outputs - outputs.max(axis=-1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    upstream = np.exp(log_p)
    np.put_along_axis(upstream, labels, np.take_along_axis(upstream, labels, axis=-1) - 1, axis=-1)
    return -np.take_along_axis(log_p, labels, axis=-1)[..., 0], upstream / outputs.shape[1]


def descended(weights: Weights, gradients: Weights, rate: npt.ArrayLike) -> Weights:
    """Return the weights after a step of gradient descent; ``rate`` is one, or one a network."""
    rates = np.asarray(rate, float).reshape(-1)
    return {
        name: w - rates.reshape(-1, *[1] * (w.ndim - 1)) * gradients[name]
        if name in gradients
        else w
        for name, w in weights.items()
    }


def epoch(
    stack: Stack,
    weights: Weights,
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    orders: npt.ArrayLike,
    rate: npt.ArrayLike,
    batch_size: int = 32,
) -> Weights:
    """Train each network once through its own images.

    Parameters
    ----------
    stack, weights
        The networks.
    x, y : array_like
        (R, n, inputs) and (R, n).
    orders : array_like of int
        In which order each network sees its images, (R, n).
    rate : float or array_like
        Of gradient descent, one, or one a network.
    batch_size : int
        What is left over at the end is left out, so that no batch is smaller.

    Returns
    -------
    dict of str to ndarray
        New weights; those that were given are not changed.
    """
    images, labels, rows = np.asarray(x), np.asarray(y), np.asarray(orders)
    number = np.arange(len(rows))[:, None]
    size = at_least("batch_size", batch_size, 1, rows.shape[1])
    for first in range(0, rows.shape[1] - size + 1, size):
        part = rows[:, first : first + size]
        outputs, trace = stack.forward(weights, images[number, part], training=True)
        _, upstream = cross_entropy(outputs, labels[number, part])
        gradients, _ = stack.backward(weights, trace, upstream)
        weights = stack.moved(descended(weights, gradients, rate), trace)
    return weights


def accuracy(outputs: Array, y: npt.ArrayLike) -> Array:
    """Return the share of right answers of each network, (R,)."""
    right: Array = (outputs.argmax(axis=-1) == np.asarray(y)).mean(axis=-1)
    return right
