"""What a training step spends its time on: parts of it, compiled alone, on one core."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np

import bnutils

SHAPE, WIDTH, IMAGES = (28, 28), 128, 9_600
PIXELS = int(np.prod(SHAPE))
TIMES = 5  # of which the quickest counts: what disturbs can only add
LARGE = 1_024  # rows and columns of a product that the processor can do at its best


def parts(batch: int, seeds: int, steps: int) -> dict[str, float]:
    """Microseconds per step and seed: the whole step, and three parts of it.

    ``products`` are the two large matrix products, input times kernel and input times gradient,
    with the choice of the images; ``adam`` is the optimiser's pass over the kernel; ``rest`` is
    what is left. ``speed`` and ``best`` are in 10^9 operations a second: of those two products, and
    of one large product.
    """
    rng = np.random.default_rng(0)
    order = rng.integers(0, IMAGES, (steps, seeds, batch), dtype=np.int32)
    whole = _whole(order, rng) / (steps * seeds)
    products, adam = (one / (steps * seeds) for one in _alone(order, rng))
    arithmetic = 2 * 2 * batch * PIXELS * WIDTH
    return {
        "whole": 1e6 * whole, "products": 1e6 * products, "adam": 1e6 * adam,
        "rest": 1e6 * (whole - products - adam),
        "speed": 1e-9 * arithmetic / products, "best": 1e-9 * 2 * LARGE**3 / _large(rng),
    }  # fmt: skip


def _seconds(work: Callable[[], object]) -> float:
    """Processor time of this process, after a first call that compiles."""
    work()
    taken = []
    for _ in range(TIMES):
        begun = time.process_time()
        work()
        taken.append(time.process_time() - begun)
    return min(taken)


def _images(rng: np.random.Generator) -> np.ndarray:
    return rng.integers(0, 256, (IMAGES, *SHAPE), dtype=np.uint8)


def _whole(order: np.ndarray, rng: np.random.Generator) -> float:
    """Steps of the first lab's network with batch normalisation, as the engine takes them."""
    from bnutils.engine.replicas import Replicas
    from bnutils.models import initial_weights
    from bnutils.optimizers import Optimizer

    steps, seeds, batch = order.shape
    model = bnutils.mlp((WIDTH,), norm="batch").build(SHAPE, 10, 0)
    labels = rng.integers(0, 10, IMAGES)
    replicas = Replicas(model, seeds, Optimizer("adam"), _images(rng), labels)
    replicas.begin([initial_weights(model, seed) for seed in range(seeds)])
    replicas.prepare(steps, batch, 10_000)
    masks = [rng.random((*order.shape, WIDTH)) > 0.2]
    return _seconds(lambda: replicas.run(order, masks))


def _alone(order: np.ndarray, rng: np.random.Generator) -> tuple[float, float]:
    """The products with the input, and Adam's pass over the kernel."""
    import tensorflow as tf

    from bnutils.engine.loop import Loop
    from bnutils.optimizers import Optimizer

    steps, seeds, batch = order.shape

    def new() -> Any:
        return tf.Variable(rng.normal(size=(seeds, PIXELS, WIDTH)).astype(np.float32))

    kernel, gradient, optimizer = new(), new(), Optimizer("adam")
    slots = optimizer.slots([kernel])
    told = tf.zeros(seeds), tf.zeros(seeds, tf.int32)

    def products(images: Any, *_: Any) -> Any:
        x = tf.reshape(images, [seeds, batch, PIXELS])
        gradient.assign(tf.matmul(x, tf.matmul(x, kernel), transpose_a=True))
        return told

    def adam(*_: Any) -> Any:
        optimizer.apply([tf.identity(gradient)], [kernel], slots, 1, 0.001)
        return told

    x, y = tf.constant(_images(rng)), tf.zeros(IMAGES, tf.int64)
    loops = [Loop(step, seeds, (steps, batch)) for step in (products, adam)]
    paces = optimizer.paces(np.arange(steps))
    first, second = (_seconds(lambda loop=loop: loop(x, y, order, [], paces)) for loop in loops)
    return first, second


def _large(rng: np.random.Generator) -> float:
    """Seconds of one large matrix product."""
    import tensorflow as tf

    a = tf.constant(rng.random((LARGE, LARGE), dtype=np.float32))
    return _seconds(lambda: tf.matmul(a, a).numpy())
