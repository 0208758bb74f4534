"""Wrong implementations: each is found by the name of its mistake, and by nothing else."""

import numpy as np
import pytest

from bnutils import checks
from bnutils.checks.catalogue import MISTAKES

FORWARD = checks.batch_norm_forward
INFERENCE = checks.batch_norm_inference
UPDATE = checks.moving_update
BACKWARD = checks.batch_norm_backward
CONVOLUTION = checks.batch_norm_convolution
FOLDING = checks.folding
LAYER = checks.batch_norm_layer


def parts(x, epsilon, axis=0):
    std = np.sqrt(x.var(axis=axis, keepdims=True) + epsilon)
    return (x - x.mean(axis=axis, keepdims=True)) / std, std


# Forward functions that need more than one expression


def in_place(x, g, b, e):
    x -= x.mean(0)
    x /= np.sqrt((x**2).mean(0) + e)
    return g * x + b


def writes_into_gamma(x, g, b, e):
    g /= np.sqrt(x.var(0) + e)
    return g * (x - x.mean(0)) + b


def into_an_array_like_x(x, g, b, e):
    y = np.empty_like(x)
    y[:] = g * parts(x, e)[0] + b
    return y


def in_float32(x, g, b, e):
    return (g * parts(x.astype(np.float32), e)[0] + b).astype(np.float64)


def out_as_float32(x, g, b, e):
    return (g * parts(x, e)[0] + b).astype(np.float32)


def out_as_float16(x, g, b, e):
    return (g * parts(x, e)[0] + b).astype(np.float16)


def out_as_integers(x, g, b, e):
    return (g * parts(x, e)[0] + b).astype(int)


def by_means_of_squares(x, g, b, e):
    variance = (x**2).mean(0) - x.mean(0) ** 2
    return g * (x - x.mean(0)) / np.sqrt(variance + e) + b


def by_means_of_squares_clipped(x, g, b, e):
    variance = np.maximum((x**2).mean(0) - x.mean(0) ** 2, 0)
    return g * (x - x.mean(0)) / np.sqrt(variance + e) + b


def refuses_one_example(x, g, b, e):
    if len(x) < 2:
        raise ValueError("one example has no variance")
    return g * parts(x, e)[0] + b


def copies_one_example(x, g, b, e):
    return x if len(x) == 1 else g * parts(x, e)[0] + b


def nan_for_a_constant(x, g, b, e):
    correlations = np.corrcoef(x.T)[0] * 0 if len(x) > 1 else 0
    return g * parts(x, e)[0] + b + correlations


def refuses_a_constant(x, g, b, e):
    if len(x) > 1 and (x.var(axis=0) == 0).any():
        raise ZeroDivisionError("a constant feature")
    return g * parts(x, e)[0] + b


def without_return(x, g, b, e):
    print(end=str(parts(x, e) and ""))


def empty(x, g, b, e):
    """Left to you."""
    ...


def raising(x, g, b, e):
    raise NotImplementedError


def returning_dots(x, g, b, e):
    return ...


def with_dots_left(x, g, b, e):
    x_hat = ...
    return g * x_hat + b


def with_a_typing_error(x, g, b, e):
    mean = x.mean(axis=0)
    return mean.varianz


def three_parameters(x, g, b):
    return x


def stacked(x, g, b, e):
    return [[1.0, 2.0], [3.0]]


