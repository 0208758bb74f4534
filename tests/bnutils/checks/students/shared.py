"""What functions of several exercises use."""

import numpy as np


class OtherTensor:
    """Stands for the tensors of a framework: NumPy can read it, and that is all."""

    def __init__(self, values):
        self.values = values

    def __array__(self, dtype=None, copy=None):
        return np.array(self.values, dtype=dtype)


def parts(x, epsilon, axis=0):
    std = np.sqrt(x.var(axis=axis, keepdims=True) + epsilon)
    return (x - x.mean(axis=axis, keepdims=True)) / std, std
