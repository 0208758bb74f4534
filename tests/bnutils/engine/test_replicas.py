"""The engine trains what ``model.fit`` trains."""

from typing import Any

import numpy as np
import pytest

from bnutils import layers as own
from bnutils.engine.loop import WORTH_COMPILING
from bnutils.engine.randomness import Stream
from bnutils.optimizers import RULES, Optimizer
from tests.bnutils.engine.small import (
    ARCHITECTURES,
    BATCH,
    EXAMPLES,
    SEEDS,
    SIDE,
    STEPS,
    built,
    drawn,
    images,
    keras,
    replicas,
    trained,
)

ALL = np.arange(EXAMPLES)[None]  # rows
TOLERANCE = 2e-5  # float32, after a dozen steps
in_both_programs = pytest.mark.parametrize("compiled", [False, True], ids=["graph", "XLA"])


class GivenMask(keras.layers.Layer):
    """Dropout with a mask that is given, to compare what is otherwise random."""

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate, self.mask = rate, None

    def call(self, inputs: Any, training: bool = False) -> Any:
        if not training:
            return inputs
        return inputs * keras.ops.cast(self.mask, inputs.dtype) / (1 - self.rate)


def _with_given_masks(model: Any) -> Any:
    if isinstance(model, keras.Sequential):
        layers = [_masked(layer, layer) for layer in model.layers]
        return keras.Sequential([keras.Input((SIDE, SIDE)), *layers])
    copy = lambda layer: _masked(layer, type(layer).from_config(layer.get_config()))  # noqa: E731
    cloned = keras.models.clone_model(model, clone_function=copy)
    cloned.set_weights(model.get_weights())
    return cloned


def _masked(layer: Any, otherwise: Any) -> Any:
    return GivenMask(layer.rate) if isinstance(layer, keras.layers.Dropout) else otherwise


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
    """For each weight: is it a bias right before what takes the mean out of each channel?

    Its gradient is rounding noise, which Adam scales up to full steps; nothing depends on it.
    """
    dead = []
    for layer, after in zip(model.layers, [*model.layers[1:], None], strict=True):
        normalised = _normalises(after) or isinstance(after, own.BatchCentering)
        normalised |= getattr(after, "groups", 0) == layer.output.shape[-1]
        dead += [normalised and weight.name == "bias" for weight in layer.weights]
    return dead


class Frozen:
    """A network of one's own with layers that are frozen as layers, as Keras' users do it."""

    def build(self, input_shape: tuple[int, ...], classes: int, seed: int) -> Any:
        layers, normalisation = keras.layers, keras.layers.BatchNormalization
        model = keras.Sequential([
            keras.Input(input_shape),
            layers.Reshape((*input_shape, 1)),
            layers.Conv2D(4, 3, kernel_initializer=_uniform(seed)),
            normalisation(),
            layers.Conv2D(6, 3, strides=2, kernel_initializer=_uniform(seed + 1)),
            normalisation(trainable=False, scale=False),
            layers.Activation("relu"),
            layers.Flatten(),
            layers.Dense(12, trainable=False, kernel_initializer=_uniform(seed + 2)),
            normalisation(center=False),
            layers.Dense(classes, "softmax", kernel_initializer=_uniform(seed + 3)),
        ])  # fmt: skip
        for layer in model.layers[1:3]:
            layer.trainable = False
        for layer in model.layers:
            if _normalises(layer):
                layer.moving_mean.assign(np.linspace(-0.1, 0.3, layer.moving_mean.shape[0]))
        return model


def _normalises(layer: Any) -> bool:
    return isinstance(layer, keras.layers.BatchNormalization)


def _uniform(seed: int) -> Any:
    return keras.initializers.GlorotUniform(seed=seed)


def _compare(architecture: Any, optimizer: str, compiled: bool) -> None:
    x, y = images()
    networks = replicas(architecture, compiled, SEEDS, optimizer)
    losses = trained(networks)
    assert losses.shape == (STEPS, len(SEEDS))
    pieces = drawn(networks)
    for replica, model in enumerate(built(architecture)):
        alone = _with_given_masks(model)
        expected = _keras_losses(alone, Optimizer(optimizer).keras(), x, y, pieces, replica)
        np.testing.assert_allclose(losses[:, replica], expected, rtol=TOLERANCE, atol=TOLERANCE)
        mine = [weight[replica] for weight in networks.all_weights()]
        pairs = zip(mine, alone.get_weights(), _dead(alone), strict=True)
        for ours, theirs, dead in pairs:
            if not dead:
                np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=2e-4)
        loss, right = networks.score(ALL)
        probabilities = alone.predict(x, verbose=0)
        expected_loss = -np.log(probabilities[np.arange(EXAMPLES), y]).mean()
        assert loss[replica] == pytest.approx(expected_loss, rel=1e-3)
        clear = np.diff(np.sort(probabilities)[:, -2:])[:, 0] > 1e-3
        answers = probabilities.argmax(axis=1) == y
        np.testing.assert_array_equal(right[replica][clear], answers[clear])


@in_both_programs
@pytest.mark.parametrize("name", ARCHITECTURES)
def test_same_losses_weights_and_statistics_as_keras(name: str, compiled: bool) -> None:
    _compare(ARCHITECTURES[name], "adam", compiled)


