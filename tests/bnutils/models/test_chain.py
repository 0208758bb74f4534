"""What is a chain of layers with shortcuts, and what is refused."""

from typing import Any

import numpy as np
import pytest

from bnutils.datasets import load
from bnutils.errors import UnsupportedLayer
from bnutils.models import import_keras, mlp
from bnutils.models.chain import computing, require_chain, shortcuts, takers
from bnutils.store import MemoryStore
from bnutils.training import compare

keras = import_keras()
layers = keras.layers
DATA = load("digits").take(120)


def image() -> Any:
    return keras.Input((4,))


def dense() -> Any:
    return layers.Dense(4)


def two_branches() -> Any:
    x = image()
    return keras.Model(x, layers.Add()([dense()(x), dense()(x)]))


def sum_of_three() -> Any:
    x = image()
    y = dense()(x)
    z = dense()(y)
    return keras.Model(x, layers.Add()([x, y, z]))


def doubled() -> Any:
    x = dense()(start := image())
    return keras.Model(start, layers.Add()([x, x]))


def called_twice() -> Any:
    x, layer = image(), dense()
    return keras.Model(x, layer(dense()(layer(x))))


def called_at_the_end_again() -> Any:
    x, layer = image(), dense()
    return keras.Model(x, layer(layer(x)))


def two_inputs() -> Any:
    x, y = image(), image()
    return keras.Model([x, y], layers.Add()([x, dense()(y)]))


def two_outputs() -> Any:
    x = dense()(start := image())
    return keras.Model(start, [x, dense()(x)])


def past_the_layer_before() -> Any:
    x = dense()(start := image())
    return keras.Model(start, [dense()(x), layers.Activation("relu")(x)])


NO_CHAINS = [
    two_branches, sum_of_three, doubled, called_twice, called_at_the_end_again, two_inputs,
    two_outputs, past_the_layer_before,
]  # fmt: skip


@pytest.mark.parametrize("make", NO_CHAINS)
def test_what_is_no_chain_is_refused(make: Any) -> None:
    with pytest.raises(UnsupportedLayer, match=r"trains chains of layers.*Use engine='keras'"):
        require_chain(make())


def nested() -> Any:
    """A shortcut past a shortcut."""
    a = dense()(start := image())
    b = dense()(a)
    c = layers.Add()([b, dense()(b)])
    return keras.Model(start, layers.Add()([dense()(c), a]))


def test_shortcuts_may_lie_one_inside_the_other() -> None:
    model = nested()
    require_chain(model)
    chain = computing(model)
    assert [type(layer).__name__ for layer in chain] == ["Dense"] * 3 + ["Add", "Dense", "Add"]
    assert shortcuts(chain) == {3: 1, 5: 0}
    taken = [[chain.index(layer) for layer in some] for some in takers(chain)]
    assert taken == [[1, 5], [2, 3], [3], [4], [5], []]


def test_a_sequence_has_no_shortcuts() -> None:
    model = mlp((4, 4), "batch").build((4,), 3, 0)
    require_chain(model)
    assert computing(model) == model.layers
    assert shortcuts(model.layers) == {}
    assert takers(model.layers) == [[layer] for layer in model.layers[1:]] + [[]]
    assert takers([]) == []


class Own:
    """A functional model of one's own, with a shortcut past two layers."""

    def build(self, input_shape: tuple[int, ...], classes: int, seed: int) -> Any:
        start = keras.initializers.GlorotUniform
        x = layers.Flatten()(image := keras.Input(input_shape))
        x = layers.Dense(6, "tanh", kernel_initializer=start(seed))(x)
        y = layers.Dense(6, "relu", kernel_initializer=start(seed + 1))(x)
        x = layers.Add()([layers.Dense(6, kernel_initializer=start(seed + 2))(y), x])
        head = layers.Dense(classes, "softmax", kernel_initializer=start(seed + 3))
        return keras.Model(image, head(x))


def test_a_functional_model_of_ones_own_is_trained_as_keras_trains_it() -> None:
    usual: dict[str, Any] = {"updates": 8, "seeds": 2, "optimizer": "sgd", "weights": True}
    ours, plain = (
        compare(
            {"own": Own()}, DATA, engine=engine, learning_rate=0.1, store=MemoryStore(), **usual
        )
        for engine in ("replicas", "keras")
    )
    for one, other in zip(ours.runs, plain.runs, strict=True):
        for mine, theirs in zip(one.weights["final"], other.weights["final"], strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=2e-3, atol=2e-4)
