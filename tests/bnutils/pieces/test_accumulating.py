"""Accumulated gradients are the batch's without batch normalisation, and ghost batches' with it."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import bnutils
from bnutils.pieces import accumulated_gradients

PIECES, SIZE = 4, 8
SHAPE, CLASSES = (6,), 3
DEALT = np.arange(PIECES * SIZE).reshape(SIZE, PIECES).T.ravel()
"""The order in which pieces that follow each other are the ghost batches of dealt examples."""


def batch(examples: int = PIECES * SIZE) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(examples, *SHAPE)).astype("float32")
    return x, rng.integers(0, CLASSES, examples)


def network(norm: str | None, **options: Any) -> Any:
    described = bnutils.mlp((16, 16), norm=norm, dropout=0.0, **options)
    return described.build(SHAPE, CLASSES, 0)


def off(one: list[np.ndarray], other: list[np.ndarray]) -> float:
    """The relative difference of two gradients, all weights in one vector."""
    a, b = (np.concatenate([part.ravel() for part in parts]) for parts in (one, other))
    return float(np.linalg.norm(a - b) / np.linalg.norm(b))


@pytest.mark.parametrize("norm", [None, "layer", "rms"])
@pytest.mark.parametrize("pieces", [2, 4, 32])
def test_where_examples_are_apart_the_pieces_give_the_batch(norm: str | None, pieces: int) -> None:
    model = network(norm)
    whole, cut = (accumulated_gradients(model, *batch(), k) for k in (1, pieces))
    assert off(cut, whole) < 1e-5


def test_with_batch_normalisation_they_do_not() -> None:
    model = network("batch")
    whole, cut = (accumulated_gradients(model, *batch(), k) for k in (1, PIECES))
    assert off(cut, whole) > 0.1


def test_they_are_the_gradient_of_ghost_batches() -> None:
    x, y = batch()
    plain, ghost = network("batch"), network("batch", ghost=SIZE)
    ghost.set_weights(plain.get_weights())
    cut = accumulated_gradients(plain, x[DEALT], y[DEALT], PIECES)
    assert off(cut, accumulated_gradients(ghost, x, y, 1)) < 1e-5


def test_one_piece_is_what_keras_computes() -> None:
    import tensorflow as tf

    model, (x, y) = network("batch"), batch()
    with tf.GradientTape() as tape:
        probabilities = model(x, training=True)
        loss = -tf.reduce_mean(tf.math.log(tf.gather(probabilities, y, batch_dims=1)))
    expected = tape.gradient(loss, [v.value for v in model.trainable_variables])
    found = accumulated_gradients(model, x, y, 1)
    assert off(found, [np.asarray(one) for one in expected]) < 1e-5


def test_the_statistics_of_the_batch_are_those_of_its_forward_pass() -> None:
    """Of one piece they change nothing forward: only the gradient through them is missing."""
    model, (x, y) = network("batch"), batch()
    fixed = accumulated_gradients(model, x, y, 1, statistics="batch")
    cut = accumulated_gradients(model, x, y, PIECES, statistics="batch")
    whole = accumulated_gradients(model, x, y, 1)
    assert off(cut, fixed) < 1e-5
    assert off(fixed, whole) > 0.1
    np.testing.assert_allclose(fixed[-1], whole[-1], atol=1e-5)  # the last bias: nothing behind it


def is_left(model: Any, call: Callable[[], Any]) -> bool:
    """Whether a call leaves weights, moving statistics and modes as they were."""
    norms = [layer for layer in model.layers if hasattr(layer, "momentum")]
    before = [v.numpy().copy() for v in model.variables]
    modes = [(norm.momentum, norm.trainable) for norm in norms]
    call()
    same = all(
        np.array_equal(old, new.numpy()) for old, new in zip(before, model.variables, strict=True)
    )
    return same and modes == [(norm.momentum, norm.trainable) for norm in norms]


@pytest.mark.parametrize("statistics", bnutils.pieces.STATISTICS)
def test_the_model_is_left_as_it_was(statistics: str) -> None:
    model = network("batch")
    assert is_left(
        model, lambda: accumulated_gradients(model, *batch(), PIECES, statistics=statistics)
    )


@pytest.mark.parametrize("statistics", bnutils.pieces.STATISTICS)
def test_also_after_an_error(statistics: str) -> None:
    model = network("batch")

    def breaks(*_: Any) -> Any:
        raise ArithmeticError

    def call() -> None:
        with pytest.raises(ArithmeticError):
            accumulated_gradients(model, *batch(), 2, loss=breaks, statistics=statistics)

    assert is_left(model, call)


def test_frozen_layers_have_no_gradient_and_stay_frozen() -> None:
    model = network("batch")
    norm = next(layer for layer in model.layers if hasattr(layer, "momentum"))
    norm.trainable = False
    found = accumulated_gradients(model, *batch(), PIECES, statistics="batch")
    assert len(found) == len(model.trainable_variables)
    assert not norm.trainable


def image_network(side: int) -> tuple[Any, np.ndarray, np.ndarray]:
    """A network that halves the side three times, and images for it."""
    model = bnutils.convnet(norm="batch").build((side, side, 1), CLASSES, 0)
    x = np.random.default_rng(0).normal(size=(4, side, side, 1)).astype("float32")
    return model, x, np.array([0, 1, 2, 0])


def test_one_image_has_positions_to_average_over() -> None:
    kernel, *_ = accumulated_gradients(*image_network(16), 4)
    assert np.abs(kernel).max() > 0


def test_one_image_with_a_single_position_has_not() -> None:
    with pytest.raises(ValueError, match=r"where batch_normalization\w* stands"):
        accumulated_gradients(*image_network(8), 4)


@pytest.mark.parametrize(
    ("norm", "arguments", "error", "words"),
    [
        ("batch", {"pieces": 5}, ValueError, r"divide the batch .* received 5 for 32"),
        ("batch", {"pieces": 64}, ValueError, "received 64 for 32"),
        ("batch", {"pieces": 0}, ValueError, "pieces"),
        ("batch", {"pieces": 32}, ValueError, "2 examples or more"),
        ("batch", {"pieces": 2, "statistics": "own"}, ValueError, "statistics"),
        (None, {"pieces": 2, "statistics": "batch"}, ValueError, "has no such layer"),
    ],
)
def test_what_is_refused(
    norm: str | None, arguments: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        accumulated_gradients(network(norm), *batch(), **arguments)


def test_targets_that_are_too_few() -> None:
    x, y = batch()
    with pytest.raises(ValueError, match="received 32 and 30"):
        accumulated_gradients(network("batch"), x, y[:30], 2)


def test_what_is_no_model() -> None:
    with pytest.raises(TypeError, match="its method build"):
        accumulated_gradients(bnutils.mlp(), *batch(), 2)


def test_a_model_that_is_not_built() -> None:
    keras = bnutils.models.import_keras()
    with pytest.raises(ValueError, match="must be built"):
        accumulated_gradients(keras.Sequential([keras.layers.Dense(3)]), *batch(), 2)


def test_keras_accumulates_the_same() -> None:
    """``gradient_accumulation_steps`` adds up gradients of batches that it is given as pieces."""
    keras = bnutils.models.import_keras()
    model, (x, y) = network("batch"), batch()
    expected = accumulated_gradients(model, x, y, PIECES)
    before = [v.numpy().copy() for v in model.trainable_variables]
    optimizer = keras.optimizers.SGD(1.0, gradient_accumulation_steps=PIECES)
    model.compile(optimizer, "sparse_categorical_crossentropy")
    model.fit(x, y, batch_size=SIZE, shuffle=False, verbose=0)
    after = [v.numpy().copy() for v in model.trainable_variables]
    assert off([a - b for a, b in zip(before, after, strict=True)], expected) < 1e-4
