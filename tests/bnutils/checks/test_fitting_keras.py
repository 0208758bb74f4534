"""Keras' layers and TensorFlow's functions, in float32 and float64."""

import numpy as np
import pytest

from bnutils import checks
from bnutils.checks.fitting.factory import fitted_factory
from tests.bnutils.checks.fits import lives, remarked

keras = pytest.importorskip("keras")
tf = pytest.importorskip("tensorflow")


class Own(keras.layers.Layer):
    def __init__(self, momentum=0.99, epsilon=1e-3, **rest):
        super().__init__(**rest)
        self.momentum, self.epsilon = momentum, epsilon

    def build(self, shape):
        def weight(start, trainable):
            return self.add_weight(shape=shape[-1:], initializer=start, trainable=trainable)

        self.gamma, self.beta = weight("ones", True), weight("zeros", True)
        self.mean, self.variance = weight("zeros", False), weight("ones", False)

    def call(self, inputs, training=None):
        mean, variance = self.mean, self.variance
        if training:
            mean, variance = tf.nn.moments(inputs, axes=list(range(len(inputs.shape) - 1)))
            self.move(self.mean, mean)
            self.move(self.variance, variance)
        return self.gamma * (inputs - mean) / tf.sqrt(variance + self.epsilon) + self.beta

    def move(self, old, new):
        old.assign(self.momentum * old + (1 - self.momentum) * new)


def in_float64(features, momentum, epsilon):
    return keras.layers.BatchNormalization(momentum=momentum, epsilon=epsilon, dtype="float64")


@pytest.mark.parametrize("images", [False, True], ids=["vectors", "images"])
def test_keras_own_layer_is_made_by_name(images):
    said = "BatchNormalization(momentum=momentum, epsilon=epsilon)"
    fitted = lives(keras.layers.BatchNormalization, said, images=images)
    x = np.ones((2, 3, 3, 4) if images else (2, 4))
    assert fitted(4, 0.8, 0.1)(x, training=True).dtype == np.float32


def test_so_is_a_subclass():
    lives(Own, "Own(momentum=momentum, epsilon=epsilon)")
    lives(lambda features, momentum, epsilon: Own(momentum, epsilon))


def test_a_function_that_makes_a_layer_in_float64_keeps_its_precision():
    fitted = lives(in_float64)
    assert fitted.remarks == ()
    assert fitted(4, 0.8, 0.1)(np.ones((2, 4)), training=True).dtype == np.float64


def test_a_layer_that_is_made_already_is_refused_with_its_class():
    (found,) = fitted_factory(keras.layers.BatchNormalization()).mistakes
    assert "checks.batch_norm_layer(BatchNormalization)" in found.seen


def test_a_layer_with_constants_of_its_own_is_judged_by_them():
    class Fixed(Own):
        def __init__(self):
            super().__init__(0.9, 1e-4)

    lives(Fixed, constants={"momentum": 0.9, "epsilon": 1e-4})


def transform(x, gamma, beta, epsilon):
    mean, variance = tf.nn.moments(x, axes=[0])
    return tf.nn.batch_normalization(x, mean, variance, beta, gamma, epsilon)


def test_functions_of_tensors_are_called_as_they_are():
    assert checks.batch_norm_forward(transform).passed
    assert checks.batch_norm_forward(tf.function(transform)).passed
    assert checks.batch_norm_forward(checks.tensorflow_function(transform)).passed


def test_a_function_that_wants_tensors_is_given_them():
    def methods(x, gamma, beta, epsilon):
        x.get_shape()  # which an array has not
        return transform(x, gamma, beta, epsilon)

    remarked(checks.batch_norm_forward(methods), "The arguments were given as tensors.")


def test_a_function_with_float32_inside_is_given_float32():
    def single(x, gamma, beta, epsilon):
        x = tf.convert_to_tensor(x) + tf.zeros(x.shape, tf.float32)
        return transform(x, gamma, beta, epsilon)

    report = checks.batch_norm_forward(single)
    assert "given as tensors of float32" in " ".join(report.remarks)
    assert report.passed, str(report)


def test_the_tape_gives_gradients():
    def gradients(dy, x, gamma, epsilon):
        dy, x, gamma = (tf.cast(one, tf.float64) for one in (dy, x, gamma))
        beta = tf.zeros_like(gamma)
        with tf.GradientTape() as tape:
            tape.watch([x, gamma, beta])
            mean, variance = tf.nn.moments(x, axes=[0])
            y = gamma * (x - mean) / tf.sqrt(variance + epsilon) + beta
        return tape.gradient(y, [x, gamma, beta], dy)

    report = checks.batch_norm_backward(gradients)
    assert report.passed, str(report)
