"""The rules of the normalisation layers against Keras' layers and the NumPy reference."""

from collections.abc import Callable
from inspect import signature
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bnutils import layers as own
from bnutils import reference
from bnutils.errors import UnsupportedLayer
from bnutils.models import import_keras

keras = import_keras()
import tensorflow as tf  # noqa: E402

from bnutils.engine.layers import rule_for  # noqa: E402

REPLICAS = 3
HAS_RENORM = "renorm" in signature(keras.layers.BatchNormalization).parameters
# kinds with moving statistics
MOVING = ("batch", "mean", "variance", "ghosts", "one ghost", "renorm", "renorm, bounded")
needs_renorm = pytest.mark.skipif(not HAS_RENORM, reason="this Keras has no renorm")
CLOSE: dict[str, Any] = {"rtol": 2e-4, "atol": 2e-5}


@st.composite
def shapes(draw: st.DrawFn) -> tuple[int, ...]:
    """Of a batch: vectors, or images with any sides."""
    examples, channels = draw(st.integers(2, 6)), draw(st.sampled_from([2, 4, 6, 12]))
    return (examples, *draw(st.lists(st.integers(1, 4), max_size=2)), channels)


def kinds() -> dict[str, Callable[..., Any]]:
    """Makers of layers; each takes ``center`` and ``scale`` but RMSNormalization."""
    layers = keras.layers
    found = {
        "batch": layers.BatchNormalization,
        "layer": layers.LayerNormalization,
        "one group": lambda **options: layers.GroupNormalization(1, **options),
        "two groups": lambda **options: layers.GroupNormalization(2, **options),
        "instance": lambda **options: layers.GroupNormalization(-1, **options),
        "ghosts": lambda **options: own.GhostBatchNormalization(2, **options),
        "one ghost": lambda **options: own.GhostBatchNormalization(4, **options),
        "mean": lambda scale, epsilon, **options: own.BatchCentering(**options),
        "variance": lambda center, **options: own.BatchScaling(**options),
    }
    if HAS_RENORM:
        bounds = {"rmin": 0.9, "rmax": 1.1, "dmax": 0.2}
        found["renorm"] = lambda **options: layers.BatchNormalization(renorm=True, **options)
        found["renorm, bounded"] = lambda **options: layers.BatchNormalization(
            renorm=True, renorm_clipping=bounds, renorm_momentum=0.8, **options
        )
    if hasattr(layers, "RMSNormalization"):
        found["rms"] = lambda center, scale, **options: layers.RMSNormalization(**options)
    return found


class Side:
    """The same layer for several replicas, each with weights of its own."""

    def __init__(self, kind: str, shape: tuple[int, ...], seed: int, **options: Any) -> None:
        self.rng = np.random.default_rng(seed)
        epsilon = float(self.rng.choice([1e-3, 0.1]))
        self.layer = kinds()[kind](epsilon=epsilon, **options)
        self.model = keras.Sequential([keras.Input(shape[1:]), self.layer])
        self.x = self.rng.normal(1, 2, (REPLICAS, *shape)).astype(np.float32)
        like = self.model.get_weights()
        self.weights = [self.rng.uniform(0.5, 2, (REPLICAS, *w.shape)) for w in like]
        self.weights = [weight.astype(np.float32) for weight in self.weights]

    def ours(self, training: bool) -> tuple[np.ndarray, dict[int, Any], list[np.ndarray]]:
        """Outputs, new statistics, and gradients of a weighted sum of the outputs."""
        x, weights = tf.constant(self.x), [tf.constant(weight) for weight in self.weights]
        with tf.GradientTape() as tape:
            tape.watch([x, *weights])
            y, updates = rule_for(self.layer)(self.layer, weights, x, None, training)
            total = tf.reduce_sum(y * tf.constant(self.upstream()))
        own = weights[: len(self.layer.trainable_weights)]
        return y.numpy(), updates, [part.numpy() for part in tape.gradient(total, [x, *own])]

    def upstream(self) -> np.ndarray:
        return np.random.default_rng(0).normal(size=self.x.shape).astype(np.float32)

    def keras(self, replica: int, training: bool) -> tuple[np.ndarray, list[np.ndarray]]:
        """The same of one replica; the layer's weights are then what training left."""
        self.model.set_weights([weight[replica] for weight in self.weights])
        x = tf.constant(self.x[replica])
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = self.model(x, training=training)
            total = tf.reduce_sum(y * tf.constant(self.upstream()[replica]))
        sources = [x, *(weight.value for weight in self.layer.trainable_weights)]
        return y.numpy(), [part.numpy() for part in tape.gradient(total, sources)]


