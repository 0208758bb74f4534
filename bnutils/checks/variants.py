"""Normalisation with chosen mistakes: the pieces that the exercises' variants share.

`wrong` is the set of mistakes to make; with the empty set everything is right.
"""

import numpy as np

from bnutils.checks.calling import Array
from bnutils.checks.exercise import Wrong

ROOT = (
    "epsilon-outside-root",
    "epsilon-missing",
    "no-root",
    "epsilon-ignored=0.001",
    "epsilon-ignored=1e-05",
)
EPSILON = (*ROOT, "epsilon-outside-root=after")
AFFINE = (("gamma-ignored", "gamma-beta-swapped"), ("beta-ignored",))
VARIANCE = ("sample-variance",)
FLAT = "wrong-axis=flat"


def detail(wrong: Wrong, name: str) -> str | None:
    """Return what follows "name=" in the set, if it is there."""
    for one in wrong:
        plain, _, value = one.partition("=")
        if plain == name:
            return value
    return None


def axes(wrong: Wrong, over: tuple[int, ...]) -> tuple[int, ...]:
    """Return the axes to average over: `over`, or those of the mistake "wrong-axis=(...)"."""
    given = detail(wrong, "wrong-axis")
    if given is None:
        return over
    return tuple(int(one) for one in given.strip("()").split(",") if one.strip())


def statistics(wrong: Wrong, x: Array, over: tuple[int, ...]) -> tuple[Array, Array]:
    """Mean and variance, shaped to broadcast with x."""
    if FLAT in wrong:
        return _flat(*statistics(wrong - {FLAT}, x, (1,)))
    over = axes(wrong, over)
    variance = x.var(axis=over, ddof=int("sample-variance" in wrong), keepdims=True)
    mean = x.mean(axis=over, keepdims=True)
    if "mean-not-subtracted" in wrong:
        return np.zeros_like(mean), variance
    return mean, variance


def _flat(mean: Array, variance: Array) -> tuple[Array, Array]:
    """Statistics of the examples, laid along the features: fits if there are as many."""
    return mean.reshape(1, -1), variance.reshape(1, -1)


def root(wrong: Wrong, variance: Array, epsilon: float) -> Array:
    """What the centred values are divided by."""
    own = detail(wrong, "epsilon-ignored")
    if own is not None:
        epsilon = float(own)
    if "epsilon-missing" in wrong or "epsilon-outside-root=after" in wrong:
        epsilon = 0.0
    if "epsilon-outside-root" in wrong:
        return np.asarray(np.sqrt(variance) + epsilon)
    return np.asarray(variance + epsilon if "no-root" in wrong else np.sqrt(variance + epsilon))


def normalised(wrong: Wrong, x: Array, mean: Array, variance: Array, epsilon: float) -> Array:
    """Return x_hat."""
    x_hat = (x - mean) / root(wrong, variance, epsilon)
    return np.asarray(x_hat + epsilon if "epsilon-outside-root=after" in wrong else x_hat)


def affine(wrong: Wrong, x_hat: Array, gamma: Array, beta: Array) -> Array:
    """Return y."""
    if "gamma-beta-swapped" in wrong:
        gamma, beta = beta, gamma
    if "gamma-ignored" in wrong:
        gamma = np.ones_like(gamma)
    if "beta-ignored" in wrong:
        beta = np.zeros_like(beta)
    return np.asarray(gamma * x_hat + beta)