FORWARD_CASES = {
    "sample-variance": [
        lambda x, g, b, e: g * (x - x.mean(0)) / np.sqrt(x.var(0, ddof=1) + e) + b,
        lambda x, g, b, e: g * (x - x.mean(0)) / np.sqrt(np.diag(np.cov(x.T)) + e) + b,
    ],
    "epsilon-outside-root": [
        lambda x, g, b, e: g * (x - x.mean(0)) / (x.std(0) + e) + b,
        lambda x, g, b, e: g * ((x - x.mean(0)) / x.std(0) + e) + b,
    ],
    "epsilon-missing": [
        lambda x, g, b, e: g * (x - x.mean(0)) / x.std(0) + b,
        lambda x, g, b, e: g * parts(x, 1e-8)[0] + b,
    ],
    "epsilon-ignored": [
        lambda x, g, b, e: g * parts(x, 1e-5)[0] + b,
        lambda x, g, b, e: g * parts(x, 1e-3)[0] + b,
    ],
    "no-root": [lambda x, g, b, e: g * (x - x.mean(0)) / (x.var(0) + e) + b],
    "wrong-axis": [
        lambda x, g, b, e: g * parts(x, e, axis=1)[0] + b,
        lambda x, g, b, e: g * parts(x, e, axis=None)[0] + b,
        lambda x, g, b, e: g * (x - x.mean(1)) / np.sqrt(x.var(1) + e) + b,
    ],
    "mean-not-subtracted": [lambda x, g, b, e: g * x / parts(x, e)[1] + b],
    "gamma-ignored": [lambda x, g, b, e: parts(x, e)[0] + b],
    "beta-ignored": [lambda x, g, b, e: g * parts(x, e)[0]],
    "gamma-beta-swapped": [lambda x, g, b, e: b * parts(x, e)[0] + g],
    "gamma-ignored beta-ignored": [lambda x, g, b, e: parts(x, e)[0]],
    "sample-variance epsilon-outside-root": [
        lambda x, g, b, e: g * (x - x.mean(0)) / (x.std(0, ddof=1) + e) + b
    ],
    "cancelling-variance": [by_means_of_squares, by_means_of_squares_clipped],
    "changes-its-input": [in_place, writes_into_gamma],
    "dtype-loss": [in_float32, out_as_float32, out_as_float16],
    "cut-to-integers": [out_as_integers],
    "integer-input": [into_an_array_like_x],
    "fails-on-batch-of-one": [refuses_one_example, copies_one_example],
    "fails-on-constant-feature": [nan_for_a_constant, refuses_a_constant],
    "returns-none": [without_return, lambda x, g, b, e: print(end=""), lambda *_: (None, 1)],
    "unfinished": [empty, raising, returning_dots, with_dots_left],
    "raises": [with_a_typing_error],
    "shapes-do-not-fit": [lambda x, g, b, e: g * x + np.ones(3)],
    "wrong-signature": [three_parameters, "not a function"],
    "wrong-shape": [lambda x, g, b, e: x.mean(0), lambda x, g, b, e: x.T, lambda *_: 1.0],
    "not-numbers": [stacked, lambda *_: "y", lambda x, *_: x + 1j],
    "not-a-number": [lambda x, g, b, e: np.sqrt(-np.abs(x))],
    "mean-is-not-beta": [lambda x, g, b, e: g * (x - np.median(x, 0)) / parts(x, e)[1] + b],
    "std-is-not-gamma": [
        lambda x, g, b, e: g * (x - x.mean(0)) / np.abs(x - x.mean(0)).mean(0) + b
    ],
    "different": [lambda x, g, b, e: g * -parts(x, e)[0] + b],
}

INFERENCE_CASES = {
    "train-inference-mixup": [
        lambda x, g, b, m, v, e: g * parts(x, e)[0] + b,
        lambda x, g, b, m, v, e: g * (x - m) / parts(x, e)[1] + b,
        lambda x, g, b, m, v, e: g * (x - x.mean(0)) / np.sqrt(v + e) + b,
    ],
    "epsilon-outside-root": [lambda x, g, b, m, v, e: g * (x - m) / (np.sqrt(v) + e) + b],
    "epsilon-missing": [lambda x, g, b, m, v, e: g * (x - m) / np.sqrt(v) + b],
    "epsilon-ignored": [lambda x, g, b, m, v, e: g * (x - m) / np.sqrt(v + 1e-5) + b],
    "no-root": [lambda x, g, b, m, v, e: g * (x - m) / (v + e) + b],
    "gamma-ignored": [lambda x, g, b, m, v, e: (x - m) / np.sqrt(v + e) + b],
    "beta-ignored": [lambda x, g, b, m, v, e: g * (x - m) / np.sqrt(v + e)],
    "gamma-beta-swapped": [lambda x, g, b, m, v, e: b * (x - m) / np.sqrt(v + e) + g],
    "mean-not-subtracted": [lambda x, g, b, m, v, e: g * x / np.sqrt(v + e) + b],
    "depends-on-batch": [
        lambda x, g, b, m, v, e: g * (x - (m + x.mean(0)) / 2) / np.sqrt(v + e) + b
    ],
    "different": [lambda x, g, b, m, v, e: g * (x - 2 * m) / np.sqrt(v + e) + b],
    "fails-on-constant-feature": [
        lambda x, g, b, m, v, e: g * (x - m) / np.sqrt(np.where(v > 0, v + e, np.nan)) + b
    ],
    "changes-its-input": [
        lambda x, g, b, m, v, e: np.subtract(x, m, out=x) * g / np.sqrt(v + e) + b
    ],
    "dtype-loss": [lambda x, g, b, m, v, e: (g * (x - m) / np.sqrt(v + e) + b).astype(np.float32)],
    "unfinished": [lambda x, g, b, m, v, e: ...],
}


