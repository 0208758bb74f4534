"""Small dense networks in NumPy, many at once: what a lab needs that the engine has no rule for.

A stack is R networks of one architecture. Each array of weights has a leading axis, one entry a
network, and so have the batches: ``x`` is (R, m, inputs). They are independent of one another.
What is asked here of a network, the engine does not offer: a gradient for each example, or for
the input, and a batch that several devices share. The normalisations are the reference's::

    stack = Stack((64, 32, 10), norm="batch")
    weights = stack.start(seeds)
    outputs, trace = stack.forward(weights, x, training=True)
    losses, upstream = cross_entropy(outputs, y)
    gradients, dx = stack.backward(weights, trace, upstream)
    weights = stack.moved(descended(weights, gradients, 0.1), trace)
"""

from bnutils.stacks.descending import accuracy, cross_entropy, descended, epoch
from bnutils.stacks.networks import NORMS, Array, Stack, Trace, Weights

__all__ = [
    "NORMS",
    "Array",
    "Stack",
    "Trace",
    "Weights",
    "accuracy",
    "cross_entropy",
    "descended",
    "epoch",
]
