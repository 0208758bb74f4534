"""Forward passes in inference, right in many styles, and wrong in one way each."""

import numpy as np

from tests.bnutils.checks.students.shared import OtherTensor, parts


def inferred_by_the_book(x, gamma, beta, moving_mean, moving_variance, epsilon):
    return gamma * (x - moving_mean) / np.sqrt(moving_variance + epsilon) + beta


def inferred_as_an_affine_map(x, gamma, beta, mean, variance, epsilon):
    scale = gamma * (variance + epsilon) ** -0.5
    return x * scale + (beta - mean * scale)


def inferred_one_by_one(x, gamma, beta, mean, variance, epsilon):
    return [list(inferred_by_the_book(row, gamma, beta, mean, variance, epsilon)) for row in x]


def inferred_with_a_diagonal_matrix(x, gamma, beta, mean, variance, epsilon):
    return (x - mean) @ np.diag(gamma / np.sqrt(variance + epsilon)) + beta


def inferred_as_a_tensor(*arguments):
    return OtherTensor(inferred_by_the_book(*arguments))


def inferred_with_out(x, gamma, beta, mean, variance, epsilon):
    y = np.subtract(x, mean)
    np.divide(y, np.sqrt(variance + epsilon), out=y)
    return np.add(np.multiply(y, gamma, out=y), beta, out=y)


RIGHT = [
    inferred_by_the_book,
    inferred_as_an_affine_map,
    inferred_one_by_one,
    inferred_with_a_diagonal_matrix,
    inferred_as_a_tensor,
    inferred_with_out,
]


WRONG = {
    "train-inference-mixup": [
        lambda x, g, b, m, v, e: g * parts(x, e)[0] + b,
        lambda x, g, b, m, v, e: g * (x - m) / parts(x, e)[1] + b,
        lambda x, g, b, m, v, e: g * (x - x.mean(0)) / np.sqrt(v + e) + b,
    ],
    "epsilon-outside-root": [lambda x, g, b, m, v, e: g * (x - m) / (np.sqrt(v) + e) + b],
    "epsilon-missing": [lambda x, g, b, m, v, e: g * (x - m) / np.sqrt(v) + b],
    "epsilon-ignored": [
        lambda x, g, b, m, v, e: g * (x - m) / np.sqrt(v + 1e-5) + b,
        lambda x, g, b, m, v, e: g * (x - m) / np.sqrt(v + 0.01) + b,
    ],
    "no-root": [lambda x, g, b, m, v, e: g * (x - m) / (v + e) + b],
    "gamma-ignored": [lambda x, g, b, m, v, e: (x - m) / np.sqrt(v + e) + b],
    "beta-ignored": [lambda x, g, b, m, v, e: g * (x - m) / np.sqrt(v + e)],
    "gamma-beta-swapped": [lambda x, g, b, m, v, e: b * (x - m) / np.sqrt(v + e) + g],
    "mean-not-subtracted": [lambda x, g, b, m, v, e: g * x / np.sqrt(v + e) + b],
    "depends-on-batch": [lambda x, g, b, m, v, e: g * (x - np.median(x, 0)) / np.sqrt(v + e) + b],
    "wrong-factor train-inference-mixup": [
        lambda x, g, b, m, v, e: g * (x - (m + x.mean(0)) / 2) / np.sqrt(v + e) + b
    ],
    "wrong-factor": [lambda x, g, b, m, v, e: g * (x - 2 * m) / np.sqrt(v + e) + b],
    "wrong-factor beta-ignored": [
        lambda x, g, b, m, v, e: (g + b) * (x - m) / np.sqrt(v + e),
    ],
    "normalised-twice": [
        lambda x, g, b, m, v, e: g * (x - m / np.sqrt(v + e) - m) / np.sqrt(v + e) + b
    ],
    "arguments-swapped": [lambda x, g, b, v, m, e: g * (x - m) / np.sqrt(v + e) + b],
    "different": [lambda x, g, b, m, v, e: np.tanh(g * (x - m) / np.sqrt(v + e) + b)],
    "fails-on-constant-feature": [
        lambda x, g, b, m, v, e: g * (x - m) / np.sqrt(np.where(v > 0, v + e, np.nan)) + b
    ],
    "changes-its-input": [
        lambda x, g, b, m, v, e: np.subtract(x, m, out=x) * g / np.sqrt(v + e) + b
    ],
    "dtype-loss": [lambda x, g, b, m, v, e: np.round(g * (x - m) / np.sqrt(v + e) + b, 4)],
    "unfinished": [lambda x, g, b, m, v, e: ...],
}