def stores_in_place(m, v, x, k):
    m *= k
    m += (1 - k) * x.mean(0)
    return m, k * v + (1 - k) * x.var(0)


def means_of_squares_update(m, v, x, k):
    variance = (x**2).mean(0) - x.mean(0) ** 2
    return k * m + (1 - k) * x.mean(0), k * v + (1 - k) * variance


def refuses_one_example_update(m, v, x, k):
    if len(x) == 1:
        return m, v
    return k * m + (1 - k) * x.mean(0), k * v + (1 - k) * x.var(0)


UPDATE_CASES = {
    "momentum-reversed": [
        lambda m, v, x, k: ((1 - k) * m + k * x.mean(0), (1 - k) * v + k * x.var(0))
    ],
    "momentum-ignored": [
        lambda m, v, x, k: (0.9 * m + 0.1 * x.mean(0), 0.9 * v + 0.1 * x.var(0)),
        lambda m, v, x, k: (0.99 * m + 0.01 * x.mean(0), 0.99 * v + 0.01 * x.var(0)),
    ],
    "statistics-not-updated": [
        lambda m, v, x, k: (m, v),
        lambda m, v, x, k: (k * m + (1 - k) * x.mean(0), v),
        lambda m, v, x, k: (m, k * v + (1 - k) * x.var(0)),
    ],
    "no-average": [lambda m, v, x, k: (x.mean(0), x.var(0))],
    "weights-do-not-add-up": [lambda m, v, x, k: (k * m + x.mean(0), k * v + x.var(0))],
    "sample-variance": [
        lambda m, v, x, k: (k * m + (1 - k) * x.mean(0), k * v + (1 - k) * x.var(0, ddof=1))
    ],
    "momentum-reversed sample-variance": [
        lambda m, v, x, k: ((1 - k) * m + k * x.mean(0), (1 - k) * v + k * x.var(0, ddof=1))
    ],
    "std-instead-of-variance": [
        lambda m, v, x, k: (k * m + (1 - k) * x.mean(0), k * v + (1 - k) * x.std(0))
    ],
    "results-swapped": [
        lambda m, v, x, k: (k * v + (1 - k) * x.var(0), k * m + (1 - k) * x.mean(0))
    ],
    "wrong-axis": [lambda m, v, x, k: (k * m + (1 - k) * x.mean(), k * v + (1 - k) * x.var())],
    "shapes-do-not-fit": [
        lambda m, v, x, k: (k * m + (1 - k) * x.mean(1), k * v + (1 - k) * x.var(1))
    ],
    "wrong-shape": [
        lambda m, v, x, k: (
            k * m + (1 - k) * x.mean(0, keepdims=True),
            k * v + (1 - k) * x.var(0, keepdims=True),
        )
    ],
    "wrong-number-of-results": [
        lambda m, v, x, k: (m, v, x),
        lambda m, v, x, k: k * m + (1 - k) * x.mean(0),
        lambda m, v, x, k: 1.0,
    ],
    "cancelling-variance": [means_of_squares_update],
    "fails-on-batch-of-one": [refuses_one_example_update],
    "changes-its-input": [stores_in_place],
    "returns-none": [lambda m, v, x, k: (m, None)],
    "unfinished": [lambda m, v, x, k: (..., ...), lambda m, v, x, k: ...],
    "different": [lambda m, v, x, k: (k * m + (1 - k) * x.max(0), k * v + (1 - k) * x.var(0))],
}


def gradient(dx, affine=True):
    """A backward pass with a dx of its own and everything else right."""

    def backward(dy, x, g, e):
        x_hat, std = parts(x, e)
        return dx(dy, x_hat, g / std), (dy * x_hat).sum(0), dy.sum(0)

    return backward


def sample_variance_throughout(dy, x, g, e):
    count = len(x)
    std = np.sqrt(x.var(0, ddof=1) + e)
    x_hat = (x - x.mean(0)) / std
    term = x_hat * (dy * x_hat).sum(0) / (count - 1)
    return g / std * (dy - dy.mean(0) - term), (dy * x_hat).sum(0), dy.sum(0)


