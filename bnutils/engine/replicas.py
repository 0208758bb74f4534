"""Many networks of one architecture trained as one program.

Plain ``model.fit`` spends most of its time on starting small operations. R replicas side by
side need the same number of operations as one, each R times as large. Batch normalisation
works per feature, so replicas that lie next to each other on an axis of their own are
normalised independently: what this module trains is what ``fit`` would train, R times.
"""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

import numpy as np
import tensorflow as tf

from bnutils.engine.examples import as_floats
from bnutils.engine.layers import learners, rule_for
from bnutils.engine.loop import WORTH_COMPILING, Loop
from bnutils.models import import_keras
from bnutils.models.chain import computing, require_chain, shortcuts
from bnutils.optimizers import Optimizer, decay

EVALUATED = 2_000  # examples at a time


class Replicas:
    """R networks of the same architecture, their weights stacked on a leading axis.

    The weights are zero until :meth:`begin`.

    Parameters
    ----------
    model : keras.Model
        Built; tells the layers. Its own weights are not used. A chain: see
        :mod:`bnutils.models.chain`.
    count : int
        R, how many networks there are.
    optimizer : Optimizer
        Rule, step size and weight decay for all of them.
    x, y : array or tf.Tensor
        Examples and labels of all parts, from which each takes its own by their numbers.

    Raises
    ------
    UnsupportedLayer
        If the engine has no rule for a layer, or the model is no chain.
    """

    def __init__(self, model: Any, count: int, optimizer: Optimizer, x: Any, y: Any) -> None:
        self.layers, self.count, self.optimizer = computing(model), count, optimizer
        self.x, self.y = tf.constant(x), tf.constant(y)
        self.rules = [rule_for(layer) for layer in self.layers]
        require_chain(model)
        self.shortcuts = shortcuts(self.layers)
        self.weights = [[_zeros(count, like) for like in layer.weights] for layer in self.layers]
        self.trainable = learners(self.layers, self.weights)
        flags = zip(self.trainable, optimizer.decays(self.layers), strict=True)
        self.decaying = [variable for variable, decays in flags if decays]
        self.slots = optimizer.slots(self.trainable)
        self.steps_done = tf.Variable(0, dtype=tf.int64)
        self.evaluate = tf.function(self._evaluate, reduce_retracing=True, autograph=False)
        self.loop = Loop(self.step, count)

    def begin(
        self, starts: Sequence[Sequence[np.ndarray]], optimizer: Optimizer | None = None
    ) -> None:
        """Take the initial weights of each network, and forget what was trained before.

        Parameters
        ----------
        starts : sequence of list of numpy.ndarray
            One list for each network, in the order of ``Model.get_weights``.
        optimizer : Optimizer, optional
            One that differs from the present one in its numbers only: they are inputs of the
            programs that there are.
        """
        self.optimizer = optimizer or self.optimizer
        stacks = (np.stack(values) for values in zip(*starts, strict=True))
        for variable, stack in zip(chain(*self.weights), stacks, strict=True):
            variable.assign(stack)
        for variable in (*chain(*self.slots), self.steps_done):
            variable.assign(tf.zeros_like(variable))

    def prepare(self, length: int, batch_size: int, updates: int) -> None:
        """Make a program for so many steps at a time, unless there is one already."""
        shape = (length, batch_size) if updates >= WORTH_COMPILING else None
        if self.loop.shape != shape:
            self.loop = Loop(self.step, self.count, shape)

    @property
    def done(self) -> int:
        """How many steps were taken since the beginning."""
        return int(self.steps_done.numpy())

    def run(self, order: np.ndarray, masks: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Take a step for each row of ``order``; see :class:`bnutils.engine.loop.Loop`."""
        paces = self.optimizer.paces(np.arange(self.done, self.done + len(order)))
        return self.loop(self.x, self.y, order, masks, paces)

    def forward(
        self, x: Any, masks: Sequence[Any], training: bool, until: int | None = None
    ) -> Any:
        """Apply all layers, or those before number ``until``; assign the moving statistics."""
        remaining, values = iter(masks), [x]
        network = list(zip(self.layers, self.rules, self.weights, strict=True))
        for place, (layer, rule, weights) in enumerate(network[:until]):
            extra = self.extra(place, values, remaining if training else iter(()))
            y, updates = rule(layer, weights, values[-1], extra, training)
            values.append(y)
            for index, value in updates.items():
                weights[index].assign(value)
        return values[-1]

    def extra(self, place: int, values: Sequence[Any], masks: Iterator[Any]) -> Any:
        """What a layer takes besides its input: what lies on a shortcut, a mask, or nothing.

        Parameters
        ----------
        place : int
            Number of the layer.
        values : sequence of tf.Tensor
            The data, then the output of each layer before it.
        masks : iterator
            Those of the dropout layers that are still to come.
        """
        if place in self.shortcuts:
            return values[self.shortcuts[place] + 1]
        return next(masks, None) if drops(self.layers[place]) else None

    def step(self, batch: Any, labels: Any, masks: Sequence[Any], pace: Any) -> tuple[Any, Any]:
        """One step of the optimiser; each replica descends the loss of its own batch.

        ``pace`` is a row of :meth:`Optimizer.paces <bnutils.optimizers.Optimizer.paces>`.
        """
        with tf.GradientTape() as tape:
            probabilities = self.forward(batch, masks, training=True)
            loss = tf.reduce_mean(cross_entropy(labels, probabilities), axis=1)
            total = tf.reduce_sum(loss)  # replicas share no weight: gradients stay apart
        self.steps_done.assign_add(1)
        gradients = tape.gradient(total, self.trainable)
        rate, share = tf.unstack(pace)
        decay(share, self.decaying)
        self.optimizer.apply(gradients, self.trainable, self.slots, self.steps_done, rate)
        return loss, count_hits(labels, probabilities)

    def _evaluate(self, rows: Any) -> tuple[Any, Any]:
        """Sum of losses and which answers are right, (R, examples), of each replica."""
        labels = tf.gather(self.y, rows)
        x = as_floats(tf.gather(self.x, rows))
        probabilities = self.forward(x, (), training=False)
        labels = tf.broadcast_to(labels, tf.shape(probabilities)[:2])
        loss = cross_entropy(labels, probabilities)
        return tf.reduce_sum(loss, axis=1), are_right(labels, probabilities)

    def score(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Score each replica in inference mode.

        Parameters
        ----------
        rows : numpy.ndarray
            The examples of each, shape ``(R, examples)``, or ``(1, examples)`` for the same.

        Returns
        -------
        loss : numpy.ndarray
            Mean of each replica, shape ``(R,)``.
        right : numpy.ndarray
            Which examples have their largest output at the label, shape ``(R, examples)``.
        """
        count, parts = rows.shape[1], parts_of(rows)
        losses, right = zip(*(self.evaluate(tf.constant(part)) for part in parts), strict=True)
        loss = sum(part.numpy().astype(float) for part in losses)
        return loss / count, np.concatenate(right, axis=1)

    def mask_shapes(self) -> list[tuple[float, tuple[int, ...]]]:
        """For each dropout layer: its rate and the shape of one example there."""
        return [(layer.rate, layer.input.shape[1:]) for layer in self.layers if drops(layer)]

    def all_weights(self) -> list[np.ndarray]:
        """Weights of all replicas, leading axis R, in the order of ``Model.get_weights``."""
        return [weight.numpy().copy() for weight in chain(*self.weights)]


def parts_of(rows: np.ndarray) -> Iterator[np.ndarray]:
    """Yield the examples of each replica, (R, examples), so many that fit the memory."""
    for start in range(0, rows.shape[1], EVALUATED):
        yield rows[:, start : start + EVALUATED]


def cross_entropy(labels: Any, probabilities: Any) -> Any:
    """Keras' own loss, example by example; of a softmax it takes the logits, as in ``fit``."""
    return import_keras().ops.sparse_categorical_crossentropy(labels, probabilities)


def are_right(labels: Any, probabilities: Any) -> Any:
    """Which examples have their largest output at the label, shape (R, examples)."""
    return tf.argmax(probabilities, axis=-1, output_type=labels.dtype) == labels


def count_hits(labels: Any, probabilities: Any) -> Any:
    """How many examples of each replica have their largest output at the label."""
    return tf.reduce_sum(tf.cast(are_right(labels, probabilities), tf.int32), axis=1)


def drops(layer: Any) -> bool:
    """Whether a layer is dropout."""
    return type(layer).__name__ == "Dropout"


def _zeros(count: int, like: Any) -> Any:
    """Room for the same weight of all networks."""
    return tf.Variable(tf.zeros([count, *like.shape], like.dtype))
