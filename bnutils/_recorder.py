"""Turns what an engine reports, step by step, into runs."""

from collections.abc import Sequence

import numpy as np

from bnutils.results import Run

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

    def runs(self, test_loss: np.ndarray, test_accuracy: np.ndarray) -> list[Run]:
        """Return one run for each seed, not yet named after an arm."""
        curves = {name: np.stack(values) for name, values in self.curves.items()}
        curves["test_loss"], curves["test_accuracy"] = test_loss[None], test_accuracy[None]
        return [self._run(index, seed, curves) for index, seed in enumerate(self.seeds)]

    def _run(self, index: int, seed: int, curves: dict[str, np.ndarray]) -> Run:
        metrics = {
            name: tuple(float(value) for value in values[:, index])
            for name, values in curves.items()
        }
        finite = all(np.isfinite(values[:, index]).all() for values in curves.values())
        return Run("", seed, self.stops, self.epochs, metrics, diverged=not finite)

    def _forget(self) -> None:
        self.seen = 0
        self.loss_sum = np.zeros(len(self.seeds))
        self.hit_sum = np.zeros(len(self.seeds))


def _epochs(updates: int, examples: int, batch_size: int) -> float:
    """Passes over the training split after so many updates; the last batch may be short."""
    per_epoch = -(-examples // batch_size)
    whole, rest = divmod(updates, per_epoch)
    return whole + rest * batch_size / examples
