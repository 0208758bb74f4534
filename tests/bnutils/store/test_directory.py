"""The store on disk: nothing is computed twice, nothing damaged is trusted."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bnutils.store import Store, StoreWarning, default_folder, default_store, identity
from bnutils.store.checksums import seal, unseal
from tests.bnutils.store.samples import group, run, task

FORMAT_2 = Path(__file__).parent / "format-2"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "runs")


def entry_of(store: Store) -> Path:
    (path,) = store.entries()
    return path


def test_another_process_finds_what_was_added(store: Store) -> None:
    store.add(task(weights=True), group())
    found = Store(store.folder).find(task(weights=True), range(3))
    assert found == {r.seed: r for r in group()}


def test_a_group_is_one_file_and_its_weights_another(store: Store) -> None:
    store.add(task(), group(range(10), keep=False))
    assert len(list(store.folder.rglob("*.*"))) == 1
    store.add(task(weights=True), group(range(10)))
    assert sorted(path.suffix for path in store.folder.rglob("*.*")) == [".json", ".npz"]


def test_metrics_keep_their_order(store: Store) -> None:
    store.add(task(), [run(3)])
    assert list(store.find(task(), [3])[3].metrics) == ["val_loss", "accuracy"]


def test_the_largest_group_answers(store: Store) -> None:
    """So that seeds which were rounded alike stay together, in whatever order they came."""
    store.add(task(), group([1], 0.25))
    store.add(task(), group(range(3), 0.5))
    store.add(task(), group([2, 3], 0.75))
    values = {s: r.metrics["val_loss"][-1] for s, r in store.find(task(), range(4)).items()}
    assert values == {0: 0.5, 1: 0.5, 2: 0.5, 3: 0.75}


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "",
        lambda text: text[:-20],
        lambda text: text.replace("0.5", "0.6"),
        lambda text: "[]",
        lambda text: json.dumps({"sha256": "0", "content": "{}"}),
        lambda text: json.dumps({"sha256": "0", "content": 5}),
    ],
)
def test_a_damaged_entry_is_reported_and_not_used(
    store: Store, damage: Callable[[str], str]
) -> None:
    store.add(task(), group(keep=False))
    path = entry_of(store)
    path.write_text(damage(path.read_text()))
    with pytest.warns(StoreWarning, match=r"damaged.*computed again.*store prune"):
        assert store.find(task(), range(3)) == {}
    store.add(task(), group(keep=False))
    assert len(store.find(task(), range(3))) == 3


def test_an_entry_under_another_key_is_not_trusted(store: Store) -> None:
    store.add(task(), [run(3)])
    path, other = entry_of(store), identity.key(task(batch_size=16))
    copy = store.folder / other[:2] / path.name.replace(identity.key(task()), other)
    copy.parent.mkdir(exist_ok=True)
    shutil.copy(path, copy)
    with pytest.warns(StoreWarning, match="checksum"):
        assert store.find(task(batch_size=16), [3]) == {}


def test_size_and_clear(store: Store) -> None:
    assert (store.size(), store.clear()) == (0, 0)
    store.add(task(), group(range(3)))
    store.add(task(), group([7], keep=False))
    assert store.size() == sum(path.stat().st_size for path in store.folder.rglob("*.*")) > 0
    assert store.clear() == 4
    assert list(store.folder.rglob("*.*")) == []


def test_the_folder_can_be_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BNUTILS_STORE", str(tmp_path / "mine"))
    assert default_folder() == default_store().folder == tmp_path / "mine"
    monkeypatch.delenv("BNUTILS_STORE")
    assert default_folder().name == "runs"


def test_an_entry_says_what_was_asked(store: Store) -> None:
    store.add(task(weights=True), group())
    (held,) = store.contents()
    assert held.settings == json.loads(json.dumps(task().settings()))
    assert (held.state, held.seeds, len(held.weights)) == ("usable", (0, 1, 2), 64)


def test_prune_keeps_only_what_can_be_used(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    present = identity.present()
    for part in ({"code": "before"}, {"versions": {"numpy": "1"}}):
        monkeypatch.setattr(identity, "present", lambda part=part: {**present, **part})
        store.add(task(weights=True), group(range(2)))
    monkeypatch.setattr(identity, "present", lambda: present)
    store.add(task(weights=True), group(range(2)))
    (good,) = (held.path for held in store.contents() if held.state == "usable")
    store.add(task(), [run(5)])
    (damaged,) = {held.path for held in store.contents() if held.seeds == (5,)}
    damaged.write_text("{}")
    states = sorted(held.state for held in store.contents())
    assert states == ["damaged", "old", "old", "usable"]

    under_way = good.with_name(f".{good.name}.1")
    for path in (under_way, good.with_name(f".{good.name}.0"), good.with_suffix(".0000.npz")):
        path.write_text("part")
        if path != under_way:
            os.utime(path, (0, 0))
    assert store.prune() == 5
    left = set(store.folder.rglob("*.*"))
    assert left == {*good.parent.glob(f"{good.stem}.*"), under_way}
    assert len(left) == 3
    assert set(store.find(task(weights=True), range(2))) == {0, 1}
    assert store.prune() == 0


@pytest.fixture
def old(store: Store) -> Path:
    """An entry that version 0.1.0 wrote when it had one file for each run, and a journal."""
    shutil.copytree(FORMAT_2, store.folder)
    (entry,) = store.entries()
    journal = store.folder / ".groups" / "0123.json"
    journal.parent.mkdir()
    journal.write_text(seal("0123", {entry.stem: unseal(entry)}))
    os.utime(journal, (0, 0))
    return entry


def test_runs_of_the_old_format_are_left_alone_and_said_to_be_old(store: Store, old: Path) -> None:
    before = {path: path.read_bytes() for path in store.folder.rglob("*.json")}
    asked = unseal(old)["settings"]
    (held,) = store.contents()
    assert (held.state, held.seeds, held.count) == ("old", (asked["seed"],), 1)
    assert held.settings == asked
    store.add(task(), group(keep=False))
    assert set(store.find(task(), range(5))) == {0, 1, 2}
    assert before.items() <= {p: p.read_bytes() for p in store.folder.rglob("*.json")}.items()


def test_an_old_entry_is_never_read_even_under_a_key_of_today(store: Store, old: Path) -> None:
    key = identity.key(task())
    there = store.folder / key[:2] / f"{key}.json"
    there.parent.mkdir(exist_ok=True)
    there.write_text(seal(key, unseal(old)))
    assert store.find(task(), range(10)) == {}


@pytest.mark.parametrize("way", [Store.prune, Store.clear])
def test_the_old_format_goes_when_asked_to(
    store: Store, old: Path, way: Callable[[Store], int]
) -> None:
    assert store.size() > old.stat().st_size
    assert way(store) == 1
    assert list(store.folder.rglob("*.json")) == []
