"""What several devices compute; run in a process whose TensorFlow has not started yet."""

from typing import Any

import numpy as np

Numbers = dict[str, np.ndarray]


def normalised(
    x: np.ndarray, dy: np.ndarray, devices: int, momentum: float, epsilon: float
) -> dict[str, Numbers]:
    """Return one step of a synchronised layer, and of one that is not.

    Parameters
    ----------
    x, dy : numpy.ndarray
        The batch and the gradient at the output, float32, shape (N, features).
    devices : int
        A divisor of N.
    momentum, epsilon : float
        As of the layer.

    Returns
    -------
    dict of dict
        "synchronized" and "apart", each with the fields of
        :class:`Replicas <bnutils.pieces.devices.Replicas>`.
    """
    import tensorflow as tf

    processor, *_ = tf.config.list_physical_devices("CPU")
    parts = [tf.config.LogicalDeviceConfiguration()] * devices
    tf.config.set_logical_device_configuration(processor, parts)
    strategy = tf.distribute.MirroredStrategy([f"CPU:{number}" for number in range(devices)])
    dealt = [_dealt(strategy, np.split(values, devices)) for values in (x, dy)]
    kinds = {"synchronized": True, "apart": False}
    options = {"momentum": momentum, "epsilon": epsilon, "dtype": "float32"}
    return {name: _step(strategy, dealt, kind, options) for name, kind in kinds.items()}


def _step(strategy: Any, dealt: list[Any], synchronized: bool, options: dict[str, Any]) -> Numbers:
    """Of a layer, forward and backward, on all devices."""
    import keras
    import tensorflow as tf

    with strategy.scope():
        layer = keras.layers.BatchNormalization(synchronized=synchronized, **options)
        layer.build((None, _on_each(strategy, dealt[0])[0].shape[-1]))

    def one(x: Any, dy: Any) -> tuple[Any, Any]:
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = layer(x, training=True)
        return y, tape.gradient(y, x, output_gradients=dy)

    results = tf.function(lambda x, dy: strategy.run(one, args=(x, dy)))(*dealt)
    outputs, gradient = (np.concatenate(_on_each(strategy, values)) for values in results)
    pairs = (layer.moving_mean, layer.moving_variance)
    mean, variance = (np.stack(_on_each(strategy, one.value)) for one in pairs)
    return {
        "outputs": outputs,
        "gradient": gradient,
        "moving_mean": mean,
        "moving_variance": variance,
        "read_mean": pairs[0].numpy(),
        "read_variance": pairs[1].numpy(),
    }


def _dealt(strategy: Any, parts: list[np.ndarray]) -> Any:
    """One part for each device."""
    import tensorflow as tf

    return strategy.experimental_distribute_values_from_function(
        lambda context: tf.constant(parts[context.replica_id_in_sync_group])
    )


def _on_each(strategy: Any, values: Any) -> list[np.ndarray]:
    """What the devices have, in their order."""
    return [np.asarray(own) for own in strategy.experimental_local_results(values)]
