"""Each rule is the one of Keras."""

import json
import subprocess
import sys
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bnutils.models import import_keras
from bnutils.optimizers import DEFAULT_RATES, RULES, Optimizer

every_rule = pytest.mark.parametrize("name", RULES)


def _gradients(seed: int, steps: int) -> np.ndarray:
    """Of two weights, over some orders of magnitude."""
    rng = np.random.default_rng(seed)
    return (rng.normal(size=(steps, 2, 5)) * 10.0 ** rng.integers(-4, 2, 5)).astype(np.float32)


@every_rule
@given(st.integers(0, 99), st.sampled_from([None, 0.3, 1e-4]), st.integers(1, 6))
@settings(max_examples=15)
def test_every_step_is_keras_own(name: str, seed: int, rate: float | None, steps: int) -> None:
    import_keras()
    import tensorflow as tf

    optimizer, gradients = Optimizer(name, rate), _gradients(seed, steps)
    ours, theirs = ([tf.Variable(v) for v in _gradients(seed + 1, 1)[0]] for _ in range(2))
    slots, keras = optimizer.slots(ours), optimizer.keras()
    assert [len(memory) for memory in slots] == [optimizer.slot_count] * 2
    for step, parts in enumerate(gradients, start=1):
        optimizer.apply([tf.constant(part) for part in parts], ours, slots, step)
        keras.apply([tf.constant(part) for part in parts], theirs)
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine, other, rtol=2e-5, atol=1e-6)


@every_rule
def test_the_default_rate_is_keras_own(name: str) -> None:
    kind = getattr(import_keras().optimizers, RULES[name].keras)
    assert Optimizer(name).rate == DEFAULT_RATES[name] == pytest.approx(float(kind().learning_rate))


@pytest.mark.parametrize("rate", [1, 1.0, np.float32(1), np.int64(1), np.float64(1)])
def test_equal_rates_are_filed_alike(rate: Any) -> None:
    """Results are filed under what ``asdict`` gives, as JSON."""
    optimizer = Optimizer("sgd", rate)
    assert json.dumps(asdict(optimizer)) == '{"name": "sgd", "learning_rate": 1.0}'
    assert repr(optimizer) == "Optimizer(name='sgd', learning_rate=1.0)"


@pytest.mark.parametrize("rate", [0, -1.0, float("nan"), float("inf"), "0.1", 1j, [0.1]])
def test_a_rate_is_a_positive_finite_number(rate: Any) -> None:
    with pytest.raises(ValueError, match="learning_rate must be a positive, finite number; rece"):
        Optimizer("adam", rate)


def test_an_unknown_rule_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"optimizer must be one of 'sgd', .* received 'lion'"):
        Optimizer("lion")


def test_naming_a_rule_needs_no_tensorflow() -> None:
    code = "import sys; from bnutils.optimizers import Optimizer; Optimizer('adamw').slot_count"
    code += "; print('tensorflow' in sys.modules, 'keras' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
