"""A store on a machine as it is: no home, folders of somebody else, files that are closed to us.

Permissions do not bind root, who runs tests in many a container, so what the system would say is
said in its place.
"""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bnutils.store import (
    MemoryStore,
    Store,
    StoreError,
    StoreWarning,
    default_folder,
    default_store,
    inventory,
    opened,
)
from tests.bnutils.store.samples import group, run, task

Close = Callable[[Path], None]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "runs")


@pytest.fixture
def close(monkeypatch: pytest.MonkeyPatch) -> Close:
    """Closes files, or folders with all that is in them, to everybody."""
    closed: list[Path] = []

    def guarded(original: Callable[..., Any]) -> Callable[..., Any]:
        def call(path: Any, *more: Any, **named: Any) -> Any:
            given = Path(path) if isinstance(path, str | os.PathLike) else Path()
            if any(one == given or one in given.parents for one in closed):
                raise PermissionError(errno.EACCES, "Permission denied", str(given))
            return original(path, *more, **named)

        return call

    for name in ("os.listdir", "os.scandir", "os.utime", "os.stat", "builtins.open", "io.open"):
        module, _, function = name.partition(".")
        original = getattr(__import__(module), function)
        monkeypatch.setattr(name, guarded(original))
    for method in ("is_file", "is_dir", "stat", "unlink", "mkdir", "open", "replace"):
        monkeypatch.setattr(Path, method, guarded(getattr(Path, method)))
    return closed.append


# ---- no home ----------------------------------------------------------------------------
@pytest.fixture
def homeless(monkeypatch: pytest.MonkeyPatch) -> None:
    """As for a user without name in a container."""
    for name in ("HOME", "USERPROFILE", "HOMEDRIVE", "HOMEPATH", "LOCALAPPDATA", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)

    def unknown(path: Path) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "expanduser", unknown)
    monkeypatch.setattr("platformdirs.user_cache_path", lambda name: unknown(Path(name)))


@pytest.mark.parametrize("named", [None, "~/runs", "~nosuchuser/runs"])
def test_without_a_home_runs_are_kept_as_long_as_they_are_used(
    homeless: None, monkeypatch: pytest.MonkeyPatch, named: str | None
) -> None:
    if named is None:
        monkeypatch.delenv("BNUTILS_STORE")
    else:
        monkeypatch.setenv("BNUTILS_STORE", named)
    for ask in (default_folder, default_store):
        with pytest.raises(StoreError, match=r"home folder .* Set BNUTILS_STORE to a folder"):
            ask()
    with pytest.warns(StoreWarning, match=r"^Finished runs are not kept: .*BNUTILS_STORE"):
        kept = opened(None)
    kept.add(task(), group())
    assert isinstance(kept, MemoryStore)
    assert set(kept.find(task(), range(3))) == {0, 1, 2}


def test_a_folder_of_ones_own_needs_no_home(homeless: None, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"~nobody/runs cannot be found .* Set BNUTILS_STORE"):
        Store(Path("~nobody/runs"))


# ---- files and folders of somebody else -------------------------------------------------
def test_an_entry_that_cannot_be_read_is_no_damaged_one(store: Store, close: Close) -> None:
    store.add(task(), group())
    (entry,) = store.entries()
    close(entry)
    with pytest.warns(StoreWarning, match=r"cannot be read \(Permission denied\).*readable"):
        assert store.find(task(), range(3)) == {}
    assert [held.state for held in store.contents()] == ["unreadable"]


def test_weights_that_cannot_be_read_are_no_damaged_ones(store: Store, close: Close) -> None:
    store.add(task(weights=True), group())
    (weights,) = store.folder.glob("??/*.npz")
    close(weights)
    with pytest.warns(StoreWarning, match=r"stored weights .* cannot be read \(Permission denied"):
        assert store.find(task(weights=True), range(3)) == {}
    assert set(store.find(task(), range(3))) == {0, 1, 2}


def test_a_part_that_is_closed_hides_nothing_else(store: Store, close: Close) -> None:
    for batch_size in (32, 33, 34):
        store.add(task(batch_size=batch_size), group())
    first, *others = sorted(path.parent for path in store.entries())
    close(first)
    states = [held.state for held in store.contents()]
    assert states.count("unreadable") == 1
    assert states.count("usable") == len([p for p in others if p != first])
    assert store.size() >= 0


def test_prune_keeps_what_cannot_be_read(store: Store, close: Close) -> None:
    store.add(task(weights=True), group())
    store.add(task(batch_size=33), [run(5)])
    entry, damaged = sorted(store.entries(), key=lambda path: path.stat().st_size, reverse=True)
    (weights,) = store.folder.glob("??/*.npz")
    damaged.write_text("{}")
    os.utime(weights, (0, 0))  # nobody's, if its entry is not read
    close(entry)
    assert store.prune() == 1
    assert weights.exists()
    assert not damaged.exists()


def test_what_is_closed_altogether_is_said_with_what_to_do(store: Store, close: Close) -> None:
    store.add(task(), group())
    close(store.folder)
    closed = Store(store.folder)
    with pytest.warns(StoreWarning, match=r"cannot be stored .*Permission.* Set BNUTILS_STORE"):
        found = closed.find(task(), range(3))
    assert found == {}
    closed.add(task(), group())  # said once
    for ask in (closed.contents, closed.clear, closed.prune):
        with pytest.raises(StoreError, match=r"cannot be (read|cleared|pruned) \(Permission"):
            ask()


def test_a_folder_that_may_only_be_read_says_which_file_stays(store: Store) -> None:
    store.add(task(), group())
    (entry,) = store.entries()
    entry.write_text("{}")

    def refuse(path: Path, missing_ok: bool = False) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "unlink", refuse)
        with pytest.raises(
            StoreError, match=rf"cannot be pruned \(Permission denied: .*{entry.stem}"
        ):
            store.prune()


def test_what_is_in_the_way_is_no_entry(store: Store) -> None:
    store.add(task(), group())
    (store.folder / "zz").write_text("a file with the name of a folder")
    assert [held.state for held in store.contents()] == ["usable"]
    assert list(inventory.read(store.folder / "none", {})) == []


def test_a_task_is_looked_at_once_for_a_group(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its settings and its name are of one moment, whatever changes meanwhile."""
    asked: list[object] = []
    from bnutils.store import directory, identity

    def once(task: Any) -> dict[str, Any]:
        asked.append(task)
        return identity.asked(task)

    monkeypatch.setattr(directory, "asked", once)
    monkeypatch.setattr(directory, "key", None)
    store.add(task(), group())
    assert asked == [task()]
