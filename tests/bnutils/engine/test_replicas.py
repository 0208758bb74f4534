"""The engine trains what ``model.fit`` trains."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bnutils.models import MLP, ConvNet, convnet, import_keras, initial_weights, mlp
from bnutils.optimizers import DEFAULT_RATES, Optimizer

keras = import_keras()

from bnutils.engine.layers import rule_for  # noqa: E402
from bnutils.engine.loop import WORTH_COMPILING  # noqa: E402
from bnutils.engine.memory import group_sizes, replica_bytes  # noqa: E402
from bnutils.engine.randomness import Stream, draws  # noqa: E402
from bnutils.engine.replicas import EVALUATED, Replicas  # noqa: E402
from bnutils.engine.schedule import most_steps, plan  # noqa: E402
from bnutils.errors import MemoryBudgetError, UnsupportedLayer  # noqa: E402

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


def _engine(architecture: Any, seeds: Any, optimizer: Optimizer, compiled: bool) -> Replicas:
    models = [architecture.build((SIDE, SIDE), 10, seed) for seed in seeds]
    starts = [model.get_weights() for model in models]
    engine = Replicas(models[0], starts, optimizer)
    engine.prepare(EXAMPLES // BATCH, BATCH, WORTH_COMPILING if compiled else 1)
    return engine


def _drawn(seeds: Any, engine: Replicas) -> list[Any]:
    pieces = plan(EXAMPLES, BATCH, [STEPS], EXAMPLES // BATCH)
    return list(draws(seeds, pieces, EXAMPLES, engine.mask_shapes()))


def _trained(engine: Replicas, seeds: Any) -> np.ndarray:
    """Train on the test data; the losses, shape (steps, R)."""
    x, y = _data()
    parts = [engine.run(x, y, order, masks)[0] for _, order, masks in _drawn(seeds, engine)]
    return np.concatenate(parts)


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


def _compare(architecture: MLP | ConvNet, optimizer: Optimizer, compiled: bool) -> None:
    x, y = _data()
    engine = _engine(architecture, SEEDS, optimizer, compiled)
    losses = _trained(engine, SEEDS)
    assert losses.shape == (STEPS, len(SEEDS))
    pieces = _drawn(SEEDS, engine)
    models = [architecture.build((SIDE, SIDE), 10, seed) for seed in SEEDS]
    for replica, model in enumerate(models):
        alone = _with_given_masks(model)
        expected = _keras_losses(alone, optimizer.keras(), x, y, pieces, replica)
        np.testing.assert_allclose(losses[:, replica], expected, rtol=TOLERANCE, atol=TOLERANCE)
        mine = [weight[replica] for weight in engine.all_weights()]
        pairs = zip(mine, alone.get_weights(), _dead(alone), strict=True)
        for ours, theirs, dead in pairs:
            if not dead:
                np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=2e-4)
        loss, _ = engine.score(x, y)
        probabilities = alone.predict(x, verbose=0)
        expected_loss = -np.log(probabilities[np.arange(EXAMPLES), y]).mean()
        assert loss[replica] == pytest.approx(expected_loss, rel=1e-3)


@pytest.mark.parametrize("compiled", [False, True], ids=["graph", "XLA"])
@pytest.mark.parametrize("name", ARCHITECTURES)
def test_same_losses_weights_and_statistics_as_keras(name: str, compiled: bool) -> None:
    _compare(ARCHITECTURES[name], Optimizer("adam"), compiled)


@pytest.mark.parametrize("compiled", [False, True], ids=["graph", "XLA"])
@pytest.mark.parametrize("name", DEFAULT_RATES)
def test_every_optimiser_is_keras_own(name: str, compiled: bool) -> None:
    _compare(ARCHITECTURES["batch"], Optimizer(name), compiled)


@pytest.mark.parametrize("compiled", [False, True], ids=["graph", "XLA"])
@pytest.mark.parametrize("name", ["dropout", "conv batch"])
def test_a_seed_sees_the_same_losses_whatever_it_is_grouped_with(name: str, compiled: bool) -> None:
    """Random numbers are the same; only rounding may differ, by a few units in the last place."""
    optimizer, together = Optimizer("adam"), (4, 1, 7)
    grouped = _trained(_engine(ARCHITECTURES[name], together, optimizer, compiled), together)
    for column, seed in enumerate(together):
        alone = _trained(_engine(ARCHITECTURES[name], (seed,), optimizer, compiled), (seed,))
        np.testing.assert_allclose(grouped[:, column], alone[:, 0], rtol=1e-5)


@pytest.mark.parametrize("compiled", [False, True], ids=["graph", "XLA"])
def test_the_same_call_gives_the_same_bits(compiled: bool) -> None:
    def weights() -> list[np.ndarray]:
        engine = _engine(ARCHITECTURES["dropout"], SEEDS, Optimizer("adam"), compiled)
        _trained(engine, SEEDS)
        return engine.all_weights()

    for first, second in zip(weights(), weights(), strict=True):
        np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("compiled", [False, True], ids=["graph", "XLA"])
def test_losses_of_certain_and_wrong_answers_are_keras_own(compiled: bool) -> None:
    """Where probabilities round to 0 and 1, Keras takes the logits: losses far above 16."""
    x, y = _data()
    engine = _engine(ARCHITECTURES["plain"], SEEDS, Optimizer("sgd"), compiled)
    for variable in engine.trainable:
        variable.assign(30 * variable)
    model = ARCHITECTURES["plain"].build((SIDE, SIDE), 10, SEEDS[1])
    model.set_weights([weight[1] for weight in engine.all_weights()])
    model.compile("sgd", "sparse_categorical_crossentropy")
    expected = model.evaluate(x, y, verbose=0)
    assert expected > 100
    assert engine.score(x, y)[0][1] == pytest.approx(expected, rel=1e-5)
    first = _trained(engine, SEEDS)[0, 1]
    rows = Stream(SEEDS[1]).order(0, EXAMPLES)[:BATCH]
    assert first == pytest.approx(model.evaluate(x[rows], y[rows], verbose=0), rel=1e-5)


@pytest.mark.parametrize("architecture", ARCHITECTURES.values(), ids=ARCHITECTURES)
def test_weights_for_another_seed_are_those_that_it_builds(architecture: Any) -> None:
    drawn = initial_weights(architecture.build((SIDE, SIDE), 10, seed=3), seed=11)
    built = architecture.build((SIDE, SIDE), 10, seed=11).get_weights()
    for ours, theirs in zip(drawn, built, strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("optimizer", ["momentum", "adamw"])
def test_a_restarted_program_forgets_everything(optimizer: str) -> None:
    architecture = ARCHITECTURES["dropout"]
    engine = _engine(architecture, (8, 9), Optimizer(optimizer), compiled=True)
    _trained(engine, (8, 9))
    engine.restart([architecture.build((SIDE, SIDE), 10, seed).get_weights() for seed in SEEDS])
    fresh = _engine(architecture, SEEDS, Optimizer(optimizer), compiled=True)
    np.testing.assert_array_equal(_trained(engine, SEEDS), _trained(fresh, SEEDS))


@pytest.mark.parametrize("compiled", [False, True], ids=["graph", "XLA"])
def test_a_nan_stays_in_its_replica(compiled: bool) -> None:
    engine = _engine(ARCHITECTURES["batch"], SEEDS, Optimizer("adam"), compiled)
    kernel = engine.trainable[0]
    kernel.assign(np.stack([np.full(kernel.shape[1:], np.nan), kernel[1]]))
    losses = _trained(engine, SEEDS)
    assert np.isnan(losses[:, 0]).all()
    assert np.isfinite(losses[:, 1]).all()


@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize("kernel", [(3, 3), (2, 4), (1, 1)])
@pytest.mark.parametrize("strides", [(1, 1), (2, 3)])
def test_patches_times_kernel_is_the_convolution(
    padding: str, kernel: tuple[int, int], strides: tuple[int, int]
) -> None:
    layer = keras.layers.Conv2D(5, kernel, strides, padding, activation="tanh")
    model = keras.Sequential([keras.Input((9, 7, 3)), layer])
    x = np.random.default_rng(0).normal(size=(1, 4, 9, 7, 3)).astype(np.float32)
    weights = [weight[None] for weight in model.get_weights()]
    for training in (True, False):
        ours, _ = rule_for(layer)(layer, weights, x, None, training)
        np.testing.assert_allclose(ours[0], model(x[0]), rtol=1e-5, atol=1e-6)


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
        Replicas(model, [model.get_weights()], Optimizer("sgd"))


@st.composite
def plans(draw: st.DrawFn) -> tuple[int, int, list[int]]:
    examples = draw(st.integers(1, 40))
    batch = draw(st.integers(1, examples))
    stops = draw(st.lists(st.integers(1, 60), min_size=1, max_size=4, unique=True))
    return examples, batch, sorted(stops)


@given(plans(), st.lists(st.integers(0, 99), min_size=1, max_size=3, unique=True))
def test_pieces_see_the_data_as_fit_does(
    schedule: tuple[int, int, list[int]], seeds: list[int]
) -> None:
    examples, batch, stops = schedule
    pieces = plan(examples, batch, stops, 7)
    ends, seen = [], []
    for piece, order, masks in draws(seeds, pieces, examples, [(0.5, (3,))]):
        assert order.shape == (piece.steps, len(seeds), piece.batch_size)
        assert masks[0].shape == (*order.shape, 3)
        assert piece.steps <= 7
        ends.append(piece.done)
        seen += [row.tolist() for row in order[:, 0]]
    assert set(stops) <= set(ends)
    assert len(seen) == ends[-1] == stops[-1]
    per_epoch = -(-examples // batch)
    for epoch in range(stops[-1] // per_epoch):
        rows = seen[epoch * per_epoch : (epoch + 1) * per_epoch]
        flat = [example for row in rows for example in row]
        assert flat == Stream(seeds[0]).order(epoch, examples).tolist()


def _all_masks(seeds: list[int], batch: int, most: int = 24) -> np.ndarray:
    pieces = plan(24, batch, [24 // batch], most)
    drawn = draws(seeds, pieces, 24, [(0.3, (5,))])
    return np.concatenate([masks[0][:, seeds.index(3)].reshape(-1, 5) for _, _, masks in drawn])


def test_masks_belong_to_the_seed_not_to_the_group_or_the_batches() -> None:
    alone = _all_masks([3], 8)
    for seeds, batch, most in (([1, 3], 8, 24), ([3], 4, 24), ([3, 9], 12, 24), ([3], 4, 1)):
        np.testing.assert_array_equal(alone, _all_masks(seeds, batch, most))


@pytest.mark.parametrize("rate", [0.0, 0.2, 0.9])
def test_dropout_drops_its_share(rate: float) -> None:
    """Of 200,000 units, within four standard deviations of a binomial."""
    (_, _, masks), *_ = draws([0], plan(200, 200, [1], 1), 200, [(rate, (1000,))])
    spread = np.sqrt(rate * (1 - rate) / masks[0].size)
    assert abs(1 - masks[0].mean() - rate) <= 4 * spread


def test_what_is_drawn_at_a_time_is_bounded() -> None:
    shapes = [(0.2, (128,))]
    few, many = most_steps(10, 32, shapes), most_steps(1000, 32, shapes)
    assert few > many >= 1
    assert most_steps(10**6, 10**4, shapes) == 1


# ---- groups that fit the memory ------------------------------------------------------------
MNIST_NET = mlp(norm="batch").build((28, 28), 10, 0)


def _sizes(seeds: int, memory_gib: float) -> list[int]:
    return group_sizes(MNIST_NET, seeds, 32, EVALUATED, 2, memory_gib)


@given(st.integers(1, 400), st.sampled_from([0.02, 0.1, 1.0, 8.0]))
def test_groups_are_nearly_equal_and_cut_alike_after_an_interruption(
    seeds: int, memory_gib: float
) -> None:
    sizes = _sizes(seeds, memory_gib)
    assert sum(sizes) == seeds
    assert max(sizes) - min(sizes) <= 1
    assert sizes == sorted(sizes, reverse=True)
    if len(sizes) > 1:
        assert _sizes(seeds - sizes[0], memory_gib) == sizes[1:]


def test_less_memory_makes_smaller_groups() -> None:
    assert _sizes(1000, 0.1)[0] < _sizes(1000, 1.0)[0] <= 50
    assert replica_bytes(convnet().build((28, 28), 10, 0), 512, EVALUATED, 2) > replica_bytes(
        convnet().build((28, 28), 10, 0), 512, 1, 0
    )


def test_a_budget_for_less_than_one_replica_is_an_error() -> None:
    with pytest.raises(MemoryBudgetError, match=r"must fit into memory_gib.*0\.001.*Raise"):
        _sizes(3, 0.001)
