"""The store: nothing is computed twice, nothing damaged is trusted."""

import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bnutils.runs import Run
from bnutils.store import directory as store
from bnutils.store import limit

RUN = Run("", 3, (10, 20), (0.5, 1.0), {"val_loss": (1.0, 0.1 + 0.2)}, diverged=False)


PRESENT = store.present()


@pytest.fixture
def shelf(tmp_path: Path) -> store.Store:
    return store.Store(tmp_path / "runs")


def test_a_run_comes_back_as_it_was(shelf: store.Store) -> None:
    key = shelf.key({"seed": 3})
    assert shelf.get(key) is None
    shelf.put(key, RUN)
    assert shelf.get(key) == RUN
    assert store.Store(shelf.folder).get(key) == RUN


def test_nan_and_infinity_come_back(shelf: store.Store) -> None:
    run = Run("", 0, (1,), (1.0,), {"loss": (float("inf"),)}, diverged=True)
    shelf.put("ab", run)
    assert shelf.get("ab") == run


def test_the_key_depends_on_everything_that_matters(
    shelf: store.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = shelf.key({"seed": 3, "batch_size": 32})
    assert key == shelf.key({"batch_size": 32, "seed": 3})
    assert key != shelf.key({"seed": 4, "batch_size": 32})
    for part in ({"versions": {"numpy": "1"}}, {"code": "edited"}, {"format": 1}):
        monkeypatch.setattr(store, "present", lambda part=part: {**PRESENT, **part})
        assert key != shelf.key({"seed": 3, "batch_size": 32})


def test_the_fingerprint_covers_the_modules_that_compute() -> None:
    """All that the training code imports from the package, except what cannot change numbers."""
    folder = Path(store.__file__).parent
    seen, queue = set(), ["training.py"]
    while queue:
        name = queue.pop()
        if name in seen:
            continue
        seen.add(name)
        imports = re.findall(r"^\s*from bnutils\.?(\w*) import", (folder / name).read_text(), re.M)
        queue += [f"{module}.py" for module in imports if module]
    records = {"intervals", "results", "runs", "store", "_provenance"}
    shelves = {"files", "_contents", "_room", "_sealed", "_shelf"}
    data = {"datasets", "_digits", "_mnist"}  # they are in the key by checksum
    shown = {"errors", "plotting", "_progress", "_quiet", "_side_by_side"}
    harmless = {f"{name}.py" for name in records | shelves | data | shown}
    assert seen - harmless == set(store.COMPUTED_BY)


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "",
        lambda text: text[:-20],
        lambda text: text.replace("0.5", "0.6"),
        lambda text: "[]",
        lambda text: json.dumps({"sha256": "0", "run": "{}"}),
        lambda text: json.dumps({"sha256": "0", "run": 5}),
    ],
)
def test_a_damaged_entry_is_reported_and_not_used(
    shelf: store.Store, damage: Callable[[str], str]
) -> None:
    shelf.put("abc", RUN)
    (entry,) = shelf.entries()
    entry.write_text(damage(entry.read_text()))
    with pytest.warns(store.StoreWarning, match=r"damaged.*computed again"):
        assert shelf.get("abc") is None
    shelf.put("abc", RUN)
    assert shelf.get("abc") == RUN


def test_an_entry_under_another_key_is_not_trusted(shelf: store.Store) -> None:
    shelf.put("abc", RUN)
    (entry,) = shelf.entries()
    (entry.parent / "abe.json").write_bytes(entry.read_bytes())
    with pytest.warns(store.StoreWarning, match="checksum"):
        assert shelf.get("abe") is None


def test_size_and_clear(shelf: store.Store) -> None:
    assert (shelf.size(), shelf.clear()) == (0, 0)
    for seed in range(3):
        shelf.put(shelf.key({"seed": seed}), RUN)
    assert shelf.size() == sum(path.stat().st_size for path in shelf.entries()) > 0
    assert shelf.clear() == 3
    assert shelf.entries() == []


def test_the_folder_can_be_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BNUTILS_STORE", str(tmp_path / "mine"))
    assert store.default_folder() == tmp_path / "mine"
    monkeypatch.delenv("BNUTILS_STORE")
    assert store.default_folder().name == "runs"


def test_metrics_keep_their_order(shelf: store.Store) -> None:
    run = replace(RUN, metrics={"val_loss": (1.0,), "accuracy": (0.5,)})
    shelf.put("abc", run)
    stored = shelf.get("abc")
    assert stored is not None
    assert list(stored.metrics) == ["val_loss", "accuracy"]


def weights(scale: float) -> dict[str, list[np.ndarray]]:
    """Twelve arrays, so that alphabetical order is not the right one."""
    arrays = [np.full((2, index), scale / 3, np.float32) for index in range(12)]
    return {"final": arrays, "best": [np.array(np.nan), np.arange(3)]}


def test_weights_come_back_bit_for_bit_and_only_when_asked_for(shelf: store.Store) -> None:
    shelf.put("abc", replace(RUN, weights=weights(1)))
    without, stored = shelf.get("abc"), shelf.get("abc", weights=True)
    assert without is not None
    assert stored is not None
    assert without == stored == RUN
    assert without.weights == {}
    assert list(stored.weights) == ["final", "best"]
    for which, arrays in weights(1).items():
        for one, other in zip(arrays, stored.weights[which], strict=True):
            np.testing.assert_array_equal(one, other, strict=True)


