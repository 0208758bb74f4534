"""Residual networks: x + branch(x), and how they start."""

from typing import Any

import numpy as np
import pytest

from bnutils.models import import_keras, resnet
from bnutils.models.chain import computing, shortcuts

keras = import_keras()
import tensorflow as tf  # noqa: E402

X = np.random.default_rng(0).normal(size=(12, 4, 4)).astype(np.float32)
Y = np.arange(12) % 3
UNIT = ["BatchNormalization", "Activation"]


def kinds(model: Any) -> list[str]:
    return [type(layer).__name__ for layer in model.layers]


def after_training(model: Any) -> Any:
    """No bias is 0, no gamma 1, no alpha 0."""
    rng = np.random.default_rng(1)
    model.set_weights([weight + 0.1 * rng.random(weight.shape) for weight in model.get_weights()])
    return model


def by_hand(model: Any, activation: Any) -> np.ndarray:
    """What a network without normalisation computes, in float64."""
    weights = iter([weight.astype(float) for weight in model.get_weights()])
    take = lambda x: x @ next(weights) + next(weights)  # noqa: E731
    x = take(X.reshape(len(X), -1).astype(float))
    for _ in range(kinds(model).count("Add")):
        branch = take(activation(take(activation(x))))
        x = x + (next(weights) * branch if "SkipInit" in kinds(model) else branch)
    logits = take(activation(x))
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    result: np.ndarray = powers / powers.sum(axis=1, keepdims=True)
    return result


@pytest.mark.parametrize("skip_init", [False, True])
def test_a_branch_is_added_to_what_goes_into_it(skip_init: bool) -> None:
    net = resnet(3, 5, activation="tanh", skip_init=skip_init)
    model = after_training(net.build((4, 4), 3, 0))
    np.testing.assert_allclose(model(X), by_hand(model, np.tanh), rtol=1e-4, atol=1e-6)


def test_layers_stand_in_their_order() -> None:
    model = resnet(2, 5, "batch", dropout=0.5, skip_init=True).build((4, 4), 3, 0)
    branch = [*UNIT, "Dropout", "Dense"] * 2 + ["SkipInit", "Add"]
    assert kinds(model) == [
        *("InputLayer", "Flatten", "Dense"), *branch, *branch, *UNIT, "Dropout", "Dense",
    ]  # fmt: skip
    assert kinds(resnet(2, 5, dropout=0.5, dropout_at="last").build((4, 4), 3, 0))[-2:] == [
        "Dropout", "Dense",
    ]  # fmt: skip
    assert shortcuts(computing(model)) == {11: 1, 21: 11}


def test_with_skip_init_a_network_starts_as_if_it_had_no_blocks() -> None:
    """And learns them: alpha has a gradient, at first the only one in a branch."""
    model = resnet(4, 5, skip_init=True).build((4, 4), 3, 0)
    first, head = model.layers[2], model.layers[-1]
    bare = head(keras.ops.relu(first(X.reshape(len(X), -1))))
    np.testing.assert_allclose(model(X, training=True), bare, rtol=1e-6)
    with tf.GradientTape() as tape:
        losses = keras.losses.sparse_categorical_crossentropy(Y, model(X, training=True))
        total = tf.reduce_sum(losses)
    gradients = tape.gradient(total, [weight.value for weight in model.trainable_weights])
    inner = {id(weight) for layer in model.layers[3:-2] for weight in layer.weights}
    for weight, gradient in zip(model.trainable_weights, gradients, strict=True):
        still = id(weight) in inner and weight.name != "alpha"
        assert np.any(gradient) != still, weight.path


def test_skip_init_learns_in_fit() -> None:
    model = resnet(2, 5, skip_init=True).build((4, 4), 3, 0)
    model.compile(keras.optimizers.SGD(0.1), "sparse_categorical_crossentropy")
    model.fit(X, Y, 4, epochs=2, verbose=0)
    factors = [weight.numpy() for weight in model.weights if weight.name == "alpha"]
    assert len(factors) == 2
    assert all(factor.shape == () and factor != 0 for factor in factors)


def test_blocks_are_those_of_a_deeper_network() -> None:
    """Of a seed: kernel by kernel, but for the head."""
    small, large = (resnet(n, 5).build((4, 4), 3, 7) for n in (1, 3))
    ours, theirs = ([w.numpy() for w in m.weights if w.name == "kernel"] for m in (small, large))
    assert (len(ours), len(theirs)) == (4, 8)
    for one, other in zip(ours[:-1], theirs, strict=False):
        np.testing.assert_array_equal(one, other)


def test_with_batch_normalisation_no_hidden_bias_matters() -> None:
    """On the shortcut it comes to every normalisation, each of which takes it out again."""
    model = resnet(2, 5, "batch").build((4, 4), 3, 0)
    before = model(X, training=True).numpy()
    for layer in model.layers[:-1]:
        if isinstance(layer, keras.layers.Dense):
            layer.bias.assign(layer.bias + np.arange(5) - 2)
    np.testing.assert_allclose(model(X, training=True), before, rtol=1e-3, atol=1e-5)
