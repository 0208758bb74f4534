"""The experiments of two labs, written with plain Keras, one seed: what the package replaces.

"With and without": a hidden layer of 128 units with dropout, without and with batch
normalisation. "Batch size": the second network with batches of 32, 128 and 512.
"""

from typing import Any

import keras

from bnutils.datasets import Dataset, load

EXPERIMENTS = {  # name: (with batch normalisation, batch size)
    "with and without: plain": (False, 32),
    "with and without: batch norm": (True, 32),
    "batch size: 32": (True, 32),
    "batch size: 128": (True, 128),
    "batch size: 512": (True, 512),
}


def network(data: Dataset, batch_norm: bool) -> Any:
    layers = [keras.Input(data.input_shape), keras.layers.Flatten(), keras.layers.Dense(128)]
    if batch_norm:
        layers.append(keras.layers.BatchNormalization())
    layers += [keras.layers.Activation("relu"), keras.layers.Dropout(0.2)]
    return keras.Sequential([*layers, keras.layers.Dense(data.classes, "softmax")])


def train(data: Dataset, batch_norm: bool, batch_size: int, epochs: int) -> float:
    """Train one network and return its accuracy on the test data."""
    keras.utils.set_random_seed(0)
    model = network(data, batch_norm)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    validation = (data.x_val, data.y_val)
    model.fit(data.x_train, data.y_train, batch_size, epochs, validation_data=validation, verbose=0)
    return float(model.evaluate(data.x_test, data.y_test, verbose=0)[1])


def main(data: Dataset, epochs: int = 5) -> dict[str, float]:
    """Run all experiments; the test accuracy of each."""
    return {
        name: train(data, batch_norm, batch_size, epochs)
        for name, (batch_norm, batch_size) in EXPERIMENTS.items()
    }


if __name__ == "__main__":
    print(main(load("auto")))
