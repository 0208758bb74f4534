"""The training loop, with networks that only pretend: they answer by what they were shown."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bnutils.datasets import Dataset
from bnutils.engine.randomness import Stream
from bnutils.engine.trainer import Trainer
from bnutils.models import mlp
from bnutils.optimizers import Optimizer
from bnutils.probes import Probes
from bnutils.runs import unpacked
from bnutils.tasks import Task
from tests.bnutils.engine.plans import plans

VAL, TEST = 4, 6  # examples


@dataclass
class Pretenders:
    """An example's loss is its number, and the answer to an even one is right.

    Their only weight is the number of updates done; the validation loss goes up and down with
    it, in another way for each network.
    """

    seeds: Sequence[int]
    stretches: bool  # whether each call tells of its steps, or of all of them as one
    calls: list[tuple[int, int]] = field(default_factory=list)
    done: int = 0
    remembered: float = 7

    def mask_shapes(self) -> list[Any]:
        return []

    def prepare(self, length: int, batch_size: int, updates: int) -> None:
        assert not self.calls
        self.told = (length, batch_size, updates)

    def run(self, order: np.ndarray, masks: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        assert not masks
        self.calls.append(order.shape[::2])
        self.done += len(order)
        losses, hits = order.mean(axis=2), (order % 2 == 0).sum(axis=2)
        if self.stretches:
            return losses, hits
        return losses.mean(axis=0, keepdims=True), hits.sum(axis=0, keepdims=True)

    def score(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        right = np.broadcast_to(rows % 2 == 0, (len(self.seeds), rows.shape[1]))
        loss = np.array([self.val_loss(seed, self.done) for seed in self.seeds])
        return loss if rows.shape[1] == VAL else -loss, right

    def all_weights(self) -> list[np.ndarray]:
        return [np.full((len(self.seeds), 1), self.done)]

    def read(self, rows: np.ndarray) -> dict[str, np.ndarray]:
        since = np.full(len(self.seeds), self.done - self.remembered)
        return {"done": np.full(len(self.seeds), self.done), "since": since}

    def remember(self, rows: np.ndarray) -> None:
        self.remembered = self.done

    def forget(self) -> None:
        self.remembered = np.nan

    @staticmethod
    def val_loss(seed: int, done: int) -> float:
        return float((seed + 7 * done) % 5)


def _data(examples: int) -> Dataset:
    sizes = (examples, VAL, TEST)
    splits = [part for n in sizes for part in (np.zeros((n, 1, 1)), np.zeros(n))]
    return Dataset("digits", *splits)


def _batches(seed: int, examples: int, batch: int, updates: int) -> list[np.ndarray]:
    """What a network sees in each update, as ``fit`` would show it."""
    epochs = -(-updates * batch // examples) + updates
    orders = (Stream(seed).order(epoch, examples) for epoch in range(epochs))
    parts = [order[i : i + batch] for order in orders for i in range(0, examples, batch)]
    return parts[:updates]


@given(
    plans(),
    st.lists(st.integers(0, 99), min_size=1, max_size=3, unique=True),
    st.integers(1, 20),
    st.booleans(),
    st.booleans(),
    st.sets(st.integers(0, 60), max_size=3),
)
def test_the_loop_shows_the_data_and_looks_where_it_is_told_to(
    schedule: tuple[int, int, list[int]],
    seeds: list[int],
    every: int,
    stretches: bool,
    turns: bool,
    moments: set[int],
) -> None:
    examples, batch, stops = schedule
    rule, probes, ticks = Optimizer(), Probes(every, 2, ("rate", "angle")[: 1 + turns]), []
    kept: dict[str, Any] = {"weights": True, "snapshots": tuple(moments & {*range(stops[-1] + 1)})}
    task = Task(mlp(), batch, rule, tuple(stops), "replicas", 10, "digits", "", probes, **kept)
    networks = Pretenders(seeds, stretches)
    trainer = Trainer(task, _data(examples), ticks.append)
    runs = trainer.train(networks, seeds, networks)

    assert networks.done == stops[-1]
    assert networks.told == (max(steps for steps, _ in networks.calls), batch, stops[-1])
    assert sum(ticks) == len(seeds) * stops[-1]
    for seed, run in zip(seeds, runs, strict=True):
        assert (run.seed, run.updates, run.diverged) == (seed, tuple(stops), False)
        assert run.probed == run.readings["done"] == probes.times(stops[-1])
        seen = _batches(seed, examples, batch, stops[-1])
        for stop, before, loss, accuracy in zip(
            stops, [0, *stops], run.metrics["loss"], run.metrics["accuracy"], strict=False
        ):
            numbers = np.concatenate(seen[before:stop])
            np.testing.assert_allclose(loss, numbers.mean())
            np.testing.assert_allclose(accuracy, (numbers % 2 == 0).mean())
        scores = [Pretenders.val_loss(seed, stop) for stop in stops]
        assert run.metrics["val_loss"] == tuple(scores)
        assert run.metrics["test_loss"] == (-scores[-1],)
        assert run.metrics["test_accuracy"] == (0.5,)
        tested = examples + VAL + np.arange(TEST)
        np.testing.assert_array_equal(unpacked(run.hits), tested % 2 == 0)
        since = [1 if turns and time else np.nan for time in run.probed]
        np.testing.assert_array_equal(run.readings["since"], since)
        assert run.weights["final"][0] == stops[-1]
        assert run.weights.keys() == task.keeps
        assert all(run.weights[str(moment)][0] == moment for moment in task.snapshots)
        assert run.weights["best"][0] == stops[int(np.argmin(scores))]


def test_nothing_is_kept_or_read_unless_asked_for() -> None:
    task = Task(mlp(), 8, Optimizer(), (2, 4), "keras", 10, "digits", "")
    (run,) = Trainer(task, _data(20), lambda updates: None).train(Pretenders([1], True), [1])
    assert (run.weights, run.probed, run.readings) == ({}, (), {})


def test_each_network_learns_from_its_own_split_and_is_scored_on_it() -> None:
    data, seeds, shown, scored = _data(20), [4, 9], [], []

    class Watched(Pretenders):
        def run(self, order: np.ndarray, masks: Any) -> tuple[np.ndarray, np.ndarray]:
            shown.append(order)
            return super().run(order, masks)

        def score(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            scored.append(rows)
            return super().score(rows)

    task = Task(mlp(), 20, Optimizer(), (3,), "replicas", 10, "digits", "", split="own abc")
    runs = Trainer(task, data, lambda updates: None).train(Watched(seeds, True), seeds)
    for network, (seed, run) in enumerate(zip(seeds, runs, strict=True)):
        split, orders = data.split(seed), [Stream(seed).order(epoch, 20) for epoch in range(3)]
        seen = np.concatenate([order[:, network] for order in shown])
        np.testing.assert_array_equal(seen, [split.train[order] for order in orders])
        np.testing.assert_array_equal(scored[0][network], split.val)
        np.testing.assert_array_equal(scored[1][network], split.test)
        np.testing.assert_array_equal(unpacked(run.hits), split.test % 2 == 0)
