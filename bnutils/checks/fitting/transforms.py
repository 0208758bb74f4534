"""Adapters for code that lays out its arrays in its own way, or has them from a framework."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import numpy as np

from bnutils.checks.calls.calling import Array, Function, require_callable
from bnutils.checks.fitting.frameworks import loaded
from bnutils.checks.fitting.tensors import plain, single, tensor

Change = Callable[[Array], Any]
_ADAPTED = "What is adapted, a function's name without brackets,"


def channels_first(function: Function) -> Function:
    """Make a function on images (N, C, H, W) fit the exercises, whose channels are last.

    Parameters
    ----------
    function : callable
        With the arguments of an exercise, but images channels first.

    Returns
    -------
    callable
        The same with images (N, H, W, C).

    Examples
    --------
    >>> def convolution(x, gamma, beta, epsilon):
    ...     mean, var = (f(x, axis=(0, 2, 3), keepdims=True) for f in (np.mean, np.var))
    ...     gamma, beta = gamma.reshape(1, -1, 1, 1), beta.reshape(1, -1, 1, 1)
    ...     return gamma * (x - mean) / np.sqrt(var + epsilon) + beta
    >>> batch_norm_convolution(channels_first(convolution)).passed
    True
    """
    return _changed(
        function,
        lambda array: np.ascontiguousarray(np.moveaxis(array, -1, 1)) if array.ndim == 4 else array,
        lambda result: np.moveaxis(result, 1, -1) if result.ndim == 4 else result,
    )


def features_first(function: Function) -> Function:
    """Make a function on batches (D, N), parameters (D, 1), fit the exercises.

    Parameters
    ----------
    function : callable
        With the arguments of an exercise, but one column for each example.

    Returns
    -------
    callable
        The same with batches (N, D) and parameters (D,).

    Examples
    --------
    >>> def forward(x, gamma, beta, epsilon):
    ...     mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    ...     return gamma * (x - mean) / np.sqrt(var + epsilon) + beta
    >>> batch_norm_forward(features_first(forward)).passed
    True
    """
    return _changed(
        function,
        lambda array: array.reshape(-1, 1) if array.ndim == 1 else array.T,
        lambda result: result.T,
    )


def row_vectors(function: Function) -> Function:
    """Make a function whose parameters are rows, (1, D), fit the exercises.

    Parameters
    ----------
    function : callable
        With the arguments of an exercise, but vectors (1, D).

    Returns
    -------
    callable
        The same with vectors (D,).

    Examples
    --------
    >>> def forward(x, gamma, beta, epsilon):
    ...     mean, var = x.mean(axis=0), x.var(axis=0)
    ...     return gamma[0] * (x - mean) / np.sqrt(var + epsilon) + beta[0]
    >>> batch_norm_forward(row_vectors(forward)).passed
    True
    """
    return _changed(
        function,
        lambda array: array.reshape(1, -1) if array.ndim == 1 else array,
        lambda result: result,
    )


def torch_function(function: Function) -> Function:
    """Make a function on PyTorch's tensors fit the exercises.

    Parameters
    ----------
    function : callable
        With the arguments of an exercise, but tensors; it may use autograd.

    Returns
    -------
    callable
        The same with NumPy's arrays.

    Examples
    --------
    >>> import torch
    >>> def forward(x, gamma, beta, epsilon):
    ...     variance = x.var(dim=0, unbiased=False)
    ...     return gamma * (x - x.mean(dim=0)) * torch.rsqrt(variance + epsilon) + beta
    >>> batch_norm_forward(torch_function(forward)).passed
    True
    """
    return in_tensors(function, "torch")


def jax_function(function: Function) -> Function:
    """Make a function on JAX's arrays fit the exercises; it may be jitted.

    Parameters
    ----------
    function : callable
        With the arguments of an exercise, but JAX's arrays, which are float32 by default.

    Returns
    -------
    callable
        The same with NumPy's arrays.

    Examples
    --------
    >>> import jax
    >>> @jax.jit
    ... def forward(x, gamma, beta, epsilon):
    ...     return gamma * (x - x.mean(0)) * jax.lax.rsqrt(x.var(0) + epsilon) + beta
    >>> batch_norm_forward(jax_function(forward)).passed
    True
    """
    return in_tensors(function, "jax")


def tensorflow_function(function: Function) -> Function:
    """Make a function on TensorFlow's tensors fit the exercises; it may be a ``tf.function``.

    Parameters
    ----------
    function : callable
        With the arguments of an exercise, but tensors.

    Returns
    -------
    callable
        The same with NumPy's arrays.

    Examples
    --------
    >>> import tensorflow as tf
    >>> def forward(x, gamma, beta, epsilon):
    ...     mean, variance = tf.nn.moments(x, axes=[0])
    ...     return tf.nn.batch_normalization(x, mean, variance, beta, gamma, epsilon)
    >>> batch_norm_forward(tensorflow_function(forward)).passed
    True
    """
    return in_tensors(function, "tensorflow")


def in_tensors(function: Function, framework: str, precise: bool = True) -> Function:
    """Return a function that is given a framework's tensors, in float64 or float32."""
    return _changed(
        _as_one_program(function) if framework == "jax" else function,
        lambda array: tensor(framework, array if precise else single(array)),
        lambda result: result,
    )


def _as_one_program(function: Function) -> Function:
    """Return a function of JAX's compiled as a whole: else it compiles each of its operations."""
    require_callable(_ADAPTED, function)

    def run(*arguments: Any) -> Any:
        try:
            return loaded("jax").jit(function)(*arguments)
        except Exception:  # noqa: BLE001 - what is wrong shows in the plain call
            return function(*arguments)

    return run


def without_gradients(function: Function) -> Function:
    """Return a function that runs as in inference, if PyTorch is there to be asked."""

    def fitted(*arguments: Any) -> Any:
        torch = loaded("torch")
        with torch.no_grad() if torch else nullcontext():
            return function(*arguments)

    return fitted


def _changed(function: Function, into: Change, back: Change) -> Function:
    """Return a function whose arrays are changed before the call, and its results after it."""
    require_callable(_ADAPTED, function)

    def fitted(*arguments: Any) -> Any:
        given = [into(one) if isinstance(one, np.ndarray) else one for one in arguments]
        return _each(function(*given), back)

    return fitted


def _each(returned: Any, back: Change) -> Any:
    """Change a result, or each of several."""
    if isinstance(returned, tuple | list):
        return tuple(_each(one, back) for one in returned)
    if isinstance(returned, dict):
        return {name: _each(one, back) for name, one in returned.items()}
    array = plain(returned)
    return back(array) if isinstance(array, np.ndarray) else array
