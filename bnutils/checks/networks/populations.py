"""Which statistic a student has stored for a layer, if it is not that of all its inputs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from bnutils.checks.calls.terms import Array

NEAR = 1e-4
"""A difference of so much of the layer's spread is rounding: float32, summed in any order."""


@dataclass(frozen=True)
class Statistics:
    """Mean and variance of each channel.

    Attributes
    ----------
    mean, variance : ndarray
        (C,).
    """

    mean: Array
    variance: Array

    @classmethod
    def of(cls, h: Array) -> "Statistics":
        """Those of all values of each channel; h: (..., C)."""
        flat = h.reshape(-1, h.shape[-1]).astype(float)
        return cls(flat.mean(0), flat.var(0))

    def like(self, other: "Statistics") -> tuple[bool, bool]:
        """Whether the means agree, and whether the variances do."""
        spread = 1e-6 + np.abs(other.variance)
        near = np.abs(self.mean - other.mean) <= NEAR * (np.sqrt(spread) + np.abs(other.mean))
        return bool(near.all()), bool(
            (np.abs(self.variance - other.variance) <= NEAR * spread).all()
        )


@dataclass(frozen=True)
class Seen:
    """A layer, as far as its statistics depend on it.

    Attributes
    ----------
    inputs : ndarray
        (N, ..., C): over all examples, with what the student stored in the layers before it.
    stale : ndarray
        The same with what the layers before it had stored at first.
    outputs : callable
        ``outputs(statistics) -> ndarray``, what the layer returns with these.
    old : Statistics
        What it had stored at first.
    """

    inputs: Array
    stale: Array
    outputs: Callable[[Statistics], Array]
    old: Statistics


def named(got: Statistics, seen: Seen) -> str:
    """Return the name of the mistake that gives these statistics, "" if none is known."""
    for name, other in _wrong(seen):
        if all(got.like(other)):
            return name
    if _is_on_the_way(got, seen):
        return "moved-not-set"
    return "mean-of-batch-variances" if _is_of_batches(got, seen.inputs) else ""


def _wrong(seen: Seen) -> Iterator[tuple[str, Statistics]]:
    """Yield what is stored if something is forgotten or mixed up."""
    due, count = Statistics.of(seen.inputs), seen.inputs[..., 0].size
    square = due.variance + due.mean**2
    yield "layer-left-out", seen.old
    yield "order-ignored", Statistics.of(seen.stale)
    for h in (seen.outputs(seen.old), seen.outputs(due)):
        yield "of-the-output", Statistics.of(h)
    yield "sample-variance", Statistics(due.mean, due.variance * count / (count - 1))
    yield "std-instead-of-variance", Statistics(due.mean, np.sqrt(due.variance))
    yield "mean-not-taken-off", Statistics(due.mean, square)
    yield "results-swapped", Statistics(due.variance, due.mean)
    whole = Statistics(np.full_like(due.mean, seen.inputs.mean()), 0 * due.mean + seen.inputs.var())
    yield "one-for-all-channels", whole
    yield "of-one-example", Statistics.of(seen.inputs[:1])
    for part in range(2, len(seen.inputs)):
        yield "of-a-part", Statistics.of(seen.inputs[:part])
        yield "of-a-part", Statistics.of(seen.inputs[-part:])


def _is_on_the_way(got: Statistics, seen: Seen) -> bool:
    """Whether both went the same part of the way from the old values to the right ones."""
    due = Statistics.of(seen.inputs)
    new = np.concatenate([got.mean - seen.old.mean, got.variance - seen.old.variance])
    way = np.concatenate([due.mean - seen.old.mean, due.variance - seen.old.variance])
    share = (new @ way) / (way @ way)
    return 1e-3 < share < 1 and bool(np.allclose(new, share * way, atol=1e-4 * np.abs(way).max()))


def _is_of_batches(got: Statistics, h: Array) -> bool:
    """Whether the variance is the mean of those of batches, of any size."""
    right, _ = got.like(Statistics.of(h))
    sizes = range(1, len(h))
    return right and any(all(got.like(one)) for size in sizes for one in _in_batches(h, size))


def _in_batches(h: Array, size: int) -> Iterator[Statistics]:
    """Yield the right mean with the mean variance of batches: each counted once, or by its size."""
    parts = [h[start : start + size] for start in range(0, len(h), size)]
    variances = np.array([Statistics.of(part).variance for part in parts])
    for weights in (None, [len(part) for part in parts]):
        yield Statistics(Statistics.of(h).mean, np.average(variances, axis=0, weights=weights))
