"""Each rule is the one of Keras."""

import json
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bnutils.models import import_keras, mlp, resnet
from bnutils.models.chain import computing
from bnutils.optimizers import DECAYED, DEFAULT_RATES, RULES, Optimizer, decay
from bnutils.schedules import Exponential, PerUpdate

RATES = [None, 0.3, 1e-4, Exponential(0.05, 1.2), PerUpdate([0.1, 0, 1e-3, 0.3, 0.1, 0.2])]
DECAYS = [None, 0, 0.004, 0.3]
every_rule = pytest.mark.parametrize("name", RULES)


def _gradients(seed: int, steps: int) -> np.ndarray:
    """Of two weights, over some orders of magnitude."""
    rng = np.random.default_rng(seed)
    return (rng.normal(size=(steps, 2, 5)) * 10.0 ** rng.integers(-4, 2, 5)).astype(np.float32)


@every_rule
@given(st.integers(0, 99), st.sampled_from(RATES), st.sampled_from(DECAYS), st.integers(1, 6))
@settings(max_examples=25)
def test_every_step_is_keras_own(
    name: str, seed: int, rate: Any, weight_decay: float | None, steps: int
) -> None:
    import_keras()
    import tensorflow as tf

    optimizer, gradients = Optimizer(name, rate, weight_decay), _gradients(seed, steps)
    ours, theirs = ([tf.Variable(v) for v in _gradients(seed + 1, 1)[0]] for _ in range(2))
    slots, keras = optimizer.slots(ours), optimizer.keras(updates=steps)
    assert [len(memory) for memory in slots] == [optimizer.slot_count] * 2
    paces = optimizer.paces(np.arange(steps))
    assert (paces.shape, paces.dtype) == ((steps, 2), np.float32)
    for step, (parts, pace) in enumerate(zip(gradients, paces, strict=True), start=1):
        decay(pace[1], ours)
        optimizer.apply([tf.constant(part) for part in parts], ours, slots, step, pace[0])
        keras.apply([tf.constant(part) for part in parts], theirs)
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine, other, rtol=2e-5, atol=4e-6)


@every_rule
def test_the_default_rate_is_keras_own(name: str) -> None:
    kind = getattr(import_keras().optimizers, RULES[name].keras)
    assert Optimizer(name).rate == DEFAULT_RATES[name] == pytest.approx(float(kind().learning_rate))


@pytest.mark.parametrize("rate", [1, 1.0, np.float32(1), np.int64(1), np.float64(1)])
def test_equal_rates_are_filed_alike(rate: Any) -> None:
    """Results are filed under their settings, as JSON: no others than before there was a decay."""
    optimizer = Optimizer("sgd", rate)
    assert json.dumps(optimizer.settings()) == '{"name": "sgd", "learning_rate": 1.0}'
    assert repr(optimizer) == "Optimizer(name='sgd', learning_rate=1.0)"


@pytest.mark.parametrize("rate", [0, -1.0, float("nan"), float("inf"), "0.1", 1j, [0.1]])
def test_a_rate_is_a_positive_finite_number(rate: Any) -> None:
    with pytest.raises(ValueError, match="learning_rate must be a positive, finite number; rece"):
        Optimizer("adam", rate)


@every_rule
def test_a_decay_that_changes_nothing_is_filed_as_none(name: str) -> None:
    usual, own = Optimizer(name), RULES[name].decay or 0
    for same in (Optimizer(name, weight_decay=own), Optimizer(name, weight_decay=np.float64(own))):
        assert (same, repr(same), same.settings()) == (usual, repr(usual), usual.settings())
    if not own:
        assert Optimizer(name, weight_decay=0, decayed="kernels") == usual


def test_what_is_given_is_filed_and_printed() -> None:
    given = Optimizer("sgd", Exponential(0.1, 2), np.float32(0.01), "kernels")
    assert json.dumps(given.settings()) == (
        '{"name": "sgd", "learning_rate": "Exponential(initial=0.1, factor=2.0)", '
        '"weight_decay": 0.01, "decayed": "kernels"}'
    )
    assert repr(given) == (
        "Optimizer(name='sgd', learning_rate=Exponential(initial=0.1, factor=2.0), "
        "weight_decay=0.01, decayed='kernels')"
    )
    assert Optimizer("adamw", weight_decay=0).settings()["weight_decay"] == 0


@pytest.mark.parametrize("which", DECAYED)
def test_what_decays_is_what_keras_lets_decay(which: str) -> None:
    """Only decay moves the weights here: their gradients are zero."""
    keras = import_keras()
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((4,)), layers.Dense(5), layers.BatchNormalization(), layers.Dense(3),
            layers.LayerNormalization(), layers.Activation("relu"), layers.Dense(2),
        ]
    )  # fmt: skip
    model.layers[0].bias.assign(model.layers[0].bias + 1)
    optimizer = Optimizer("sgd", 0.5, 0.2, which)
    before = [weight.numpy() for weight in model.trainable_weights]
    rule = optimizer.keras(model.layers)
    rule.apply([0 * weight for weight in before], model.trainable_weights)
    shrinks = [
        not np.allclose(weight, was)
        for weight, was in zip(model.trainable_weights, before, strict=True)
        if was.any()
    ]
    is_zero = [not was.any() for was in before]
    pairs = zip(optimizer.decays(model.layers), is_zero, strict=True)
    assert [decays for decays, zero in pairs if not zero] == shrinks
    kernels = {"all": 3, "kernels": 3, "normalised": 2}[which]
    others = 3 if which == "all" else 0  # one bias, and gamma twice
    assert sum(shrinks) == kernels + others


@pytest.mark.parametrize(
    ("model", "normalised"),
    [
        (resnet(2, 4, "batch"), [0, 1, 0, 1, 0, 0]),  # what lies on a shortcut has a scale
        (resnet(2, 4), [0] * 6),
        (mlp((4, 4), "batch", statistics="variance"), [1, 1, 0]),
        (mlp((4, 4), "batch", statistics="mean"), [0, 0, 0]),
        (mlp((4, 4), "batch", noise=0.5), [1, 1, 0]),
    ],
    ids=str,
)
def test_normalised_kernels_are_those_whose_scale_is_taken_out(
    model: Any, normalised: list[int]
) -> None:
    layers = computing(model.build((4, 4), 3, 0))
    decays = Optimizer("sgd", 0.5, 0.2, "normalised").decays(layers)
    names = [weight.name for layer in layers for weight in layer.trainable_weights]
    of_kernels = [one for name, one in zip(names, decays, strict=True) if name == "kernel"]
    assert of_kernels == [bool(one) for one in normalised]
    assert sum(decays) == sum(normalised)


@pytest.mark.parametrize("weight_decay", [-1e-9, float("nan"), float("inf"), "0.1", [0.1], True])
def test_a_decay_is_a_number_that_is_not_negative(weight_decay: Any) -> None:
    message = "weight_decay must be a finite number that is not negative; received"
    with pytest.raises(ValueError, match=message):
        Optimizer("sgd", weight_decay=weight_decay)


def test_what_decays_is_one_of_three() -> None:
    with pytest.raises(ValueError, match="decayed must be one of 'all', 'kernels', 'normalised'"):
        Optimizer("sgd", weight_decay=0.1, decayed="biases")


def test_an_unknown_rule_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"optimizer must be one of 'sgd', .* received 'lion'"):
        Optimizer("lion")


def test_naming_a_rule_needs_no_tensorflow() -> None:
    code = "import sys; from bnutils.optimizers import Optimizer; Optimizer('adamw').slot_count"
    code += "; print('tensorflow' in sys.modules, 'keras' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
