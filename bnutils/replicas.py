"""The engine: many seeds of one architecture trained as one program.

Plain ``model.fit`` spends most of its time on starting small operations. R replicas side by
side need the same number of operations as one, each R times as large. Batch normalisation
works per feature, so replicas that lie next to each other on an axis of their own are
normalised independently: what this module trains is what ``fit`` would train, R times.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import tensorflow as tf

from bnutils._recorder import Recorder
from bnutils._replica_layers import rule_for
from bnutils._streams import chunks
from bnutils.datasets import Dataset
from bnutils.optimizers import Optimizer

if TYPE_CHECKING:
    from bnutils.results import Run
    from bnutils.training import Task

EVALUATED = 2_000  # examples at a time


def train(
    task: "Task", seeds: Sequence[int], data: Dataset, tick: Callable[[int], object]
) -> "list[Run]":
    """Train one run for each seed, all at once.

    Parameters
    ----------
    task : Task
        Architecture, batch size, optimiser, and after how many updates to evaluate.
    seeds : sequence of int
        One for each replica.
    data : Dataset
        What they all learn.
    tick : callable
        Told the number of updates done, for a progress bar.

    Returns
    -------
    list of Run
        In the order of ``seeds``.

    Raises
    ------
    UnsupportedLayer
        If the engine has no rule for a layer of the model.
    """
    models = [task.model.build(data.input_shape, data.classes, seed) for seed in seeds]
    replicas = Replicas(models, task.optimizer)
    x, y = tf.constant(data.x_train), tf.constant(data.y_train)
    examples, shapes = len(data.x_train), replicas.mask_shapes()
    recorder = Recorder(seeds, task.stops, examples, task.batch_size)
    for done, order, masks in chunks(seeds, examples, task.batch_size, shapes, task.stops):
        losses, hits = replicas.run(x, y, tf.constant(order), [tf.constant(m) for m in masks])
        recorder.steps(losses.numpy(), hits.numpy(), order.shape[-1])
        tick(len(order) * len(seeds))
        if done in task.stops:
            recorder.evaluation(*replicas.score(data.x_val, data.y_val))
    return recorder.runs(*replicas.score(data.x_test, data.y_test))


class Replicas:
    """R Keras models of the same shape, their weights stacked on a leading axis.

    Parameters
    ----------
    models : sequence of keras.Sequential
        Built models that differ in nothing but the values of their weights.
    optimizer : Optimizer
        Rule and step size for all of them.

    Raises
    ------
    UnsupportedLayer
        If the engine has no rule for a layer.
    """

    def __init__(self, models: Sequence[Any], optimizer: Optimizer) -> None:
        self.layers = models[0].layers
        self.rules = [rule_for(layer) for layer in self.layers]
        self.count = len(models)
        self.weights = [
            [tf.Variable(np.stack(values)) for values in zip(*copies, strict=True)]
            for copies in zip(*(_weights_by_layer(model) for model in models), strict=True)
        ]
        self.trainable = [
            variable
            for layer, variables in zip(self.layers, self.weights, strict=True)
            for weight, variable in zip(layer.weights, variables, strict=True)
            if weight.trainable
        ]
        self.optimizer = optimizer
        self.slots = optimizer.slots(self.trainable)
        self.steps_done = tf.Variable(0, dtype=tf.int64)
        self.run = tf.function(self._run, self._signature(), autograph=False)
        self.evaluate = tf.function(self._evaluate, reduce_retracing=True, autograph=False)

    def forward(self, x: Any, masks: Sequence[Any], training: bool) -> Any:
        """Apply all layers; in training, assign the moving statistics."""
        remaining = iter(masks)
        for layer, rule, weights in zip(self.layers, self.rules, self.weights, strict=True):
            mask = next(remaining) if training and _drops(layer) else None
            x, updates = rule(layer, weights, x, mask, training)
            for index, value in updates.items():
                weights[index].assign(value)
        return x

    def _run(self, x: Any, y: Any, order: Any, masks: Sequence[Any]) -> tuple[Any, Any]:
        """Train for as many steps as ``order`` has rows.

        Parameters
        ----------
        x, y : tf.Tensor
            All training examples and labels.
        order : tf.Tensor
            Shape ``(steps, R, batch)``: the examples of each step for each replica.
        masks : sequence of tf.Tensor
            For each dropout layer, which units stay: ``(steps, R, batch, ...)``.

        Returns
        -------
        losses, hits : tf.Tensor
            Shape ``(steps, R)``: mean loss and number of right answers of each step.
        """
        results: tuple[Any, Any] = tf.map_fn(  # one by one: each step changes the weights
            lambda part: self.step(tf.gather(x, part[0]), tf.gather(y, part[0]), part[1]),
            (order, masks),
            parallel_iterations=1,
            fn_output_signature=(
                tf.TensorSpec([self.count], tf.float32),
                tf.TensorSpec([self.count], tf.int32),
            ),
        )
        return results

    def step(self, batch: Any, labels: Any, masks: Sequence[Any]) -> tuple[Any, Any]:
        """One step of the optimiser; each replica descends the loss of its own batch."""
        with tf.GradientTape() as tape:
            probabilities = self.forward(batch, masks, training=True)
            loss = tf.reduce_mean(cross_entropy(labels, probabilities), axis=1)
            total = tf.reduce_sum(loss)  # replicas share no weight: gradients stay apart
        self.steps_done.assign_add(1)
        gradients = tape.gradient(total, self.trainable)
        self.optimizer.apply(gradients, self.trainable, self.slots, self.steps_done)
        return loss, count_hits(labels, probabilities)

    def _evaluate(self, x: Any, y: Any) -> tuple[Any, Any]:
        """Sum of losses and number of right answers of each replica on shared data."""
        labels = tf.broadcast_to(y, [self.count, tf.size(y)])
        probabilities = self.forward(x[None], (), training=False)
        loss = cross_entropy(labels, probabilities)
        return tf.reduce_sum(loss, axis=1), count_hits(labels, probabilities)

    def score(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Mean loss and accuracy of each replica in inference mode, each of shape (R,)."""
        loss, hits = np.zeros(self.count), np.zeros(self.count)
        for start in range(0, len(x), EVALUATED):
            part = slice(start, start + EVALUATED)
            more_loss, more_hits = self.evaluate(tf.constant(x[part]), tf.constant(y[part]))
            loss, hits = loss + more_loss.numpy(), hits + more_hits.numpy()
        return loss / len(x), hits / len(x)

    def _signature(self) -> tuple[Any, ...]:
        """Shapes of the arguments of ``run``, so that it is compiled once for all batches."""
        batch = [None, self.count, None]
        masks = [tf.TensorSpec([*batch, *shape], tf.bool) for _, shape in self.mask_shapes()]
        images = tf.TensorSpec([None, *self.layers[0].input.shape[1:]], tf.float32)
        labels, order = tf.TensorSpec([None], tf.int64), tf.TensorSpec(batch, tf.int64)
        return images, labels, order, masks

    def mask_shapes(self) -> list[tuple[float, tuple[int, ...]]]:
        """For each dropout layer: its rate and the shape of one example there."""
        return [(layer.rate, layer.input.shape[1:]) for layer in self.layers if _drops(layer)]

    def weights_of(self, replica: int) -> list[np.ndarray]:
        """Weights of one replica in the order of ``keras.Model.get_weights``."""
        return [weight[replica].numpy() for layer in self.weights for weight in layer]


def cross_entropy(labels: Any, probabilities: Any) -> Any:
    """Keras' sparse categorical cross-entropy of probabilities, example by example."""
    clipped = tf.clip_by_value(probabilities, 1e-7, 1 - 1e-7)
    return tf.nn.sparse_softmax_cross_entropy_with_logits(labels, tf.math.log(clipped))


def count_hits(labels: Any, probabilities: Any) -> Any:
    """How many examples of each replica have their largest output at the label."""
    answers = tf.argmax(probabilities, axis=-1, output_type=labels.dtype)
    return tf.reduce_sum(tf.cast(answers == labels, tf.int32), axis=1)


def _drops(layer: Any) -> bool:
    return type(layer).__name__ == "Dropout"


def _weights_by_layer(model: Any) -> list[list[np.ndarray]]:
    return [layer.get_weights() for layer in model.layers]
