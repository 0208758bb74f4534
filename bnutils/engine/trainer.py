"""The training loop, for every engine: run a piece, look at the networks, write it down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from bnutils.datasets import Dataset
from bnutils.engine.randomness import draws
from bnutils.engine.recorder import Recorder
from bnutils.engine.rows import Rows, rows_for
from bnutils.engine.schedule import MaskShapes, Piece, most_steps, plan
from bnutils.runs import Run
from bnutils.tasks import Task
from bnutils.utils.progress import Tick


class Reads(Protocol):
    """Reads networks as they are at the moment."""

    def read(self, rows: np.ndarray) -> Mapping[str, np.ndarray]:
        """What was asked for, by name, each (R,), on the first of these training examples."""

    def remember(self, rows: np.ndarray) -> None:
        """Hear that the next update is one whose step is asked for, on these examples."""

    def forget(self) -> None:
        """Hear that the networks have begun anew."""


class Networks(Protocol):
    """R networks of the same architecture, and the examples that they learn from."""

    def mask_shapes(self) -> MaskShapes:
        """For each dropout layer whose masks are to be drawn: rate, shape of one example."""

    def prepare(self, length: int, batch_size: int, updates: int) -> None:
        """Hear what is to come: most steps of a call, examples of a step, steps in all."""

    def run(self, order: np.ndarray, masks: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Train on the examples that ``order`` (steps, R, batch) names, among those of all parts.

        Returns
        -------
        losses, hits : numpy.ndarray
            Mean loss and number of right answers of equal stretches, shape (stretches, R).
        """

    def score(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Mean loss, shape (R,), and which answers are right, (R, examples), in inference mode.

        ``rows`` (R or 1, examples) names the examples among those of all parts.
        """

    def all_weights(self) -> list[np.ndarray]:
        """Copies of all weights, leading axis R, in the order of ``Model.get_weights``."""


@dataclass(frozen=True)
class Trainer:
    """Trains groups of seeds, one after the other.

    Parameters
    ----------
    task : Task
        How, how long, and what to look at on the way.
    data : Dataset
        What the networks learn.
    tick : callable
        Told the number of updates done, for a progress bar.
    """

    task: Task
    data: Dataset
    tick: Tick

    def train(
        self, networks: Networks, seeds: Sequence[int], reader: Reads | None = None
    ) -> list[Run]:
        """Train networks, one for each seed, from the first update to the last.

        Parameters
        ----------
        networks : Networks
            With their initial weights.
        seeds : sequence of int
            The seed of each network, which decides what it sees when.
        reader : Reads, optional
            Reads what the task's probes want to know of them.
        """
        if reader:
            reader.forget()
        examples, shapes = len(self.data.y_train), networks.mask_shapes()
        recorder = Recorder(seeds, self.task.stops, examples, self.task.batch_size)
        rows = rows_for(self.task, self.data, seeds)
        self._look(0, networks, recorder, rows, reader)
        for piece, order, masks in draws(seeds, self._plan(networks, len(seeds)), examples, shapes):
            losses, hits = networks.run(rows.named(order), masks)
            recorder.steps(losses, hits, piece.examples)
            self.tick(piece.steps * len(seeds))
            self._look(piece.done, networks, recorder, rows, reader)
        return recorder.runs(*networks.score(rows.test), self._weights(networks))

    def _plan(self, networks: Networks, count: int) -> list[Piece]:
        """Cut the training into pieces, and let the networks prepare for them."""
        task, examples = self.task, len(self.data.y_train)
        most = most_steps(count, task.batch_size, networks.mask_shapes())
        ends = sorted({*self._stops, *self._probed, *self._eves, *task.snapshots} - {0})
        pieces = plan(examples, task.batch_size, ends, most)
        networks.prepare(max(piece.steps for piece in pieces), task.batch_size, task.stops[-1])
        return pieces

    def _look(
        self, done: int, networks: Networks, recorder: Recorder, rows: Rows, reader: Reads | None
    ) -> None:
        """Evaluate the networks and read them, where it is time to."""
        if done in self._stops:
            loss, right = networks.score(rows.val)
            recorder.evaluation(loss, right.mean(axis=1), self._weights(networks))
        if done in self.task.snapshots:
            recorder.snapshot(done, networks.all_weights())
        if reader and done in self._probed:
            recorder.reading(done, reader.read(rows.train))
        if reader and done in self._eves:
            reader.remember(rows.train)

    @cached_property
    def _stops(self) -> frozenset[int]:
        """Numbers of updates after which to evaluate."""
        return frozenset(self.task.stops)

    @cached_property
    def _probed(self) -> frozenset[int]:
        """Numbers of updates after which to read."""
        probes = self.task.probes
        return frozenset(probes.times(self.task.stops[-1]) if probes else ())

    @cached_property
    def _eves(self) -> frozenset[int]:
        """Numbers of updates one before a reading that compares with them."""
        probes = self.task.probes
        return frozenset(probes.eves(self.task.stops[-1]) if probes else ())

    def _weights(self, networks: Networks) -> list[np.ndarray]:
        """All weights now, if any are to be kept."""
        return networks.all_weights() if self.task.weights else []
