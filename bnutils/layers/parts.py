"""The two halves of batch normalisation, each without the other.

Both work on the last axis, and keep moving statistics as Keras does:
moving = momentum * moving + (1 - momentum) * batch, in training alone. Frozen as a layer, with
``trainable = False``, they take the moving ones in training too, as Keras' layer does.
"""

from typing import Any

from bnutils.surroundings import import_keras

keras = import_keras()
MOMENTUM, EPSILON = 0.99, 1e-3  # Keras' own


class BatchCentering(keras.layers.Layer):  # type: ignore[misc, name-defined]
    """y = x - mean + beta: batch normalisation that does not scale.

    Parameters
    ----------
    momentum : float
        Weight of the old moving mean.
    center : bool
        Whether there is a beta.
    """

    def __init__(self, momentum: float = MOMENTUM, center: bool = True, **options: Any) -> None:
        super().__init__(**options)
        self.momentum, self.center = momentum, center

    def build(self, input_shape: Any) -> None:
        """Make beta and the moving mean, (channels,) each."""
        channels = input_shape[-1:]
        if self.center:
            self.beta = self.add_weight(channels, "zeros", name="beta")
        self.moving_mean = self.add_weight(channels, "zeros", trainable=False, name="moving_mean")

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Centre each channel: by the batch's mean in training, else by the moving one."""
        mean = self.moving_mean
        if training and self.trainable:
            mean = keras.ops.mean(inputs, axis=all_but_last(inputs))
            follow(self.moving_mean, mean, self.momentum)
        return inputs - mean + (self.beta if self.center else 0.0)


class BatchScaling(keras.layers.Layer):  # type: ignore[misc, name-defined]
    """y = gamma x / sqrt(variance + epsilon): batch normalisation that does not centre.

    The variance is that of the whole layer, mean((x - mean)^2): about the mean of the batch, which
    is not taken out of x. So the layer differs from the whole one in that subtraction alone, and
    divides by the same number. The mean square about 0 would be larger by the mean's square, and
    the mean would come in again by the divisor: that is another normalisation.

    Parameters
    ----------
    momentum : float
        Weight of the old moving variance.
    epsilon : float
        Added to the variance.
    scale : bool
        Whether there is a gamma.
    """

    def __init__(
        self,
        momentum: float = MOMENTUM,
        epsilon: float = EPSILON,
        scale: bool = True,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.momentum, self.epsilon, self.scale = momentum, epsilon, scale

    def build(self, input_shape: Any) -> None:
        """Make gamma and the moving variance, (channels,) each."""
        channels = input_shape[-1:]
        if self.scale:
            self.gamma = self.add_weight(channels, "ones", name="gamma")
        self.moving_variance = self.add_weight(
            channels, "ones", trainable=False, name="moving_variance"
        )

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Scale each channel: by the batch's variance in training, else by the moving one."""
        variance = self.moving_variance
        if training and self.trainable:
            variance = keras.ops.var(inputs, axis=all_but_last(inputs))
            follow(self.moving_variance, variance, self.momentum)
        gamma = self.gamma if self.scale else 1.0
        return inputs * (gamma * keras.ops.rsqrt(variance + self.epsilon))


def all_but_last(inputs: Any) -> list[int]:
    """The axes of examples and positions."""
    return list(range(len(inputs.shape) - 1))


def follow(moving: Any, batch: Any, momentum: float) -> None:
    """moving = momentum * moving + (1 - momentum) * batch."""
    moving.assign(momentum * moving + (1.0 - momentum) * batch)
