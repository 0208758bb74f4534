"""Batch normalisation over ghost batches: parts of the batch, each with statistics of its own."""

from typing import Any

import tensorflow as tf

from bnutils.layers.parts import all_but_last, follow
from bnutils.surroundings import import_keras

keras = import_keras()


class GhostBatchNormalization(keras.layers.BatchNormalization):  # type: ignore[misc, name-defined]
    """Keras' layer, but in training each ghost batch is normalised by itself.

    After Hoffer et al. (2017), "Train longer, generalize better". The examples are dealt out in
    turn, as cards are: with g the size and m examples in the batch there are G = max(1, m // g)
    ghost batches, and example i belongs to number i mod G. So each has g examples if g divides m,
    and at least g if m is larger. A batch of g examples or fewer is normalised as a whole.

    The moving statistics take one step an update, as those of the whole layer do, towards what
    the examples were normalised by: the mean, over all of them, of their ghost batch's mean and
    variance. (Hoffer et al. take a step for each ghost batch.) In inference, and frozen as a
    layer, it is Keras' layer. It works on the last axis.

    Parameters
    ----------
    ghost : int
        g, at least 1.
    **options
        As of ``keras.layers.BatchNormalization``, without ``axis``.
    """

    def __init__(self, ghost: int, **options: Any) -> None:
        super().__init__(axis=-1, **options)
        self.ghost = ghost

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Normalise each ghost batch in training, else by the moving statistics."""
        if not (training and self.trainable):
            return super().call(inputs, training=False)
        mean, variance = ghost_moments(inputs[None], self.ghost)
        pairs = ((self.moving_mean, mean), (self.moving_variance, variance))
        for moving, own in pairs:
            follow(moving, tf.reduce_mean(own[0], all_but_last(inputs)), self.momentum)
        x_hat = (inputs - mean[0]) * tf.math.rsqrt(variance[0] + self.epsilon)
        return x_hat * (self.gamma if self.scale else 1.0) + (self.beta if self.center else 0.0)

    def get_config(self) -> dict[str, Any]:
        """What a copy is made from."""
        config = super().get_config()
        del config["axis"]  # it is always the last
        return {"ghost": self.ghost, **config}


def ghost_moments(x: Any, size: int) -> tuple[Any, Any]:
    """Return for each example the mean and variance of its ghost batch.

    Parameters
    ----------
    x : tf.Tensor
        Shape (R, examples, ..., channels): of each network, a batch.
    size : int
        g.

    Returns
    -------
    mean, variance : tf.Tensor
        Shape (R, examples, 1, ..., channels), by channel, over examples and positions.
    """
    examples, positions = tf.shape(x)[1], list(range(2, x.shape.rank - 1))
    ghosts = tf.maximum(examples // size, 1)
    member = tf.one_hot(tf.range(examples) % ghosts, ghosts, dtype=x.dtype)
    share = member / tf.reduce_sum(member, 0)

    def averaged(values: Any) -> Any:
        each = tf.reduce_mean(values, positions, keepdims=True) if positions else values
        return tf.einsum("ig,rg...->ri...", member, tf.einsum("ig,ri...->rg...", share, each))

    mean = averaged(x)
    return mean, averaged(tf.square(x - mean))
