"""Turns what an engine reports, step by step, into runs."""

from collections.abc import Mapping, Sequence

import numpy as np

from bnutils.runs import Run

CURVES = ("loss", "accuracy", "val_loss", "val_accuracy")


class Recorder:
    """Collects losses and right answers of R seeds between evaluations.

    Parameters
    ----------
    seeds : sequence of int
        The seed of each replica.
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
        self._forget()

    def steps(self, losses: np.ndarray, hits: np.ndarray, batch_size: int) -> None:
        """Add steps: mean losses and right answers, each of shape (steps, R)."""
        self.seen += len(losses) * batch_size
        self.loss_sum += losses.sum(axis=0, dtype=float) * batch_size
        self.hit_sum += hits.sum(axis=0)

    def evaluation(self, loss: np.ndarray, accuracy: np.ndarray) -> None:
        """Close the stretch since the last evaluation with the validation metrics."""
        taken = (self.loss_sum / self.seen, self.hit_sum / self.seen, loss, accuracy)
        for name, values in zip(CURVES, taken, strict=True):
            self.curves[name].append(np.asarray(values, dtype=float))
        self._forget()

    def reading(self, update: int, values: Mapping[str, np.ndarray]) -> None:
        """Add what the probes read after an update, by name, each of shape (R,)."""
        self.probed.append(update)
        for name, value in values.items():
            self.readings.setdefault(name, []).append(value)

    def runs(
        self,
        test_loss: np.ndarray,
        test_accuracy: np.ndarray,
        weights: Mapping[str, list[np.ndarray]],
    ) -> list[Run]:
        """Return one run for each seed, not yet named after an arm.

        Parameters
        ----------
        test_loss, test_accuracy : numpy.ndarray
            Shape (R,).
        weights : mapping of str to list of numpy.ndarray
            What was kept of the weights, with a leading axis R.
        """
        curves = {name: np.stack(values) for name, values in self.curves.items()}
        curves["test_loss"], curves["test_accuracy"] = test_loss[None], test_accuracy[None]
        readings = {name: np.stack(values) for name, values in self.readings.items()}
        return [
            Run(
                "",
                seed,
                self.stops,
                self.epochs,
                _column(curves, index),
                diverged=not all(np.isfinite(v[:, index]).all() for v in curves.values()),
                probed=tuple(self.probed),
                readings=_column(readings, index),
                weights={name: [w[index] for w in kept] for name, kept in weights.items()},
            )
            for index, seed in enumerate(self.seeds)
        ]

    def _forget(self) -> None:
        self.seen = 0
        self.loss_sum = np.zeros(len(self.seeds))
        self.hit_sum = np.zeros(len(self.seeds))


class Best:
    """The weights of each replica from where its validation loss was lowest."""

    def __init__(self, replicas: int) -> None:
        self.loss = np.full(replicas, np.inf)
        self.weights: list[np.ndarray] = []

    def keep(self, loss: np.ndarray, weights: list[np.ndarray]) -> None:
        """Take the weights (leading axis R) of the replicas that have improved."""
        better = loss < self.loss
        self.loss[better] = loss[better]
        self.weights = self.weights or weights
        for kept, now in zip(self.weights, weights, strict=True):
            kept[better] = now[better]


def _column(table: Mapping[str, np.ndarray], index: int) -> dict[str, tuple[float, ...]]:
    """The values of one replica."""
    return {name: tuple(map(float, values[:, index])) for name, values in table.items()}


def _epochs(updates: int, examples: int, batch_size: int) -> float:
    """Passes over the training split after so many updates; the last batch may be short."""
    per_epoch = -(-examples // batch_size)
    whole, rest = divmod(updates, per_epoch)
    return whole + rest * batch_size / examples
