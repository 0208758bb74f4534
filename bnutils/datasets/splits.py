"""Which images are for training, which for validation, which for the test.

A data set comes with one split. Where every seed is to have its own, so that what is measured
does not hang on that one, the images of all three parts are pooled and dealt anew.
"""

from dataclasses import dataclass

import numpy as np

STREAM = 2  # of a seed's random numbers; the engine's data order and masks have 0 and 1


@dataclass(frozen=True)
class Split:
    """Row numbers of pooled images, a part each; together every image once.

    Attributes
    ----------
    train, val, test : numpy.ndarray
        int64, each of shape ``(examples,)``.
    """

    train: np.ndarray
    val: np.ndarray
    test: np.ndarray


def in_order(train: int, val: int, test: int) -> Split:
    """The split of images that are pooled part after part, of so many examples each."""
    parts = np.split(np.arange(train + val + test), np.cumsum([train, val]))
    return Split(*parts)


def dealt(split: Split, origins: np.ndarray, seed: int) -> Split:
    """Deal pooled images anew, in parts of the same sizes.

    Images made from one original are dealt together, so that no part holds relatives of
    another's. What an original was for goes to another one of which there are as many images.

    Parameters
    ----------
    split : Split
        Which sizes the parts have.
    origins : numpy.ndarray
        The number of the original of each pooled image, shape ``(examples,)``.
    seed : int
        Of the shuffling.

    Returns
    -------
    Split
        With the images of each part in random order.
    """
    rng = np.random.default_rng([seed, STREAM])
    parts = np.empty(len(origins), np.int64)
    for number, rows in enumerate((split.train, split.val, split.test)):
        parts[rows] = number
    _, first, group, sizes = np.unique(
        origins, return_index=True, return_inverse=True, return_counts=True
    )
    use = parts[first]
    for size in np.unique(sizes):
        alike = np.flatnonzero(sizes == size)
        use[alike] = rng.permutation(use[alike])
    return Split(*(rng.permutation(np.flatnonzero(use[group] == number)) for number in range(3)))
