"""One way into both engines, and groups that share a program."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
import pytest

from bnutils.datasets import load
from bnutils.engine import memory
from bnutils.models import MLP, import_keras, mlp
from bnutils.probes import Probes
from bnutils.tasks import ENGINES, Task, planned
from bnutils.training import compare

import_keras()

from bnutils.engine import groups  # noqa: E402
from bnutils.engine.examples import examples  # noqa: E402
from bnutils.engine.keras_fit import KerasNetwork  # noqa: E402
from bnutils.engine.replicas import Replicas  # noqa: E402
from bnutils.engine.trainer import Networks, Trainer  # noqa: E402

DATA = load("digits").take(100)
NET = mlp(6, norm="batch", dropout=0.3)


class Own(MLP):
    """A network of one's own, of which the package knows nothing; it notes what it builds."""

    seeds: ClassVar[list[int]] = []

    def build(self, input_shape: tuple[int, ...], classes: int, seed: int) -> Any:
        self.seeds.append(seed)
        return super().build(input_shape, classes, seed)


def _task(model: Any = NET, **settings: Any) -> Task:
    return planned({"a": model}, DATA, **{"updates": 12, "weights": True, **settings})["a"]


def _networks(task: Task, seeds: Sequence[int]) -> Networks:
    if task.engine == "keras":
        return KerasNetwork(task, DATA, *seeds)
    models = [task.model.build(DATA.input_shape, DATA.classes, seed) for seed in seeds]
    replicas = Replicas(models[0], len(seeds), task.optimizer, *examples(DATA))
    replicas.begin([model.get_weights() for model in models])
    return replicas


def _same(first: Any, second: Any) -> None:
    assert first == second
    for which, weights in first.weights.items():
        for one, other in zip(weights, second.weights[which], strict=True):
            np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("engine", "updates", "cut"),
    [
        ("keras", 8, [[3], [8], [1]]),
        ("replicas", 8, [[3, 8], [1]]),
        ("replicas", 200, [[3, 8], [1]]),  # compiled
    ],
)
@pytest.mark.usefixtures("engine_replaced")
def test_the_loop_over_an_engine_gives_what_compare_gives(
    engine: str, updates: int, cut: list[list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "LARGEST_GROUP", 2)
    settings: dict[str, Any] = {"updates": updates, "engine": engine, "weights": True}
    result, ticks = compare({"a": NET}, DATA, seeds=[3, 8, 1], **settings), []
    task = _task(**settings)
    trainer = Trainer(task, DATA, ticks.append)
    runs = [run for group in cut for run in trainer.train(_networks(task, group), group)]
    assert sum(ticks) == 3 * updates
    for mine, theirs in zip(runs, result.runs, strict=True):
        _same(replace(mine, arm="a"), theirs)


@pytest.mark.parametrize("engine", ENGINES)
def test_groups_come_in_the_order_of_the_seeds(
    engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "LARGEST_GROUP", 2)
    task = _task(engine=engine, updates=1)
    found = [[run.seed for run in part] for part in groups.train(task, [5, 2, 9], DATA, print)]
    assert found == ([[5, 2], [9]] if engine == "replicas" else [[5], [2], [9]])


def test_groups_of_equal_size_share_a_program(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []

    class Counted(Replicas):
        def __init__(self, model: Any, count: int, *rest: Any) -> None:
            made.append(count)
            super().__init__(model, count, *rest)

    monkeypatch.setattr(memory, "LARGEST_GROUP", 2)
    monkeypatch.setattr(groups, "Replicas", Counted)
    task = _task(probes=Probes(5, 50))
    runs = [run for part in groups.train(task, range(5), DATA, lambda _: None) for run in part]
    assert made == [2, 1]
    for seed in range(4):  # the same as if its group had been the only one
        pair = [seed // 2 * 2, seed // 2 * 2 + 1]
        ((*again,),) = groups.train(task, pair, DATA, lambda _: None)
        _same(runs[seed], again[seed % 2])


def test_a_network_of_ones_own_is_built_once_for_each_seed() -> None:
    Own.seeds.clear()
    task = _task(Own((6,), "batch", 0.0, "relu", "before"))
    (runs,) = groups.train(task, [4, 2, 7], DATA, lambda _: None)
    assert Own.seeds == [4, 2, 7]
    (described,) = groups.train(_task(mlp(6, "batch", 0.0)), [4, 2, 7], DATA, lambda _: None)
    for own, ours in zip(runs, described, strict=True):
        _same(own, ours)
