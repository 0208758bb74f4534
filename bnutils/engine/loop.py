"""Many steps as one program.

The loop over the steps is compiled by XLA, which fuses the small operations of a step: that
pays from a few hundred steps on, since compiling takes most of a second. Shorter trainings,
and the smaller last batch of an epoch, run in TensorFlow's ordinary graph.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from bnutils.engine.examples import as_floats

WORTH_COMPILING = 200  # steps
# step(images, labels, masks, pace) -> (losses, hits), each of shape (R,)
Step = Callable[[Any, Any, Sequence[Any], Any], tuple[Any, Any]]


class Loop:
    """Calls a step for each row of a data order.

    Parameters
    ----------
    step : callable
        Changes the weights; returns each replica's loss and number of right answers.
    replicas : int
        How many are trained side by side.
    shape : (int, int), optional
        Most rows of a call, and examples of a full batch: what XLA compiles. By default it
        compiles nothing.
    """

    def __init__(self, step: Step, replicas: int, shape: tuple[int, int] | None = None) -> None:
        self.step, self.replicas, self.shape = step, replicas, shape
        self.in_graph = tf.function(self._loop, autograph=False, reduce_retracing=True)
        self.by_xla = tf.function(self._loop, autograph=False, jit_compile=True)

    def __call__(
        self, x: Any, y: Any, order: np.ndarray, masks: Sequence[np.ndarray], paces: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Run one step for each row of ``order``.

        Parameters
        ----------
        x, y : tf.Tensor
            All training examples, compact or not, and labels.
        order : numpy.ndarray
            Shape ``(steps, R, batch)``: the examples of each step for each replica.
        masks : sequence of numpy.ndarray
            For each dropout layer, which units stay: ``(steps, R, batch, ...)``.
        paces : numpy.ndarray
            What the optimiser is told of each step, ``(steps, numbers)``: an input of the program,
            so that one serves all rates.

        Returns
        -------
        losses, hits : numpy.ndarray
            Shape ``(steps, R)``: mean loss and number of right answers of each step.
        """
        steps = len(order)
        program = self.in_graph
        if self.shape and self.shape[1] == order.shape[-1]:
            program = self.by_xla
            order, paces, *masks = (_lengthened(p, self.shape[0]) for p in (order, paces, *masks))
        rows, parts = tf.constant(order), [tf.constant(mask) for mask in masks]
        losses, hits = program(x, y, rows, parts, tf.constant(paces), tf.constant(steps))
        return losses.numpy()[:steps], hits.numpy()[:steps]

    def _loop(
        self, x: Any, y: Any, order: Any, masks: Any, paces: Any, steps: Any
    ) -> tuple[Any, Any]:
        """The first ``steps`` rows, one after the other: each step changes the weights."""

        def body(i: Any, losses: Any, hits: Any) -> tuple[Any, Any, Any]:
            rows = order[i]
            images, labels = as_floats(tf.gather(x, rows)), tf.gather(y, rows)
            loss, hit = self.step(images, labels, [mask[i] for mask in masks], paces[i])
            return i + 1, losses.write(i, loss), hits.write(i, hit)

        length = tf.shape(order)[0]
        empty = [
            tf.TensorArray(kind, length, element_shape=[self.replicas])
            for kind in (tf.float32, tf.int32)
        ]
        start = (tf.constant(0), *empty)
        _, losses, hits = tf.while_loop(lambda i, *_: i < steps, body, start, parallel_iterations=1)
        return losses.stack(), hits.stack()


def _lengthened(part: np.ndarray, length: int) -> np.ndarray:
    """The same rows with more after them, which are not looked at."""
    if len(part) == length:
        return part
    longer = np.zeros((length, *part.shape[1:]), part.dtype)
    longer[: len(part)] = part
    return longer
