"""What batch normalisation costs in plain Keras: time in training and in inference, and memory."""

import os
from collections.abc import Callable, Iterator, Mapping
from math import nan, prod
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

import bnutils
from benchmarks.machine import peak_memory
from benchmarks.stopwatch import seconds
from bnutils.reference import fold

PLAIN, BATCH, LAYER, FOLDED = "plain", "batch", "layer", "folded"
NORMS = {PLAIN: None, BATCH: "batch", LAYER: "layer"}
SHAPES = {"dense": (8, 8), "conv": (28, 28)}
CLASSES = 10
BYTES = 4  # of a float32
STEPS = (12, 300)  # the fewest and the most in a turn
IMAGES = {"dense": 9_600, "conv": 1_920}  # in a turn, within these limits
WARM = 8  # images of the step before the one whose memory is measured


def network(kind: str, norm: str | None, width: int, depth: int) -> Any:
    """A description: ``dense`` layers of so many units, or ``conv`` layers of so many channels."""
    make = bnutils.mlp if kind == "dense" else bnutils.convnet
    return make((width,) * depth, norm=norm, dropout=0.0)


def built(kind: str, norm: str | None, width: int, depth: int, **compiling: Any) -> Any:
    """The Keras model, ready to be trained by SGD."""
    model = network(kind, norm, width, depth).build(SHAPES[kind], CLASSES, 0)
    model.compile("sgd", "sparse_categorical_crossentropy", **compiling)
    return model


