"""Stacks of networks: each as the reference has it, none knows of the others."""

import numpy as np
import pytest

from bnutils.gradcheck import gradcheck
from bnutils.reference import batch_norm_train, layer_norm, layer_norm_backward
from bnutils.stacks import (
    NORMS,
    Stack,
    accuracy,
    cross_entropy,
    descended,
    epoch,
)

SEEDS = [3, 4, 5]
RNG = np.random.default_rng(0)
X = RNG.normal(size=(3, 8, 5))
Y = RNG.integers(0, 4, size=(3, 8))


def stack_of(norm, **options):
    return Stack((5, 6, 6, 4), norm, **options)


def loss_of(stack, weights, x=X, *, training=True):
    outputs, _ = stack.forward(weights, x, training=training)
    return cross_entropy(outputs, Y)[0].mean(axis=1).sum()


def trained(norm, **options):
    """A stack, and weights whose moving statistics have moved."""
    stack = stack_of(norm, **options)
    weights = stack.start(SEEDS)
    return stack, epoch(stack, weights, X, Y, np.tile(np.arange(8), (3, 1)), 0.1, batch_size=4)


# ---- values ------------------------------------------------------------------------------
def test_a_layer_is_the_reference_s():
    stack = Stack((5, 6, 4), "batch")
    weights = stack.start(SEEDS)
    outputs, _ = stack.forward(weights, X, training=True)
    for r in range(3):
        pre = X[r] @ weights["kernel/0"][r] + weights["bias/0"][r]
        h = np.maximum(batch_norm_train(pre, None, None)[0], 0)
        expected = h @ weights["kernel/1"][r] + weights["bias/1"][r]
        np.testing.assert_allclose(outputs[r], expected, rtol=1e-12)


@pytest.mark.parametrize("norm", NORMS)
def test_a_network_does_not_hang_on_its_neighbours_in_the_stack(norm):
    stack = stack_of(norm)
    together, _ = stack.forward(stack.start(SEEDS), X, training=True)
    alone, _ = stack.forward(stack.start(SEEDS[1:2]), X[1:2], training=True)
    np.testing.assert_allclose(together[1:2], alone, rtol=1e-12)


def test_devices_are_batches_of_their_own():
    weights = stack_of("batch").start(SEEDS)
    outputs, _ = stack_of("batch", devices=2).forward(weights, X, training=True)
    parts = [stack_of("batch").forward(weights, X[:, h], training=True)[0] for h in HALVES]
    np.testing.assert_allclose(outputs, np.concatenate(parts, axis=1), rtol=1e-12)


HALVES = (slice(0, 4), slice(4, 8))


def test_arms_start_alike():
    plain, normed = (stack_of(norm).start(SEEDS) for norm in (None, "batch"))
    for name, values in plain.items():
        np.testing.assert_array_equal(values, normed[name])


# ---- gradients ---------------------------------------------------------------------------
@pytest.mark.parametrize("devices", [1, 2])
@pytest.mark.parametrize("norm", NORMS)
def test_gradients_pass_a_check(norm, devices):
    stack, weights = trained(norm, devices=devices)
    outputs, trace = stack.forward(weights, X, training=True)
    gradients, dx = stack.backward(weights, trace, cross_entropy(outputs, Y)[1])
    for name, gradient in gradients.items():
        report = gradcheck(
            lambda value, name=name: loss_of(stack, {**weights, name: value}),
            gradient,
            weights[name],
            tolerance=1e-5,
        )
        assert report.passed, (name, report)
    assert gradcheck(lambda x: loss_of(stack, weights, x), dx, X, tolerance=1e-5).passed


@pytest.mark.parametrize("norm", NORMS)
def test_the_gradient_of_the_input_is_right_in_inference_too(norm):
    stack, weights = trained(norm)
    outputs, trace = stack.forward(weights, X, training=False)
    _, dx = stack.backward(weights, trace, cross_entropy(outputs, Y)[1])
    report = gradcheck(lambda x: loss_of(stack, weights, x, training=False), dx, X, tolerance=1e-5)
    assert report.passed, report


@pytest.mark.parametrize(("norm", "alone"), [(None, True), ("layer", True), ("batch", False)])
def test_only_batch_norm_makes_one_loss_depend_on_another_example(norm, alone):
    stack = stack_of(norm)
    weights = stack.start(SEEDS)
    outputs, trace = stack.forward(weights, X, training=True)
    _, upstream = cross_entropy(outputs, Y)
    upstream[:, 1:] = 0
    _, dx = stack.backward(weights, trace, upstream)
    assert bool(dx[:, 1:].any()) is not alone


# ---- moving statistics -------------------------------------------------------------------
def test_the_moving_statistics_take_a_step_like_keras():
    stack = Stack((5, 6, 4), "batch", momentum=0.9)
    weights = stack.start(SEEDS)
    _, trace = stack.forward(weights, X, training=True)
    pre = X @ weights["kernel/0"] + weights["bias/0"][:, None]
    moved = stack.moved(weights, trace)
    np.testing.assert_allclose(moved["mean/0"], 0.1 * pre.mean(axis=1))
    np.testing.assert_allclose(moved["variance/0"], 0.9 + 0.1 * pre.var(axis=1))


