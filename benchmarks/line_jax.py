"""The same network in JAX, an epoch as one ``lax.scan``: a reference line, one model.

``python line_jax.py data.npz 32 5``: the file with the arrays, batch size, epochs. It needs
JAX and NumPy, nothing else, so that it can run in an environment of its own.
"""

import json
import sys
import time
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

UNITS, CLASSES, RATE, EPSILON, MOMENTUM = 128, 10, 0.2, 1e-3, 0.99
STEP_SIZE, BETA_1, BETA_2, TINY = 1e-3, 0.9, 0.999, 1e-7
Tree = Any


def glorot(key: Any, rows: int, columns: int) -> Any:
    limit = (6 / (rows + columns)) ** 0.5
    return jax.random.uniform(key, (rows, columns), minval=-limit, maxval=limit)


def start(key: Any, features: int) -> Tree:
    """Weights, Adam's two memories, moving statistics and the number of steps."""
    first, second = jax.random.split(key)
    weights = {
        "w1": glorot(first, features, UNITS),
        "b1": jnp.zeros(UNITS),
        "gamma": jnp.ones(UNITS),
        "beta": jnp.zeros(UNITS),
        "w2": glorot(second, UNITS, CLASSES),
        "b2": jnp.zeros(CLASSES),
    }
    zeros = jax.tree_util.tree_map(jnp.zeros_like, weights)
    return weights, zeros, zeros, (jnp.zeros(UNITS), jnp.ones(UNITS)), 0


def hidden(weights: Tree, z: Any, mean: Any, variance: Any) -> Any:
    x_hat = (z - mean) * jax.lax.rsqrt(variance + EPSILON)
    return jax.nn.relu(weights["gamma"] * x_hat + weights["beta"])


def loss(weights: Tree, x: Any, y: Any, key: Any) -> tuple[Any, Any]:
    """Mean cross-entropy in training mode; batch statistics and right answers beside it."""
    z = x @ weights["w1"] + weights["b1"]
    mean, variance = z.mean(0), z.var(0)
    kept = jax.random.bernoulli(key, 1 - RATE, z.shape) / (1 - RATE)
    scores = hidden(weights, z, mean, variance) * kept @ weights["w2"] + weights["b2"]
    return cross_entropy(scores, y).mean(), (mean, variance, (scores.argmax(1) == y).sum())


def cross_entropy(scores: Any, y: Any) -> Any:
    return -jnp.take_along_axis(jax.nn.log_softmax(scores), y[:, None], 1)[:, 0]


def step(x: Any, y: Any, state: Tree, batch: Any) -> tuple[Tree, Any]:
    """One step of Adam on the examples ``rows``; moving statistics follow the batch's."""
    rows, key = batch
    weights, first, second, moving, t = state
    slope = jax.value_and_grad(loss, has_aux=True)
    (value, (mean, variance, hits)), gradient = slope(weights, x[rows], y[rows], key)
    both = jax.tree_util.tree_map
    t = t + 1
    first = both(lambda m, g: BETA_1 * m + (1 - BETA_1) * g, first, gradient)
    second = both(lambda v, g: BETA_2 * v + (1 - BETA_2) * g * g, second, gradient)
    rate = STEP_SIZE * jnp.sqrt(1 - BETA_2**t) / (1 - BETA_1**t)
    weights = both(lambda w, m, v: w - rate * m / (jnp.sqrt(v) + TINY), weights, first, second)
    moving = both(lambda old, new: MOMENTUM * old + (1 - MOMENTUM) * new, moving, (mean, variance))
    return (weights, first, second, moving, t), (value, hits)


@partial(jax.jit, static_argnames="batch_size")
def epoch(state: Tree, x: Any, y: Any, key: Any, batch_size: int) -> tuple[Tree, Any]:
    """All examples once: full batches in one scan, then the rest, as in ``fit``."""
    shuffle, dropout = jax.random.split(key)
    order = jax.random.permutation(shuffle, len(x))
    steps = len(x) // batch_size
    keys = jax.random.split(dropout, steps + 1)
    full = order[: steps * batch_size].reshape(steps, batch_size)
    one = partial(step, x, y)
    state, measured = jax.lax.scan(one, state, (full, keys[:-1]))
    if steps * batch_size < len(x):
        state, _ = one(state, (order[steps * batch_size :], keys[-1]))
    return state, measured


@jax.jit
def accuracy(state: Tree, x: Any, y: Any) -> Any:
    """In inference mode."""
    weights, moving = state[0], state[3]
    scores = hidden(weights, x @ weights["w1"] + weights["b1"], *moving) @ weights["w2"]
    return ((scores + weights["b2"]).argmax(1) == y).mean()


def main(path: str, batch_size: int, epochs: int) -> dict[str, float]:
    """Seconds for one epoch with validation, the first one (with compilation) apart."""
    with np.load(path) as arrays:
        x, x_val = (jnp.asarray(arrays[n].reshape(len(arrays[n]), -1)) for n in ("x", "x_val"))
        y, y_val = jnp.asarray(arrays["y"]), jnp.asarray(arrays["y_val"])
    first, *keys = jax.random.split(jax.random.key(0), epochs + 2)
    state, seconds, right = start(first, x.shape[1]), [], 0.0
    for key in keys:
        begun = time.perf_counter()
        state, measured = epoch(state, x, y, key, batch_size)
        right = float(accuracy(state, x_val, y_val))
        jax.block_until_ready((state, measured))
        seconds.append(time.perf_counter() - begun)
    steady = sum(seconds[1:]) / epochs
    return {"epoch": steady, "fixed": seconds[0] - steady, "val_accuracy": right}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
