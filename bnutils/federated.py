"""Federated averaging: clients train copies of a network on images that stay with them.

In each round every client begins with the server's weights, trains on its own images, and sends
weights back; the server averages them (McMahan et al. 2017, "Communication-efficient learning of
deep networks from decentralized data"). With batch normalisation the moving statistics are
averaged too, though no two clients have measured the same thing.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from bnutils.stacks import Array, Stack, Weights, epoch
from bnutils.utils.validation import at_least, several


def by_class(labels: npt.ArrayLike, clients: int, rng: np.random.Generator) -> Array:
    """Deal images to clients so that no two have a class in common.

    Parameters
    ----------
    labels : array_like of int
        (n,), of classes 0, 1, ... whose number `clients` divides.
    clients : int
        How many.
    rng : numpy.random.Generator
        Deals the classes, and leaves out images so that all clients have as many.

    Returns
    -------
    ndarray of int
        Row numbers, (clients, images of each).

    Raises
    ------
    ValueError
        If the classes cannot be dealt evenly.
    """
    y = np.asarray(labels)
    classes = rng.permutation(np.unique(y))
    if len(classes) % at_least("clients", clients, 1):
        raise ValueError(
            f"clients must divide the number of classes, {len(classes)}; received {clients}."
        )
    shares = [
        rng.permutation(np.flatnonzero(np.isin(y, own))) for own in np.split(classes, clients)
    ]
    return np.array([rows[: min(map(len, shares))] for rows in shares])


def mixed(rows: npt.ArrayLike, rng: np.random.Generator) -> Array:
    """Deal the same images anew, so that every client has a bit of everything: the control."""
    given = np.asarray(rows)
    return rng.permutation(given.reshape(-1)).reshape(given.shape)


def rounds(
    stack: Stack,
    seeds: Sequence[int],
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    *,
    count: int,
    rate: npt.ArrayLike,
    batch_size: int = 32,
) -> Iterator[Weights]:
    """Yield the server's weights after each round, one network a seed.

    Parameters
    ----------
    stack : Stack
        The architecture.
    seeds : sequence of int
        S of them: a seed fixes the start and the order of the images.
    x, y : array_like
        What the clients have, (S, clients, n, inputs) and (S, clients, n).
    count : int
        How many rounds; in each, every client goes once through its images.
    rate : float or array_like
        Of the clients' gradient descent, one, or one a seed.
    batch_size : int
        Of the clients.

    Yields
    ------
    dict of str to ndarray
        With the moving statistics averaged as all else is.

    Raises
    ------
    ValueError
        If x and y do not fit the seeds.
    """
    numbers, images, labels = several("seeds", seeds), np.asarray(x), np.asarray(y)
    if images.ndim != 4 or labels.shape != images.shape[:3] or len(images) != len(numbers):
        raise ValueError(
            f"x must be (seeds, clients, images, inputs), here of {len(numbers)} seeds, and y "
            f"(seeds, clients, images); received {images.shape} and {labels.shape}."
        )
    clients, n = labels.shape[1:]
    weights = stack.start(numbers)
    rngs = [np.random.default_rng([seed, 1]) for seed in numbers]
    rates = np.repeat(np.broadcast_to(rate, len(numbers)), clients)
    x, y = images.reshape(-1, *images.shape[2:]), labels.reshape(-1, n)
    for _ in range(at_least("count", count, 1)):
        orders = np.array([[rng.permutation(n) for _ in range(clients)] for rng in rngs])
        copies = {name: np.repeat(w, clients, axis=0) for name, w in weights.items()}
        trained = epoch(stack, copies, x, y, orders.reshape(-1, n), rates, batch_size)
        weights = averaged(trained, clients)
        yield weights


def averaged(weights: Weights, clients: int) -> Weights:
    """Return the mean of each `clients` networks that follow one another."""
    return {name: w.reshape(-1, clients, *w.shape[1:]).mean(axis=1) for name, w in weights.items()}
