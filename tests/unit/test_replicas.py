"""The engine trains what ``model.fit`` trains."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bnutils.models import MLP, ConvNet, convnet, import_keras, mlp
from bnutils.optimizers import DEFAULT_RATES, Optimizer

keras = import_keras()

from bnutils._streams import Stream, chunks  # noqa: E402
from bnutils.errors import UnsupportedLayer  # noqa: E402
from bnutils.replicas import Replicas  # noqa: E402

ARCHITECTURES = {
    "plain": mlp((16, 12), norm=None, dropout=0.0),
    "batch": mlp((16, 12), norm="batch", dropout=0.0),
    "batch after": mlp(16, norm="batch", dropout=0.0, placement="after", activation="tanh"),
    "layer": mlp(16, norm="layer", dropout=0.0),
    "dropout": mlp((16, 12), norm="batch", dropout=0.5),
    "conv plain": convnet((4, 6)),
    "conv batch": convnet((4, 6), norm="batch"),
    "conv layer": convnet((4, 6), norm="layer"),
}
SEEDS, EXAMPLES, BATCH, STEPS, SIDE = (5, 2), 56, 16, 12, 8
FLAT = keras.layers.Flatten
TOLERANCE = 2e-5  # float32, after a dozen steps


class GivenMask(keras.layers.Layer):
    """Dropout with a mask that is given, to compare what is otherwise random."""

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate, self.mask = rate, None

    def call(self, inputs: Any, training: bool = False) -> Any:
        if not training:
            return inputs
        return inputs * keras.ops.cast(self.mask, inputs.dtype) / (1 - self.rate)


class OwnDense(keras.layers.Dense):
    """A layer that is called like one of Keras' and may compute anything."""


def _data() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    x = rng.normal(0.5, 1, (EXAMPLES, SIDE, SIDE)).astype(np.float32)
    return x, rng.integers(0, 10, EXAMPLES)


def _with_given_masks(model: Any) -> Any:
    layers = [
        GivenMask(layer.rate) if isinstance(layer, keras.layers.Dropout) else layer
        for layer in model.layers
    ]
    return keras.Sequential([keras.Input((SIDE, SIDE)), *layers])


def _keras_losses(
    model: Any, optimizer: Any, x: np.ndarray, y: np.ndarray, pieces: list[Any], replica: int
) -> list[float]:
    """Per-step losses of plain Keras on the engine's batches and masks."""
    model.compile(optimizer, "sparse_categorical_crossentropy", run_eagerly=True)
    droppers = [layer for layer in model.layers if isinstance(layer, GivenMask)]
    losses = []
    for _, order, masks in pieces:
        for step in range(len(order)):
            for layer, mask in zip(droppers, masks, strict=True):
                layer.mask = mask[step, replica]
            rows = order[step, replica]
            model.reset_metrics()
            losses.append(float(model.train_on_batch(x[rows], y[rows])))
    return losses


def _dead(model: Any) -> list[bool]:
    """For each weight: is it a bias right before batch normalisation?

    Its gradient is rounding noise, which Adam scales up to full steps; nothing depends on it.
    """
    dead = []
    for layer, after in zip(model.layers, [*model.layers[1:], None], strict=True):
        normalised = isinstance(after, keras.layers.BatchNormalization)
        dead += [normalised and weight.name == "bias" for weight in layer.weights]
    return dead


def _compare(architecture: MLP | ConvNet, optimizer: Optimizer) -> None:
    x, y = _data()
    models = [architecture.build((SIDE, SIDE), 10, seed) for seed in SEEDS]
    engine = Replicas(models, optimizer)
    pieces = list(chunks(SEEDS, EXAMPLES, BATCH, engine.mask_shapes(), [STEPS]))
    results = [engine.run(x, y, order, masks) for _, order, masks in pieces]
    losses = np.concatenate([loss.numpy() for loss, _ in results])
    assert losses.shape == (STEPS, len(SEEDS))
    for replica, model in enumerate(models):
        alone = _with_given_masks(model)
        expected = _keras_losses(alone, optimizer.keras(), x, y, pieces, replica)
        np.testing.assert_allclose(losses[:, replica], expected, rtol=TOLERANCE, atol=TOLERANCE)
        pairs = zip(engine.weights_of(replica), alone.get_weights(), _dead(alone), strict=True)
        for ours, theirs, dead in pairs:
            if not dead:
                np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=2e-4)
        loss, _ = engine.score(x, y)
        probabilities = alone.predict(x, verbose=0)
        expected_loss = -np.log(probabilities[np.arange(EXAMPLES), y]).mean()
        assert loss[replica] == pytest.approx(expected_loss, rel=1e-3)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_same_losses_weights_and_statistics_as_keras(name: str) -> None:
    _compare(ARCHITECTURES[name], Optimizer("adam"))


@pytest.mark.parametrize("name", DEFAULT_RATES)
def test_every_optimiser_is_keras_own(name: str) -> None:
    _compare(ARCHITECTURES["batch"], Optimizer(name))


