"""Foldings, right in many styles, and wrong in one way each."""

import math

import numpy as np

from bnutils import reference
from tests.bnutils.checks.students.inference import inferred_by_the_book


def folded_by_the_book(kernel, bias, gamma, beta, mean, variance, epsilon):
    scale = gamma / np.sqrt(variance + epsilon)
    return kernel * scale, (bias - mean) * scale + beta


def folded_with_einsum(kernel, bias, gamma, beta, mean, variance, epsilon):
    scale = gamma * (variance + epsilon) ** -0.5
    return np.einsum("...c,c->...c", kernel, scale), scale * bias + (beta - scale * mean)


def folded_with_a_matrix(kernel, bias, gamma, beta, mean, variance, epsilon):
    matrix = np.diag(gamma / np.sqrt(variance + epsilon))
    return [kernel @ matrix, (bias - mean) @ matrix + beta]


def folded_channel_by_channel(kernel, bias, gamma, beta, mean, variance, epsilon):
    new_kernel, new_bias = kernel.copy(), bias.copy()
    for c in range(len(bias)):
        scale = gamma[c] / math.sqrt(variance[c] + epsilon)
        new_kernel[..., c] *= scale
        new_bias[c] = scale * (bias[c] - mean[c]) + beta[c]
    return new_kernel, new_bias


def folded_by_probing(kernel, bias, *normalisation):
    """The bias is what the layer makes of zeros, the kernel what it adds for ones."""
    new_bias = inferred_by_the_book(bias, *normalisation)
    slope = inferred_by_the_book(bias + 1, *normalisation) - new_bias
    return kernel * slope, new_bias


def folded_by_the_reference(*arguments):
    return reference.fold(*arguments)


RIGHT = [
    folded_by_the_book,
    folded_with_einsum,
    folded_with_a_matrix,
    folded_channel_by_channel,
    folded_by_probing,
    folded_by_the_reference,
]


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


WRONG = {
    "kernel-not-scaled": [folded(kernel=lambda k, s: k)],
    "wrong-kernel-axis": [
        folded(kernel=lambda k, s: (k.T * s).T),
        folded(kernel=lambda k, s: k * s[:, None]),
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
    # A swapped pair of one kernel and one vector has the wrong shapes.
    "wrong-shape": [lambda *a: folded()(*a)[::-1]],
    "changes-its-input": [fold_in_place],
    "shapes-do-not-fit": [folded(kernel=lambda k, s: k * s if k.ndim == 2 else k * np.ones(3))],
    "dtype-loss": [folded(kernel=lambda k, s: np.round(k * s, 5))],
    "wrong-factor": [folded(bias=lambda o, s, m, b: s * (o - m) + 2 * b)],
    "mean-not-scaled": [folded(bias=lambda o, s, m, b: s * o - m + b)],
    "mean-not-subtracted beta-ignored bias-not-scaled": [folded(bias=lambda o, s, m, b: o)],
    "different": [folded(bias=lambda o, s, m, b: np.tanh(s * (o - m) + b))],
    "unfinished": [lambda *a: (..., ...)],
}
