"""The batches that the checks use, small and deterministic."""

from dataclasses import dataclass

import numpy as np

from bnutils.checks.calling import Array

PLAIN = "a plain batch"
SINGLE = "a batch of one"
CONSTANT = "a constant feature"
LARGE = "a large mean"
LARGE32 = "a large mean in float32"
INTEGERS = "a batch of integers"


@dataclass(frozen=True, eq=False)
class Batch:
    """A batch with gamma, beta and further vectors of its features' number.

    Attributes
    ----------
    x : ndarray
        Channels last.
    gamma, beta, mean, variance : ndarray
        (C,); all different, variance positive.
    dy : ndarray
        In the shape of x.
    """

    x: Array
    gamma: Array
    beta: Array
    mean: Array
    variance: Array
    dy: Array


def batch(*shape: int, centre: float = 0.0, spread: float = 1.0, seed: int = 0) -> Batch:
    """Return a batch of float64 whose features differ in mean and scale."""
    rng = np.random.default_rng(seed)
    features = shape[-1]
    scales = spread * np.linspace(0.7, 1.6, features)
    x = centre + spread * rng.normal(size=features) + scales * rng.normal(size=shape)
    gamma, variance = rng.uniform(0.5, 2, size=(2, features))
    beta, mean = rng.normal(size=(2, features))
    return Batch(x, gamma, beta, mean, variance, rng.normal(size=shape))


def with_constant_feature(x: Array) -> Array:
    """Return a copy whose first feature is 3 in every example."""
    changed = x.copy()
    changed[..., 0] = 3.0
    return changed


def as_float32(*values: Array) -> tuple[Array, ...]:
    """Return the arrays in float32."""
    return tuple(value.astype(np.float32) for value in values)


def pixels(*shape: int) -> Array:
    """Return integers between 0 and 9."""
    return np.random.default_rng(5).integers(0, 10, size=shape)