@in_both_programs
def test_layers_that_are_frozen_as_layers_do_what_they_do_in_keras(compiled: bool) -> None:
    """A frozen BatchNormalization takes its moving statistics, and leaves them as they are."""
    _compare(Frozen(), "sgd", compiled)
    networks = replicas(Frozen(), compiled)  # type: ignore[arg-type]
    (model, _), begun = built(Frozen()), networks.all_weights()  # type: ignore[arg-type]
    trained(networks)
    changing = [*model.trainable_weights, *model.layers[8].weights]
    changes = {id(weight) for weight in changing}
    assert len(changes) == 7  # of a convolution 2, of the last normalisation 3, of the head 2
    for weight, before, now in zip(model.weights, begun, networks.all_weights(), strict=True):
        assert np.array_equal(before, now) != (id(weight) in changes), weight.path


@in_both_programs
@pytest.mark.parametrize("name", ["affine", "head", "hidden"])
def test_what_does_not_learn_stays_bit_for_bit(name: str, compiled: bool) -> None:
    networks = replicas(ARCHITECTURES[name], compiled, optimizer="adamw")
    begun, (model, _) = networks.all_weights(), built(ARCHITECTURES[name])
    trained(networks)
    learns = {id(weight) for weight in model.trainable_weights}
    for weight, before, now in zip(model.weights, begun, networks.all_weights(), strict=True):
        if not weight.name.startswith("moving"):
            assert np.array_equal(before, now) != (id(weight) in learns), weight.path


@in_both_programs
@pytest.mark.parametrize("optimizer", RULES)
def test_same_losses_with_every_optimiser(optimizer: str, compiled: bool) -> None:
    _compare(ARCHITECTURES["batch"], optimizer, compiled)


@in_both_programs
@pytest.mark.parametrize(
    "name", ["dropout", "conv batch", "conv group", "conv noise", "residual dropout"]
)
def test_a_seed_sees_the_same_losses_whatever_it_is_grouped_with(name: str, compiled: bool) -> None:
    """Random numbers are the same; only rounding may differ, by a few units in the last place."""
    together = (4, 1, 7)
    grouped = trained(replicas(ARCHITECTURES[name], compiled, together), together)
    for column, seed in enumerate(together):
        alone = trained(replicas(ARCHITECTURES[name], compiled, (seed,)), (seed,))
        np.testing.assert_allclose(grouped[:, column], alone[:, 0], rtol=1e-5)


@in_both_programs
def test_the_same_call_gives_the_same_bits(compiled: bool) -> None:
    def weights() -> list[np.ndarray]:
        networks = replicas(ARCHITECTURES["dropout"], compiled)
        trained(networks)
        return networks.all_weights()

    for first, second in zip(weights(), weights(), strict=True):
        np.testing.assert_array_equal(first, second)


@in_both_programs
def test_losses_of_certain_and_wrong_answers_are_keras_own(compiled: bool) -> None:
    """Where probabilities round to 0 and 1, Keras takes the logits: losses far above 16."""
    x, y = images()
    networks = replicas(ARCHITECTURES["plain"], compiled, optimizer="sgd")
    for variable in networks.trainable:
        variable.assign(30 * variable)
    _, model = built(ARCHITECTURES["plain"])
    model.set_weights([weight[1] for weight in networks.all_weights()])
    model.compile("sgd", "sparse_categorical_crossentropy")
    expected = model.evaluate(x, y, verbose=0)
    assert expected > 100
    assert networks.score(ALL)[0][1] == pytest.approx(expected, rel=1e-5)
    first = trained(networks)[0, 1]
    rows = Stream(SEEDS[1]).order(0, EXAMPLES)[:BATCH]
    assert first == pytest.approx(model.evaluate(x[rows], y[rows], verbose=0), rel=1e-5)


@pytest.mark.parametrize("optimizer", ["momentum", "adamw"])
def test_who_begins_anew_has_forgotten_everything(optimizer: str) -> None:
    architecture = ARCHITECTURES["dropout"]
    networks = replicas(architecture, True, (8, 9), optimizer)
    trained(networks, (8, 9))
    networks.begin([model.get_weights() for model in built(architecture)])
    fresh = replicas(architecture, True, SEEDS, optimizer)
    np.testing.assert_array_equal(trained(networks), trained(fresh))


@in_both_programs
def test_a_nan_stays_in_its_replica(compiled: bool) -> None:
    networks = replicas(ARCHITECTURES["batch"], compiled)
    kernel = networks.trainable[0]
    kernel.assign(np.stack([np.full(kernel.shape[1:], np.nan), kernel[1]]))
    losses = trained(networks)
    assert np.isnan(losses[:, 0]).all()
    assert np.isfinite(losses[:, 1]).all()


def test_weights_come_in_the_order_of_keras_and_are_copies() -> None:
    networks = replicas(ARCHITECTURES["batch"], compiled=False)
    begun = networks.all_weights()
    for replica, model in enumerate(built(ARCHITECTURES["batch"])):
        for ours, theirs in zip(begun, model.get_weights(), strict=True):
            np.testing.assert_array_equal(ours[replica], theirs)
    kept = [weight.copy() for weight in begun]
    trained(networks)
    for before, now in zip(kept, begun, strict=True):
        np.testing.assert_array_equal(before, now)


def test_a_program_is_made_for_long_trainings_and_kept() -> None:
    networks = replicas(ARCHITECTURES["plain"], compiled=False)
    assert networks.loop.shape is None
    networks.prepare(3, BATCH, WORTH_COMPILING)
    program = networks.loop
    assert program.shape == (3, BATCH)
    networks.prepare(3, BATCH, WORTH_COMPILING + 1)
    assert networks.loop is program
