"""The rules of the layers compute what Keras' layers compute, and refuse what they do not know."""

from typing import Any

import numpy as np
import pytest

from bnutils.errors import UnsupportedLayer
from bnutils.models import import_keras

keras = import_keras()

from bnutils.engine.layers import rule_for  # noqa: E402

FLAT = keras.layers.Flatten


class OwnDense(keras.layers.Dense):
    """A layer that is called like one of Keras' and may compute anything."""


@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize("kernel", [(3, 3), (2, 4), (1, 1)])
@pytest.mark.parametrize("strides", [(1, 1), (2, 3)])
def test_patches_times_kernel_is_the_convolution(
    padding: str, kernel: tuple[int, int], strides: tuple[int, int]
) -> None:
    layer = keras.layers.Conv2D(5, kernel, strides, padding, activation="tanh")
    model = keras.Sequential([keras.Input((9, 7, 3)), layer])
    x = np.random.default_rng(0).normal(size=(1, 4, 9, 7, 3)).astype(np.float32)
    weights = [weight[None] for weight in model.get_weights()]
    for training in (True, False):
        ours, _ = rule_for(layer)(layer, weights, x, None, training)
        np.testing.assert_allclose(ours[0], model(x[0]), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("layers", "name"),
    [
        (lambda: [keras.layers.Flatten(), keras.layers.PReLU()], "PReLU"),
        (lambda: [keras.layers.BatchNormalization(axis=1)], "BatchNormalization"),
        (lambda: [keras.layers.LayerNormalization(axis=(1, 2))], "LayerNormalization"),
        (lambda: [keras.layers.GroupNormalization(2, axis=1)], "GroupNormalization"),
        (lambda: [keras.layers.UnitNormalization()], "UnitNormalization"),
        (
            lambda: [keras.layers.Reshape((4, 4, 4)), keras.layers.Conv2D(4, 2, groups=2)],
            "Conv2D",
        ),
        (lambda: [keras.layers.Flatten(), OwnDense(3)], "OwnDense"),
        (lambda: [FLAT(), keras.layers.Dense(3, kernel_regularizer="l2")], "Dense"),
        (
            lambda: [keras.layers.Flatten(), keras.layers.Dense(3, bias_constraint="non_neg")],
            "Dense",
        ),
        (lambda: [keras.layers.Dense(3)], "Dense"),
        (lambda: [keras.layers.Dropout(0.5, noise_shape=(1, 8, 8))], "Dropout"),
    ],
)
def test_an_unsupported_layer_is_named_with_a_way_out(layers: Any, name: str) -> None:
    model = keras.Sequential([keras.Input((8, 8)), *layers(), keras.layers.Flatten()])
    with pytest.raises(UnsupportedLayer, match=rf"\({name}\).*engine='keras'"):
        [rule_for(layer) for layer in model.layers]
