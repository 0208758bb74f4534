"""Batch normalisation on several devices, held against the reference on one."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bnutils import pieces, reference
from bnutils.errors import ProcessError
from bnutils.pieces import OnDevices, on_devices
from bnutils.pieces.processes import in_a_process

EXAMPLES, FEATURES, DEVICES, MOMENTUM, EPSILON = 12, 5, 3, 0.75, 1e-2


def arrays() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(7)
    x = 3 + 2 * rng.normal(size=(EXAMPLES, FEATURES))
    return x.astype("float32"), rng.normal(size=x.shape).astype("float32")


@pytest.fixture(scope="module")
def found() -> OnDevices:
    """One step, computed once for all tests."""
    from bnutils.pieces.replicas import normalised

    own = in_a_process(600.0, normalised, *arrays(), DEVICES, MOMENTUM, EPSILON)
    return OnDevices(**{name: pieces.Replicas(**numbers) for name, numbers in own.items()})


def expected(x: np.ndarray, dy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Outputs and dx of one batch on one device, float64."""
    ones, zeros = np.ones(FEATURES), np.zeros(FEATURES)
    y, cache = reference.batch_norm_train(x, ones, zeros, epsilon=EPSILON)
    return y, reference.batch_norm_backward(dy, cache)[0]


def moved(value: np.ndarray, start: float) -> np.ndarray:
    return MOMENTUM * start + (1 - MOMENTUM) * value


def test_synchronised_replicas_compute_the_batch(found: OnDevices) -> None:
    x, dy = arrays()
    y, dx = expected(x.astype(float), dy.astype(float))
    np.testing.assert_allclose(found.synchronized.outputs, y, atol=1e-5)
    np.testing.assert_allclose(found.synchronized.gradient, dx, atol=1e-5)


def test_replicas_apart_compute_their_parts(found: OnDevices) -> None:
    x, dy = arrays()
    parts = [np.split(values.astype(float), DEVICES) for values in (x, dy)]
    y, dx = zip(*(expected(*part) for part in zip(*parts, strict=True)), strict=True)
    np.testing.assert_allclose(found.apart.outputs, np.concatenate(y), atol=1e-5)
    np.testing.assert_allclose(found.apart.gradient, np.concatenate(dx), atol=1e-4)


def test_synchronised_moving_values_are_the_same_on_all(found: OnDevices) -> None:
    x, _ = arrays()
    for own in found.synchronized.moving_mean:
        np.testing.assert_allclose(own, moved(x.mean(0), 0.0), rtol=1e-5)
    for own in found.synchronized.moving_variance:
        np.testing.assert_allclose(own, moved(x.var(0), 1.0), rtol=1e-5)


def test_moving_values_apart_are_those_of_the_parts(found: OnDevices) -> None:
    x, _ = arrays()
    for own, part in zip(found.apart.moving_variance, np.split(x, DEVICES), strict=True):
        np.testing.assert_allclose(own, moved(part.var(0), 1.0), rtol=1e-5)


def test_who_asks_the_layer_gets_those_of_the_first_device(found: OnDevices) -> None:
    for read, kept in (
        (found.apart.read_mean, found.apart.moving_mean),
        (found.apart.read_variance, found.apart.moving_variance),
    ):
        np.testing.assert_array_equal(read, kept[0])


def saved_and_loaded(file: str) -> tuple[np.ndarray, np.ndarray]:
    """The variance of each replica after a step, and the one in the file of its model."""
    import keras
    import tensorflow as tf

    processor, *_ = tf.config.list_physical_devices("CPU")
    parts = [tf.config.LogicalDeviceConfiguration()] * DEVICES
    tf.config.set_logical_device_configuration(processor, parts)
    strategy = tf.distribute.MirroredStrategy([f"CPU:{n}" for n in range(DEVICES)])
    with strategy.scope():
        layer = keras.layers.BatchNormalization()
        model = keras.Sequential([keras.Input((FEATURES,)), layer])
        model.compile("sgd", "mse")
    model.fit(*arrays(), batch_size=EXAMPLES, verbose=0)
    model.save(file)
    kept = strategy.experimental_local_results(layer.moving_variance.value)
    loaded = keras.models.load_model(file).layers[0].moving_variance
    return np.stack([np.asarray(own) for own in kept]), loaded.numpy()


def test_a_saved_model_has_those_of_the_first_device(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    kept, loaded = in_a_process(600.0, saved_and_loaded, str(tmp_path / "model.keras"))
    np.testing.assert_array_equal(loaded, kept[0])
    assert np.abs(kept[1:] - kept[0]).max() > 1e-3


def test_it_is_kept_and_the_caller_loads_no_tensorflow() -> None:
    code = """
import sys
import numpy as np
from bnutils.pieces import devices
asked = []
def computed(timeout, function, *arguments):
    asked.append(arguments[2])
    names = ("outputs", "gradient", "moving_mean", "moving_variance", "read_mean", "read_variance")
    return {kind: dict.fromkeys(names, np.ones(2)) for kind in ("synchronized", "apart")}
devices.in_a_process = computed
for count in (2, 2, 4):
    result = devices.on_devices(np.ones((4, 1)), devices=count)
assert asked == [2, 4], asked
assert result.apart.outputs.tolist() == [1, 1]
assert not {"tensorflow", "keras"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"devices": 5}, "received 5 for 12 examples"),
        ({"devices": 24}, "devices"),
        ({"devices": 1}, "devices"),
        ({"momentum": 1.5}, "momentum"),
        ({"epsilon": 0}, "epsilon"),
        ({"timeout": 0}, "timeout"),
        ({"dy": np.ones(3)}, "dy"),
    ],
)
def test_what_is_refused(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        on_devices(arrays()[0], **arguments)


@pytest.mark.parametrize("x", [np.ones(4), np.ones((0, 2)), np.ones((2, 2, 2))])
def test_what_is_no_batch(x: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"\(examples, features\)"):
        on_devices(x)


def test_a_process_that_takes_too_long_is_ended() -> None:
    with pytest.raises(TimeoutError, match=r"0\.2 seconds"):
        in_a_process(0.2, time.sleep, 600)


def test_a_process_that_fails_says_how() -> None:
    with pytest.raises(ProcessError, match="ValueError: invalid literal"):
        in_a_process(600.0, int, "three")


def test_a_process_that_dies_in_silence() -> None:
    with pytest.raises(ProcessError, match="ended with 7: it said nothing"):
        in_a_process(600.0, os._exit, 7)
