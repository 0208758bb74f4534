"""CS231n's functions as the exercises call theirs.

They are ``batchnorm_forward(x, gamma, beta, bn_param) -> (out, cache)`` and
``batchnorm_backward(dout, cache) -> (dx, dgamma, dbeta)``. The dictionary bn_param holds mode
("train" or "test"), eps, momentum (which weights the old value), and the moving statistics
running_mean and running_var, which training replaces.
"""

from typing import Any

import numpy as np

from bnutils.checks.calls.calling import Array, Function, require_callable

_MOMENTUM = 0.9
_EPSILON = 1e-5


def cs231n_forward(forward: Function) -> Function:
    """Make CS231n's forward pass fit :func:`batch_norm_forward`.

    Parameters
    ----------
    forward : callable
        ``batchnorm_forward(x, gamma, beta, bn_param) -> (out, cache)``.

    Returns
    -------
    callable
        ``forward(x, gamma, beta, epsilon) -> y``, which calls it with mode "train".

    Examples
    --------
    >>> def batchnorm_forward(x, gamma, beta, bn_param):
    ...     x_hat = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + bn_param["eps"])
    ...     return gamma * x_hat + beta, None
    >>> batch_norm_forward(cs231n_forward(batchnorm_forward)).passed
    True
    """
    require_callable("CS231n's forward pass", forward)

    def fitted(x: Array, gamma: Array, beta: Array, epsilon: float) -> Any:
        return forward(x, gamma, beta, _parameters("train", epsilon))[0]

    return fitted


def cs231n_inference(forward: Function) -> Function:
    """Make CS231n's forward pass fit :func:`batch_norm_inference`.

    Parameters
    ----------
    forward : callable
        ``batchnorm_forward(x, gamma, beta, bn_param) -> (out, cache)``.

    Returns
    -------
    callable
        ``inference(x, gamma, beta, moving_mean, moving_variance, epsilon) -> y``, which calls
        it with mode "test".

    Examples
    --------
    >>> def batchnorm_forward(x, gamma, beta, bn_param):
    ...     mean, var = bn_param["running_mean"], bn_param["running_var"]
    ...     return gamma * (x - mean) / np.sqrt(var + bn_param["eps"]) + beta, None
    >>> batch_norm_inference(cs231n_inference(batchnorm_forward)).passed
    True
    """
    require_callable("CS231n's forward pass", forward)

    def fitted(
        x: Array, gamma: Array, beta: Array, mean: Array, variance: Array, epsilon: float
    ) -> Any:
        state = {"running_mean": mean, "running_var": variance}
        return forward(x, gamma, beta, {**_parameters("test", epsilon), **state})[0]

    return fitted


def cs231n_update(forward: Function) -> Function:
    """Make CS231n's forward pass fit :func:`moving_update`.

    Parameters
    ----------
    forward : callable
        ``batchnorm_forward(x, gamma, beta, bn_param) -> (out, cache)``, which leaves the moving
        statistics in bn_param.

    Returns
    -------
    callable
        ``update(moving_mean, moving_variance, x, momentum) -> (moving_mean, moving_variance)``.

    Examples
    --------
    >>> def batchnorm_forward(x, gamma, beta, bn_param):
    ...     k, new = bn_param["momentum"], (x.mean(axis=0), x.var(axis=0))
    ...     for name, value in zip(("running_mean", "running_var"), new):
    ...         bn_param[name] = k * bn_param[name] + (1 - k) * value
    ...     return gamma * (x - new[0]) / np.sqrt(new[1] + bn_param["eps"]) + beta, None
    >>> moving_update(cs231n_update(batchnorm_forward)).passed
    True
    """
    require_callable("CS231n's forward pass", forward)

    def fitted(mean: Array, variance: Array, x: Array, momentum: float) -> Any:
        state = {"running_mean": mean, "running_var": variance}
        given = {**_parameters("train", _EPSILON), **state, "momentum": momentum}
        forward(x, 0 * mean + 1, 0 * mean, given)
        return given["running_mean"], given["running_var"]

    return fitted


def cs231n_backward(forward: Function, backward: Function) -> Function:
    """Make CS231n's backward pass fit :func:`batch_norm_backward`.

    Parameters
    ----------
    forward : callable
        ``batchnorm_forward(x, gamma, beta, bn_param) -> (out, cache)``, which makes the cache.
    backward : callable
        ``batchnorm_backward(dout, cache) -> (dx, dgamma, dbeta)``.

    Returns
    -------
    callable
        ``backward(dy, x, gamma, epsilon) -> (dx, dgamma, dbeta)``.

    Examples
    --------
    >>> def batchnorm_forward(x, gamma, beta, bn_param):
    ...     std = np.sqrt(x.var(axis=0) + bn_param["eps"])
    ...     x_hat = (x - x.mean(axis=0)) / std
    ...     return gamma * x_hat + beta, (x_hat, std, gamma)
    >>> def batchnorm_backward(dout, cache):
    ...     x_hat, std, gamma = cache
    ...     dgamma, dbeta = (dout * x_hat).sum(axis=0), dout.sum(axis=0)
    ...     return gamma / std * dout, dgamma, dbeta
    >>> batch_norm_backward(cs231n_backward(batchnorm_forward, batchnorm_backward)).passed
    False
    """
    require_callable("CS231n's forward pass", forward)
    require_callable("CS231n's backward pass", backward)

    def fitted(dy: Array, x: Array, gamma: Array, epsilon: float) -> Any:
        _, cache = forward(x, gamma, 0 * gamma, _parameters("train", epsilon))
        return backward(dy, cache)

    return fitted


def cs231n_layer(forward: Function) -> Function:
    """Make CS231n's forward pass fit :func:`batch_norm_layer`.

    Parameters
    ----------
    forward : callable
        ``batchnorm_forward(x, gamma, beta, bn_param) -> (out, cache)``.

    Returns
    -------
    callable
        ``factory(features, momentum, epsilon) -> layer``; the layer keeps gamma, beta and
        bn_param.

    Examples
    --------
    >>> def batchnorm_forward(x, gamma, beta, bn_param):
    ...     return gamma * x + beta, None
    >>> layer = cs231n_layer(batchnorm_forward)(2, 0.9, 1e-5)
    >>> layer(np.zeros((3, 2)), training=True).shape
    (3, 2)
    """
    require_callable("CS231n's forward pass", forward)
    return lambda features, momentum, epsilon: _Layer(forward, features, momentum, epsilon)


class _Layer:
    """What a network of CS231n's keeps for one layer."""

    def __init__(self, forward: Function, features: int, momentum: float, epsilon: float) -> None:
        self.forward = forward
        self.gamma, self.beta = np.ones(features), np.zeros(features)
        self.bn_param: dict[str, Any] = {**_parameters("train", epsilon), "momentum": momentum}
        self.bn_param |= {"running_mean": np.zeros(features), "running_var": np.ones(features)}

    def __call__(self, x: Array, training: bool) -> Any:
        self.bn_param["mode"] = "train" if training else "test"
        return self.forward(x, self.gamma, self.beta, self.bn_param)[0]


def _parameters(mode: str, epsilon: float) -> dict[str, Any]:
    return {"mode": mode, "eps": epsilon, "momentum": _MOMENTUM}
