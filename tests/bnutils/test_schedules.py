"""Each schedule is its formula, and Keras' own where Keras has one."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bnutils.models import import_keras
from bnutils.schedules import (
    LARGEST,
    Cosine,
    Exponential,
    InsteadOfDecay,
    PerUpdate,
    Piecewise,
    Schedule,
    WarmUp,
    as_keras,
    rates_at,
    require_rates,
)

RATES, COUNTS = st.floats(1e-4, 2), st.integers(1, 40)
SOME: list[Schedule] = [
    Exponential(0.1, 1.03), Exponential(0.1, 0.9), WarmUp(0.3, 7, 0.01), Cosine(0.3, 20, 0.001),
    Piecewise((0.1, 0.0, 0.5), (3, 11)), PerUpdate(np.linspace(0.5, 0, 30)),
    InsteadOfDecay(0.1, 0.5), InsteadOfDecay(Cosine(0.3, 20), 0.1),
]  # fmt: skip
each = pytest.mark.parametrize("schedule", SOME, ids=repr)


def _keras() -> Any:
    return import_keras().optimizers.schedules


def _same(schedule: Schedule, theirs: Callable[[int], Any], updates: int) -> None:
    expected = [float(theirs(step)) for step in range(updates)]
    np.testing.assert_allclose(schedule(range(updates)), expected, rtol=2e-5, atol=1e-7)


@given(RATES, st.floats(0.8, 1.2))
def test_an_exponential_one_is_keras_own(initial: float, factor: float) -> None:
    _same(Exponential(initial, factor), _keras().ExponentialDecay(initial, 1, factor), 30)


@given(RATES, COUNTS, st.floats(0, 1))
def test_a_cosine_is_keras_own(initial: float, updates: int, share: float) -> None:
    theirs = _keras().CosineDecay(initial, updates, alpha=share)
    _same(Cosine(initial, updates, share * initial), theirs, updates + 3)


@given(RATES, COUNTS, st.floats(0, 1))
def test_a_warm_up_is_that_of_keras_cosine(rate: float, updates: int, share: float) -> None:
    """Up to its end: there Keras begins to go down."""
    start = share * rate
    theirs = _keras().CosineDecay(start, 10**6, warmup_target=rate, warmup_steps=updates)
    _same(WarmUp(rate, updates, start), theirs, updates)
    np.testing.assert_allclose(WarmUp(rate, updates, start)([updates, 10**6]), rate)


@given(st.sets(st.integers(1, 30), min_size=1), st.data())
def test_pieces_are_keras_own_with_boundaries_one_less(changes: set[int], draw: Any) -> None:
    at = sorted(changes)
    rates = draw.draw(st.lists(RATES, min_size=len(at) + 1, max_size=len(at) + 1))
    theirs = _keras().PiecewiseConstantDecay([change - 1 for change in at], rates)
    _same(Piecewise(tuple(rates), tuple(at)), theirs, 32)


@given(st.floats(1e-3, 1), st.floats(0, 0.9))
def test_the_growing_rate_of_constant_decay_is_that_of_the_paper(eta: float, decay: float) -> None:
    t = np.arange(200)
    expected = eta * (1 - eta * decay) ** (-2.0 * t - 1)
    np.testing.assert_allclose(InsteadOfDecay(eta, decay)(t), expected, rtol=1e-10)


@given(st.floats(0.001, 0.2), st.floats(0, 0.9), st.integers(0, 99))
def test_a_walk_without_decay_takes_the_same_directions(
    eta: float, decay: float, seed: int
) -> None:
    """SGD in NumPy, of a loss that does not know the scale: g(c w) = g(w) / c."""
    rng = np.random.default_rng(seed)
    target = rng.normal(size=6)
    changing = PerUpdate(eta * rng.uniform(0.2, 1, 12))
    growing = InsteadOfDecay(changing, decay)
    w = v = rng.normal(size=6)

    def gradient(w: np.ndarray) -> np.ndarray:
        """Of -<w, target> / ||w||."""
        size = np.linalg.norm(w)
        return -(target - w * (w @ target) / size**2) / size

    for t in range(12):
        kept = 1 - changing(t) * decay
        np.testing.assert_allclose(w / np.linalg.norm(w), v / np.linalg.norm(v), atol=1e-9)
        np.testing.assert_allclose(growing(t) / (v @ v), changing(t) / (w @ w) / kept, rtol=1e-7)
        w = w - changing(t) * decay * w - changing(t) * gradient(w)
        v = v - growing(t) * gradient(v)


@each
def test_one_update_is_as_many(schedule: Schedule) -> None:
    together = schedule(np.arange(30).reshape(5, 6))
    assert together.dtype == np.float64
    alone = [float(schedule(step)) for step in range(30)]
    np.testing.assert_allclose(together.ravel(), alone, rtol=1e-12)


@each
def test_keras_gets_the_very_rates_of_the_engine(schedule: Schedule) -> None:
    keras = import_keras()
    optimizer = keras.optimizers.SGD(as_keras(schedule, 25))
    weight = keras.Variable(np.zeros(1))
    for step in range(25):
        before = weight.numpy().copy()
        optimizer.apply([-np.ones(1, np.float32)], [weight])
        moved = before + np.float32(schedule(step))
        np.testing.assert_array_equal(weight.numpy(), moved)


@each
def test_a_schedule_prints_as_its_call_and_as_no_other(schedule: Schedule) -> None:
    assert [repr(other) for other in SOME].count(repr(schedule)) == 1
    if "PerUpdate" not in repr(schedule):
        assert eval(repr(schedule)) == schedule


def test_rates_of_ones_own_print_as_a_checksum() -> None:
    one, other = PerUpdate([0.1, 0.2, 0.3]), PerUpdate([0.1, 0.25, 0.3])
    assert repr(one) != repr(other)
    assert repr(one).startswith("PerUpdate(3 rates from 0.1 to 0.3, checksum ")
    assert repr(one) == repr(PerUpdate(np.float32([0.1, 0.2, 0.3])))


def test_a_number_is_itself_at_every_update() -> None:
    np.testing.assert_array_equal(rates_at(0.1, np.arange(4)), np.full(4, 0.1))
    assert as_keras(0.1, 9) == 0.1


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Exponential(0, 1.1), "initial must be a positive, finite number; received 0"),
        (lambda: Exponential(0.1, -1), "factor must be a positive, finite number; received -1"),
        (lambda: WarmUp(0.1, 0), "updates must be at least 1; received 0"),
        (lambda: WarmUp(0.1, 5, -1), "start must be a finite number that is not negative"),
        (lambda: Cosine(0.1, 5, float("nan")), "final must be a finite number that is not negat"),
        (lambda: Piecewise((0.1, 0.2), (5, 9)), r"one fewer than rates; received \(5, 9\) and 2"),
        (lambda: Piecewise((0.1, 0.2, 0.3), (9, 5)), r"changes must be rising.*\(9, 5\)"),
        (lambda: Piecewise((0.1, -0.2), 5), "rates must be one or more finite numbers"),
        (lambda: PerUpdate([]), "rates must be one or more finite numbers"),
        (lambda: PerUpdate([0.1, float("inf")]), "rates must be one or more finite numbers"),
        (lambda: InsteadOfDecay(0.5, 2), r"learning_rate \* decay must be below 1.*0.5 \* 2"),
        (lambda: InsteadOfDecay(-0.5, 2), "learning_rate must be a positive.*bnutils.schedules"),
        (lambda: InsteadOfDecay(0.5, -2), "decay must be a finite number that is not negative"),
        (lambda: InsteadOfDecay(WarmUp(1, 3), 1)(9), r"must be below 1"),
    ],
)
def test_what_is_no_schedule_is_refused(make: Callable[[], Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_a_training_must_have_all_its_rates() -> None:
    few = PerUpdate([0.1] * 5)
    for schedule in (few, InsteadOfDecay(few, 0.1)):
        require_rates(schedule, 5)
        with pytest.raises(ValueError, match=r"a rate for each of the 6 updates.*Add rates"):
            require_rates(schedule, 6)
    require_rates(Exponential(1, 2), 128)
    assert Exponential(1, 2)(127) < LARGEST < Exponential(1, 2)(128)
    for schedule in (Exponential(1, 2), InsteadOfDecay(0.5, 1)):
        with pytest.raises(ValueError, match=r"stay below 3.4e\+38.*within 5000 updates"):
            require_rates(schedule, 5000)


def test_naming_a_schedule_needs_no_tensorflow() -> None:
    code = "import sys; from bnutils.schedules import Cosine; Cosine(0.1, 9)(3)"
    code += "; print('tensorflow' in sys.modules, 'keras' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