def test_weights_that_were_never_kept_are_not_found_and_can_be_added(shelf: store.Store) -> None:
    shelf.put("abc", RUN)
    assert shelf.get("abc", weights=True) is None
    shelf.put("abc", replace(RUN, weights=weights(1)))
    assert shelf.get("abc", weights=True) == RUN


def test_an_entry_says_what_was_asked(shelf: store.Store) -> None:
    shelf.put(shelf.key({"seed": 3, "stops": (1, 2)}), replace(RUN, weights=weights(1)))
    (held,) = shelf.contents()
    assert held.settings == {"seed": 3, "stops": [1, 2]}
    assert (held.state, len(held.weights)) == ("usable", 64)


@pytest.mark.parametrize(
    ("text", "size"),
    [("500MB", 500 * 10**6), ("2 gb", 2 * 10**9), ("1.5kB", 1500), ("7", 7), ("", 2 * 10**9)],
)
def test_the_limit_can_be_chosen(monkeypatch: pytest.MonkeyPatch, text: str, size: int) -> None:
    monkeypatch.setenv("BNUTILS_STORE_LIMIT", text)
    assert store.Store(Path()).limit == size


@pytest.mark.parametrize("text", ["much", "-1GB", "5 parsecs", "0", "0.1B", "1e9", "GB"])
def test_a_limit_that_is_no_size(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("BNUTILS_STORE_LIMIT", text)
    with pytest.raises(ValueError, match=r"BNUTILS_STORE_LIMIT must be a size.*received"):
        store.Store(Path())
    with pytest.raises(ValueError, match="limit must be at least 1; received 0"):
        store.Store(Path(), limit=0)


def filled(shelf: store.Store, count: int) -> list[store.Key]:
    """Keys of so many runs with weights, of which the first was not used for longest."""
    keys = [shelf.key({"seed": seed}) for seed in range(count)]
    for seed, key in enumerate(keys):
        shelf.put(key, replace(RUN, seed=seed, weights=weights(1)))
        for path in shelf.folder.glob(f"??/{key}.*"):
            os.utime(path, (seed, seed))
    return keys


def test_the_longest_unused_runs_make_room(shelf: store.Store) -> None:
    keys = filled(shelf, 10)
    size = shelf.size()
    assert shelf.get(keys[0]) is not None  # used now
    small = store.Store(shelf.folder, limit=size)
    newest = small.key({"more": 0})
    small.put(newest, replace(RUN, weights=weights(1)))
    assert small.size() <= 0.9 * size
    held = {entry.stem for entry in small.entries()}
    assert held == {keys[0], *keys[3:], newest}
    assert {path.name.split(".")[0] for path in small.folder.glob("??/*.npz")} == held


def test_what_was_just_written_stays_whatever_its_size(shelf: store.Store) -> None:
    filled(shelf, 3)
    small = store.Store(shelf.folder, limit=1)
    group = {small.key({"seed": seed, "new": 1}): RUN for seed in range(4)}
    small.put_all(group)
    assert {entry.stem for entry in small.entries()} == set(group)


def test_the_folder_is_not_measured_at_each_write(
    shelf: store.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured: list[int] = []
    real = limit.make_room
    monkeypatch.setattr(
        limit, "make_room", lambda *a, **k: measured.append(len(shelf.entries())) or real(*a, **k)
    )
    shelf.put("a0", RUN)
    roomy = store.Store(shelf.folder, limit=40 * shelf.size())
    for index in range(1, 8):
        roomy.put(f"a{index}", RUN)
    assert measured == [1, 4, 7]  # first, and after each twentieth of the limit


def test_prune_keeps_only_what_can_be_used(
    shelf: store.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_weights = replace(RUN, weights=weights(1))
    for part in ({"code": "before"}, {"versions": {"numpy": "1"}}):
        monkeypatch.setattr(store, "present", lambda part=part: {**PRESENT, **part})
        shelf.put(shelf.key({"seed": 3}), with_weights)
    monkeypatch.setattr(store, "present", lambda: PRESENT)
    damaged, good = shelf.key({"seed": 4}), shelf.key({"seed": 5})
    shelf.put_all({damaged: RUN, good: with_weights})
    (shelf.folder / damaged[:2] / f"{damaged}.json").write_text("{}")
    states = sorted(held.state for held in shelf.contents())
    assert states == ["damaged", "old", "old", "usable"]

    folder = shelf.folder / good[:2]
    under_way = folder / f".{good}.json.1"
    for path in (under_way, folder / f".{good}.json.0", folder / f"{good}.0000.npz"):
        path.write_text("part")
        if path != under_way:
            os.utime(path, (0, 0))
    assert shelf.prune() == 3
    left = {path for path in shelf.folder.glob("??/*")}
    assert left == {*folder.glob(f"{good}.*"), under_way}
    assert len(left) == 3
    assert shelf.get(good, weights=True) == RUN
    assert shelf.prune() == 0
