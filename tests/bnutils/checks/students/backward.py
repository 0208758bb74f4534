"""Backward passes, right in many styles, and wrong in one way each."""

import numpy as np

from bnutils import reference
from tests.bnutils.checks.students.shared import parts


def compact(dy, x, gamma, epsilon):
    std = np.sqrt(x.var(axis=0) + epsilon)
    x_hat = (x - x.mean(axis=0)) / std
    dgamma, dbeta = (dy * x_hat).sum(axis=0), dy.sum(axis=0)
    dx = gamma / std * (dy - dy.mean(axis=0) - x_hat * (dy * x_hat).mean(axis=0))
    return dx, dgamma, dbeta


def multiplied_out(dy, x, gamma, epsilon):
    count = len(x)
    inverse = (x.var(axis=0) + epsilon) ** -0.5
    x_hat = (x - x.mean(axis=0)) * inverse
    dbeta, dgamma = np.ones(count) @ dy, np.einsum("ij,ij->j", dy, x_hat)
    return [gamma * inverse / count * (count * dy - dbeta - x_hat * dgamma), dgamma, dbeta]


def in_stages(dy, x, gamma, epsilon):
    count = len(x)
    centred = x - x.mean(axis=0)
    variance = (centred**2).mean(axis=0)
    root = np.sqrt(variance + epsilon)
    inverse = 1 / root
    dx_hat = dy * gamma
    dinverse = (dx_hat * centred).sum(axis=0)
    droot = -dinverse / root**2
    dvariance = droot / (2 * root)
    dcentred = dx_hat * inverse + dvariance * np.ones_like(x) / count * 2 * centred
    dx = dcentred - dcentred.sum(axis=0) / count
    return dx, (dy * centred * inverse).sum(axis=0), dy.sum(axis=0)


def by_the_jacobian(dy, x, gamma, epsilon):
    count = len(x)
    std = np.sqrt(x.var(axis=0) + epsilon)
    x_hat = (x - x.mean(axis=0)) / std
    outer = x_hat[:, None, :] * x_hat[None, :, :]
    jacobian = (np.eye(count)[:, :, None] - (1 + outer) / count) * gamma / std
    dx = np.einsum("ijd,id->jd", jacobian, dy)
    return dx, np.sum(dy * x_hat, 0), np.sum(dy, 0)


def column_by_column(dy, x, gamma, epsilon):
    columns = [compact(dy[:, [j]], x[:, [j]], gamma[[j]], epsilon) for j in range(x.shape[1])]
    return (
        np.concatenate([one for one, _, _ in columns], axis=1).tolist(),
        [float(one[0]) for _, one, _ in columns],
        [float(one[0]) for _, _, one in columns],
    )


def by_the_reference(dy, x, gamma, epsilon):
    _, cache = reference.batch_norm_train(x, gamma, None, epsilon=epsilon)
    return reference.batch_norm_backward_staged(dy, cache)


RIGHT = [
    compact,
    multiplied_out,
    in_stages,
    by_the_jacobian,
    column_by_column,
    by_the_reference,
]


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


def by_means(dy, x, e):
    return (dy * parts(x, e)[0]).mean(0), dy.mean(0)


def changed_dgamma(dgamma):
    def backward(dy, x, g, e):
        x_hat, std = parts(x, e)
        return right_backward(dy, x, g, e)[0], dgamma(dy, x_hat, g, std), dy.sum(0)

    return backward


def epsilon_twice(dy, x, g, e):
    x_hat, _ = parts(x, e)
    return full(dy, x_hat, g / np.sqrt(x.var(0) + 2 * e)), (dy * x_hat).sum(0), dy.sum(0)


def variance_path_undivided(dy, x, g, e):
    x_hat, std = parts(x, e)
    through = x_hat * (dy * x_hat).mean(0) * std**2
    return g / std * (dy - dy.mean(0) - through), (dy * x_hat).sum(0), dy.sum(0)


WRONG = {
    "detached-statistics": [
        gradient(lambda dy, x_hat, s: s * dy),
        gradient(lambda dy, x_hat, s: dy),
    ],
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
    "mean-instead-of-sum": [
        lambda dy, x, g, e: (right_backward(dy, x, g, e)[0], *by_means(dy, x, e))
    ],
    "dgamma-from-x": [
        lambda dy, x, g, e: (right_backward(dy, x, g, e)[0], (dy * x).sum(0), dy.sum(0)),
    ],
    "not-divided": [changed_dgamma(lambda dy, x_hat, g, std: (dy * x_hat * std).sum(0))],
    "wrong-power": [variance_path_undivided],
    "results-swapped": [changed(lambda dx, dg, db: (dx, db, dg))],
    "detached-variance mean-instead-of-sum": [
        lambda dy, x, g, e: (g / parts(x, e)[1] * (dy - dy.mean(0)), *by_means(dy, x, e))
    ],
    "wrong-axis": [backward_over_the_wrong_axis],
    "dx-does-not-sum-to-zero": [gradient(lambda dy, x_hat, s: np.exp(full(dy, x_hat, s)))],
    "extra-term": [changed(lambda dx, dg, db: (dx + 0.5, dg, db))],
    "wrong-factor": [
        changed(lambda dx, dg, db: (1.5 * dx, dg, db)),
        changed_dgamma(lambda dy, x_hat, g, std: (dy * g * x_hat).sum(0)),
        changed(lambda dx, dg, db: (dx, dg, 2 * db)),
        changed(lambda dx, dg, db: (dx, dg / 6, db / 6)),
    ],
    "different": [gradient(lambda dy, x_hat, s: full(dy, x_hat, s)[::-1])],
    "wrong-signature": [lambda x, dy, g, e: right_backward(dy, x, g, e)],
    "arguments-swapped": [lambda a, b, g, e: compact(b, a, g, e)],
    "epsilon-twice": [epsilon_twice],
    "times-std": [
        lambda dy, x, g, e: gradient(lambda dy, h, s: full(dy, h, s) * parts(x, e)[1] ** 2)(
            dy, x, g, e
        )
    ],
    "not-the-path": [lambda dy, x, g, e: (*right_backward(dy, x, g, e)[:2], (dy * x).sum(0))],
    "changes-its-input": [backward_in_place],
    "cancelling-variance": [backward_by_means_of_squares],
    "fails-on-batch-of-one": [backward_refusing_one],
    "dtype-loss": [changed(lambda dx, dg, db: (np.round(dx, 4), dg, db))],
    "wrong-shape": [changed(lambda dx, dg, db: (dx.sum(0), dg, db))],
    "wrong-number-of-results": [changed(lambda dx, dg, db: (dx, dg))],
    "unfinished": [changed(lambda dx, dg, db: (dx, ..., ...))],
    "not-a-number": [changed(lambda dx, dg, db: (dx * np.nan, dg, db))],
}