def epsilon_outside(dy, x, g, e):
    std = x.std(0) + e
    x_hat = (x - x.mean(0)) / std
    dx = g / std * (dy - dy.mean(0) - x_hat * (dy * x_hat).mean(0))
    return dx, (dy * x_hat).sum(0), dy.sum(0)


def right_backward(dy, x, g, e):
    return gradient(full)(dy, x, g, e)


def full(dy, x_hat, s):
    return s * (dy - dy.mean(0) - x_hat * (dy * x_hat).mean(0))


def changed(change):
    return lambda dy, x, g, e: change(*right_backward(dy, x, g, e))


def backward_in_place(dy, x, g, e):
    dx, dgamma, dbeta = right_backward(dy, x, g, e)
    dy *= g
    return dx, dgamma, dbeta


def backward_by_means_of_squares(dy, x, g, e):
    std = np.sqrt((x**2).mean(0) - x.mean(0) ** 2 + e)
    x_hat = (x - x.mean(0)) / std
    return full(dy, x_hat, g / std), (dy * x_hat).sum(0), dy.sum(0)


def backward_refusing_one(dy, x, g, e):
    if len(x) == 1:
        raise ValueError("too few examples")
    return right_backward(dy, x, g, e)


def backward_over_the_wrong_axis(dy, x, g, e):
    x_hat, std = parts(x, e, axis=1)
    inner = dy - dy.mean(1, keepdims=True) - x_hat * (dy * x_hat).mean(1, keepdims=True)
    return g * inner / std, (dy * x_hat).sum(0), dy.sum(0)


BACKWARD_CASES = {
    "detached-statistics": [gradient(lambda dy, x_hat, s: s * dy)],
    "detached-mean": [gradient(lambda dy, x_hat, s: s * (dy - x_hat * (dy * x_hat).mean(0)))],
    "detached-variance": [gradient(lambda dy, x_hat, s: s * (dy - dy.mean(0)))],
    "batch-size-missing": [
        gradient(lambda dy, x_hat, s: s * (dy - dy.sum(0) - x_hat * (dy * x_hat).sum(0))),
        gradient(lambda dy, x_hat, s: s * (dy - dy.sum(0) - x_hat * (dy * x_hat).mean(0))),
        gradient(lambda dy, x_hat, s: s * (dy - dy.mean(0) - x_hat * (dy * x_hat).sum(0))),
    ],
    "sign-error": [
        gradient(lambda dy, x_hat, s: s * (dy + dy.mean(0) - x_hat * (dy * x_hat).mean(0))),
        gradient(lambda dy, x_hat, s: s * (dy - dy.mean(0) + x_hat * (dy * x_hat).mean(0))),
    ],
    "sample-variance": [
        sample_variance_throughout,
        gradient(
            lambda dy, x_hat, s: s * (dy - dy.mean(0) - x_hat * (dy * x_hat).sum(0) / (len(dy) - 1))
        ),
    ],
    "epsilon-outside-root": [epsilon_outside],
    "epsilon-missing": [lambda dy, x, g, e: right_backward(dy, x, g, 0.0)],
    "epsilon-ignored": [lambda dy, x, g, e: right_backward(dy, x, g, 1e-5)],
    "gamma-ignored": [lambda dy, x, g, e: right_backward(dy, x, np.ones_like(g), e)],
    "mean-instead-of-sum": [changed(lambda dx, dg, db: (dx, dg / 6, db / 6))],
    "dgamma-from-x": [
        lambda dy, x, g, e: (right_backward(dy, x, g, e)[0], (dy * x).sum(0), dy.sum(0))
    ],
    "results-swapped": [changed(lambda dx, dg, db: (dx, db, dg))],
    "detached-variance mean-instead-of-sum": [
        lambda dy, x, g, e: (g / parts(x, e)[1] * (dy - dy.mean(0)), *by_means(dy, x, e))
    ],
    "wrong-axis": [backward_over_the_wrong_axis],
    "dx-does-not-sum-to-zero": [changed(lambda dx, dg, db: (dx + 0.5, dg, db))],
    "different": [
        changed(lambda dx, dg, db: (1.5 * dx, dg, db)),
        changed(lambda dx, dg, db: (dx, dg, 2 * db)),
    ],
    "changes-its-input": [backward_in_place],
    "cancelling-variance": [backward_by_means_of_squares],
    "fails-on-batch-of-one": [backward_refusing_one],
    "dtype-loss": [changed(lambda dx, dg, db: (dx.astype(np.float32), dg, db))],
    "wrong-shape": [changed(lambda dx, dg, db: (dx.sum(0), dg, db))],
    "wrong-number-of-results": [changed(lambda dx, dg, db: (dx, dg))],
    "unfinished": [changed(lambda dx, dg, db: (dx, ..., ...))],
    "not-a-number": [changed(lambda dx, dg, db: (dx * np.nan, dg, db))],
}


