"""Forward passes on vectors, right in many styles, and wrong in one way each."""

import math
import os
import sys

import numpy as np

from bnutils import reference
from tests.bnutils.checks.students.shared import OtherTensor, parts


def by_the_book(x, gamma, beta, epsilon):
    mean = x.mean(axis=0)
    variance = x.var(axis=0)
    x_hat = (x - mean) / np.sqrt(variance + epsilon)
    return gamma * x_hat + beta


def with_plain_loops_and_lists(x, gamma, beta, epsilon):
    count, features = len(x), len(x[0])
    y = [[0.0] * features for _ in range(count)]
    for j in range(features):
        column = [float(row[j]) for row in x]
        mean = sum(column) / count
        variance = sum((value - mean) ** 2 for value in column) / count
        for i in range(count):
            y[i][j] = gamma[j] * (column[i] - mean) / math.sqrt(variance + epsilon) + beta[j]
    return y


def with_einsum_and_broadcasting(x, gamma, beta, epsilon):
    centred = x - np.einsum("ij->j", x) / x.shape[0]
    variance = np.einsum("ij,ij->j", centred, centred) / x.shape[0]
    return np.einsum("ij,j->ij", centred, gamma * (variance + epsilon) ** -0.5) + beta[None, :]


def with_a_centring_matrix(x, gamma, beta, epsilon):
    count = len(x)
    centring = np.eye(count) - np.ones((count, count)) / count
    centred = centring @ (x - x[0])
    return centred * (gamma / np.sqrt(np.diag(centred.T @ centred) / count + epsilon)) + beta


def with_running_sums(x, gamma, beta, epsilon):
    mean, squares = np.zeros(x.shape[1]), np.zeros(x.shape[1])
    for count, row in enumerate(np.asarray(x, dtype=np.float64), start=1):
        step = row - mean
        mean = mean + step / count
        squares = squares + step * (row - mean)
    return (x - mean) / np.sqrt(squares / len(x) + epsilon) * gamma + beta


def with_keepdims_and_a_cache(x, gamma, beta, epsilon):
    mean = np.mean(x, axis=0, keepdims=True)
    std = np.sqrt(np.mean((x - mean) ** 2, axis=0, keepdims=True) + epsilon)
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, (x_hat, std)


def as_one_affine_map(x, gamma, beta, epsilon):
    shift = x[0].astype(np.float64)
    scale = gamma / np.sqrt(np.var(x - shift, axis=0) + epsilon)
    return (x - shift) * scale + (beta - scale * np.mean(x - shift, axis=0))


def features_first(x, gamma, beta, epsilon):
    rows = [
        g * (row - row.mean()) / np.hypot(row.std(), math.sqrt(epsilon)) + b
        for row, g, b in zip(x.T, gamma, beta, strict=True)
    ]
    return np.stack(rows, axis=1)


def refusing_integers(x, gamma, beta, epsilon):
    if not np.issubdtype(x.dtype, np.floating):
        raise TypeError("floats only")
    return by_the_book(x, gamma, beta, epsilon)


def in_extended_precision(x, gamma, beta, epsilon):
    return by_the_book(x.astype(np.longdouble), gamma, beta, epsilon)


def in_place_on_a_copy(x, gamma, beta, epsilon):
    y = np.array(x, dtype=np.float64)
    y -= y.mean(axis=0)
    y /= np.sqrt((y**2).mean(axis=0) + epsilon)
    y *= gamma
    y += beta
    return y


def as_a_tensor(x, gamma, beta, epsilon):
    return OtherTensor(by_the_book(x, gamma, beta, epsilon))


class CallableObject:
    def __call__(self, x, gamma, beta, epsilon):
        return reference.batch_norm_train(x, gamma, beta, epsilon=epsilon)[0]


RIGHT = [
    by_the_book,
    with_plain_loops_and_lists,
    with_einsum_and_broadcasting,
    with_a_centring_matrix,
    with_running_sums,
    with_keepdims_and_a_cache,
    as_one_affine_map,
    features_first,
    refusing_integers,
    in_extended_precision,
    in_place_on_a_copy,
    as_a_tensor,
    CallableObject(),
]


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


def two_parameters(x, g):
    return x


def stacked(x, g, b, e):
    return [[1.0, 2.0], [3.0]]


def never_ending(x, gamma, beta, epsilon):
    while x.shape:
        x = x - x.mean(axis=0)
    return x


def calling_itself(x, gamma, beta, epsilon):
    return calling_itself(x, gamma, beta, epsilon)


def rounding_float32(x, g, b, e):
    y = g * parts(x, e)[0] + b
    return np.round(y) if x.dtype == np.float32 else y


def returns_inside_the_loop(x, gamma, beta, epsilon):
    y, x_hat = np.zeros(x.shape), parts(x, epsilon)[0]
    for i in range(len(x)):
        y[i] = gamma * x_hat[i] + beta
        return y


