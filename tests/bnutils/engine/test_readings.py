"""What the probes read is what plain Keras says, and nothing is touched."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from bnutils import probes as settings
from bnutils.datasets import load
from bnutils.models import MLP, ConvNet, ResNet, convnet, import_keras, mlp, resnet
from bnutils.optimizers import Optimizer
from bnutils.probes import STATISTICS, USUAL, Probes

keras = import_keras()
import tensorflow as tf  # noqa: E402

from bnutils.engine.reader import Reader, read  # noqa: E402
from bnutils.engine.readings import norm  # noqa: E402
from bnutils.engine.replicas import Replicas  # noqa: E402

ARCHITECTURES = {
    "plain": mlp((8, 6), dropout=0.0),
    "batch": mlp((8, 6), norm="batch", dropout=0.0),
    "batch after, dropout": mlp(8, norm="batch", placement="after", dropout=0.5),
    "layer": mlp(8, norm="layer", dropout=0.0, activation="tanh"),
    "conv plain": convnet((3,)),
    "conv batch": convnet((3, 4), norm="batch"),
    "conv layer": convnet((3,), norm="layer"),
    "conv group, affine": convnet((4,), norm="group", groups=2, trained="affine"),
    "hidden": mlp((8, 6), norm="batch", dropout=0.0, trained="hidden"),
    "variance, noise": mlp((8, 6), norm="batch", dropout=0.0, statistics="variance", noise=0.5),
    "residual": resnet(2, 6, norm="batch", activation="tanh"),
    "skip init, dropout": resnet(2, 6, dropout=0.5, skip_init=True),
}
DATA = load("digits").take(200)
EXAMPLES, RATE, SEEDS = 32, 0.05, (5, 2)
LANDSCAPE = Probes(examples=EXAMPLES, statistics=("landscape",), lengths=(0.5, 4.0))
ALL = replace(LANDSCAPE, statistics=USUAL)
X, Y = ALL.batch(DATA)
ROWS = np.arange(EXAMPLES)[None]


def _models(architecture: MLP | ConvNet | ResNet, seeds: Sequence[int] = SEEDS) -> list[Any]:
    """Models as after some training: no bias is zero, no gamma one."""
    models = [architecture.build(DATA.input_shape, 10, seed) for seed in seeds]
    for seed, model in zip(seeds, models, strict=True):
        rng = np.random.default_rng(seed)
        model.set_weights([w + 0.1 * rng.random(w.shape) for w in model.get_weights()])
    return models


def _replicas(models: Sequence[Any], optimizer: str = "sgd") -> Replicas:
    replicas = Replicas(models[0], len(models), Optimizer(optimizer, RATE), X, Y)
    replicas.begin([model.get_weights() for model in models])
    return replicas


def _read(probes: Probes, models: Sequence[Any]) -> dict[str, np.ndarray]:
    return Reader(probes, _replicas(models)).read(ROWS)


@cache
def _readings_of(name: str) -> dict[str, np.ndarray]:
    return _read(ALL, _models(ARCHITECTURES[name]))


def _close(first: Any, second: Any, atol: float = 2e-6) -> None:
    np.testing.assert_allclose(first, second, rtol=2e-4, atol=atol)


class PlainKeras:
    """One model layer by layer, without dropout, and its gradients from a tape.

    What the layers count on the way, as moving statistics, is put back.
    """

    def __init__(self, model: Any) -> None:
        self.model, kept = model, model.get_weights()
        self.layers = [one for one in model.layers if not isinstance(one, keras.layers.InputLayer)]
        x = tf.constant(X)
        with tf.GradientTape() as tape:
            tape.watch(x)
            self.values, shortcut = [x], None
            for layer in self.layers:
                batch_mode = not isinstance(layer, keras.layers.Dropout)
                if isinstance(layer, keras.layers.Add):
                    self.values.append(shortcut + self.values[-1])
                else:
                    self.values.append(layer(self.values[-1], training=batch_mode))
                if layer.output is _of_shortcut(model, layer):
                    shortcut = self.values[-1]
            losses = keras.losses.sparse_categorical_crossentropy(Y, self.values[-1])
            loss = tf.reduce_mean(losses)
        self.loss = float(loss)
        weights = model.trainable_variables
        found = tape.gradient(loss, [*weights, *self.values[:-1]])
        self.gradients = [gradient.numpy() for gradient in found[: len(weights)]]
        self.signals = [signal.numpy() for signal in found[len(weights) :]]
        model.set_weights(kept)

    def after(self, steps: Sequence[np.ndarray]) -> "PlainKeras":
        """The same with other weights, which are put back."""
        weights, kept = self.model.trainable_variables, self.model.get_weights()
        for weight, step in zip(weights, steps, strict=True):
            weight.assign_sub(step)
        moved = PlainKeras(self.model)
        self.model.set_weights(kept)
        return moved

    def readings(self, probes: Probes) -> dict[str, float]:
        found, counts, weights = {}, {}, iter(self.gradients)
        for layer, value, signal in zip(self.layers, self.values[1:], self.signals, strict=True):
            kind = re.sub(r"_\d+$", "", layer.name)  # as Keras numbers them in each process
            counts[kind] = counts.get(kind, 0) + 1
            name = f"{kind} {counts[kind]}"
            if kind not in ("flatten", "reshape", "dropout"):
                found |= _of_outputs(name, value.numpy())
            for weight in layer.trainable_variables:
                found[f"{weight.name} gradient/{name}"] = np.linalg.norm(next(weights))
            for weight in layer.weights:
                found[f"input gradient/{name}"] = np.linalg.norm(signal)
                if weight.name == "kernel":
                    size = np.linalg.norm(weight.numpy())
                    found[f"kernel norm/{name}"] = size
                    found[f"effective rate/{name}"] = RATE / size**2
        return found | self._landscape(probes)

    def _landscape(self, probes: Probes) -> dict[str, float]:
        moved = {0.0: self} | {
            length: self.after([length * part for part in self._direction(probes.normalised)])
            for length in probes.lengths or ()
        }
        found = {f"loss along gradient/{length}": at.loss for length, at in moved.items()}
        losses = list(found.values())
        size = np.linalg.norm(_flat(self.gradients))
        change = np.linalg.norm(_flat(moved[max(moved)].gradients) - _flat(self.gradients))
        return found | {
            "loss range/network": max(losses) - min(losses),
            "gradient norm/network": size,
            "gradient change/network": change,
            "relative gradient change/network": change / size,
        }

    def _direction(self, normalised: bool) -> list[np.ndarray]:
        if not normalised:
            return [RATE * gradient for gradient in self.gradients]
        pairs = zip(self.model.trainable_variables, self.gradients, strict=True)
        return [np.linalg.norm(w.numpy()) * g / np.linalg.norm(g) for w, g in pairs]


def _of_shortcut(model: Any, layer: Any) -> Any:
    """The output of a layer, if an Add takes it past a branch."""
    sums = [one for one in model.layers if isinstance(one, keras.layers.Add)]
    return next((one.input[0] for one in sums if one.input[0] is layer.output), None)


def _of_outputs(name: str, value: np.ndarray) -> dict[str, float]:
    units = value.reshape(-1, value.shape[-1])
    return {
        f"activation mean/{name}": units.mean(),
        f"activation sd/{name}": units.std(axis=0).mean(),
        f"zero outputs/{name}": (units == 0).mean(),
        f"dead units/{name}": (units == 0).all(axis=0).mean(),
    }


def _flat(parts: Sequence[np.ndarray]) -> np.ndarray:
    return np.concatenate([part.ravel() for part in parts])


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_readings_are_those_of_plain_keras(name: str) -> None:
    readings = _readings_of(name)
    for replica, model in enumerate(_models(ARCHITECTURES[name])):
        expected = PlainKeras(model).readings(ALL)
        assert set(readings) == set(expected)
        for reading, value in expected.items():
            _close(readings[reading][replica], value)


def test_a_normalised_step_is_in_proportion_to_each_weight() -> None:
    probes = Probes(examples=EXAMPLES, lengths=(0.05, 0.5), normalised=True)
    model = _models(ARCHITECTURES["layer"])[0]
    readings, expected = _read(probes, [model]), PlainKeras(model).readings(probes)
    for reading, value in expected.items():
        _close(readings[reading][0], value)


@pytest.mark.parametrize("norm_layer", [None, "batch"])
def test_the_loss_falls_along_the_gradient_as_fast_as_its_square(norm_layer: str | None) -> None:
    """d/ds L(w - s g) = -||g||^2 at s = 0, by one-sided differences of second order."""
    step = 0.02 / RATE
    probes = replace(LANDSCAPE, lengths=(step, 2 * step))
    smooth = mlp(8, norm=norm_layer, activation="tanh", dropout=0.0)
    readings = _read(probes, _models(smooth))
    start, near, far = (readings[f"loss along gradient/{s}"] for s in (0.0, step, 2 * step))
    slope = (4 * near - far - 3 * start) / (2 * step * RATE)
    np.testing.assert_allclose(slope, -(readings["gradient norm/network"] ** 2), rtol=5e-3)


@cache
def _scaled(factor: float, normalised: bool = False) -> dict[str, np.ndarray]:
    """Readings with all kernels and biases before a normalisation scaled."""
    probes = Probes(examples=EXAMPLES, lengths=(0.1, 0.4), normalised=normalised)
    models = _models(mlp(8, norm="batch", dropout=0.0))
    for model in models:
        for layer, after in pairwise(model.layers):
            if isinstance(after, keras.layers.BatchNormalization):
                layer.set_weights([factor * weight for weight in layer.get_weights()])
                after.epsilon = 0.0
    return _read(probes, models)


def test_the_scale_before_batch_normalisation_sets_the_effective_rate_and_nothing_else() -> None:
    one, four = _scaled(1), _scaled(4)
    _close(four["kernel gradient/dense 1"], one["kernel gradient/dense 1"] / 4)
    _close(four["effective rate/dense 1"], one["effective rate/dense 1"] / 16)
    _close(four["kernel norm/dense 1"], one["kernel norm/dense 1"] * 4)
    same = ["loss along gradient/0.0", "kernel gradient/dense 2", "effective rate/dense 2"]
    same += ["gamma gradient/batch_normalization 1", "input gradient/dense 1"]
    for reading in same:
        _close(four[reading], one[reading])


def test_a_normalised_step_does_not_see_the_scale_before_batch_normalisation() -> None:
    longest = "loss along gradient/0.4"
    raw, raw_scaled = _scaled(1), _scaled(4)
    assert (abs(raw[longest] - raw_scaled[longest]) > 1e-4).all()
    one, four = _scaled(1, normalised=True), _scaled(4, normalised=True)
    # A bias before it moves in a direction of noise, which the normalisation takes out again.
    np.testing.assert_allclose(four[longest], one[longest], rtol=1e-4)
    np.testing.assert_allclose(four["loss range/network"], one["loss range/network"], rtol=1e-3)


def test_nothing_is_changed_and_the_same_is_read_again() -> None:
    replicas = _replicas(_models(ARCHITECTURES["batch after, dropout"]), "adam")
    slots = [slot for memory in replicas.slots for slot in memory]
    for index, slot in enumerate(slots):
        slot.assign(slot + index)
    held = [*slots, replicas.steps_done, *(w for layer in replicas.weights for w in layer)]
    before = [variable.numpy() for variable in held]
    reader = Reader(ALL, replicas)
    first, second = reader.read(ROWS), reader.read(ROWS)
    for variable, value in zip(held, before, strict=True):
        np.testing.assert_array_equal(variable.numpy(), value)
    assert list(first) == list(second)
    for name, values in first.items():
        np.testing.assert_array_equal(values, second[name])
        assert values.dtype == np.float64
        assert values.shape == (len(SEEDS),)


def test_a_reader_sees_the_weights_of_the_moment() -> None:
    first, second = _models(ARCHITECTURES["plain"])
    replicas = _replicas([first])
    reader = Reader(LANDSCAPE, replicas)
    before = reader.read(ROWS)["gradient norm/network"]
    replicas.begin([second.get_weights()])
    after = reader.read(ROWS)["gradient norm/network"]
    expected = _read(LANDSCAPE, [second])["gradient norm/network"]
    assert abs(before - after) > 1e-3
    np.testing.assert_array_equal(after, expected)


@pytest.mark.parametrize("name", ["batch", "conv batch"])
def test_replicas_do_not_mix(name: str) -> None:
    alone, together = _read(ALL, _models(ARCHITECTURES[name])[1:]), _readings_of(name)
    assert list(alone) == list(together)
    for reading, values in together.items():
        _close(values[1], alone[reading][0])


def test_a_nan_stays_in_its_replica() -> None:
    sound, models = _readings_of("batch"), _models(ARCHITECTURES["batch"])
    weights = models[0].get_weights()
    weights[0][0, 0] = np.nan
    models[0].set_weights(weights)
    ill = _read(ALL, models)
    for reading, values in ill.items():
        _close(values[1], sound[reading][1])
    lost = {reading for reading, values in ill.items() if np.isnan(values[0])}
    assert {"loss along gradient/0.0", "loss range/network", "gradient norm/network"} <= lost
    assert {"activation mean/dense 1", "kernel gradient/dense 2", "kernel norm/dense 1"} <= lost


def test_a_unit_that_is_never_on_is_dead() -> None:
    model = ARCHITECTURES["plain"].build(DATA.input_shape, 10, 0)
    kernel, bias = model.layers[1].get_weights()
    bias[2:4] = -1e3
    model.layers[1].set_weights([kernel, bias])
    readings = _read(replace(ALL, statistics=("activations",)), [model])
    assert readings["dead units/activation 1"] == 2 / 8
    assert readings["zero outputs/activation 1"] >= 2 / 8
    assert readings["dead units/dense 1"] == 0


@pytest.mark.parametrize("size", [1e-30, 1e30])
def test_gradients_that_vanish_or_explode_are_measured_still(size: float) -> None:
    parts = [tf.fill([2, 3], size), tf.fill([2, 1, 6], size)]
    np.testing.assert_allclose(norm(parts), [3 * size] * 2, rtol=1e-6)


@pytest.mark.parametrize(
    "probes",
    [ALL, replace(LANDSCAPE, lengths=(1,))]
    + [replace(ALL, statistics=(name,)) for name in ("activations", "gradients", "rate")],
    ids=["all", "landscape", "activations", "gradients", "rate"],
)
def test_a_reading_takes_the_passes_that_are_stated(probes: Probes) -> None:
    replicas = _replicas(_models(ARCHITECTURES["plain"]))
    counts = counted(replicas)
    readings = read(probes, replicas, tf.constant(ROWS), tf.constant(RATE, tf.float64))
    assert (counts["forward"], counts["backward"]) == probes.passes()
    assert readings


def counted(replicas: Replicas) -> dict[str, int]:
    """How many passes have come through the first layer, from here on."""
    first, counts = replicas.rules[0], {"forward": 0, "backward": 0}

    @tf.custom_gradient
    def counting(x: Any) -> Any:
        def backward(upstream: Any) -> Any:
            counts["backward"] += 1
            return upstream

        counts["forward"] += 1
        return tf.identity(x), backward

    def rule(layer: Any, weights: Any, x: Any, mask: Any, training: bool) -> Any:
        return first(layer, weights, counting(x), mask, training)

    replicas.rules[0] = rule
    return counts


def test_every_statistic_is_explained() -> None:
    every = replace(ALL, statistics=STATISTICS)
    for name in _read(every, _models(ARCHITECTURES["conv batch"])):
        statistic = re.sub("^(kernel|bias|gamma|beta) gradient/.*", "<weight> gradient/", name)
        assert f"``{statistic.split('/')[0]}/" in (settings.__doc__ or "")
