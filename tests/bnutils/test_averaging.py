"""Averaged weights: as Keras averages, recalibrates and evaluates them."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import pytest

from bnutils.averaging import averaged, recalibrated, scored
from bnutils.datasets import Dataset, load
from bnutils.engine import groups, memory, replicas
from bnutils.models import convnet, import_keras, mlp, resnet
from bnutils.store import MemoryStore
from bnutils.tasks import Architecture, Arm
from bnutils.training import compare

DATA = load("digits").take(300)
NET = mlp((12, 8), norm="batch", dropout=0.3)
SEEDS, MOMENTS = (4, 1, 7), (6, 9, 12)
CASES = [
    (NET, "given"), (NET, "own"), (convnet((3, 4), norm="batch"), "own"), (mlp(8), "own"),
    (mlp((12, 8), "batch", statistics="mean"), "given"),
    (convnet((3, 4), "batch", statistics="variance", noise=0.5), "given"),
    (resnet(2, 8, "batch", dropout=0.3), "given"),
]  # fmt: skip


@cache
def _trained(
    model: Architecture, split: str = "given", updates: int = 12, weights: Any = MOMENTS
) -> Any:
    usual: dict[str, Any] = {"seeds": SEEDS, "store": MemoryStore()}
    arms = {"a": Arm(model, learning_rate=0.01)}
    return compare(arms, DATA, split=split, updates=updates, weights=weights, **usual)


def _averages(model: Architecture, split: str = "given") -> dict[int, list[np.ndarray]]:
    result = _trained(model, split)
    return {seed: averaged([result.weights("a", seed, t) for t in MOMENTS]) for seed in SEEDS}


def _built(model: Architecture, weights: Sequence[np.ndarray]) -> Any:
    made = model.build(DATA.input_shape, DATA.classes, 0)
    made.set_weights(weights)
    made.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return made


def _recalibrate(model: Any, x: Any) -> None:
    """As the course's labs write it."""
    for layer in model.layers:
        moving = [weight for weight in layer.weights if weight.name.startswith("moving")]
        if moving:
            arriving = import_keras().Model(model.inputs[0], layer.input)(x, training=False)
            values = np.asarray(arriving).reshape(-1, arriving.shape[-1])
            moments = {"moving_mean": values.mean(axis=0), "moving_variance": values.var(axis=0)}
            for weight in moving:
                weight.assign(moments[weight.name])


def _own(split: str, seed: int) -> Dataset:
    return DATA.resplit(seed) if split == "own" else DATA


def test_a_mean_is_numpys_in_the_order_and_type_of_the_weights() -> None:
    rng = np.random.default_rng(0)
    sets = [[rng.normal(size=shape).astype(np.float32) for shape in ((2, 3), (4,))] for _ in "abc"]
    for index, mean in enumerate(averaged(iter(sets))):
        expected = np.mean([one[index] for one in sets], axis=0, dtype=float)
        np.testing.assert_allclose(mean, expected, rtol=1e-6)
        assert mean.dtype == np.float32
    np.testing.assert_array_equal(averaged([sets[0]])[1], sets[0][1])
    np.testing.assert_array_equal(averaged(sets, momentum=0)[1], sets[-1][1])


def test_an_exponential_average_is_that_of_keras() -> None:
    """Of the weights after each update of an optimiser with ``use_ema``."""
    keras = import_keras()
    rule = keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.8)
    weight = keras.Variable(np.array([1.0, -2.0, 3.0]))
    seen, rng = [], np.random.default_rng(1)
    for _ in range(5):
        rule.apply([rng.normal(size=3).astype(np.float32)], [weight])
        seen.append([weight.numpy().copy()])
    rule.finalize_variable_values([weight])  # takes the average
    np.testing.assert_allclose(weight.numpy(), averaged(seen, 0.8)[0], rtol=1e-5)