def images(kind: str, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Noise with labels: what a step costs does not depend on what it learns."""
    rng = np.random.default_rng(0)
    x = rng.random((count, *SHAPES[kind]), dtype=np.float32)
    return x, rng.integers(0, CLASSES, count)


# ---- time ---------------------------------------------------------------------------------
def cost(kind: str, batch: int, width: int, depth: int, turns: int, few: bool) -> dict[str, float]:
    """Milliseconds of a step and of a prediction, and each network's over the plain one's.

    All networks take turns in this process, so that what disturbs the machine disturbs all; a ratio
    is the median of those of the turns, with the smallest and the largest. Compiling is paid
    before. A turn is one call of a compiled program, so that Python hardly counts.

    Returns
    -------
    dict
        ``train-batch``, say, in milliseconds, and ``train-batch-ratio``, ``-low`` and ``-high``;
        the same for ``predict-...``, where there is ``folded`` too; ``difference``, the largest
        between probabilities before and after folding; ``steps`` in a turn, and ``turns``.
    """
    steps = 3 if few else int(np.clip(IMAGES[kind] // batch, *STEPS))
    x, y = images(kind, batch)
    size = {"width": width, "depth": depth, "steps_per_execution": steps}
    models = {name: built(kind, norm, **size) for name, norm in NORMS.items()}
    fits = {name: training(model, x, y) for name, model in models.items()}
    found = race("train", fits, steps, turns)
    models[FOLDED] = built(kind, None, **size)
    fold_into(models[FOLDED], models[BATCH])
    asked = {name: predicting(model, x, steps) for name, model in models.items()}
    difference = float(np.abs(asked[BATCH]() - asked[FOLDED]()).max())
    found |= race("predict", asked, steps, turns)
    return {**found, "difference": difference, "steps": steps, "turns": turns}


def training(model: Any, x: np.ndarray, y: np.ndarray) -> Callable[[], object]:
    """Some steps on the same batch: what ``fit`` calls, without its work before and after."""
    batches = _again(x, y)
    model.optimizer.build(model.trainable_variables)
    model.make_train_function()
    return lambda: [np.asarray(number) for number in model.train_function(batches).values()]


def predicting(model: Any, x: np.ndarray, steps: int) -> Callable[[], np.ndarray]:
    """As many predictions of the same batch, compiled as ``predict`` does; the last is returned."""
    import tensorflow as tf

    batches = _again(x)
    one = tf.function(lambda images: model(images, training=False), jit_compile=True)

    @tf.function
    def all_steps() -> Any:
        first = 1, one(*next(batches))
        more = tf.while_loop(
            lambda count, _: count < steps, lambda count, _: (count + 1, one(*next(batches))), first
        )
        return more[1]

    return lambda: np.asarray(all_steps())


def _again(*arrays: np.ndarray) -> Any:
    """The same batch, for ever."""
    import tensorflow as tf

    return iter(tf.data.Dataset.from_tensors(arrays).repeat())


def race(
    work: str, contestants: Mapping[str, Callable[[], object]], steps: int, turns: int
) -> dict[str, float]:
    """Milliseconds per step of each contestant, and its time over the plain one's by turn."""
    for contestant in contestants.values():
        contestant()
    took = [{who: seconds(run) / steps for who, run in contestants.items()} for _ in range(turns)]
    found = {}
    for name in contestants:
        ratios = [turn[name] / turn[PLAIN] for turn in took]
        found[f"{work}-{name}"] = 1000 * median(turn[name] for turn in took)
        if name != PLAIN:
            spread = {"ratio": median(ratios), "low": min(ratios), "high": max(ratios)}
            found |= {f"{work}-{name}-{key}": value for key, value in spread.items()}
    return found


def fold_into(plain: Any, normalised: Any) -> None:
    """Give a network without normalisation the weights that do the work of one with it."""
    takers = iter([layer for layer in plain.layers if _is_weighted(layer)])
    for layer, norm in pairs(normalised):
        weights = [np.asarray(weight) for weight in layer.get_weights()]
        if norm is not None:
            bias = weights[1] if layer.use_bias else None
            weights = list(fold(weights[0], bias, *norm.get_weights(), norm.epsilon))
        next(takers).set_weights(weights)


def pairs(model: Any) -> Iterator[tuple[Any, Any]]:
    """Each layer with a kernel, and the batch normalisation right behind it, or None."""
    for layer, follower in zip(model.layers, [*model.layers[1:], None], strict=True):
        if _is_weighted(layer):
            yield layer, follower if hasattr(follower, "moving_mean") else None


# ---- memory -------------------------------------------------------------------------------
def footprint(
    kind: str, norm: str, batch: int, width: int, depth: int, compiled: bool
) -> dict[str, float]:
    """MiB that one step needs beyond what was there, and what follows from shapes.

    Returns
    -------
    dict
        ``step``: peak memory of the process in a step of so many images, minus what it had after
        a step of a few; ``kept``: activations that the backward pass needs, by :func:`kept`;
        ``trained`` and ``state``: numbers that are learned, and those that are not.
    """
    model = built(kind, NORMS[norm], width, depth, jit_compile=compiled)
    x, y = images(kind, batch)
    model.train_on_batch(x[:WARM], y[:WARM])
    before = _resident()
    model.train_on_batch(x, y)
    return {
        "step": _peak() - before, "kept": BYTES * kept(model, batch) / 2**20,
        "trained": _count(model.trainable_weights), "state": _count(model.non_trainable_weights),
    }  # fmt: skip


def kept(model: Any, batch: int) -> int:
    """How many activations the backward pass needs: one or two for each hidden unit and example.

    A weighted layer needs its input, which is the output of the activation before it; a
    normalisation needs what it normalised.
    """
    inputs = [layer.input for layer in model.layers if _is_weighted(layer) or _is_norm(layer)]
    return batch * sum(prod(size for size in tensor.shape[1:]) for tensor in inputs)


def _is_weighted(layer: Any) -> bool:
    return hasattr(layer, "kernel")


def _is_norm(layer: Any) -> bool:
    return hasattr(layer, "gamma")


def _count(weights: Any) -> int:
    return sum(prod(weight.shape) for weight in weights if weight.dtype == "float32")


def _peak() -> float:
    """Largest resident memory so far, in MiB; NaN where the system does not tell."""
    found = peak_memory()
    return nan if found is None else found


def _resident() -> float:
    """Resident memory at present, in MiB; the largest so far where the system does not tell."""
    statm = Path("/proc/self/statm")
    if not statm.exists():
        return _peak()
    return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
