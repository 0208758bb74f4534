"""What every kind of store promises."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bnutils.models import MLP, mlp
from bnutils.optimizers import Optimizer
from bnutils.store import BaseStore, MemoryStore, ReadOnlyStore, Store
from tests.bnutils.store.samples import group, run, task, weights

KINDS: dict[str, Callable[[Path], BaseStore]] = {
    "directory": lambda folder: Store(folder / "runs"),
    "memory": lambda folder: MemoryStore(),
}


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> BaseStore:
    return KINDS[request.param](tmp_path)


def test_a_run_comes_back_as_it_was(store: BaseStore) -> None:
    assert store.find(task(), [3]) == {}
    store.add(task(), [run(3)])
    assert store.find(task(), [3]) == {3: run(3)}


def test_only_the_wanted_seeds_are_found(store: BaseStore) -> None:
    store.add(task(), group(range(4)))
    assert set(store.find(task(), [1, 3, 9])) == {1, 3}
    assert store.find(task(), []) == {}


@pytest.mark.parametrize(
    "change",
    [
        {"model": mlp(9)},
        {"batch_size": 16},
        {"optimizer": Optimizer("sgd")},
        {"stops": (10,)},
        {"engine": "keras"},
        {"dataset": "mnist"},
        {"data": "another checksum"},
    ],
)
def test_another_task_has_other_runs(store: BaseStore, change: dict[str, Any]) -> None:
    store.add(task(), [run(3)])
    assert store.find(task(**change), [3]) == {}


def test_groups_add_up(store: BaseStore) -> None:
    store.add(task(), group([0, 1], 0.25))
    store.add(task(), group([2, 5], 0.5))
    expected = {r.seed: r for r in [*group([0, 1], 0.25), *group([2, 5], 0.5)]}
    assert store.find(task(), range(6)) == expected


def test_weights_come_back_bit_for_bit_and_only_when_asked_for(store: BaseStore) -> None:
    store.add(task(weights=True), group([3, 4], 1.0))
    without = store.find(task(), [3])[3]
    stored = store.find(task(weights=True), [3])[3]
    assert without == stored == run(3, 1.0)
    assert without.weights == {}
    assert list(stored.weights) == ["final", "best"]
    for which, arrays in weights(1.0).items():
        for one, other in zip(arrays, stored.weights[which], strict=True):
            np.testing.assert_array_equal(one, other, strict=True)


def test_weights_of_other_moments_are_not_found(store: BaseStore) -> None:
    """Those that a run has are found, whatever else it has."""
    at = {f"{moment}": [np.arange(3)] for moment in (2, 4)}
    kept = task(weights=True, snapshots=(2, 4))
    store.add(kept, [run(3, weights={**weights(), **at})])
    for snapshots in ((), (2,), (2, 4)):
        assert set(store.find(task(weights=True, snapshots=snapshots), [3])) == {3}
    assert store.find(task(weights=True, snapshots=(2, 3)), [3]) == {}
    assert store.find(task(), [3])[3].weights == {}


def test_weights_that_were_never_kept_are_not_found_and_can_be_added(store: BaseStore) -> None:
    store.add(task(), group(keep=False))
    assert store.find(task(weights=True), range(3)) == {}
    store.add(task(weights=True), group())
    assert store.find(task(weights=True), range(3)) == {r.seed: r for r in group()}
    assert store.find(task(), range(3)) == {r.seed: r for r in group()}


def test_diverged_runs_come_back(store: BaseStore) -> None:
    lost = replace(run(0), metrics={"loss": (float("inf"),)}, diverged=True)
    store.add(task(), [lost])
    assert store.find(task(), [0]) == {0: lost}


@dataclass(frozen=True)
class Own(MLP):
    """Prints like one of the package's, and may be anything."""


def test_runs_of_an_architecture_of_the_users_own_are_never_kept(store: BaseStore) -> None:
    own = task(model=Own((8,), None, 0.2, "relu", "before"))
    store.add(own, [run(3)])
    assert store.find(own, [3]) == {}


def test_an_empty_group_is_nothing(store: BaseStore) -> None:
    store.add(task(), [])
    assert store.find(task(), [0]) == {}


@pytest.mark.parametrize("kind", KINDS)
def test_a_store_that_is_only_read_finds_and_adds_nothing(kind: str, tmp_path: Path) -> None:
    inner = KINDS[kind](tmp_path)
    inner.add(task(), [run(1)])
    store = ReadOnlyStore(inner)
    store.add(task(), [run(2)])
    assert store.find(task(), [1, 2]) == inner.find(task(), [1, 2]) == {1: run(1)}


def test_a_kind_of_store_says_how_it_finds_and_adds() -> None:
    with pytest.raises(TypeError, match="abstract"):
        BaseStore()  # type: ignore[abstract]