@pytest.mark.parametrize("kind", kinds())
@settings(max_examples=15, deadline=None)
@given(shapes(), st.booleans(), st.booleans(), st.booleans(), st.booleans(), st.integers(0, 99))
def test_a_rule_computes_what_the_layer_of_keras_computes(
    kind: str,
    shape: tuple[int, ...],
    center: bool,
    scale: bool,
    training: bool,
    frozen: bool,
    seed: int,
) -> None:
    side = Side(kind, shape, seed, center=center, scale=scale)
    if frozen and kind in MOVING:  # then Keras takes the moving statistics in training too
        side.layer.trainable = False
    y, updates, gradients = side.ours(training)
    assert bool(updates) == (kind in MOVING and training and not frozen)
    for replica in range(REPLICAS):
        expected, theirs = side.keras(replica, training)
        np.testing.assert_allclose(y[replica], expected, **CLOSE)
        for one, other in zip(gradients, theirs, strict=True):
            np.testing.assert_allclose(one[replica], other, rtol=1e-3, atol=2e-3)
        for index, after in enumerate(side.model.get_weights()):
            now = updates.get(index, side.weights[index])
            np.testing.assert_allclose(now[replica], after, rtol=1e-5)


def centred(x: Any, gamma: Any, beta: Any, epsilon: float) -> tuple[Any]:
    """Batch normalisation without its division."""
    return (x - _over_batch(np.mean, x) + (0 if beta is None else beta),)


def scaled(x: Any, gamma: Any, beta: Any, epsilon: float) -> tuple[Any]:
    """Batch normalisation without its subtraction; the variance is about the mean all the same."""
    variance = _over_batch(np.mean, (x - _over_batch(np.mean, x)) ** 2)
    return (x / np.sqrt(variance + epsilon) * (1 if gamma is None else gamma),)


