"""Many steps as one program do what the same steps do one by one."""

from typing import Any

import numpy as np
import pytest

from bnutils.models import import_keras

import_keras()
import tensorflow as tf  # noqa: E402

from bnutils.engine.loop import Loop  # noqa: E402

REPLICAS, BATCH, MOST = 2, 3, 5
X = np.arange(1, 21, dtype=np.float32)[:, None]
Y = np.arange(20)


class Halving:
    """Its outcome depends on all steps before: state <- pace * state + the batch's mean."""

    def __init__(self) -> None:
        self.state = tf.Variable(tf.zeros([REPLICAS]))

    def __call__(self, images: Any, labels: Any, masks: Any, pace: Any) -> tuple[Any, Any]:
        kept = images[..., 0] * tf.cast(masks[0], tf.float32)
        self.state.assign(self.state * pace[0] + tf.reduce_mean(kept, axis=1))
        return self.state + 0, tf.reduce_sum(tf.cast(labels % 2 == 0, tf.int32), axis=1)


def _expected(
    order: np.ndarray, mask: np.ndarray, paces: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    state, losses = np.zeros(REPLICAS), []
    for rows, stays, (pace,) in zip(order, mask, paces, strict=True):
        state = pace * state + (X[rows, 0] * stays).mean(axis=1)
        losses.append(state)
    return np.array(losses), (Y[order] % 2 == 0).sum(axis=2)


@pytest.mark.parametrize("shape", [None, (MOST, BATCH)], ids=["graph", "XLA"])
@pytest.mark.parametrize("batch", [BATCH, BATCH - 1], ids=["full", "short"])
def test_every_number_of_steps_up_to_the_most(shape: Any, batch: int) -> None:
    """Fewer rows than the program is made for, and a batch of another size, count alike."""
    for steps in range(1, MOST + 1):
        rng = np.random.default_rng(steps)
        order = rng.integers(0, len(X), (steps, REPLICAS, batch)).astype(np.int32)
        mask = rng.random(order.shape) < 0.7
        paces = rng.random((steps, 1)).astype(np.float32)
        losses, hits = Loop(Halving(), REPLICAS, shape)(
            tf.constant(X), tf.constant(Y), order, [mask], paces
        )
        expected_losses, expected_hits = _expected(order, mask, paces)
        np.testing.assert_allclose(losses, expected_losses, rtol=1e-6)
        np.testing.assert_array_equal(hits, expected_hits)


def test_a_program_goes_on_where_it_stopped() -> None:
    step = Halving()
    loop = Loop(step, REPLICAS, (MOST, BATCH))
    order = np.random.default_rng(0).integers(0, len(X), (8, REPLICAS, BATCH)).astype(np.int32)
    mask, paces = np.ones(order.shape, bool), np.full((8, 1), 0.5, np.float32)
    x, y = tf.constant(X), tf.constant(Y)
    parts = [
        loop(x, y, order[part], [mask[part]], paces[part])[0] for part in (slice(0, 5), slice(5, 8))
    ]
    np.testing.assert_allclose(np.concatenate(parts), _expected(order, mask, paces)[0], rtol=1e-6)
    np.testing.assert_allclose(step.state, parts[-1][-1], rtol=1e-6)
