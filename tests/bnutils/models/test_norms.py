"""The normalisation of each name is Keras' layer of that name."""

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest

from bnutils import reference
from bnutils.models import NORMS, convnet, import_keras, mlp, normalisation
from tests.bnutils.models.samples import HAS_RENORM, HAS_RMS

keras = import_keras()
IMAGES = np.random.default_rng(0).normal(1, 2, (5, 4, 3, 8))
FORMULAS: dict[str, Callable[..., Any]] = {
    "layer": lambda x: reference.layer_norm(x, None, None)[0],
    "group": lambda x: reference.group_norm(x, None, None, groups=2)[0],
    "instance": lambda x: reference.instance_norm(x, None, None)[0],
    "rms": lambda x: reference.rms_norm(x, None)[0],
    "batch": lambda x: reference.batch_norm_train(x, None, None)[0],
    "renorm": lambda x: x,  # as its first moving statistics, 0 and 1, have it, within the bounds
}
LACKING = {"rms": not HAS_RMS, "renorm": not HAS_RENORM}  # in the installed Keras


def marked(*values: str) -> Any:
    """A case for tests, skipped where the installed Keras lacks its first value, a norm."""
    lacks = LACKING.get(values[0], False)
    marks = [pytest.mark.skip(reason=f"this Keras has no {values[0]}")] if lacks else []
    return pytest.param(*values, marks=marks)


EVERY = [marked(norm) for norm in FORMULAS]
PLACED = [
    marked(*pair)
    for pair in product(FORMULAS, ("before", "after"))
    if pair != ("instance", "after")  # which is refused: test_descriptions.py
]


def test_every_norm_has_a_formula() -> None:
    assert {None, *FORMULAS} == set(NORMS)


@pytest.mark.parametrize("norm", EVERY)
def test_each_computes_its_formula(norm: str) -> None:
    layer = normalisation(norm, groups=2)
    y = layer(IMAGES.astype(np.float32), training=True)
    np.testing.assert_allclose(y, FORMULAS[norm](IMAGES), rtol=1e-4, atol=1e-5)
    learns = {weight.name for weight in layer.trainable_weights}
    assert learns == ({"scale"} if norm == "rms" else {"gamma", "beta"})


@pytest.mark.parametrize("norm", [marked(norm) for norm in FORMULAS if norm != "rms"])
def test_without_gamma_and_beta_it_computes_the_same_and_learns_nothing(norm: str) -> None:
    layer = normalisation(norm, affine=False, groups=2)
    y = layer(IMAGES.astype(np.float32), training=True)
    np.testing.assert_allclose(y, FORMULAS[norm](IMAGES), rtol=1e-4, atol=1e-5)
    assert layer.trainable_weights == []


@pytest.mark.parametrize(("statistics", "learned"), [("mean", "beta"), ("variance", "gamma")])
@pytest.mark.parametrize("affine", [True, False])
def test_half_a_normalisation_learns_its_half(statistics: str, learned: str, affine: bool) -> None:
    layer = normalisation("batch", affine=affine, statistics=statistics)
    y = np.asarray(layer(IMAGES.astype(np.float32), training=True))
    moments = {"mean": y.mean(axis=(0, 1, 2)), "variance": y.std(axis=(0, 1, 2))}
    np.testing.assert_allclose(moments[statistics], statistics == "variance", atol=1e-3)
    other = moments["variance" if statistics == "mean" else "mean"]
    assert (abs(other - (statistics == "mean")) > 0.1).all()  # untouched
    assert [weight.name for weight in layer.trainable_weights] == [learned] * affine
    assert [weight.name for weight in layer.weights][affine:] == [f"moving_{statistics}"]


@pytest.mark.parametrize("make", [mlp, convnet])
@pytest.mark.parametrize("placement", ["before", "after"])
def test_noise_stands_right_behind_each_normalisation(make: Any, placement: str) -> None:
    model = make((8, 8), "layer", placement=placement, noise=0.5).build((8, 8), 10, 0)
    kinds = [type(layer).__name__ for layer in model.layers]
    where = [index for index, kind in enumerate(kinds) if kind == "ActivationNoise"]
    assert [kinds[index - 1] for index in where] == ["LayerNormalization"] * 2


@pytest.mark.parametrize(("norm", "placement"), PLACED)
def test_placement(norm: str, placement: str) -> None:
    model = convnet((4, 8), norm, placement=placement, groups=2).build((8, 8), 10, 0)
    kinds = [type(layer).__name__ for layer in model.layers]
    where = [index for index, kind in enumerate(kinds) if kind.endswith("Normalization")]
    step = 1 if placement == "before" else -1
    assert [kinds[index + step] for index in where] == ["Activation"] * 2


@pytest.mark.parametrize("make", [mlp, convnet])
@pytest.mark.parametrize("placement", ["before", "after"])
@pytest.mark.parametrize(("at", "count"), [("every", 3), ("last", 1)])
def test_dropout_stands_after_every_hidden_layer_or_after_all(
    make: Any, placement: str, at: str, count: int
) -> None:
    network = make((8, 8, 8), "batch", placement=placement, dropout=0.5, dropout_at=at)
    kinds = [type(layer).__name__ for layer in network.build((16, 16), 10, 0).layers]
    assert kinds.count("Dropout") == count
    last = len(kinds) - kinds[::-1].index("Dropout")
    assert not {"BatchNormalization", "Activation"} & set(kinds[last:])


@pytest.mark.parametrize("make", [mlp, convnet])
@pytest.mark.parametrize("bias", [True, False])
def test_hidden_layers_with_and_without_bias(make: Any, bias: bool) -> None:
    model = make((8, 8), "batch", bias=bias).build((8, 8), 10, 0)
    biases = [weight for weight in model.weights if weight.name == "bias"]
    assert len(biases) == (3 if bias else 1)


def test_a_keras_without_the_layer_says_which_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(keras.layers, "RMSNormalization", raising=False)
    with pytest.raises(ValueError, match=r"RMSNormalization, 3\.9 or later; received Keras 3\."):
        mlp(norm="rms").build((8, 8), 10, 0)


def test_a_keras_without_renorm_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    class Older(keras.layers.Layer):  # type: ignore[misc, name-defined]
        """A layer without that argument."""

        def __init__(self, axis: int = -1) -> None:
            super().__init__()

    monkeypatch.setattr(keras.layers, "BatchNormalization", Older)
    with pytest.raises(ValueError, match=r"has the argument renorm; received Keras 3\."):
        mlp(norm="renorm").build((8, 8), 10, 0)


@pytest.mark.parametrize(("norm", "placement"), PLACED)
def test_what_comes_out_depends_on_the_image(norm: str, placement: str) -> None:
    """Of every network that is not refused."""
    model = convnet((4, 8), norm, placement=placement, groups=2).build((8, 8), 10, 0)
    images = np.random.default_rng(0).normal(1, 2, (5, 8, 8)).astype(np.float32)
    assert np.ptp(model(images, training=True), axis=0).max() > 1e-3
