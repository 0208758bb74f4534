"""Both covariate shifts are those of plain Keras, whose layers take their steps one by one."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from bnutils.models import MLP, ConvNet, convnet, import_keras, mlp
from bnutils.probes import STATISTICS, Probes
from bnutils.store import MemoryStore
from bnutils.training import compare
from tests.bnutils.engine import test_readings as plain

keras = import_keras()
import tensorflow as tf  # noqa: E402

from bnutils.engine.reader import Reader, read  # noqa: E402
from bnutils.engine.shifts import input_shifts  # noqa: E402

ARCHITECTURES: dict[str, MLP | ConvNet] = {
    "plain": mlp((8, 6), dropout=0.0, activation="tanh"),
    "batch": mlp((8, 6, 5), norm="batch", dropout=0.3),
    "batch after": mlp((8,), norm="batch", placement="after"),
    "conv plain": convnet((3, 4)),
    "conv batch": convnet((3, 4), norm="batch"),
    "hidden": mlp((8, 6), norm="batch", dropout=0.0, trained="hidden"),
}
GRADIENTS = Probes(examples=plain.EXAMPLES, statistics="gradient shift")
INPUTS = replace(GRADIENTS, statistics="input shift")


def _places(model: Any) -> list[tuple[Any, str]]:
    counts: dict[str, int] = {}
    found = []
    for layer in model.layers:
        kind = re.sub(r"_\d+$", "", layer.name)
        counts[kind] = counts.get(kind, 0) + 1
        found.append((layer, f"{kind} {counts[kind]}"))
    return found


# ---- the gradient's -----------------------------------------------------------------------
def _gradient_shifts(model: Any) -> dict[str, float]:
    """Definition 2.1 word by word: a copy of the network for each layer."""
    here, found = plain.PlainKeras(model), {}
    gradients = {id(w): g for w, g in zip(model.trainable_variables, here.gradients, strict=True)}
    for number, (layer, name) in enumerate(_places(model)):
        own = [id(weight) for weight in layer.trainable_variables]
        before = [id(w) for other in model.layers[:number] for w in other.trainable_variables]
        if not (before and any(weight.name == "kernel" for weight in layer.trainable_variables)):
            continue
        steps = [plain.RATE * g * (key in before) for key, g in gradients.items()]
        far = dict(zip(gradients, here.after(steps).gradients, strict=True))
        old = plain._flat([gradients[key] for key in own]).astype(float)
        new = plain._flat([far[key] for key in own]).astype(float)
        sizes = np.linalg.norm(old), np.linalg.norm(new)
        found[f"gradient shift/{name}"] = np.linalg.norm(new - old)
        found[f"relative gradient shift/{name}"] = np.linalg.norm(new - old) / sizes[0]
        found[f"gradient cosine/{name}"] = new @ old / (sizes[0] * sizes[1])
    return found


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_a_gradient_shifts_as_in_plain_keras(name: str) -> None:
    models = plain._models(ARCHITECTURES[name])
    readings = plain._read(GRADIENTS, models)
    for replica, model in enumerate(models):
        expected = _gradient_shifts(model)
        assert set(readings) == set(expected)
        assert len(expected) >= 3
        for reading, value in expected.items():
            plain._close(readings[reading][replica], value)
            assert value > 1e-4


def test_a_layer_that_learns_alone_has_nothing_before_it() -> None:
    alone = mlp((8, 6), norm="batch", dropout=0.0, trained="head")
    assert plain._read(GRADIENTS, plain._models(alone)) == {}


def test_a_small_step_shifts_the_gradient_in_proportion() -> None:
    models = plain._models(ARCHITECTURES["plain"])
    replicas = plain._replicas(models)
    rows = tf.constant(plain.ROWS)
    one, two = (read(GRADIENTS, replicas, rows, tf.constant(r, tf.float64)) for r in (0.01, 0.02))
    for name in [name for name in one if name.startswith("gradient shift")]:
        np.testing.assert_allclose(two[name], 2 * one[name], rtol=0.05)


@pytest.mark.parametrize("statistics", ["gradient shift", STATISTICS])
def test_gradients_shift_beside_the_network(statistics: Any) -> None:
    replicas = plain._replicas(plain._models(ARCHITECTURES["conv batch"]), "adam")
    held = [w for layer in replicas.weights for w in layer] + [s for m in replicas.slots for s in m]
    before = [variable.numpy() for variable in held]
    Reader(replace(GRADIENTS, statistics=statistics), replicas).read(plain.ROWS)
    for variable, value in zip(held, before, strict=True):
        np.testing.assert_array_equal(variable.numpy(), value)


# ---- the inputs' --------------------------------------------------------------------------
def _moments(model: Any) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    values = plain.PlainKeras(model).values
    rows = {
        name: value.numpy().reshape(-1, value.shape[-1]).astype(float)
        for (layer, name), value in zip(_places(model), values[:-1], strict=True)
        if layer.weights
    }
    return {name: (row.mean(axis=0), row.std(axis=0)) for name, row in rows.items()}


def _input_shifts(before: Any, now: Any) -> dict[str, float]:
    """Unit by unit."""
    first, second, found = _moments(before), _moments(now), {}
    for name in first:
        units = list(zip(*first[name], *second[name], strict=True))
        varying = [unit for unit in units if unit[1] > 0 and unit[3] > 0]
        means = [abs(mean - old) / sd for old, sd, mean, _ in varying]
        spreads = [abs(np.log(new / sd)) for _, sd, _, new in varying]
        found[f"input mean shift/{name}"] = np.mean(means)
        found[f"input sd shift/{name}"] = np.mean(spreads)
    return found


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_inputs_shift_as_in_plain_keras(name: str) -> None:
    before = plain._models(ARCHITECTURES[name])
    now = plain._models(ARCHITECTURES[name])
    for model in now:
        steps = [np.sin(np.arange(w.size)).reshape(w.shape) for w in model.get_weights()]
        weights = zip(model.get_weights(), steps, strict=True)
        model.set_weights([w + 0.02 * step for w, step in weights])
    replicas = plain._replicas(before)
    reader = Reader(INPUTS, replicas)
    assert all(np.isnan(values).all() for values in reader.read(plain.ROWS).values())
    reader.remember(plain.ROWS)
    replicas.begin([model.get_weights() for model in now])
    readings = reader.read(plain.ROWS)
    for replica in range(len(now)):
        expected = _input_shifts(before[replica], now[replica])
        assert set(readings) == set(expected)
        for reading, value in expected.items():
            plain._close(readings[reading][replica], value)
    first, *others = [name for name in readings if "mean" in name]
    assert (readings[first] == 0).all()  # the data stay where they are
    assert all((readings[name] > 1e-4).all() for name in others)


def test_right_behind_batch_normalisation_only_gamma_and_beta_can_shift_the_moments() -> None:
    held = mlp((8, 6), norm="batch", placement="after", affine=False, activation="tanh")
    before, now = plain._models(held, (1,)), plain._models(held, (2,))
    for model in (*before, *now):
        for layer in model.layers:
            if isinstance(layer, keras.layers.BatchNormalization):
                layer.epsilon = 0.0
    replicas = plain._replicas(before)
    reader = Reader(INPUTS, replicas)
    reader.remember(plain.ROWS)
    replicas.begin([now[0].get_weights()])
    readings = reader.read(plain.ROWS)
    for statistic in ("input mean shift", "input sd shift"):
        assert readings[f"{statistic}/dense 2"] < 1e-5
        assert readings[f"{statistic}/batch_normalization 2"] > 0.01


def test_units_that_do_not_vary_are_left_out_and_what_diverged_is_nan() -> None:
    nan = np.nan
    before = np.array([[[0, 1, 5, -4], [1, 2, 0, 1e-6]]] * 3, float)
    now = np.array([[[2, 1, 7, 1], [1, 4, 3, 3]], [[2, nan, 7, 1], [1, nan, 3, 3]], [[0] * 4] * 2])
    shifts = input_shifts(before, now)
    np.testing.assert_allclose(shifts["input mean shift"], [1, nan, nan])
    np.testing.assert_allclose(shifts["input sd shift"], [np.log(2) / 2, nan, nan])


@pytest.mark.parametrize("model", [ARCHITECTURES["batch"], ARCHITECTURES["conv plain"]])
def test_in_a_training_inputs_shift_by_the_last_update(model: MLP | ConvNet) -> None:
    probes = Probes(every=3, examples=20, statistics=("input shift", "angle"))
    result = compare(
        {"a": model}, plain.DATA, updates=7, seeds=2, probes=probes, weights=(2, 3, 5, 6),
        store=MemoryStore(),
    )  # fmt: skip
    frame = (
        result.readings().set_index(["seed", "update", "statistic", "where"])["value"].sort_index()
    )
    for seed in (0, 1):
        assert frame[seed, 0].isna().all()
        for update in (3, 6):
            before, now = (_built(model, result, seed, time) for time in (update - 1, update))
            for reading, value in _shifts_on(20, before, now).items():
                statistic, where = reading.split("/")
                plain._close(frame[seed, update, statistic, where], value)


def _built(architecture: MLP | ConvNet, result: Any, seed: int, update: int) -> Any:
    model = architecture.build(plain.DATA.input_shape, 10, seed)
    model.set_weights(result.weights("a", seed, update))
    return model


def _shifts_on(examples: int, before: Any, now: Any) -> Mapping[str, float]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain, "X", plain.X[:examples])
        patch.setattr(plain, "Y", plain.Y[:examples])
        return _input_shifts(before, now)


# ---- what they cost -----------------------------------------------------------------------
@pytest.mark.parametrize("statistics", ["gradient shift", "input shift", STATISTICS])
def test_a_reading_takes_the_passes_that_are_stated(statistics: Any) -> None:
    replicas = plain._replicas(plain._models(mlp((8, 6, 5), norm="batch", dropout=0.0)))
    counts = plain.counted(replicas)
    probes = replace(plain.LANDSCAPE, statistics=statistics)
    reader = Reader(probes, replicas)
    tf.config.run_functions_eagerly(True)
    try:
        reader.remember(plain.ROWS)
        reader.read(plain.ROWS)
    finally:
        tf.config.run_functions_eagerly(False)
    assert (counts["forward"], counts["backward"]) == probes.passes(kernels=4)
