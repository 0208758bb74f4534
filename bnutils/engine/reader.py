"""Reads replicas as they are at the moment, and how they differ from a moment before."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import tensorflow as tf

from bnutils.engine.angles import angles
from bnutils.engine.network import Network, Point, Tensor
from bnutils.engine.outputs import rank, saturation
from bnutils.engine.readings import Readings, activations, gradients, kernels, landscape, rate
from bnutils.engine.replicas import Replicas
from bnutils.engine.shifts import gradient_shift, input_moments, input_shifts
from bnutils.probes import OF_GRADIENTS, OF_OUTPUTS, Probes

Moment = Mapping[str, np.ndarray]  # what is kept of a moment, by layer, with a leading axis R


class Reader:
    """Reads replicas as they are at the moment.

    Its programs are built at the first reading and serve for all later ones, also after
    the replicas have begun anew with other weights.

    Parameters
    ----------
    probes : Probes
        What to read.
    replicas : Replicas
        The networks.
    """

    def __init__(self, probes: Probes, replicas: Replicas) -> None:
        self._probes, self._replicas = probes, replicas
        self._before: dict[str, Moment] = {}
        self._program = tf.function(
            lambda rows, rate: read(probes, replicas, rows, rate), autograph=False
        )
        self._moments = tf.function(lambda rows: input_moments(replicas, rows), autograph=False)
        self._looks = {"angle": self._kernels, "input shift": self._inputs}

    def read(self, rows: np.ndarray) -> dict[str, np.ndarray]:
        """Read all networks on the first of their training examples.

        Parameters
        ----------
        rows : numpy.ndarray
            Numbers of these examples, shape ``(R, examples)``, or ``(1, examples)`` for the same.

        Returns
        -------
        dict of str to numpy.ndarray
            ``"<statistic>/<where>"`` -> float64 of shape (R,); see :mod:`bnutils.probes`.
        """
        rate = self._replicas.optimizer.rates(self._replicas.done)
        readings = self._program(self._examples(rows), tf.constant(rate))
        found = {name: values.numpy().astype(float) for name, values in readings.items()}
        for statistic, now in self._look(rows).items():
            found |= _compared(statistic, self._before.get(statistic, {}), now)
        return found

    def remember(self, rows: np.ndarray) -> None:
        """Look at the networks: the next reading says how far they have moved since.

        Parameters
        ----------
        rows : numpy.ndarray
            As of :meth:`read`.
        """
        self._before = self._look(rows)

    def forget(self) -> None:
        """Begin anew: other weights will be read, which have not moved yet."""
        self._before = {}

    def _look(self, rows: np.ndarray) -> dict[str, Moment]:
        """What each statistic that compares two moments needs of this one."""
        asked = self._probes.statistics
        return {name: look(rows) for name, look in self._looks.items() if name in asked}

    def _kernels(self, _: np.ndarray) -> Moment:
        """Copies of all kernels."""
        found = kernels(self._replicas, self._replicas.weights)
        return {name: value.numpy().copy() for name, value in found}

    def _inputs(self, rows: np.ndarray) -> Moment:
        """Mean and standard deviation of each unit that goes into a layer with weights."""
        found = self._moments(self._examples(rows))
        return {name: value.numpy() for name, value in found.items()}

    def _examples(self, rows: np.ndarray) -> Tensor:
        return tf.constant(rows[:, : self._probes.examples])


def _compared(statistic: str, before: Moment, now: Moment) -> dict[str, np.ndarray]:
    """What a statistic says of two moments; NaN where nothing was remembered."""
    found: dict[str, np.ndarray] = {}
    for where, value in now.items():
        then = before.get(where, np.full_like(value, np.nan))
        shifts = COMPARISONS[statistic](then, value)
        found |= {f"{name}/{where}": numbers for name, numbers in shifts.items()}
    return found


def read(probes: Probes, replicas: Replicas, rows: Tensor, rate: Tensor) -> Readings:
    """Return all that the probes ask for, but what compares two moments.

    Parameters
    ----------
    probes : Probes
        What to read.
    replicas : Replicas
        The networks; they stay as they are.
    rows : tf.Tensor
        Numbers of the examples on which they are read, shape ``(R or 1, examples)``.
    rate : tf.Tensor
        The learning rate of the update that comes next, float64.
    """
    network = Network.on(replicas, rows, rate)
    here = _point(network, probes)
    readings: Readings = {}
    for statistic in filter(FORMULAS.get, probes.statistics):
        readings |= FORMULAS[statistic](network, here, probes)
    return readings


def _point(network: Network, probes: Probes) -> Point:
    """The network as it is, after no more passes than are needed."""
    weights, asked = network.weights(), set(probes.statistics)
    if asked.intersection(OF_GRADIENTS):
        return network.point(weights)
    return Point(weights, *network.forward(weights) if asked.intersection(OF_OUTPUTS) else ())


# formula(network, here, probes) -> readings
FORMULAS: dict[str, Callable[[Network, Point, Probes], Readings]] = {
    "activations": activations,
    "gradients": gradients,
    "landscape": landscape,
    "rate": rate,
    "saturation": saturation,
    "rank": rank,
    "gradient shift": gradient_shift,
}
# comparison(before, now) -> {statistic: numbers of shape (R,)}
COMPARISONS: dict[str, Callable[[np.ndarray, np.ndarray], Mapping[str, Any]]] = {
    "angle": lambda before, now: {"angle": angles(before, now)},
    "input shift": input_shifts,
}