def without_the_last(x, gamma, beta, epsilon):
    y, x_hat = np.zeros(x.shape), parts(x, epsilon)[0]
    for i in range(len(x) - 1):
        y[i] = gamma * x_hat[i] + beta
    return y


WRONG = {
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
    ],
    "epsilon-ignored": [
        lambda x, g, b, e: g * parts(x, 1e-8)[0] + b,
        lambda x, g, b, e: g * parts(x, 0.0123)[0] + b,
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
    "dtype-loss": [lambda x, g, b, e: np.round(g * parts(x, e)[0] + b, 3)],
    "cut-to-integers": [out_as_integers],
    "integer-input": [into_an_array_like_x],
    "fails-on-batch-of-one": [refuses_one_example, copies_one_example],
    "fails-on-constant-feature": [nan_for_a_constant, refuses_a_constant],
    "returns-none": [without_return, lambda x, g, b, e: print(end=""), lambda *_: (None, 1)],
    "unfinished": [empty, raising, returning_dots, with_dots_left],
    "raises": [with_a_typing_error],
    "shapes-do-not-fit": [lambda x, g, b, e: g * x + np.ones(3)],
    "wrong-signature": [two_parameters, "not a function"],
    "too-slow": [never_ending],
    "calls-itself": [calling_itself],
    "too-much-memory": [lambda x, g, b, e: np.zeros((10**6, 10**6))],
    "stops-python": [lambda x, g, b, e: sys.exit(1)],
    "dies": [lambda x, g, b, e: os.abort()],
    "wrong-type": [lambda x, g, b, e: {"out": x}, lambda x, g, b, e: (row for row in x)],
    "wrong-shape": [lambda x, g, b, e: x.mean(0), lambda x, g, b, e: x.T, lambda *_: 1.0],
    "not-numbers": [stacked, lambda *_: "y", lambda x, *_: x + 1j],
    "not-a-number": [lambda x, g, b, e: np.sqrt(-np.abs(x))],
    "mean-is-not-beta": [
        lambda x, g, b, e: g * (x - np.sort(x, 0)[1:-1].mean(0)) / parts(x, e)[1] + b
    ],
    "std-is-not-gamma": [
        lambda x, g, b, e: g * (x - x.mean(0)) / np.median(np.abs(x - x.mean(0)), 0) + b
    ],
    "different": [lambda x, g, b, e: (g * parts(x, e)[0] + b)[::-1]],
    "sign-error": [lambda x, g, b, e: g * -parts(x, e)[0] + b],
    "std-instead-of-variance": [lambda x, g, b, e: g * (x - x.mean(0)) / np.sqrt(x.std(0) + e) + b],
    "batch-size-missing": [
        lambda x, g, b, e: g * (x - x.mean(0)) / np.sqrt(len(x) * x.var(0) + e) + b
    ],
    "not-the-variance": [
        lambda x, g, b, e: g * (x - x.mean(0)) / np.sqrt(((x - x.mean(0)) ** 4).mean(0) + e) + b
    ],
    "not-the-variance epsilon-missing": [
        lambda x, g, b, e: g * (x - x.mean(0)) / np.abs(x - x.mean(0)).mean(0) + b
    ],
    "gamma-ignored beta-ignored epsilon-missing": [lambda x, g, b, e: (x - x.mean(0)) / x.std(0)],
    "sample-variance epsilon-outside-root gamma-ignored": [
        lambda x, g, b, e: (x - x.mean(0)) / (x.std(0, ddof=1) + e) + b
    ],
    "not-divided": [lambda x, g, b, e: g * (x - x.mean(0)) + b],
    "times-std": [lambda x, g, b, e: g * (x - x.mean(0)) * np.sqrt(x.var(0) + e) + b],
    "root-twice": [lambda x, g, b, e: g * (x - x.mean(0)) / np.sqrt(np.sqrt(x.var(0) + e)) + b],
    "wrong-power": [lambda x, g, b, e: g * (x - x.mean(0)) / (x.var(0) + e) ** 1.5 + b],
    "epsilon-twice": [lambda x, g, b, e: g * (x - x.mean(0)) / np.sqrt(x.var(0) + 2 * e) + b],
    "wrong-factor": [lambda x, g, b, e: 1.005 * (g * parts(x, e)[0] + b)],
    "extra-term": [lambda x, g, b, e: g * parts(x, e)[0] + b + 1],
    "mean-not-divided": [lambda x, g, b, e: g * x / parts(x, e)[1] - x.mean(0) + b],
    "not-the-mean": [lambda x, g, b, e: g * (x - x.max(0)) / parts(x, e)[1] + b],
    "another-formula": [lambda x, g, b, e: g * parts(x, e)[0] ** 2 + b],
    "fails-in-float32": [rounding_float32],
    "right-for-some-examples": [returns_inside_the_loop, without_the_last],
    "right-for-some": [lambda x, g, b, e: g * parts(x, e)[0] + b * (len(x) < 8) * 1.0 + 0.0],
}
