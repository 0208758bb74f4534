"""Keras' batch normalisation on several devices of this machine, with and without exchange.

Each of D devices gets N / D examples of a batch, and a copy of the layer: a replica. With
``synchronized=True`` the replicas add up sums of x and x**2 and so know the mean and variance of
all N examples; without, each normalises by those of its own.

The devices are parts of the one processor that TensorFlow is told to take for several. So what is
seen here is what numbers come out, and not how long the exchange takes.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from bnutils.pieces.processes import in_a_process
from bnutils.pieces.replicas import normalised
from bnutils.remembering import remembered_by
from bnutils.utils.validation import at_least, fraction, positive, shaped_like

MOST = 16
"""Devices; each is a copy of the program."""


@dataclass(frozen=True)
class Replicas:
    """What the replicas of a layer have computed.

    Attributes
    ----------
    outputs : numpy.ndarray
        y, shape (N, features).
    gradient : numpy.ndarray
        dx, shape (N, features).
    moving_mean, moving_variance : numpy.ndarray
        What each replica keeps, shape (D, features).
    read_mean, read_variance : numpy.ndarray
        What one gets who asks the layer, by ``layer.get_weights()``, shape (features,).
    """

    outputs: np.ndarray
    gradient: np.ndarray
    moving_mean: np.ndarray
    moving_variance: np.ndarray
    read_mean: np.ndarray
    read_variance: np.ndarray


@dataclass(frozen=True)
class OnDevices:
    """The same step with the two kinds of layer.

    Attributes
    ----------
    synchronized, apart : Replicas
        With ``synchronized=True``, and without.
    """

    synchronized: Replicas
    apart: Replicas


def on_devices(
    x: np.ndarray,
    dy: np.ndarray | None = None,
    *,
    devices: int = 2,
    momentum: float = 0.0,
    epsilon: float = 1e-3,
    timeout: float = 600.0,
) -> OnDevices:
    """Take one training step of batch normalisation with its batch on several devices.

    It is done in float32 by ``tf.distribute.MirroredStrategy``, in a process of its own, since
    devices are chosen before TensorFlow starts. That takes some seconds; the result is kept in the
    store.

    Parameters
    ----------
    x : numpy.ndarray
        The batch, shape (N, features). Device d gets the d-th N / D examples.
    dy : numpy.ndarray, optional
        The gradient at the output, of the same shape; by default ones.
    devices : int
        D, a divisor of N, 2 to 16.
    momentum : float
        Weights the old moving value, in [0, 1]:
        moving = momentum * moving + (1 - momentum) * batch. With 0, the default, the moving
        values after the step are those of the step.
    epsilon : float
        As of the layer.
    timeout : float
        Seconds after which the process is ended.

    Returns
    -------
    OnDevices

    Raises
    ------
    ValueError, TypeError
        If the devices do not divide the batch, or an argument is no such thing.
    TimeoutError
        If the process takes longer than it may.
    ProcessError
        If it fails; the message has its last words.
    """
    count = at_least("devices", devices, 2, MOST)
    batch = _batch(x, count)
    slope = np.ones_like(batch) if dy is None else np.asarray(dy, "float32")
    shaped_like("dy", slope.shape, "x", batch.shape)
    numbers = (fraction("momentum", momentum), positive("epsilon", epsilon))
    run = partial(in_a_process, positive("timeout", timeout))
    found: Any = remembered_by(run, normalised, batch, slope, count, *numbers)
    return OnDevices(**{name: Replicas(**own) for name, own in found.items()})


def _batch(x: Any, devices: int) -> np.ndarray:
    """As float32, and whether it can be dealt out."""
    batch = np.asarray(x, "float32")
    if batch.ndim != 2 or not batch.size:
        raise ValueError(f"x must be of shape (examples, features); received {np.shape(x)}.")
    if len(batch) % devices:
        raise ValueError(
            f"devices must divide the batch; received {devices} for {len(batch)} examples. Leave "
            f"out the last {len(batch) % devices}, or take another number of devices."
        )
    return batch
