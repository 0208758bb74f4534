"""Weight decay and schedules in whole trainings, and the theorem that ties them together.

Before a normalisation only the direction of a kernel matters. SGD with decay then takes the same
directions as SGD without it at a growing rate: Li & Arora (2020), "An exponential learning rate
schedule for deep learning"; the proof stands in ``bnutils.schedules.InsteadOfDecay``.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from bnutils import reference
from bnutils.averaging import recalibrated, scored
from bnutils.datasets import load
from bnutils.models import convnet, import_keras, mlp
from bnutils.probes import Probes
from bnutils.results import Comparison
from bnutils.schedules import Cosine, Exponential, InsteadOfDecay, WarmUp
from bnutils.store import MemoryStore
from bnutils.tasks import ENGINES, Arm
from bnutils.training import compare

keras = import_keras()

DATA = load("digits").take(200)
EPSILON = 1e-12  # with 0 a loss would not know the scale at all
RATE, DECAY, UPDATES = 0.1, 0.5, 40
KEPT = 1 - RATE * DECAY


@dataclass(frozen=True)
class Invariant:
    """Kernels before batch normalisation are trained, and nothing else is."""

    def build(self, input_shape: tuple[int, ...], classes: int, seed: int) -> Any:
        keras.utils.set_random_seed(seed)
        layers: list[Any] = [keras.Input(input_shape), keras.layers.Flatten()]
        for units in (24, 16):
            layers += [
                keras.layers.Dense(units, use_bias=False),
                keras.layers.BatchNormalization(epsilon=EPSILON),
                keras.layers.Activation("tanh"),
            ]
        model = keras.Sequential([*layers, keras.layers.Dense(classes, "softmax")])
        for layer, after in pairwise([*model.layers, None]):
            for weight in layer.weights:
                weight.trainable = isinstance(after, keras.layers.BatchNormalization)
        return model


def _kernels(result: Comparison, arm: str, seed: int) -> list[np.ndarray]:
    weights = result.weights(arm, seed)
    return [weights[0].astype(float), weights[5].astype(float)]


@pytest.mark.parametrize("engine", ENGINES)
def test_decay_is_a_growing_rate_where_only_directions_count(engine: str) -> None:
    arms = {
        "decay": Arm(Invariant(), learning_rate=RATE, weight_decay=DECAY, decayed="normalised"),
        "growing": Arm(Invariant(), learning_rate=InsteadOfDecay(RATE, DECAY)),
        "neither": Arm(Invariant(), learning_rate=RATE),
    }
    result = compare(
        arms, DATA, updates=UPDATES, evaluations=3, batch_size=50, seeds=2, optimizer="sgd",
        engine=engine, weights=True, store=MemoryStore(),
    )  # fmt: skip
    curves = {arm: [run.metrics["loss"] for run in result.runs if run.arm == arm] for arm in arms}
    np.testing.assert_allclose(curves["growing"], curves["decay"], rtol=1e-5)
    assert (abs(np.divide(curves["neither"], curves["decay"]) - 1)[:, 1:] > 1e-2).all()
    for seed in (0, 1):
        pairs = zip(_kernels(result, "decay", seed), _kernels(result, "growing", seed), strict=True)
        for w, v in pairs:
            np.testing.assert_allclose(v * KEPT**UPDATES, w, rtol=1e-2, atol=1e-4 * abs(w).max())


def test_in_inference_the_two_agree_only_after_recalibration() -> None:
    """Moving statistics lag behind a scale that changes, and it changes in different ways."""
    net = Invariant()
    arms = {
        "decay": Arm(net, learning_rate=RATE, weight_decay=DECAY),
        "growing": Arm(net, learning_rate=InsteadOfDecay(RATE, DECAY)),
    }
    result = compare(
        arms, DATA, updates=UPDATES, batch_size=50, seeds=2, optimizer="sgd", weights=True,
        store=MemoryStore(),
    )  # fmt: skip
    stale = result.final("test_loss")
    assert (abs(stale["growing"] / stale["decay"] - 1) > 1e-2).all()
    weights = {arm: {seed: result.weights(arm, seed) for seed in (0, 1)} for arm in arms}
    decay, growing = (
        scored(net, recalibrated(net, of_arm, DATA), DATA)["loss"] for of_arm in weights.values()
    )
    np.testing.assert_allclose(growing, decay, rtol=1e-4)


def test_the_effective_rate_of_the_growing_rate_is_that_with_decay() -> None:
    arms = {
        "decay": Arm(Invariant(), learning_rate=RATE, weight_decay=DECAY),
        "growing": Arm(Invariant(), learning_rate=InsteadOfDecay(RATE, DECAY)),
    }
    probes = Probes(every=4, examples=20, statistics=("rate", "angle"))
    frame = compare(
        arms, DATA, updates=UPDATES, batch_size=50, seeds=2, optimizer="sgd", probes=probes,
        store=MemoryStore(),
    ).readings()  # fmt: skip
    trained = frame[frame["where"].isin(["dense 1", "dense 2"])]
    for statistic, factor in (("effective rate", 1 / KEPT), ("angle", 1.0)):
        read = trained[trained["statistic"] == statistic].dropna()
        of_arms = [read[read["arm"] == arm]["value"].to_numpy() for arm in arms]
        assert len(of_arms[0]) > 30
        np.testing.assert_allclose(of_arms[1], factor * of_arms[0], rtol=1e-3)


def test_the_theorem_in_float64_with_the_reference_layer() -> None:
    """A network in NumPy: kernel, batch normalisation, tanh, and a softmax that stays."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(32, 12)), rng.integers(0, 4, 32)
    last = rng.normal(size=(8, 4))
    ones, zeros = np.ones(8), np.zeros(8)

    def loss_and_gradient(w: np.ndarray) -> tuple[float, np.ndarray]:
        z, cache = reference.batch_norm_train(x @ w, ones, zeros, epsilon=1e-30)
        h = np.tanh(z)
        scores = h @ last
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        loss = -np.log(p[np.arange(32), y]).mean()
        p[np.arange(32), y] -= 1
        dx, *_ = reference.batch_norm_backward((p / 32 @ last.T) * (1 - h**2), cache)
        return loss, x.T @ dx

    growing = InsteadOfDecay(RATE, DECAY)
    w = v = rng.normal(size=(12, 8))
    losses = []
    for t in range(60):
        (loss, gradient), (same, other) = loss_and_gradient(w), loss_and_gradient(v)
        losses.append(loss)
        assert same == pytest.approx(loss, rel=1e-9)
        w, v = w - RATE * DECAY * w - RATE * gradient, v - growing(t) * other
    np.testing.assert_allclose(w, KEPT**60 * v, rtol=1e-6)
    assert losses[-1] < 0.8 * losses[0]


