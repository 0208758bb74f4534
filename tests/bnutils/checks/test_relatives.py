"""The exercises on images, and folding without a bias: right ones pass, mistakes are named."""

import numpy as np
import pytest

from bnutils import checks
from tests.bnutils.checks.students import backward, folding, inference


def on_images(function):
    """Make a function for vectors one for images: all pixels are examples."""

    def convolution(first, *rest):
        shape, features = np.shape(first), np.shape(first)[-1]
        flat = [np.reshape(one, (-1, features)) if np.ndim(one) == 4 else one for one in rest]
        found = function(np.reshape(first, (-1, features)), *flat)
        if len(found) == 3 and np.ndim(found[-1]) == 1:
            return np.reshape(found[0], shape), *found[1:]
        return np.reshape(found, shape)

    return convolution


INFERENCE = ("train-inference-mixup", "epsilon-outside-root", "gamma-ignored", "no-root")
BACKWARD = ("detached-mean", "detached-variance", "sign-error", "epsilon-missing", "gamma-ignored")


@pytest.mark.parametrize("function", inference.RIGHT[:3])
def test_a_right_inference_on_images_passes(function):
    report = checks.batch_norm_convolution_inference(on_images(function))
    assert report.passed, str(report)


@pytest.mark.parametrize("name", INFERENCE)
def test_mistakes_of_an_inference_on_images_are_named(name):
    for function in inference.WRONG[name]:
        assert name in checks.batch_norm_convolution_inference(on_images(function)).names


@pytest.mark.parametrize("function", backward.RIGHT[:3])
def test_a_right_gradient_on_images_passes(function):
    report = checks.batch_norm_convolution_backward(on_images(function))
    assert report.passed, str(report)


@pytest.mark.parametrize("name", BACKWARD)
def test_mistakes_of_a_gradient_on_images_are_named(name):
    for function in backward.WRONG[name]:
        assert name in checks.batch_norm_convolution_backward(on_images(function)).names


def over_each_image(dy, x, gamma, epsilon):
    centred = x - x.mean((1, 2), keepdims=True)
    std = np.sqrt((centred**2).mean((1, 2), keepdims=True) + epsilon)
    x_hat = centred / std
    through = [np.mean(one, axis=(1, 2), keepdims=True) for one in (dy, dy * x_hat)]
    dx = gamma / std * (dy - through[0] - x_hat * through[1])
    return dx, (dy * x_hat).sum((0, 1, 2)), dy.sum((0, 1, 2))


def test_a_gradient_of_instances_is_one_over_wrong_axes():
    report = checks.batch_norm_convolution_backward(over_each_image)
    assert report.names == ("wrong-axis",)


def without_bias(function):
    def fold(kernel, gamma, beta, mean, variance, epsilon):
        return function(kernel, np.zeros_like(beta), gamma, beta, mean, variance, epsilon)

    return fold


@pytest.mark.parametrize("function", folding.RIGHT)
def test_a_right_folding_without_bias_passes(function):
    report = checks.folding_without_bias(without_bias(function))
    assert report.passed, str(report)


@pytest.mark.parametrize(
    "name", ["kernel-not-scaled", "mean-not-subtracted", "beta-ignored", "epsilon-outside-root",
             "no-root", "gamma-ignored", "mean-not-scaled"]
)  # fmt: skip
def test_mistakes_of_a_folding_without_bias_are_named(name):
    for function in folding.WRONG[name]:
        report = checks.folding_without_bias(without_bias(function))
        assert name in report.names, str(report)


def test_a_bias_that_is_given_where_none_is_asked_for_is_a_wrong_signature():
    report = checks.folding_without_bias(folding.RIGHT[0])
    assert report.names == ("wrong-signature",)
