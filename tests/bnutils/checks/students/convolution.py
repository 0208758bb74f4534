"""Forward passes on images, right in many styles, and wrong in one way each."""

import numpy as np

from bnutils import reference
from tests.bnutils.checks.students.forward import by_the_book, empty
from tests.bnutils.checks.students.shared import parts


def over_three_axes(x, gamma, beta, epsilon):
    mean, variance = x.mean(axis=(0, 1, 2)), x.var(axis=(0, 1, 2))
    return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta


def flattened_to_vectors(x, gamma, beta, epsilon):
    return by_the_book(x.reshape(-1, x.shape[-1]), gamma, beta, epsilon).reshape(x.shape)


def channel_by_channel(x, gamma, beta, epsilon):
    y = np.empty(x.shape)
    for c in range(x.shape[3]):
        one = x[..., c]
        y[..., c] = gamma[c] * (one - one.mean()) / (one.var() + epsilon) ** 0.5 + beta[c]
    return y


def channels_first_inside(x, gamma, beta, epsilon):
    moved = np.moveaxis(x, -1, 1)
    centred = moved - moved.mean(axis=(0, 2, 3), keepdims=True)
    std = np.sqrt((centred**2).mean(axis=(0, 2, 3), keepdims=True) + epsilon)
    y = gamma[:, None, None] * centred / std + beta[:, None, None]
    return np.moveaxis(y, 1, -1)


def channels_as_vectors_in_lists(x, gamma, beta, epsilon):
    return over_three_axes(x, gamma, beta, epsilon).tolist()


def convolution_by_the_reference(x, gamma, beta, epsilon):
    return reference.batch_norm_train(x, gamma, beta, epsilon=epsilon)


RIGHT = [
    over_three_axes,
    flattened_to_vectors,
    channel_by_channel,
    channels_first_inside,
    channels_as_vectors_in_lists,
    convolution_by_the_reference,
]


def over(*axes):
    return lambda x, g, b, e: g * parts(x, e, axis=axes)[0] + b


def by_reshaping(x, g, b, e):
    rows = x.reshape(x.shape[-1], -1).T
    return (g * (rows - rows.mean(0)) / np.sqrt(rows.var(0) + e) + b).T.reshape(x.shape)


WRONG = {
    "wrong-axis": [
        over(0),
        over(1, 2),
        over(3),
        over(1, 2, 3),
        over(0, 1, 2, 3),
        over(0, 2, 3),
        over(0, 1),
        by_reshaping,
    ],
    "sample-variance": [
        lambda x, g, b, e: g * (x - x.mean((0, 1, 2))) / np.sqrt(x.var((0, 1, 2), ddof=1) + e) + b
    ],
    "epsilon-outside-root": [
        lambda x, g, b, e: g * (x - x.mean((0, 1, 2))) / (x.std((0, 1, 2)) + e) + b
    ],
    "gamma-ignored": [lambda x, g, b, e: parts(x, e, (0, 1, 2))[0] + b],
    "mean-of-variances": [
        lambda x, g, b, e: g * (x - x.mean((0, 1, 2))) / np.sqrt(x.var((1, 2)).mean(0) + e) + b
    ],
    "shapes-do-not-fit": [
        lambda x, g, b, e: g * (x - x.mean((1, 2))) / np.sqrt(x.var((1, 2)) + e) + b
    ],
    "unfinished": [empty],
}