def test_recalibrated_networks_infer_as_they_train_on_all_images():
    stack, weights = trained("batch")
    fresh = stack.recalibrated(weights, X)
    there, _ = stack.forward(fresh, X, training=False)
    here, _ = stack.forward(weights, X, training=True)
    np.testing.assert_allclose(there, here, rtol=1e-9)


@pytest.mark.parametrize("norm", [None, "layer"])
def test_other_norms_have_nothing_to_measure_anew(norm):
    stack, weights = trained(norm)
    assert stack.moved(weights, stack.forward(weights, X, training=True)[1]) == weights
    with pytest.raises(ValueError, match="Only batch normalisation has statistics"):
        stack.recalibrated(weights, X)


def test_statistics_that_were_never_updated_are_not_used():
    stack = stack_of("batch")
    with pytest.raises(ValueError, match=r"still those of the start.*recalibrated"):
        stack.forward(stack.start(SEEDS), X, training=False)


# ---- training ----------------------------------------------------------------------------
@pytest.mark.parametrize("norm", NORMS)
def test_training_lowers_the_loss_and_changes_nothing_that_was_given(norm):
    stack = stack_of(norm)
    weights = stack.start(SEEDS)
    before = {name: values.copy() for name, values in weights.items()}
    after, orders = weights, np.tile(np.arange(8), (3, 1))
    for _ in range(20):
        after = epoch(stack, after, X, Y, orders, 0.1, batch_size=4)
    assert loss_of(stack, after) < loss_of(stack, weights)
    for name, values in before.items():
        np.testing.assert_array_equal(values, weights[name])


def test_each_network_may_have_a_rate_of_its_own():
    stack = stack_of(None)
    weights = stack.start(SEEDS)
    still = descended(weights, weights, [0.0, 0.5, 1.0])
    for name, values in weights.items():
        for r, share in enumerate((1.0, 0.5, 0.0)):
            np.testing.assert_allclose(still[name][r], share * values[r])


def test_cross_entropy_is_the_usual_one():
    losses, upstream = cross_entropy(np.zeros((1, 2, 4)), [0, 3])
    np.testing.assert_allclose(losses, np.log(4))
    np.testing.assert_allclose(upstream.sum(axis=-1), 0, atol=1e-15)


def test_accuracy_is_by_network():
    np.testing.assert_array_equal(accuracy(np.eye(3)[[[0, 1], [2, 2]]], [0, 1]), [1, 0])


# ---- refused -----------------------------------------------------------------------------
def test_a_batch_of_one_is_refused_in_training_with_batch_norm_alone():
    for norm in (None, "layer"):
        stack_of(norm).forward(stack_of(norm).start(SEEDS), X[:, :1], training=True)
    stack, weights = trained("batch")
    with pytest.raises(ValueError, match=r"two or more examples on each device.*received 1"):
        stack.forward(weights, X[:, :1], training=True)
    stack.forward(weights, X[:, :1], training=False)


@pytest.mark.parametrize("devices", [3, 8])
def test_devices_need_equal_parts_of_two_or_more(devices):
    stack = stack_of("batch", devices=devices)
    with pytest.raises(ValueError, match=f"received 8 for {devices}"):
        stack.forward(stack.start(SEEDS), X, training=True)


@pytest.mark.parametrize("x", [X[:2], X[..., :4], X[0, 0]])
def test_a_batch_that_does_not_fit_is_refused(x):
    with pytest.raises(ValueError, match=r"x must be \(networks, examples, inputs\)"):
        stack_of(None).forward(stack_of(None).start(SEEDS), x, training=True)


@pytest.mark.parametrize("y", [[-1, 0], [0, 4], [0.5, 1.0]])
def test_labels_that_are_no_classes_are_refused(y):
    with pytest.raises(ValueError, match="whole numbers from 0 to 3"):
        cross_entropy(np.zeros((1, 2, 4)), y)


@pytest.mark.parametrize(
    "options",
    [
        {"widths": (4,)},
        {"widths": (4, 0)},
        {"norm": "instance"},
        {"devices": 0},
        {"momentum": 1.0},
        {"epsilon": 0.0},
    ],
)
def test_a_stack_that_makes_no_sense_is_refused(options):
    with pytest.raises(ValueError, match=next(iter(options))):
        Stack(**{"widths": (5, 4), **options})


def test_layer_norm_is_the_reference_s():
    stack = Stack((5, 6, 4), "layer")
    weights = stack.start(SEEDS)
    _, trace = stack.forward(weights, X, training=True)
    pre = X @ weights["kernel/0"]
    expected, cache = layer_norm(pre, None, None)
    np.testing.assert_array_equal(trace.normalised[0], expected)
    ones = np.ones_like(pre)
    np.testing.assert_array_equal(
        stack._back(ones, trace.caches[0]), layer_norm_backward(ones, cache)[0]
    )