def by_means(dy, x, e):
    return (dy * parts(x, e)[0]).mean(0), dy.mean(0)


def over(*axes):
    return lambda x, g, b, e: g * parts(x, e, axis=axes)[0] + b


CONVOLUTION_CASES = {
    "wrong-axis": [
        over(0),
        over(1, 2),
        over(3),
        over(1, 2, 3),
        over(0, 1, 2, 3),
        over(0, 2, 3),
        over(0, 1),
    ],
    "sample-variance": [
        lambda x, g, b, e: g * (x - x.mean((0, 1, 2))) / np.sqrt(x.var((0, 1, 2), ddof=1) + e) + b
    ],
    "epsilon-outside-root": [
        lambda x, g, b, e: g * (x - x.mean((0, 1, 2))) / (x.std((0, 1, 2)) + e) + b
    ],
    "gamma-ignored": [lambda x, g, b, e: parts(x, e, (0, 1, 2))[0] + b],
    "shapes-do-not-fit": [
        lambda x, g, b, e: g * (x - x.mean((1, 2))) / np.sqrt(x.var((1, 2)) + e) + b
    ],
    "unfinished": [empty],
}


def folded(kernel=None, bias=None, root=None):
    """A folding with one part replaced."""
    kernel = kernel or (lambda k, s: k * s)
    bias = bias or (lambda o, s, m, b: s * (o - m) + b)
    root = root or (lambda v, e: np.sqrt(v + e))

    def fold(k, o, g, b, m, v, e):
        scale = g / root(v, e)
        return kernel(k, scale), bias(o, scale, m, b)

    return fold


def fold_in_place(k, o, g, b, m, v, e):
    k *= g / np.sqrt(v + e)
    return k, (o - m) * g / np.sqrt(v + e) + b


FOLDING_CASES = {
    "kernel-not-scaled": [folded(kernel=lambda k, s: k)],
    "wrong-kernel-axis": [
        folded(kernel=lambda k, s: (k.T * s).T),
        folded(kernel=lambda k, s: k * s[:, None]),
        folded(kernel=lambda k, s: k * s if k.ndim == 2 else k * np.ones(3)),
    ],
    "bias-forgotten": [folded(bias=lambda o, s, m, b: b - s * m)],
    "bias-not-scaled": [folded(bias=lambda o, s, m, b: o - s * m + b)],
    "mean-not-subtracted": [folded(bias=lambda o, s, m, b: s * o + b)],
    "sign-error": [folded(bias=lambda o, s, m, b: s * (o + m) + b)],
    "beta-ignored": [folded(bias=lambda o, s, m, b: s * (o - m))],
    "gamma-ignored": [
        lambda k, o, g, b, m, v, e: (k / np.sqrt(v + e), (o - m) / np.sqrt(v + e) + b)
    ],
    "epsilon-missing": [folded(root=lambda v, e: np.sqrt(v))],
    "epsilon-outside-root": [folded(root=lambda v, e: np.sqrt(v) + e)],
    "epsilon-ignored": [folded(root=lambda v, e: np.sqrt(v + 1e-3))],
    "no-root": [folded(root=lambda v, e: v + e)],
    "results-swapped": [lambda *a: folded()(*a)[::-1]],
    "changes-its-input": [fold_in_place],
    "dtype-loss": [folded(kernel=lambda k, s: (k * s).astype(np.float32))],
    "different": [folded(bias=lambda o, s, m, b: s * (o - m) + 2 * b)],
    "unfinished": [lambda *a: (..., ...)],
}
# A swapped pair of one kernel and one vector has the wrong shapes.
FOLDING_CASES["wrong-shape"] = FOLDING_CASES.pop("results-swapped")


