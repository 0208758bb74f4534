"""Which settings are tried: a few combinations for each number, drawn as equally as possible.

Five combinations are a Latin hypercube (McKay, Beckman and Conover 1979): each factor's range is
cut into five equal parts, and each part is drawn from once, in random order. A factor with five
levels then has each of them once, one with fewer has each at least once, and all of them equally
often in the long run. Of many such draws that one is kept whose factors are least correlated, so
that what belongs to one is not taken for another's (rerandomisation: Morgan and Rubin 2012).

What one number draws does not depend on any other number: so statistics of different numbers are
independent, which the sign-flip test needs.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from bnutils.utils.validation import at_least

FACTORS: Mapping[str, tuple[Any, ...]] = {
    "depth": (1, 2, 4, 8, 16),
    "width": (16, 64, 256),
    "activation": ("relu", "tanh", "sigmoid"),
    "optimizer": ("sgd", "adam"),
    "batch_size": (2, 4, 16, 64, 256),
    "gain": (0.25, 1.0, 4.0),
    "images": (256, 1024),
}
"""Hidden layers and units of each; the usual start times a gain; images for training."""
STEPS = tuple(range(-3, 4))
CENTRES = {"sgd": 0.08, "adam": 0.0016}
RATES = {name: tuple(centre * 4.0**step for step in STEPS) for name, centre in CENTRES.items()}
"""Seven for each optimiser, by factors of four around a usual one."""
COMBINATIONS = 5  # of one number
DRAWS = 200  # of which the least correlated is kept


def design(seed: int) -> tuple[dict[str, Any], ...]:
    """Return the five combinations that belong to a number.

    Parameters
    ----------
    seed : int
        At least 0.

    Returns
    -------
    tuple of dict
        A level for each of :data:`FACTORS`.

    Raises
    ------
    ValueError, TypeError
        If the seed is no whole number of at least 0.
    """
    rng = np.random.default_rng(at_least("seed", seed, 0))
    levels = min((_hypercube(rng) for _ in range(DRAWS)), key=_correlation)
    return tuple(_named(row) for row in levels)


def _hypercube(rng: np.random.Generator) -> np.ndarray:
    """Numbers of levels, shape (combinations, factors)."""
    parts = np.stack([rng.permutation(COMBINATIONS) for _ in FACTORS], axis=1)
    places = (parts + rng.random(parts.shape)) / COMBINATIONS
    return (places * [len(levels) for levels in FACTORS.values()]).astype(int)


def _correlation(levels: np.ndarray) -> float:
    """The sum of the squared correlations of all pairs of factors."""
    spread = levels - levels.mean(axis=0)
    spread /= np.linalg.norm(spread, axis=0)
    return float(np.square(np.triu(spread.T @ spread, 1)).sum())


def _named(row: np.ndarray) -> dict[str, Any]:
    return {name: levels[at] for (name, levels), at in zip(FACTORS.items(), row, strict=True)}
