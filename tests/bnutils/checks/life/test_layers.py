"""A layer is judged by its life, and a report says when in it something happened."""

import keras
import numpy as np
import pytest

from bnutils import checks
from tests.bnutils.checks.life import fresh
from tests.bnutils.checks.students.layer import WRONG, Base, Layer

WITHOUT_FORMULA = {
    "changes-its-input", "unfinished", "returns-none", "wrong-signature", "shared-state",
    "not-repeatable",
}  # fmt: skip
NAMED = [
    pytest.param(name, factory, id=f"{name}-{factory.__name__}")
    for name, factories in WRONG.items()
    for factory in factories
    if name not in WITHOUT_FORMULA
]


class Flexible(Layer):
    """For images too; each test replaces a method."""

    def __call__(self, x, training):
        over = tuple(range(x.ndim - 1))
        mean, variance = self.moving_mean, self.moving_variance
        if training:
            mean, variance = x.mean(axis=over), x.var(axis=over)
            self.update(mean, variance)
        return self.gamma * (x - mean) / np.sqrt(variance + self.epsilon) + self.beta


@pytest.mark.parametrize(("name", "factory"), NAMED)
def test_a_named_mistake_has_formulas_that_reproduce_the_layer(name, factory):
    report = checks.batch_norm_layer(factory)
    assert report.formulas
    assert fresh.reproduced(factory, report.formulas), report.formulas


def test_gamma_and_beta_that_are_kept_and_never_applied_are_missed():
    class Plain(Layer):
        def __call__(self, x, training):
            self.gamma, self.beta = np.ones_like(self.gamma), np.zeros_like(self.beta)
            return super().__call__(x, training)

    assert checks.batch_norm_layer(Plain).names == ("gamma-ignored", "beta-ignored")


def test_a_layer_is_not_said_to_compute_in_float32_because_its_mistake_is_small_in_one_life():
    class Rooted(Layer):
        def update(self, mean, variance):
            super().update(mean, np.sqrt(variance))

    report = checks.batch_norm_layer(Rooted)
    assert report.names == ("std-instead-of-variance",)
    assert report.remarks == ()


def test_where_gamma_and_beta_are_not_found_a_remark_says_so():
    report = checks.batch_norm_layer(type("Bare", (_Bare,), {}))
    assert report.passed
    assert report.remarks[0].startswith("gamma and beta could not be set")


class _Bare(Base):
    pass


def test_an_exception_keeps_its_title_and_says_its_moment():
    class RefusesOne(Layer):
        def __call__(self, x, training):
            if training and len(x) == 1:
                raise ValueError("one is not enough")
            return super().__call__(x, training)

    (found,) = checks.batch_norm_layer(RefusesOne).mistakes
    assert found.name == "raises"
    assert found.seen.startswith("in training, first layer, second batch (one example): ValueError")


def test_a_new_layer_alone_is_said_to_have_seen_nothing():
    class Starts(Layer):
        def __init__(self, *arguments):
            super().__init__(*arguments)
            self.moving_variance = 0 * self.moving_variance

    (found,) = checks.batch_norm_layer(Starts).mistakes
    assert found.name == "wrong-initial-state"
    first, second = found.seen.splitlines()
    assert first == "in a new layer moving_variance is 0."
    assert second.startswith("in inference, first batch (6 examples): y[")


def test_layers_of_keras_pass_in_float32_with_a_remark():
    def factory(features, momentum, epsilon):
        return keras.layers.BatchNormalization(momentum=momentum, epsilon=epsilon)

    report = checks.batch_norm_layer(factory)
    assert report.passed, str(report)
    assert any("float32" in one for one in report.remarks)


class KerasLayer(keras.layers.Layer):
    """A student's, in float32; each test replaces a method."""

    def __init__(self, features, momentum, epsilon):
        super().__init__()
        self.momentum, self.epsilon = momentum, epsilon
        self.gamma = self.add_weight(shape=(features,), initializer="ones")
        self.beta = self.add_weight(shape=(features,), initializer="zeros")
        self.m = self.add_weight(shape=(features,), initializer="zeros", trainable=False)
        self.v = self.add_weight(shape=(features,), initializer="ones", trainable=False)

    def call(self, x, training=False):
        m, v = keras.ops.moments(x, axes=[0]) if training else (self.m, self.v)
        if training:
            self.update(m, v)
        return self.gamma * (x - m) / keras.ops.sqrt(v + self.epsilon) + self.beta

    def update(self, m, v):
        self.m.assign(self.momentum * self.m + (1 - self.momentum) * m)
        self.v.assign(self.momentum * self.v + (1 - self.momentum) * v)


class Backwards(KerasLayer):
    def update(self, m, v):
        self.m.assign((1 - self.momentum) * self.m + self.momentum * m)
        self.v.assign((1 - self.momentum) * self.v + self.momentum * v)


def test_students_layers_of_keras_are_judged_at_their_precision():
    assert checks.batch_norm_layer(KerasLayer).passed
    report = checks.batch_norm_layer(Backwards)
    assert report.names == ("momentum-reversed",), str(report)
    assert fresh.reproduced(Backwards, report.formulas, kept=1e-4)


def test_images_share_one_mean_over_examples_and_pixels():
    class EachImage(Flexible):
        def __call__(self, x, training):
            if not training:
                return super().__call__(x, training)
            super().__call__(x, training)
            mean, variance = (f(x, axis=(1, 2), keepdims=True) for f in (np.mean, np.var))
            return self.gamma * (x - mean) / np.sqrt(variance + self.epsilon) + self.beta

    assert checks.batch_norm_convolution_layer(Flexible).passed
    report = checks.batch_norm_convolution_layer(EachImage)
    assert report.names == ("wrong-axis",)
    assert fresh.reproduced(EachImage, report.formulas, (2, 3))


def test_what_cannot_be_found_out_is_told_by_what_holds():
    class Rounded(Flexible):
        def __call__(self, x, training):
            y = super().__call__(x, training)
            return y if training else np.round(y, 2)

    (found,) = checks.batch_norm_layer(Rounded).mistakes
    assert "outputs in training are right." in found.seen
    assert "outputs in inference are wrong" in found.seen


def test_the_first_hint_of_a_layer_holds_no_formula():
    for factories in WRONG.values():
        report = checks.batch_norm_layer(factories[0])
        checks.reset_hints()
        seen = " ".join(one.seen for one in report.mistakes)
        assert not [text for text in report.formulas.values() if "*" in text and text in seen]
