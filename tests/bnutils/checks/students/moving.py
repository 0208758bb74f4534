"""Updates of the moving statistics, right in many styles, and wrong in one way each."""

import numpy as np

from tests.bnutils.checks.students.shared import OtherTensor


def updated_by_the_book(moving_mean, moving_variance, x, momentum):
    moving_mean = momentum * moving_mean + (1 - momentum) * x.mean(axis=0)
    moving_variance = momentum * moving_variance + (1 - momentum) * x.var(axis=0)
    return moving_mean, moving_variance


def updated_by_a_step(mean, variance, x, momentum):
    rate = 1 - momentum
    return [mean + rate * (x.mean(0) - mean), variance - rate * (variance - x.var(0))]


def updated_as_one_array(mean, variance, x, momentum):
    old, new = np.stack([mean, variance]), np.stack([x.mean(axis=0), x.var(axis=0)])
    return momentum * old + (1 - momentum) * new


def updated_by_np_average(mean, variance, x, momentum):
    pairs = ((mean, x.mean(axis=0)), (variance, x.var(axis=0)))
    weights = [momentum, 1 - momentum]
    return tuple(np.average(pair, axis=0, weights=weights) for pair in pairs)


def updated_in_lists(mean, variance, x, momentum):
    new = updated_by_the_book(mean, variance, x, momentum)
    return [one.tolist() for one in new]


def updated_as_tensors(*arguments):
    return tuple(OtherTensor(one) for one in updated_by_the_book(*arguments))


def updated_as_rows(m, v, x, k):
    new = x.mean(0, keepdims=True), x.var(0, keepdims=True)
    return k * m + (1 - k) * new[0], k * v + (1 - k) * new[1]


RIGHT = [
    updated_as_rows,
    updated_by_the_book,
    updated_by_a_step,
    updated_as_one_array,
    updated_by_np_average,
    updated_in_lists,
    updated_as_tensors,
]


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


WRONG = {
    "momentum-reversed": [
        lambda m, v, x, k: ((1 - k) * m + k * x.mean(0), (1 - k) * v + k * x.var(0))
    ],
    "momentum-ignored": [
        lambda m, v, x, k: (0.9 * m + 0.1 * x.mean(0), 0.9 * v + 0.1 * x.var(0)),
        lambda m, v, x, k: (0.1 * m + 0.9 * x.mean(0), 0.1 * v + 0.9 * x.var(0)),
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
            k * m + (1 - k) * x.mean(0) + np.zeros((2, 1)),
            k * v + (1 - k) * x.var(0),
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
    "another-formula": [
        lambda m, v, x, k: (k * m + (1 - k) * x.max(0), k * v + (1 - k) * x.var(0))
    ],
    "around-moving-mean": [
        lambda m, v, x, k: (
            k * m + (1 - k) * x.mean(0),
            k * v + (1 - k) * ((x - (k * m + (1 - k) * x.mean(0))) ** 2).mean(0),
        )
    ],
    "extra-term": [
        lambda m, v, x, k: (k * m + (1 - k) * x.mean(0), k * v + (1 - k) * (x.var(0) + 1e-5))
    ],
    "different": [
        lambda m, v, x, k: (k * m + (1 - k) * np.median(x, 0), k * v + (1 - k) * x.var(0))
    ],
}