@pytest.mark.parametrize(("model", "split"), CASES, ids=str)
def test_scores_and_statistics_are_those_of_keras(
    model: Architecture, split: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "LARGEST_GROUP", 2)
    for module in (groups, replicas):
        monkeypatch.setattr(module, "EVALUATED", 130)  # in three parts
    weights = _averages(model, split)
    anew = recalibrated(model, weights, DATA, split=split)
    assert list(anew) == list(SEEDS)
    for given, part in ((weights, "val"), (anew, "test")):
        table = scored(model, given, DATA, part=part, split=split)
        assert (table.index.name, list(table.index)) == ("seed", list(SEEDS))
        for seed in SEEDS:
            data, alone = _own(split, seed), _built(model, given[seed])
            x, y = getattr(data, f"x_{part}"), getattr(data, f"y_{part}")
            loss, accuracy = alone.evaluate(x, y, verbose=0)
            assert table.loc[seed, "loss"] == pytest.approx(loss, rel=1e-4)
            assert table.loc[seed, "accuracy"] == pytest.approx(accuracy, abs=1e-6)
    for seed in SEEDS:
        alone = _built(model, weights[seed])
        _recalibrate(alone, _own(split, seed).x_train)
        for ours, theirs in zip(anew[seed], alone.get_weights(), strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=2e-4, atol=2e-5)


def test_final_weights_score_what_their_run_says() -> None:
    result = _trained(NET)
    table = scored(NET, {seed: result.weights("a", seed) for seed in SEEDS}, DATA)
    np.testing.assert_array_equal(table["accuracy"], result.final("test_accuracy")["a"])
    np.testing.assert_allclose(table["loss"], result.final("test_loss")["a"], rtol=1e-6)


def test_recalibration_changes_moving_statistics_alone_and_a_second_one_nothing() -> None:
    weights = _averages(NET)
    once = recalibrated(NET, weights, DATA)
    twice = recalibrated(NET, once, DATA)
    names = [weight.name for weight in NET.build(DATA.input_shape, 10, 0).weights]
    for seed in SEEDS:
        every = zip(names, weights[seed], once[seed], twice[seed], strict=True)
        for name, before, after, again in every:
            np.testing.assert_array_equal(after, again)
            assert np.array_equal(before, after) != name.startswith("moving")


def test_weights_are_those_of_the_moments_asked_for() -> None:
    """As a training of that length leaves them."""
    result = _trained(NET)
    for moment in MOMENTS[:2]:
        shorter = _trained(NET, updates=moment, weights=True)
        for seed in SEEDS:
            pairs = zip(result.weights("a", seed, moment), shorter.weights("a", seed), strict=True)
            for one, other in pairs:
                np.testing.assert_array_equal(one, other)
    with pytest.raises(ValueError, match="which must be one of 'final', 'best', '6', '9', '12'"):
        result.weights("a", 4, 7)


def test_the_average_is_a_network_of_its_own() -> None:
    """What the feature is for: the statistics that are averaged along are not those of the mean."""
    weights = _averages(NET)
    before = scored(NET, weights, DATA, part="train")["loss"]
    after = scored(NET, recalibrated(NET, weights, DATA), DATA, part="train")["loss"]
    assert (abs(before - after) > 1e-3).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: averaged([]), "sets must be one or more lists"),
        (lambda: averaged([[np.ones(2)], [np.ones(3)]]), r"have the shape of the first, \(\(2,\),"),
        (lambda: averaged([[np.ones(2)]], 1), r"momentum must be in \[0, 1\); received 1"),
        (lambda: scored(NET, {}, DATA), "weights must be those of one seed or more"),
        (
            lambda: scored(NET, {0: [np.ones(2)]}, DATA),
            "The weights of seed 0 must have the sh",
        ),
        (lambda: scored(NET, {0: [np.ones(2)]}, DATA, part="all"), "part must be one of 'train'"),
        (lambda: recalibrated(NET, {0: [np.ones(2)]}, DATA, split="mine"), "split must be one of"),
    ],
)
def test_what_cannot_be_meant_is_refused(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_weights_are_floats_by_seed() -> None:
    with pytest.raises(TypeError, match="weights must be a dictionary such as"):
        scored(NET, [np.ones(2)], DATA)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="arrays of floats; received one of int"):
        averaged([[np.arange(3)]])
