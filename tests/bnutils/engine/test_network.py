"""The names of layers among the readings."""

from bnutils.models import convnet, import_keras, mlp

import_keras()

from bnutils.engine.network import names  # noqa: E402


def test_layers_are_counted_by_kind() -> None:
    layers = mlp((8, 6), norm="batch", dropout=0.5).build((8, 8), 10, 0).layers
    assert names(layers) == [
        "flatten 1",
        *("dense 1", "batch_normalization 1", "activation 1", "dropout 1"),
        *("dense 2", "batch_normalization 2", "activation 2", "dropout 2"),
        "dense 3",
    ]


def test_kinds_are_called_as_keras_calls_them() -> None:
    layers = convnet((3,), norm="layer").build((8, 8), 10, 0).layers
    assert names(layers) == [
        "reshape 1",
        "conv2d 1",
        "layer_normalization 1",
        "activation 1",
        "global_average_pooling2d 1",
        "dense 1",
    ]