def test_replicas_do_not_touch_each_other() -> None:
    """A replica sees the same losses whatever it is grouped with."""
    x, y = _data()
    architecture = ARCHITECTURES["dropout"]

    def losses(seeds: tuple[int, ...]) -> np.ndarray:
        models = [architecture.build((SIDE, SIDE), 10, seed) for seed in seeds]
        engine = Replicas(models, Optimizer("adam"))
        parts = chunks(seeds, EXAMPLES, BATCH, engine.mask_shapes(), [STEPS])
        return np.concatenate([engine.run(x, y, o, m)[0].numpy() for _, o, m in parts])

    together = losses((4, 1, 7))
    for column, seed in enumerate((4, 1, 7)):
        np.testing.assert_allclose(together[:, column], losses((seed,))[:, 0], rtol=1e-5)


def test_the_same_call_gives_the_same_bits() -> None:
    x, y = _data()

    def weights() -> list[np.ndarray]:
        models = [ARCHITECTURES["dropout"].build((SIDE, SIDE), 10, seed) for seed in SEEDS]
        engine = Replicas(models, Optimizer("adam"))
        for _, order, masks in chunks(SEEDS, EXAMPLES, BATCH, engine.mask_shapes(), [STEPS]):
            engine.run(x, y, order, masks)
        return engine.weights_of(0)

    for first, second in zip(weights(), weights(), strict=True):
        np.testing.assert_array_equal(first, second)


def test_a_nan_stays_in_its_replica() -> None:
    x, y = _data()
    models = [ARCHITECTURES["batch"].build((SIDE, SIDE), 10, seed) for seed in SEEDS]
    weights = models[0].get_weights()
    weights[0][:] = np.nan
    models[0].set_weights(weights)
    engine = Replicas(models, Optimizer("adam"))
    for _, order, masks in chunks(SEEDS, EXAMPLES, BATCH, [], [STEPS]):
        losses = engine.run(x, y, order, masks)[0].numpy()
        assert np.isnan(losses[:, 0]).all()
        assert np.isfinite(losses[:, 1]).all()


@pytest.mark.parametrize(
    ("layers", "name"),
    [
        (lambda: [keras.layers.Flatten(), keras.layers.PReLU()], "PReLU"),
        (lambda: [keras.layers.BatchNormalization(axis=1)], "BatchNormalization"),
        (lambda: [keras.layers.BatchNormalization(scale=False)], "BatchNormalization"),
        (lambda: [keras.layers.BatchNormalization(trainable=False)], "BatchNormalization"),
        (lambda: [keras.layers.Flatten(), OwnDense(3)], "OwnDense"),
        (lambda: [FLAT(), keras.layers.Dense(3, kernel_regularizer="l2")], "Dense"),
        (
            lambda: [keras.layers.Flatten(), keras.layers.Dense(3, bias_constraint="non_neg")],
            "Dense",
        ),
        (lambda: [keras.layers.Dense(3)], "Dense"),
        (lambda: [keras.layers.Dropout(0.5, noise_shape=(1, 8, 8))], "Dropout"),
    ],
)
def test_an_unsupported_layer_is_named_with_a_way_out(layers: Any, name: str) -> None:
    model = keras.Sequential([keras.Input((SIDE, SIDE)), *layers(), keras.layers.Flatten()])
    with pytest.raises(UnsupportedLayer, match=rf"\({name}\).*engine='keras'"):
        Replicas([model], Optimizer("sgd"))


@st.composite
def plans(draw: st.DrawFn) -> tuple[int, int, list[int]]:
    examples = draw(st.integers(1, 40))
    batch = draw(st.integers(1, examples))
    stops = draw(st.lists(st.integers(1, 60), min_size=1, max_size=4, unique=True))
    return examples, batch, sorted(stops)


@given(plans(), st.lists(st.integers(0, 99), min_size=1, max_size=3, unique=True))
def test_chunks_see_the_data_as_fit_does(
    plan: tuple[int, int, list[int]], seeds: list[int]
) -> None:
    examples, batch, stops = plan
    ends, seen = [], []
    for done, order, masks in chunks(seeds, examples, batch, [(0.5, (3,))], stops):
        steps, replicas, size = order.shape
        assert masks[0].shape == (steps, replicas, size, 3)
        assert replicas == len(seeds)
        ends.append(done)
        seen += [(row.tolist(), size) for row in order[:, 0]]
    assert set(stops) <= set(ends)
    assert len(seen) == ends[-1] == stops[-1]
    per_epoch = -(-examples // batch)
    for epoch in range(stops[-1] // per_epoch):
        rows = [row for row, _ in seen[epoch * per_epoch : (epoch + 1) * per_epoch]]
        flat = [example for row in rows for example in row]
        assert flat == Stream(seeds[0]).order(epoch, examples).tolist()


def _all_masks(seeds: list[int], batch: int) -> Iterator[np.ndarray]:
    for _, _, masks in chunks(seeds, 24, batch, [(0.5, (5,))], [24 // batch]):
        yield masks[0][:, seeds.index(3)].reshape(-1, 5)


def test_masks_belong_to_the_seed_not_to_the_group_or_the_batch_size() -> None:
    alone = np.concatenate(list(_all_masks([3], 8)))
    for seeds, batch in (([1, 3], 8), ([3], 4), ([3, 9], 12)):
        np.testing.assert_array_equal(alone, np.concatenate(list(_all_masks(seeds, batch))))
    assert 0.3 < alone.mean() < 0.7
