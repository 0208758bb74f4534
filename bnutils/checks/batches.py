"""The batches that the checks use, small and deterministic: a plain one, and what becomes of it.

Each function after :func:`batch` takes a batch and returns the one that a case is named for.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bnutils.checks.calls.calling import Array

EPSILON = 0.1
"""Large enough to be seen in the results."""

SMALL_EPSILON = 1e-3
"""Where the variance is 0 or small, and a large epsilon would hide it."""

MOMENTUM = 0.8

FAR_MOMENTUM = 0.5
"""Where the mean is large: gives the batch's own variance its weight."""


@dataclass(frozen=True, eq=False)
class Batch:
    """All that a student's function may be called with.

    Attributes
    ----------
    x : ndarray
        Channels last.
    gamma, beta, mean, variance : ndarray
        (C,); all different. Mean and variance are the moving ones; no variance is negative.
    dy : ndarray
        In the shape of x.
    epsilon, momentum : float
        Those of the layer.
    """

    x: Array
    gamma: Array
    beta: Array
    mean: Array
    variance: Array
    dy: Array
    epsilon: float = EPSILON
    momentum: float = MOMENTUM


def batch(*shape: int, centre: float = 0.0, spread: float = 1.0, seed: int = 0) -> Batch:
    """Return a batch of float64 whose features differ in mean and scale."""
    rng = np.random.default_rng(seed)
    features = shape[-1]
    scales = spread * np.linspace(0.7, 1.6, features)
    x = centre + spread * rng.normal(size=features) + scales * rng.normal(size=shape)
    gamma, variance = rng.uniform(0.5, 2, size=(2, features))
    beta, mean = rng.normal(size=(2, features))
    return Batch(x, gamma, beta, mean, variance, rng.normal(size=shape))


@dataclass(frozen=True)
class Size:
    """What a plain batch is made by; the scales of its features lie between the last two."""

    examples: int
    features: int
    epsilon: float
    momentum: float
    smallest: float
    largest: float


SEVERAL = (
    Size(6, 4, 0.1, 0.8, 0.7, 1.6),
    Size(9, 3, 0.02, 0.6, 0.1, 4.0),
    Size(5, 5, 0.5, 0.9, 0.3, 3.0),
    Size(7, 4, 1e-3, 0.5, 0.02, 0.1),
)
"""So different that no wrong formula is right on all: epsilon weighs as much as a variance."""


def several(*middle: int) -> tuple[Batch, ...]:
    """Return plain batches of different sizes; `middle` are the axes of an image."""
    return tuple(_plain(seed, middle, size) for seed, size in enumerate(SEVERAL))


def square(*middle: int) -> tuple[Batch, ...]:
    """Return plain batches with as many examples as features."""
    sizes = [replace(size, features=size.examples) for size in SEVERAL[:3]]
    return tuple(_plain(seed, middle, size) for seed, size in enumerate(sizes))


def _plain(seed: int, middle: tuple[int, ...], size: Size) -> Batch:
    rng = np.random.default_rng(seed)
    examples = max(2, size.examples // 2) if middle else size.examples
    shape = (examples, *middle, size.features)
    scales = np.geomspace(size.smallest, size.largest, size.features)
    x = scales * (rng.normal(size=size.features) + rng.normal(size=shape))
    gamma, variance = rng.uniform(0.5, 2, size=(2, size.features))
    signs = rng.choice([-1, 1], size.features) if seed else 1  # gamma may be negative
    beta, mean = rng.normal(size=(2, size.features))
    dy, variance, mean = rng.normal(size=shape), variance * scales**2, mean * scales
    return Batch(x, signs * gamma, beta, mean, variance, dy, size.epsilon, size.momentum)


def _examples(plain: Batch) -> int:
    """Return of how many examples 32 values of a feature are; float32 can still add so many."""
    return max(2, 32 // int(np.prod(plain.x.shape[1:-1])))


def many(plain: Batch) -> Batch:
    """Return a batch of 32 examples: only their number is new."""
    return replace(
        batch(_examples(plain), *plain.x.shape[1:], seed=6), gamma=plain.gamma, beta=plain.beta
    )


def of_one(plain: Batch) -> Batch:
    """Keep the first example alone; of an image, its first pixel."""
    first = (slice(1),) * (plain.x.ndim - 1)
    return replace(plain, x=plain.x[first], dy=plain.dy[first])


def with_constant_feature(plain: Batch) -> Batch:
    """Make the first feature 3 in every example."""
    x = plain.x.copy()
    x[..., 0] = 3.0
    return replace(plain, x=x, epsilon=SMALL_EPSILON)


def with_variance_zero(plain: Batch) -> Batch:
    """Make the first moving variance 0."""
    variance = plain.variance.copy()
    variance[0] = 0.0
    return replace(plain, variance=variance, epsilon=SMALL_EPSILON)


def far_off(plain: Batch) -> Batch:
    """Give x a mean so large that in float64 its square has no digits left for the variance."""
    far = batch(_examples(plain), *plain.x.shape[1:], centre=1e8)
    return replace(plain, x=far.x, dy=far.dy, mean=_moments(far.x)[0], momentum=FAR_MOMENTUM)


def far_off_in_float32(plain: Batch) -> Batch:
    """Do the same in float32, where a mean of 1000 is enough."""
    far = batch(_examples(plain), *plain.x.shape[1:], centre=1e3, spread=1e-2)
    mean, variance = _moments(far.x)
    moved = replace(plain, x=far.x, dy=far.dy, mean=mean, variance=variance)
    return replace(in_float32(moved), epsilon=SMALL_EPSILON, momentum=FAR_MOMENTUM)


def of_integers(plain: Batch) -> Batch:
    """Make x pixels: integers between 0 and 9."""
    return replace(plain, x=np.random.default_rng(5).integers(0, 10, size=plain.x.shape))


def _moments(x: Array) -> tuple[Array, Array]:
    over = tuple(range(x.ndim - 1))
    return x.mean(axis=over), x.var(axis=over)


def in_float32(plain: Batch) -> Batch:
    """Give the batch in single precision: only the dtype is new."""
    arrays: dict[str, Any] = {
        name: value.astype(np.float32)
        for name, value in vars(plain).items()
        if isinstance(value, np.ndarray)
    }
    return replace(plain, **arrays)