class Layer:
    """Right; each wrong layer replaces one method."""

    variance = 1.0

    def __init__(self, features, momentum, epsilon):
        self.m, self.v = np.zeros(features), np.full(features, self.variance)
        self.momentum, self.epsilon = momentum, epsilon

    def __call__(self, x, training):
        m, v = x.mean(0), x.var(0)
        if training:
            self.update(m, v, x)
            return self.normalise(x, m, v)
        return self.infer(x)

    def infer(self, x):
        return self.normalise(x, self.m, self.v)

    def update(self, m, v, x):
        k = self.momentum
        self.m, self.v = k * self.m + (1 - k) * m, k * self.v + (1 - k) * v

    def normalise(self, x, m, v):
        return (x - m) / np.sqrt(v + self.epsilon)


class InfersWithTheBatch(Layer):
    def infer(self, x):
        return self.normalise(x, x.mean(0), x.var(0))


class TrainsWithMovingStatistics(Layer):
    def __call__(self, x, training):
        return self.infer(x)


class TrainsWithUpdatedStatistics(Layer):
    def __call__(self, x, training):
        super().__call__(x, training)
        return self.infer(x)


class NeverUpdates(Layer):
    def update(self, m, v, x):
        pass


class Reversed(Layer):
    def update(self, m, v, x):
        k = 1 - self.momentum
        self.m, self.v = k * self.m + (1 - k) * m, k * self.v + (1 - k) * v


class FixedMomentum(Layer):
    def update(self, m, v, x):
        self.m, self.v = 0.9 * self.m + 0.1 * m, 0.9 * self.v + 0.1 * v


class LastBatch(Layer):
    def update(self, m, v, x):
        self.m, self.v = m, v


class MovingSampleVariance(Layer):
    def update(self, m, v, x):
        super().update(m, x.var(0, ddof=1), x)


class MovingStd(Layer):
    def update(self, m, v, x):
        super().update(m, x.std(0), x)


class UpdatesAlways(Layer):
    def infer(self, x):
        self.update(x.mean(0), x.var(0), x)
        return self.normalise(x, self.m, self.v)


class UpdatesAfterInference(Layer):
    def infer(self, x):
        y = self.normalise(x, self.m, self.v)
        self.update(x.mean(0), x.var(0), x)
        return y


class StartsWithVarianceZero(Layer):
    variance = 0.0


class EpsilonOutside(Layer):
    def normalise(self, x, m, v):
        return (x - m) / (np.sqrt(v) + self.epsilon)


class SampleVariance(Layer):
    def __call__(self, x, training):
        return self.normalise(x, x.mean(0), x.var(0, ddof=1)) if training else self.infer(x)


class EachExample(Layer):
    def __call__(self, x, training):
        return parts(x, self.epsilon, axis=1)[0]


class InPlace(Layer):
    def normalise(self, x, m, v):
        x -= m
        return x / np.sqrt(v + self.epsilon)


class Stub(Layer):
    def __call__(self, x, training): ...


class WithoutReturn(Layer):
    def __call__(self, x, training):
        super().__call__(x, training)


class WithoutTraining(Layer):
    def __call__(self, x):
        return x


LAYER_CASES = {
    "train-inference-mixup": [
        InfersWithTheBatch,
        TrainsWithMovingStatistics,
        TrainsWithUpdatedStatistics,
    ],
    "statistics-not-updated": [NeverUpdates],
    "momentum-reversed": [Reversed],
    "momentum-ignored": [FixedMomentum],
    "no-average": [LastBatch],
    "sample-variance": [MovingSampleVariance, SampleVariance],
    "std-instead-of-variance": [MovingStd],
    "updated-in-inference": [UpdatesAlways, UpdatesAfterInference],
    "wrong-initial-state": [StartsWithVarianceZero],
    "epsilon-outside-root": [EpsilonOutside],
    "wrong-axis": [EachExample],
    "changes-its-input": [InPlace],
    "unfinished": [Stub],
    "returns-none": [WithoutReturn],
    "wrong-signature": [WithoutTraining, lambda: None, lambda *_: None],
}

TABLE = {
    FORWARD: FORWARD_CASES,
    INFERENCE: INFERENCE_CASES,
    UPDATE: UPDATE_CASES,
    BACKWARD: BACKWARD_CASES,
    CONVOLUTION: CONVOLUTION_CASES,
    FOLDING: FOLDING_CASES,
    LAYER: LAYER_CASES,
}

