"""Arrays as a framework has them, and back."""

from typing import Any

import numpy as np

from bnutils.checks.calls.calling import Array, as_array
from bnutils.checks.fitting.frameworks import loaded


def tensor(framework: str, array: Array) -> Any:
    """Return an array as that framework has it, with the same numbers.

    Parameters
    ----------
    framework : str
        "torch", "jax", "tensorflow"; "" for NumPy.
    array : ndarray
        A tensor of PyTorch shares its memory, so that a change in place is seen.
    """
    match framework:
        case "torch":
            return loaded("torch").from_numpy(np.ascontiguousarray(array))
        case "jax":
            return loaded("jax").device_put(array)  # compiles nothing, as `asarray` would
        case "tensorflow":
            return loaded("tensorflow").convert_to_tensor(array)
    return array


def plain(value: Any) -> Any:
    """Return numbers as NumPy has them, and everything else as it is."""
    if isinstance(value, np.ndarray):
        return value
    array = as_array(value)
    return value if array is None else array


def single(array: Array) -> Array:
    """Return floating-point numbers as float32."""
    return array.astype(np.float32) if array.dtype.kind == "f" else array


def double(array: Array) -> Array:
    """Return floating-point numbers as float64."""
    return array.astype(np.float64) if array.dtype.kind == "f" else array