def by_ghost(size: int) -> Callable[..., tuple[Any]]:
    """Batch normalisation of every ghost batch by itself: x[0::G], x[1::G], ..."""

    def formula(x: Any, gamma: Any, beta: Any, epsilon: float) -> tuple[Any]:
        y, count = np.empty_like(x), max(1, len(x) // size)
        for ghost in range(count):
            part, *_ = reference.batch_norm_train(x[ghost::count], gamma, beta, epsilon=epsilon)
            y[ghost::count] = part
        return (y,)

    return formula


def _over_batch(statistic: Any, x: np.ndarray) -> Any:
    return statistic(x, axis=tuple(range(x.ndim - 1)))


FORMULAS: dict[str, Callable[..., Any]] = {
    "mean": centred,
    "variance": scaled,
    "batch": reference.batch_norm_train,
    "ghosts": by_ghost(2),
    "one ghost": by_ghost(4),
    "layer": reference.layer_norm,
    "one group": lambda *given, **options: reference.group_norm(*given, groups=1, **options),
    "two groups": lambda *given, **options: reference.group_norm(*given, groups=2, **options),
    "instance": reference.instance_norm,
    "rms": lambda x, scale, beta, **options: reference.rms_norm(x, scale, **options),
}


@pytest.mark.parametrize("kind", [kind for kind in kinds() if "renorm" not in kind])
@settings(max_examples=15, deadline=None)
@given(shapes(), st.booleans(), st.booleans(), st.integers(0, 99))
def test_a_rule_computes_the_formula_of_the_book(
    kind: str, shape: tuple[int, ...], center: bool, scale: bool, seed: int
) -> None:
    side = Side(kind, shape, seed, center=center, scale=scale)
    y, *_ = side.ours(training=True)
    names = [weight.name for weight in side.layer.weights]
    for replica in range(REPLICAS):
        own = {n: w[replica] for n, w in zip(names, side.weights, strict=True)}
        gamma, beta = own.get("gamma", own.get("scale")), own.get("beta")
        x, epsilon = side.x[replica].astype(float), getattr(side.layer, "epsilon", 0.0)
        expected, *_ = FORMULAS[kind](x, gamma, beta, epsilon=epsilon)
        np.testing.assert_allclose(y[replica], expected, **CLOSE)


@needs_renorm
@pytest.mark.parametrize("shape", [(6, 4), (3, 2, 3, 4)])
def test_unbounded_renormalisation_is_what_its_moving_statistics_make_of_x(
    shape: tuple[int, ...],
) -> None:
    """In its value; its gradient is that of batch normalisation, times r, gamma being 1."""
    side = Side("renorm", shape, 0, center=False, scale=False)
    y, _, (dx, *_) = side.ours(training=True)
    named = dict(zip([w.name for w in side.layer.weights], side.weights, strict=True))
    for replica in range(REPLICAS):
        x, epsilon = side.x[replica].astype(float), side.layer.epsilon
        mean, std = named["renorm_mean"][replica], named["renorm_stddev"][replica]
        np.testing.assert_allclose(y[replica], (x - mean) / std, **CLOSE)
        _, cache = reference.batch_norm_train(x, None, None, epsilon=epsilon)
        r = np.sqrt(_over_batch(np.var, x) + epsilon) / std
        through, *_ = reference.batch_norm_backward(side.upstream()[replica] * r, cache)
        np.testing.assert_allclose(dx[replica], through, rtol=1e-3, atol=1e-3)


@needs_renorm
def test_renormalisation_within_no_bounds_is_batch_normalisation() -> None:
    """Of r = 1 and d = 0, with which Ioffe's training begins."""
    x = np.random.default_rng(0).normal(3, 2, (20, 5)).astype(np.float32)
    bounds = {"rmin": 1.0, "rmax": 1.0, "dmax": 0.0}
    layer = keras.layers.BatchNormalization(renorm=True, renorm_clipping=bounds)
    whole = keras.layers.BatchNormalization()
    np.testing.assert_allclose(layer(x, training=True), whole(x, training=True), **CLOSE)
    weights = [tf.constant(weight[None]) for weight in layer.get_weights()]
    keras.Sequential([keras.Input((5,)), layer])
    y, _ = rule_for(layer)(layer, weights, tf.constant(x[None]), None, True)
    np.testing.assert_allclose(y[0], whole(x, training=True), **CLOSE)


def test_the_halves_make_the_whole() -> None:
    """Centring, then scaling, is batch normalisation without gamma and beta; the moments agree."""
    x = np.random.default_rng(0).normal(3, 2, (20, 5)).astype(np.float32)
    whole = keras.layers.BatchNormalization(center=False, scale=False)
    halves = own.BatchCentering(center=False), own.BatchScaling(scale=False)
    together = halves[1](halves[0](x, training=True), training=True)
    np.testing.assert_allclose(together, whole(x, training=True), **CLOSE)
    np.testing.assert_allclose(halves[0].moving_mean, whole.moving_mean, rtol=1e-5)
    np.testing.assert_allclose(halves[1].moving_variance, whole.moving_variance, rtol=1e-5)


@pytest.mark.parametrize("shape", [(7, 3), (4, 2, 2, 3)])
def test_a_ghost_batch_of_the_whole_batch_is_batch_normalisation(shape: tuple[int, ...]) -> None:
    """And with the same weights ghost batches of any size leave the same moving mean."""
    x = np.random.default_rng(0).normal(3, 2, shape).astype(np.float32)
    whole = keras.layers.BatchNormalization()
    one, parts = map(own.GhostBatchNormalization, (len(x), 2))
    expected = whole(x, training=True)
    np.testing.assert_allclose(one(x, training=True), expected, **CLOSE)
    assert not np.allclose(parts(x, training=True), expected, **CLOSE)
    for layer in (one, parts):
        np.testing.assert_allclose(layer.moving_mean, whole.moving_mean, rtol=1e-5)
    np.testing.assert_allclose(one.moving_variance, whole.moving_variance, rtol=1e-5)
    assert (np.asarray(parts.moving_variance) < np.asarray(whole.moving_variance)).all()


def test_a_copy_has_ghost_batches_of_the_same_size() -> None:
    layer = own.GhostBatchNormalization(3, momentum=0.9, scale=False)
    copy = own.GhostBatchNormalization.from_config(layer.get_config())
    assert (copy.ghost, copy.momentum, copy.scale) == (3, 0.9, False)


def test_what_only_scales_divides_by_what_the_whole_divides_by() -> None:
    """A large mean does not make it smaller: mean and all, it is divided by the deviation."""
    x = np.random.default_rng(0).normal(0, 2, (50, 3)).astype(np.float32) + 100
    y = np.asarray(own.BatchScaling(epsilon=0.0)(x, training=True))
    np.testing.assert_allclose(y.std(axis=0), 1, rtol=1e-3)
    np.testing.assert_allclose(y.mean(axis=0), x.mean(axis=0) / x.std(axis=0), rtol=1e-3)


def test_data_that_all_replicas_share_serve_each() -> None:
    """A normalisation may be the first layer: x is then (1, batch, ...)."""
    for kind in kinds():
        side = Side(kind, (4, 3, 6), 0, center=True, scale=True)
        side.x = side.x[:1]
        weights = [tf.constant(weight) for weight in side.weights]
        y, _ = rule_for(side.layer)(side.layer, weights, tf.constant(side.x), None, True)
        side.x = np.repeat(side.x, REPLICAS, axis=0)
        np.testing.assert_allclose(y, side.ours(training=True)[0], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda: keras.layers.BatchNormalization(axis=1), "must work on the last axis"),
        (lambda: keras.layers.LayerNormalization(axis=(1, 2)), "must work on the last axis"),
        (lambda: keras.layers.GroupNormalization(2, axis=2), "must work on the last axis"),
        (lambda: keras.layers.BatchNormalization(gamma_regularizer="l2"), "a gamma_regularizer"),
    ],
)
def test_what_has_no_rule_is_refused(make: Callable[[], Any], problem: str) -> None:
    layer = make()
    keras.Sequential([keras.Input((4, 4, 4)), layer])
    with pytest.raises(UnsupportedLayer, match=problem):
        rule_for(layer)


@pytest.mark.parametrize("name", ["renorm", "rms_scaling"])
def test_variants_that_keras_may_have_are_refused(name: str) -> None:
    """As flags of the layer, which not every Keras can make; ghost batches have no renorm."""
    ghosts = name == "renorm"
    layer = own.GhostBatchNormalization(2) if ghosts else keras.layers.LayerNormalization()
    keras.Sequential([keras.Input((4,)), layer])
    setattr(layer, name, True)
    with pytest.raises(UnsupportedLayer, match=f"must have no {name}"):
        rule_for(layer)
