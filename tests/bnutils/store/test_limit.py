"""The bounded size of the store."""

import os
from pathlib import Path

import pytest

from bnutils.store import Store, limit
from tests.bnutils.store.samples import group, run, task


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "runs")


@pytest.mark.parametrize(
    ("text", "size"),
    [("500MB", 500 * 10**6), ("2 gb", 2 * 10**9), ("1.5kB", 1500), ("7", 7), ("", 2 * 10**9)],
)
def test_the_limit_can_be_chosen(monkeypatch: pytest.MonkeyPatch, text: str, size: int) -> None:
    monkeypatch.setenv("BNUTILS_STORE_LIMIT", text)
    assert Store(Path()).limit == size


@pytest.mark.parametrize("text", ["much", "-1GB", "5 parsecs", "0", "0.1B", "1e9", "GB"])
def test_a_limit_that_is_no_size(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("BNUTILS_STORE_LIMIT", text)
    with pytest.raises(ValueError, match=r"BNUTILS_STORE_LIMIT must be a size.*received"):
        Store(Path())
    with pytest.raises(ValueError, match="limit must be at least 1; received 0"):
        Store(Path(), limit=0)


def filled(store: Store, count: int) -> list[str]:
    """Units of so many groups with weights, of which the first was not used for longest."""
    units = []
    for size in range(10, 10 + count):  # numbers of two digits: files of one size
        store.add(task(batch_size=size, weights=True), group([0]))
        (new,) = {limit.unit_of(path) for path in store.entries()} - set(units)
        units.append(new)
        for path in store.folder.glob(f"??/{new}.*"):
            os.utime(path, (size, size))
    return units


def held(store: Store, suffix: str) -> set[str]:
    return {limit.unit_of(path) for path in store.folder.glob(f"??/*.{suffix}")}


def test_the_longest_unused_runs_make_room(store: Store) -> None:
    units = filled(store, 10)
    size = store.size()
    assert store.find(task(batch_size=10), [0])  # used now
    small = Store(store.folder, limit=size)
    small.add(task(batch_size=99, weights=True), group([0]))
    assert small.size() <= 0.9 * size
    (newest,) = held(small, "json") - set(units)
    assert held(small, "json") == held(small, "npz") == {units[0], *units[3:], newest}


def test_what_was_just_written_stays_whatever_its_size(store: Store) -> None:
    filled(store, 3)
    small = Store(store.folder, limit=1)
    small.add(task(weights=True), group(range(4)))
    assert len(small.entries()) == len(held(small, "npz")) == 1
    assert len(small.find(task(weights=True), range(4))) == 4


def test_the_folder_is_not_measured_at_each_write(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured: list[int] = []
    real = limit.make_room
    monkeypatch.setattr(
        limit, "make_room", lambda *a, **k: measured.append(len(store.entries())) or real(*a, **k)
    )
    store.add(task(), [run(0)])
    roomy = Store(store.folder, limit=40 * store.size())
    for seed in range(1, 8):
        roomy.add(task(), [run(seed)])
    assert measured == [1, 4, 7]  # first, and after each twentieth of the limit
