"""The networks of a stack: forward, backward, moving statistics."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from bnutils.reference import (
    batch_norm_backward,
    batch_norm_train,
    layer_norm,
    layer_norm_backward,
    update_moving,
)
from bnutils.utils.validation import at_least, counts, fraction, one_of, positive, several

Array = npt.NDArray[np.float64]
Weights = dict[str, Array]
NORMS = (None, "batch", "layer")
STATISTICS = ("mean", "variance")


@dataclass(frozen=True)
class Trace:
    """What a forward pass leaves for the backward pass, a list entry for each layer.

    Attributes
    ----------
    inputs : list of ndarray
        What the layer multiplied, (R, m, width).
    normalised, caches : list
        Of a hidden layer: what gamma multiplied, and what the reference left; None without norm.
    active : list of ndarray of bool
        Of a hidden layer: which units the ReLU let through.
    """

    inputs: list[Array] = field(default_factory=list)
    normalised: list[Array] = field(default_factory=list)
    caches: list[Any] = field(default_factory=list)
    active: list[npt.NDArray[np.bool_]] = field(default_factory=list)


@dataclass(frozen=True)
class Stack:
    r"""Dense layers with ReLU, each hidden one normalised before the ReLU, and a linear layer.

    .. math:: h_{k+1} = \max(0, \gamma_k \, \mathrm{norm}(h_k W_k + b_k) + \beta_k)

    Attributes
    ----------
    widths : tuple of int
        Inputs, units of each hidden layer, outputs.
    norm : {None, "batch", "layer"}
        Batch normalisation takes its statistics over the m examples of a network's batch.
    devices : int
        In training mode the m examples lie on so many devices, in turn m / devices on each, and
        batch normalisation takes the statistics of each device alone.
    momentum, epsilon : float
        As in Keras: ``moving = momentum * moving + (1 - momentum) * batch``.
    """

    widths: tuple[int, ...]
    norm: str | None = None
    devices: int = 1
    momentum: float = 0.9
    epsilon: float = 1e-3

    def __post_init__(self) -> None:
        if len(counts("widths", self.widths, 1)) < 2:
            raise ValueError(
                f"widths must name inputs, hidden layers and outputs; received {self.widths}."
            )
        one_of("norm", self.norm, NORMS)
        at_least("devices", self.devices, 1)
        fraction("momentum", self.momentum, one=False)
        positive("epsilon", self.epsilon)

    @property
    def hidden(self) -> range:
        """Numbers of the hidden layers."""
        return range(len(self.widths) - 2)

    def start(self, seeds: Iterable[int]) -> Weights:
        """Return initial weights, He normal, that a seed has whatever the norm.

        Parameters
        ----------
        seeds : iterable of int
            One a network.

        Returns
        -------
        dict of str to ndarray
            ``kernel/k`` (R, width, next width), ``bias/k``, and of hidden layers with a norm
            ``gamma/k``, ``beta/k``, ``mean/k`` and ``variance/k``, each (R, next width).
        """
        rngs = [np.random.default_rng(seed) for seed in several("seeds", seeds)]
        weights: Weights = {}
        for k, (fan_in, width) in enumerate(zip(self.widths, self.widths[1:], strict=False)):
            draws = [rng.normal(0, np.sqrt(2 / fan_in), (fan_in, width)) for rng in rngs]
            weights[f"kernel/{k}"] = np.array(draws)
            weights[f"bias/{k}"] = np.zeros((len(rngs), width))
        for k in self.hidden if self.norm else ():
            shape = weights[f"bias/{k}"].shape
            learned = {f"gamma/{k}": np.ones(shape), f"beta/{k}": np.zeros(shape)}
            weights |= learned | (_untouched(k, shape) if self.norm == "batch" else {})
        return weights

    def forward(self, weights: Weights, x: npt.ArrayLike, *, training: bool) -> tuple[Array, Trace]:
        """Return the outputs, and what :meth:`backward` and :meth:`moved` need.

        Parameters
        ----------
        weights : dict of str to ndarray
            Of R networks.
        x : array_like
            Batches, (R, m, inputs), or (m, inputs) for all networks the same.
        training : bool
            Whether batch normalisation takes the statistics of the batch.

        Returns
        -------
        outputs : ndarray
            (R, m, outputs), before any softmax.
        trace : Trace

        Raises
        ------
        ValueError
            If the batch does not fit the networks or the devices, a device has one example in
            training mode, or moving statistics are wanted that nothing was trained into.
        """
        h, trace = self._batch(weights, x), Trace()
        for k in self.hidden:
            pre = _affine(weights, k, h)
            normalised, cache = self._normalised(weights, k, pre, training)
            shaped = _scaled(weights, k, normalised) if self.norm else normalised
            trace.inputs.append(h)
            trace.normalised.append(normalised)
            trace.caches.append(cache)
            trace.active.append(shaped > 0)
            h = np.maximum(shaped, 0)
        trace.inputs.append(h)
        return _affine(weights, len(self.hidden), h), trace

    def backward(
        self, weights: Weights, trace: Trace, upstream: npt.ArrayLike
    ) -> tuple[Weights, Array]:
        """Return the gradients of what is learned, and of the input.

        Parameters
        ----------
        weights, trace
            As :meth:`forward` had and returned them.
        upstream : array_like
            Gradient with respect to the outputs, (R, m, outputs).

        Returns
        -------
        gradients : dict of str to ndarray
            Summed over the m examples; the moving statistics have none.
        dx : ndarray
            (R, m, inputs).
        """
        d, gradients = np.asarray(upstream, float), {}
        for k in reversed(range(len(self.widths) - 1)):
            if k in self.hidden:
                d = d * trace.active[k]
                if self.norm:
                    gradients[f"gamma/{k}"] = (d * trace.normalised[k]).sum(axis=1)
                    gradients[f"beta/{k}"] = d.sum(axis=1)
                    d = self._back(d * weights[f"gamma/{k}"][:, None], trace.caches[k])
            gradients[f"kernel/{k}"] = trace.inputs[k].swapaxes(1, 2) @ d
            gradients[f"bias/{k}"] = d.sum(axis=1)
            d = d @ weights[f"kernel/{k}"].swapaxes(1, 2)
        return gradients, d

    def moved(self, weights: Weights, trace: Trace, momentum: float | None = None) -> Weights:
        """Return weights whose moving statistics have taken a step towards those of a batch.

        Parameters
        ----------
        weights : dict of str to ndarray
        trace : Trace
            Of a forward pass in training mode.
        momentum : float, optional
            By default the stack's. 0 takes the batch's own, which over all images is what
            recalibration does.

        Returns
        -------
        dict of str to ndarray
            As given, if there are no moving statistics.
        """
        keep = self.momentum if momentum is None else fraction("momentum", momentum, one=False)
        new = dict(weights)
        for k in self.hidden if self.norm == "batch" else ():
            for name in STATISTICS:
                batch = getattr(trace.caches[k], name).mean(axis=1)  # of the devices
                new[f"{name}/{k}"] = update_moving(weights[f"{name}/{k}"], batch, keep)
        return new

    def recalibrated(self, weights: Weights, x: npt.ArrayLike) -> Weights:
        """Return weights with statistics measured anew over all of x, (R, n, inputs).

        Raises
        ------
        ValueError
            If the networks have no batch normalisation, or x does not fit them.
        """
        if self.norm != "batch":
            raise ValueError(
                f"Only batch normalisation has statistics to measure anew; norm is {self.norm!r}."
            )
        whole = Stack(self.widths, self.norm, 1, self.momentum, self.epsilon)
        _, trace = whole.forward(weights, x, training=True)
        return whole.moved(weights, trace, momentum=0.0)

    def _batch(self, weights: Weights, x: npt.ArrayLike) -> Array:
        """The batches, one a network."""
        batch, networks = np.asarray(x, float), len(weights["kernel/0"])
        if batch.ndim == 2:
            batch = np.broadcast_to(batch, (networks, *batch.shape))
        if batch.ndim != 3 or (len(batch), batch.shape[2]) != (networks, self.widths[0]):
            raise ValueError(
                f"x must be (networks, examples, inputs), here ({networks}, m, {self.widths[0]}); "
                f"received {np.shape(x)}."
            )
        return batch

    def _normalised(self, weights: Weights, k: int, pre: Array, training: bool) -> tuple[Any, Any]:
        """What gamma multiplies, and what the way back needs."""
        if self.norm is None:
            return pre, None
        if self.norm == "layer":
            return layer_norm(pre, None, None, epsilon=self.epsilon)
        if training:
            x_hat, cache = batch_norm_train(
                self._on_devices(pre), None, None, axis=(0, 1, 3), epsilon=self.epsilon
            )
            return x_hat.reshape(pre.shape), cache
        mean, variance = (weights[f"{name}/{k}"][:, None] for name in STATISTICS)
        if not mean.any() and (variance == 1).all():
            raise ValueError(
                "The moving statistics are still those of the start, mean 0 and variance 1: "
                "train first, or call recalibrated."
            )
        std = np.sqrt(variance + self.epsilon)
        return (pre - mean) / std, std

    def _on_devices(self, pre: Array) -> Array:
        """A batch as its devices see it, (R, devices, examples of one, width)."""
        networks, m, width = pre.shape
        if m % self.devices or m < 2 * self.devices:
            raise ValueError(
                "In training mode batch normalisation needs two or more examples on each device, "
                f"the same number on all; received {m} for {self.devices}. Take larger batches, "
                "or norm='layer'."
            )
        return pre.reshape(networks, self.devices, m // self.devices, width)

    def _back(self, d: Array, cache: Any) -> Array:
        """From the gradient of what was normalised to that of what came in."""
        if self.norm == "layer":
            return layer_norm_backward(d, cache)[0]
        if isinstance(cache, np.ndarray):  # in inference the statistics are constants
            return np.divide(d, cache)
        return batch_norm_backward(d.reshape(cache.x_hat.shape), cache)[0].reshape(d.shape)


def _untouched(k: int, shape: tuple[int, ...]) -> Weights:
    return {f"mean/{k}": np.zeros(shape), f"variance/{k}": np.ones(shape)}


def _affine(weights: Weights, k: int, h: Array) -> Array:
    product: Array = h @ weights[f"kernel/{k}"] + weights[f"bias/{k}"][:, None]
    return product


def _scaled(weights: Weights, k: int, normalised: Array) -> Array:
    scaled: Array = weights[f"gamma/{k}"][:, None] * normalised + weights[f"beta/{k}"][:, None]
    return scaled
