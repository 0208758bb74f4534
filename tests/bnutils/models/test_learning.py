"""Which weights learn, in Keras' own `fit`, and that the others do not."""

from typing import Any

import numpy as np
import pytest

from bnutils.models import TRAINED, convnet, import_keras, mlp

keras = import_keras()
NETWORKS = {
    "mlp": lambda **o: mlp((8, 8), dropout=0.0, **o),
    "convnet": lambda **o: convnet((4, 4), **o),
}
LEARN = {  # in a network with two hidden layers
    "all": {"kernel": 3, "bias": 3, "gamma": 2, "beta": 2},
    "affine": {"gamma": 2, "beta": 2},
    "head": {"kernel": 1, "bias": 1},
    "affine and head": {"kernel": 1, "bias": 1, "gamma": 2, "beta": 2},
    "hidden": {"kernel": 2},
}
X = np.random.default_rng(0).normal(size=(24, 8, 8)).astype(np.float32)
Y = np.arange(24) % 10


def fitted(model: Any) -> list[np.ndarray]:
    """The weights after some steps of plain Keras."""
    model.compile(keras.optimizers.SGD(0.1), "sparse_categorical_crossentropy")
    model.fit(X, Y, 8, epochs=2, shuffle=False, verbose=0)
    weights: list[np.ndarray] = model.get_weights()
    return weights


def test_every_choice_is_tested() -> None:
    assert set(LEARN) == set(TRAINED)


@pytest.mark.parametrize("trained", TRAINED)
@pytest.mark.parametrize("kind", NETWORKS)
def test_what_learns_moves_and_the_rest_stays_bit_for_bit(kind: str, trained: str) -> None:
    model = NETWORKS[kind](norm="batch", placement="after", trained=trained).build((8, 8), 10, 1)
    names = [weight.name for weight in model.trainable_weights]
    assert {name: names.count(name) for name in names} == LEARN[trained]
    learns = {id(weight) for weight in model.trainable_weights}
    before = model.get_weights()
    for weight, start, end in zip(model.weights, before, fitted(model), strict=True):
        moving = weight.name.startswith("moving")
        assert np.array_equal(start, end) != (moving or id(weight) in learns), weight.path


def test_the_head_is_the_last_layer() -> None:
    model = mlp((8, 8), "batch", trained="head").build((8, 8), 10, 1)
    own = {id(weight) for weight in model.layers[-1].weights}
    assert {id(weight) for weight in model.trainable_weights} == own


@pytest.mark.parametrize("kind", NETWORKS)
def test_gamma_and_beta_alone_are_what_the_usual_recipe_trains(kind: str) -> None:
    """All layers but the normalisations frozen as layers, as everybody writes it."""
    ours = NETWORKS[kind](norm="batch", trained="affine").build((8, 8), 10, 2)
    usual = NETWORKS[kind](norm="batch").build((8, 8), 10, 2)
    for layer in usual.layers:
        layer.trainable = isinstance(layer, keras.layers.BatchNormalization)
    for one, other in zip(fitted(ours), fitted(usual), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("kind", NETWORKS)
def test_gamma_and_beta_that_do_not_learn_are_as_good_as_none(kind: str) -> None:
    """They stay 1 and 0, and the layer takes the statistics of the batch."""
    frozen, without = (
        NETWORKS[kind](norm="batch", affine=affine, trained="hidden").build((8, 8), 10, 2)
        for affine in (True, False)
    )
    fitted(frozen), fitted(without)
    assert len(without.weights) == len(frozen.weights) - 4
    for layer, other in zip(frozen.layers, without.layers, strict=True):
        for name in ("kernel", "bias", "moving_mean", "moving_variance"):
            if hasattr(layer, name):
                one, two = getattr(layer, name).numpy(), getattr(other, name).numpy()
                np.testing.assert_allclose(one, two, rtol=1e-5, atol=1e-6)


def test_the_loss_does_not_see_the_scale_of_what_hidden_trains() -> None:
    """The theorem's condition: W -> 4 W leaves the outputs, but for epsilon."""
    model = mlp((8, 8), "batch", dropout=0.0, trained="hidden").build((8, 8), 10, 0)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.epsilon = 0.0
    before = model(X, training=True).numpy()
    for weight in model.trainable_weights:
        weight.assign(4 * weight)
    np.testing.assert_allclose(model(X, training=True), before, rtol=1e-4, atol=1e-6)
