"""Angles between weights, small ones above all."""

from fractions import Fraction
from math import pi

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bnutils.datasets import load
from bnutils.models import convnet, mlp
from bnutils.probes import Probes
from bnutils.schedules import Exponential
from bnutils.store import MemoryStore
from bnutils.tasks import Architecture
from bnutils.training import compare

from bnutils.engine.angles import angles  # isort: skip

DATA = load("digits").take(200)


@given(st.floats(1e-12, pi - 1e-6), st.floats(1e-3, 1e3), st.integers(0, 99))
def test_a_turn_by_an_angle_is_found_again(angle: float, scale: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    u, other = np.linalg.qr(rng.normal(size=(12, 2)))[0].T
    turned = scale * (np.cos(angle) * u + np.sin(angle) * other)
    found = angles(u.reshape(1, 3, 4), turned.reshape(1, 3, 4))
    np.testing.assert_allclose(found, [angle], rtol=1e-7, atol=1e-15)


def test_each_replica_has_its_own_and_zero_has_none() -> None:
    before = np.array([[1.0, 0], [0, 2], [1, 1], [0, 0]])
    after = np.array([[0.0, 3], [0, 1], [-2, -2], [1, 0]])
    np.testing.assert_allclose(angles(before, after), [pi / 2, 0, pi, np.nan])


def test_an_angle_of_float32_weights_is_that_of_exact_arithmetic() -> None:
    """Below 2e-4 the cosine of it is 1 in float32: by fractions, whose roots alone are rounded."""
    rng = np.random.default_rng(3)
    u = rng.normal(size=(1, 40)).astype(np.float32)
    v = (u + 1e-6 * rng.normal(size=u.shape)).astype(np.float32)
    first, second = ([Fraction(float(x)) for x in row[0]] for row in (u, v))
    dot = sum(a * b for a, b in zip(first, second, strict=True))
    sizes = sum(a * a for a in first) * sum(b * b for b in second)
    sine = float(sizes - dot * dot) ** 0.5 / float(sizes) ** 0.5  # of a small angle
    assert 0 < sine < 1e-5
    np.testing.assert_allclose(angles(u, v), [np.arcsin(sine)], rtol=1e-9)


@pytest.mark.parametrize("model", [mlp((8, 6), norm="batch"), convnet((3, 4))], ids=repr)
def test_the_probe_reads_what_weights_of_consecutive_updates_say(model: Architecture) -> None:
    """Kept by another training, one update apart; arccos in extended precision is enough here."""
    moments = [2, 3, 5, 6, 8, 9]
    setting = {
        "updates": 10, "seeds": [4, 1], "optimizer": "sgd", "learning_rate": Exponential(0.3, 1.1),
        "weight_decay": 0.01, "batch_size": 64,
    }  # fmt: skip
    probes = Probes(every=3, examples=20, statistics="angle")
    read = compare({"a": model}, DATA, **setting, probes=probes, store=MemoryStore())
    kept = compare({"a": model}, DATA, **setting, weights=moments, store=MemoryStore())
    built = model.build(DATA.input_shape, 10, 0)
    kernels = [index for index, weight in enumerate(built.weights) if weight.name == "kernel"]
    for run in read.runs:
        assert run.probed == (0, 3, 6, 9)
        assert len(run.readings) == len(kernels)
        for index, series in zip(kernels, run.readings.values(), strict=True):
            assert np.isnan(series[0])
            for update, angle in zip((3, 6, 9), series[1:], strict=True):
                pair = (
                    kept.weights("a", run.seed, moment)[index] for moment in (update - 1, update)
                )
                u, v = (weight.astype(np.longdouble).ravel() for weight in pair)
                cosine = u @ v / np.sqrt(u @ u) / np.sqrt(v @ v)
                assert angle == pytest.approx(float(np.arccos(cosine)), rel=1e-6)
                assert angle > 1e-4


def test_reading_the_angle_changes_nothing() -> None:
    arms, setting = {"a": mlp(8, norm="batch")}, {"updates": 12, "seeds": 2}
    every = Probes(every=1, examples=20, statistics="angle")
    read = compare(arms, DATA, **setting, probes=every, store=MemoryStore())
    plain = compare(arms, DATA, **setting, store=MemoryStore())
    assert [run.metrics for run in read.runs] == [run.metrics for run in plain.runs]