WIDE, NARROW = mlp((10, 8), norm="batch", dropout=0.0), mlp(10, dropout=0.0)
ARMS = {
    "decay": Arm(WIDE, optimizer="momentum", weight_decay=0.2),
    "kernels": Arm(NARROW, 50, "adamw", Exponential(0.002, 1.05), 0.2, "kernels"),
    "normalised": Arm(WIDE, 50, "sgd", Cosine(0.3, 10), 0.2, "normalised"),
    "convolution": Arm(convnet((3,), norm="batch"), 50, "adam", WarmUp(0.01, 6), 0.2, "normalised"),
}


def test_both_engines_train_the_same_update_by_update() -> None:
    """Evaluated after each of the six."""
    setting: dict[str, Any] = {"updates": 6, "seeds": [3, 8], "learning_rate": 0.01}
    ours, theirs = (
        compare(ARMS, DATA, batch_size=50, engine=engine, store=MemoryStore(), **setting)
        for engine in ENGINES
    )
    for mine, plain in zip(ours.runs, theirs.runs, strict=True):
        assert (mine.arm, mine.seed, mine.updates) == (plain.arm, plain.seed, plain.updates)
        for metric in ("loss", "val_loss", "test_loss"):
            found, expected = mine.metrics[metric], plain.metrics[metric]
            np.testing.assert_allclose(found, expected, rtol=5e-4, err_msg=mine.arm)


def test_a_compiled_training_has_the_rates_of_its_updates() -> None:
    """As many updates as are compiled, in pieces: rates go on where the piece before stopped."""
    arms = {"a": Arm(WIDE, learning_rate=Cosine(0.05, 210))}
    setting: dict[str, Any] = {"updates": 210, "evaluations": 3, "seeds": 1, "optimizer": "sgd"}
    ours, theirs = (
        compare(
            arms,
            DATA,
            engine=engine,
            batch_size=50,
            weight_decay=0.1,
            store=MemoryStore(),
            **setting,
        ).runs[0]
        for engine in ENGINES
    )
    for metric in ("loss", "val_loss"):
        np.testing.assert_allclose(ours.metrics[metric], theirs.metrics[metric], rtol=2e-3)
