"""Turns what an engine reports, step by step, into runs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from math import isfinite

import numpy as np

from bnutils.runs import Run, Weights, packed

CURVES = ("loss", "accuracy", "val_loss", "val_accuracy")
Series = dict[str, tuple[float, ...]]


class Recorder:
    """Collects losses and right answers of R seeds between evaluations.

    Parameters
    ----------
    seeds : sequence of int
        The seed of each network.
    stops : sequence of int
        Numbers of updates at which the metrics are taken.
    examples, batch_size : int
        Size of the training split and of a batch.
    """

    def __init__(
        self, seeds: Sequence[int], stops: Sequence[int], examples: int, batch_size: int
    ) -> None:
        self.seeds, self.stops = list(seeds), tuple(stops)
        self.epochs = tuple(_epochs(stop, examples, batch_size) for stop in stops)
        self.curves: dict[str, list[np.ndarray]] = {name: [] for name in CURVES}
        self.probed: list[int] = []
        self.readings: dict[str, list[np.ndarray]] = {}
        self.best = Best(len(self.seeds))
        self.snapshots: dict[str, list[np.ndarray]] = {}
        self._forget()

    def steps(self, losses: np.ndarray, hits: np.ndarray, examples: int) -> None:
        """Add what training told.

        Parameters
        ----------
        losses, hits : numpy.ndarray
            Mean loss and number of right answers of equal stretches, shape (stretches, R).
        examples : int
            How many of them each network has seen in all stretches together.
        """
        self.seen += examples
        self.loss_sum += losses.sum(axis=0, dtype=float) * (examples // len(losses))
        self.hit_sum += hits.sum(axis=0)

    def evaluation(self, loss: np.ndarray, accuracy: np.ndarray, weights: list[np.ndarray]) -> None:
        """Close the stretch since the last evaluation with the validation metrics.

        Parameters
        ----------
        loss, accuracy : numpy.ndarray
            Shape (R,).
        weights : list of numpy.ndarray
            What to keep of where the loss is lowest, with a leading axis R; [] for nothing.
        """
        taken = (self.loss_sum / self.seen, self.hit_sum / self.seen, loss, accuracy)
        for name, values in zip(CURVES, taken, strict=True):
            self.curves[name].append(np.asarray(values, dtype=float))
        self.best.keep(loss, weights)
        self._forget()

    def reading(self, update: int, values: Mapping[str, np.ndarray]) -> None:
        """Add what the probes read after an update, by name, each of shape (R,)."""
        self.probed.append(update)
        for name, value in values.items():
            self.readings.setdefault(name, []).append(value)

    def snapshot(self, update: int, weights: list[np.ndarray]) -> None:
        """Add the weights after an update, with a leading axis R."""
        self.snapshots[str(update)] = weights

    def runs(
        self, test_loss: np.ndarray, right: np.ndarray, weights: list[np.ndarray]
    ) -> list[Run]:
        """Return one run for each seed, not yet named after an arm.

        Parameters
        ----------
        test_loss : numpy.ndarray
            Shape (R,).
        right : numpy.ndarray
            Which test images were recognised, shape (R, images).
        weights : list of numpy.ndarray
            The final ones, with a leading axis R; [] if none are kept.
        """
        test = {"test_loss": [test_loss], "test_accuracy": [right.mean(axis=1)]}
        curves = {**self.curves, **test}
        kept = {"final": weights, "best": self.best.weights} if weights else {}
        kept |= self.snapshots
        return [
            replace(
                self._run(seed, _column(curves, index)),
                readings=_column(self.readings, index),
                hits=packed(right[index]),
                weights=_row(kept, index),
            )
            for index, seed in enumerate(self.seeds)
        ]

    def _run(self, seed: int, metrics: Series) -> Run:
        """A run, which has diverged if a metric is not finite."""
        diverged = not all(map(isfinite, chain(*metrics.values())))
        return Run("", seed, self.stops, self.epochs, metrics, diverged, probed=tuple(self.probed))

    def _forget(self) -> None:
        self.seen = 0
        self.loss_sum = np.zeros(len(self.seeds))
        self.hit_sum = np.zeros(len(self.seeds))


class Best:
    """The weights of each network from where its validation loss was lowest."""

    def __init__(self, networks: int) -> None:
        self.loss = np.full(networks, np.inf)
        self.weights: list[np.ndarray] = []

    def keep(self, loss: np.ndarray, weights: list[np.ndarray]) -> None:
        """Take the weights (leading axis R) of the networks that have improved."""
        better = loss < self.loss
        self.loss[better] = loss[better]
        self.weights = self.weights or weights
        for kept, now in zip(self.weights, weights, strict=True):
            kept[better] = now[better]


def _column(table: Mapping[str, list[np.ndarray]], index: int) -> Series:
    """The values of one network in the order in which they came."""
    return {name: tuple(float(value[index]) for value in taken) for name, taken in table.items()}


def _row(kept: Mapping[str, list[np.ndarray]], index: int) -> Weights:
    """The weights of one network."""
    return {name: [weight[index] for weight in stacks] for name, stacks in kept.items()}


def _epochs(updates: int, examples: int, batch_size: int) -> float:
    """Passes over the training split after so many updates; the last batch may be short."""
    per_epoch = -(-examples // batch_size)
    whole, rest = divmod(updates, per_epoch)
    return whole + rest * batch_size / examples