CASES = [
    pytest.param(check, function, names, id=f"{check.__name__}-{names.replace(' ', '+')}-{i}")
    for check, table in TABLE.items()
    for names, functions in table.items()
    for i, function in enumerate(functions)
]


@pytest.mark.parametrize(("check", "function", "names"), CASES)
def test_a_mistake_is_found_by_its_name_and_nothing_else_is_reported(check, function, names):
    report = check(function)
    assert set(report.names) == set(names.split()), str(report)
    with pytest.raises(checks.CheckFailed):
        report.require()


# The title that a student reads first, for each mistake of the exercises.
TITLES = {
    "sample-variance": "The variance is the sample variance",
    "epsilon-outside-root": "epsilon stands outside the root",
    "epsilon-missing": "epsilon is not used",
    "epsilon-ignored": "epsilon is a number of your own",
    "no-root": "The variance is used where the standard deviation belongs",
    "wrong-axis": "The statistics are taken over the wrong axes",
    "mean-not-subtracted": "The mean is not subtracted",
    "gamma-ignored": "gamma is not used",
    "beta-ignored": "beta is not used",
    "gamma-beta-swapped": "gamma and beta are in each other's place",
    "cancelling-variance": "The variance loses its digits when the mean is large",
    "changes-its-input": "The function changes its input",
    "dtype-loss": "Precision is lost on the way",
    "cut-to-integers": "The result is cut to integers",
    "integer-input": "A batch of integers comes out wrong",
    "fails-on-batch-of-one": "A batch of one example fails",
    "fails-on-constant-feature": "A feature that is the same in every example fails",
    "returns-none": "The function returns None",
    "unfinished": "This is still the unfinished stub",
    "raises": "The function stops with an error",
    "shapes-do-not-fit": "The function stops because two shapes do not fit",
    "wrong-signature": "The function cannot be called as the exercise says",
    "wrong-shape": "The result has the wrong shape",
    "wrong-number-of-results": "The number of results is wrong",
    "not-numbers": "The result is not an array of numbers",
    "not-a-number": "The result is not finite",
    "mean-is-not-beta": "The mean of y over the batch is not beta",
    "std-is-not-gamma": "The standard deviation of y over the batch is not gamma",
    "different": "The numbers are different",
    "train-inference-mixup": "Training and inference are mixed up",
    "depends-on-batch": "An example's output depends on the other examples",
    "momentum-reversed": "momentum is the other way round",
    "momentum-ignored": "momentum is a number of your own",
    "statistics-not-updated": "The moving statistics are not updated",
    "no-average": "The moving statistics are those of the last batch alone",
    "weights-do-not-add-up": "The weights of old and new value do not add up to 1",
    "std-instead-of-variance": "The standard deviation is averaged instead of the variance",
    "results-swapped": "Two results are in each other's place",
    "updated-in-inference": "Inference changes the moving statistics",
    "wrong-initial-state": "A layer that has seen nothing gives the wrong output in inference",
    "detached-statistics": "The gradient ignores that mean and variance depend on x",
    "detached-mean": "The gradient's path through the mean is missing",
    "detached-variance": "The gradient's path through the variance is missing",
    "batch-size-missing": "A sum stands where a mean belongs",
    "sign-error": "A term has the wrong sign",
    "mean-instead-of-sum": "A gradient is averaged that should be added up",
    "dgamma-from-x": "dgamma is computed from x",
    "dx-does-not-sum-to-zero": "dx does not add up to zero over the batch",
    "kernel-not-scaled": "The kernel is unchanged",
    "wrong-kernel-axis": "The kernel is scaled along the wrong axis",
    "bias-forgotten": "The old bias is lost",
    "bias-not-scaled": "The old bias is not scaled",
}
FIRST = {
    name: (check, functions[0])
    for check, table in reversed(TABLE.items())  # of several checks the first one counts
    for name, functions in table.items()
    if " " not in name
}


def test_every_mistake_in_the_catalogue_has_a_wrong_implementation_here():
    assert set(FIRST) == set(TITLES) == set(MISTAKES)


@pytest.mark.parametrize("name", TITLES)
def test_the_report_says_what_is_wrong_and_hints_where_to_look(name):
    check, function = FIRST[name]
    text = str(check(function))
    assert f"{check.__name__}: 1 thing to look at." in text
    assert f"1. {TITLES[name]}." in text
    assert "Hint: " in text
    assert max(map(len, text.splitlines())) <= 88
