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


def test_a_write_under_way_is_not_deleted_and_an_abandoned_one_is(store: Store) -> None:
    """Neither a draft nor a journal of the old format, whose names begin with a dot."""
    filled(store, 2)
    entry = store.entries()[0]
    journals = store.folder / ".groups"
    journals.mkdir()
    fresh = [entry.with_name(f".{entry.name}.1"), journals / "1.json"]
    abandoned = [entry.with_name(f".{entry.name}.2"), journals / "2.json"]
    for path in fresh + abandoned:
        path.write_text("x" * 1000)
    for path in abandoned:
        os.utime(path, (0, 0))
    left = limit.make_room(store.folder, 1, keep=())
    assert [path.exists() for path in fresh + abandoned] == [True, True, False, False]
    assert left == sum(path.stat().st_size for path in fresh) == store.size()


def test_an_entry_goes_before_the_weights_that_it_refers_to(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(store, 1)
    gone: list[str] = []
    monkeypatch.setattr(Path, "unlink", lambda path, missing_ok: gone.append(path.suffix))
    limit.make_room(store.folder, 1, keep=())
    assert gone == [".json", ".npz"]


def test_what_cannot_be_deleted_still_counts(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(store, 2)

    def refuse(path: Path, missing_ok: bool) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "unlink", refuse)
    assert limit.make_room(store.folder, 1, keep=()) == store.size() > 0


def test_nothing_goes_while_there_is_room(store: Store) -> None:
    filled(store, 2)
    size = store.size()
    assert limit.make_room(store.folder, size, keep=()) == size == store.size()
