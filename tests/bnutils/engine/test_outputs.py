"""Saturation and rank are those of NumPy in float64, on the outputs of plain Keras."""

import re
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bnutils.models import MLP, ConvNet, convnet, import_keras, mlp
from bnutils.probes import Probes
from tests.bnutils.engine import test_readings as plain

keras = import_keras()
import tensorflow as tf  # noqa: E402

from bnutils.engine.outputs import stable_rank  # noqa: E402

ARCHITECTURES: dict[str, MLP | ConvNet] = {
    "tanh": mlp((8, 40), activation="tanh", dropout=0.0, gain=20),
    "tanh batch": mlp((8, 6), norm="batch", activation="tanh", dropout=0.3, gain=20),
    "sigmoid after": mlp((7,), norm="batch", activation="sigmoid", placement="after", gain=30),
    "relu layer": mlp((8, 6), norm="layer", dropout=0.0),
    "conv tanh": convnet((3, 4), activation="tanh", gain=10),
    "conv sigmoid batch": convnet((3, 4), norm="batch", activation="sigmoid", gain=10),
}
PROBES = Probes(examples=plain.EXAMPLES, statistics=("saturation", "rank"))


@cache
def _readings_of(name: str) -> dict[str, np.ndarray]:
    return plain._read(PROBES, plain._models(ARCHITECTURES[name]))


def _outputs(model: keras.Model) -> dict[str, tuple[str, np.ndarray]]:
    """By place: what the layer ends with, and what it puts out in float64, rows by units."""
    found, counts = {}, {}
    for layer, value in zip(model.layers, plain.PlainKeras(model).values[1:], strict=True):
        kind = re.sub(r"_\d+$", "", layer.name)
        counts[kind] = counts.get(kind, 0) + 1
        rows = value.numpy().reshape(-1, value.shape[-1]).astype(float)
        ends = keras.activations.serialize(layer.activation) if hasattr(layer, "activation") else ""
        found[f"{kind} {counts[kind]}"] = ends, rows
    return found


def _flat(ends: str, y: np.ndarray) -> np.ndarray:
    """Where the slope is below a tenth of the largest, by the inverse function."""
    edge = {"tanh": np.tanh(np.arccosh(np.sqrt(10))), "sigmoid": (1 + np.sqrt(0.9)) / 2}[ends]
    return np.abs(y) > edge if ends == "tanh" else np.abs(y - 0.5) > edge - 0.5


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_readings_are_those_of_numpy(name: str) -> None:
    readings, some = _readings_of(name), []
    for replica, model in enumerate(plain._models(ARCHITECTURES[name])):
        expected = {}
        for place, (ends, rows) in _outputs(model).items():
            if ends in ("tanh", "sigmoid"):
                flat = _flat(ends, rows)
                expected[f"saturated outputs/{place}"] = flat.mean()
                expected[f"saturated units/{place}"] = flat.all(axis=0).mean()
                some.append(flat.mean())
            if not place.startswith(("flatten", "reshape", "dropout")):
                for word, a in (("", rows), ("centred ", rows - rows.mean(axis=0))):
                    squares = np.linalg.svd(a, compute_uv=False) ** 2
                    expected[f"{word}stable rank/{place}"] = squares.sum() / squares[0]
        assert set(readings) == set(expected)
        for reading, value in expected.items():
            plain._close(readings[reading][replica], value)
    assert not some or 0 < np.mean(some) < 1


def test_only_activations_that_are_flat_on_both_sides_saturate() -> None:
    places = {name.split("/")[1] for name in _readings_of("tanh") if name.startswith("satur")}
    assert places == {"activation 1", "activation 2"}
    assert not [name for name in _readings_of("relu layer") if name.startswith("satur")]


def test_a_unit_is_saturated_if_it_is_so_in_every_example() -> None:
    model = mlp((8,), activation="sigmoid", dropout=0.0).build(plain.DATA.input_shape, 10, 0)
    kernel, bias = model.layers[1].get_weights()
    bias[2:4], bias[5] = -1e3, 1e3
    model.layers[1].set_weights([0.1 * kernel, bias])
    readings = plain._read(PROBES, [model])
    assert readings["saturated units/activation 1"] == 3 / 8
    assert readings["saturated outputs/activation 1"] == 3 / 8


@given(st.integers(1, 6), st.integers(1, 6), st.floats(1e-30, 1e30), st.integers(0, 99))
def test_the_stable_rank_lies_between_one_and_the_rank(
    rows: int, columns: int, scale: float, seed: int
) -> None:
    a = scale * np.random.default_rng(seed).normal(size=(2, rows, columns))
    a[1] = a[1][:, :1] * a[1][:1]  # of rank one
    several, one = stable_rank(tf.constant(a)).numpy()
    assert 1 - 1e-9 <= several <= min(rows, columns) + 1e-9
    np.testing.assert_allclose(one, 1)
    expected = np.linalg.norm(a[0]) ** 2 / np.linalg.norm(a[0], 2) ** 2
    np.testing.assert_allclose(several, expected, rtol=1e-9)


def test_relu_of_independent_normals_has_a_stable_rank_of_pi_and_many_more_centred() -> None:
    a = np.maximum(np.random.default_rng(0).normal(size=(1, 1500, 300)), 0)
    centred = a - a.mean(axis=1, keepdims=True)
    assert 2.9 < stable_rank(tf.constant(a)).numpy()[0] < np.pi + 0.1
    assert stable_rank(tf.constant(centred)).numpy()[0] > 100


def test_what_has_no_rank_is_nan_and_stays_in_its_replica() -> None:
    a = np.random.default_rng(0).normal(size=(4, 5, 3))
    a[1, 2, 1], a[2, 0, 0], a[3] = np.nan, np.inf, 0
    np.testing.assert_array_equal(np.isnan(stable_rank(tf.constant(a))), [False, True, True, True])
    models = plain._models(ARCHITECTURES["tanh batch"])
    weights = models[0].get_weights()
    weights[0][0, 0] = np.nan
    models[0].set_weights(weights)
    ill, sound = plain._read(PROBES, models), _readings_of("tanh batch")
    for reading, values in ill.items():
        plain._close(values[1], sound[reading][1])
        assert np.isnan(values[0])
