"""The store: nothing is computed twice, nothing damaged is trusted."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bnutils import store
from bnutils.results import Run

RUN = Run("", 3, (10, 20), (0.5, 1.0), {"val_loss": (1.0, 0.1 + 0.2)}, diverged=False)


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
    monkeypatch.setattr(store, "versions", lambda: {"numpy": "1"})
    assert key != shelf.key({"seed": 3, "batch_size": 32})
    monkeypatch.undo()
    monkeypatch.setattr(store, "code_fingerprint", lambda: "edited")
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
    harmless = {"datasets.py", "_digits.py", "_mnist.py", "errors.py", "files.py", "plotting.py"}
    harmless |= {"results.py", "store.py"}  # data are in the key by checksum
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


def test_what_an_interrupted_write_left_is_counted_and_cleared(shelf: store.Store) -> None:
    shelf.put("abc", RUN)
    left = shelf.entries()[0].with_name(".ace.json.1234")
    left.write_text("half of an ent")
    assert shelf.size() > left.stat().st_size
    assert shelf.clear() == 1
    assert not left.exists()


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    shelf = store.Store(blocked / "runs")
    with pytest.warns(store.StoreWarning, match=r"cannot be stored.*BNUTILS_STORE"):
        shelf.put("abc", RUN)


def test_a_full_disk_leaves_no_partial_entry(
    shelf: store.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.warns(store.StoreWarning, match="No space left"):
        shelf.put("abc", RUN)
    assert shelf.entries() == []
    assert not [path for path in shelf.folder.rglob("*") if path.is_file()]


def test_many_writers_of_one_entry(shelf: store.Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: shelf.put("abc", RUN), range(50)))
    assert shelf.get("abc") == RUN
    assert len(shelf.entries()) == 1


WRITER = """
import sys
from bnutils.results import Run
from bnutils.store import Store
shelf = Store(__import__("pathlib").Path(sys.argv[1]))
seed = 0
while True:
    shelf.put(shelf.key({"seed": seed}), Run("", seed, (1,), (1.0,), {"loss": (0.5,) * 1000}))
    seed += 1
"""


def test_a_writer_that_is_killed_leaves_only_whole_entries(shelf: store.Store) -> None:
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(shelf.folder)])
    try:
        for _ in range(2000):
            if len(shelf.entries()) > 20:
                break
            time.sleep(0.01)
    finally:
        os.kill(writer.pid, signal.SIGKILL)
        writer.wait(timeout=30)
    entries = shelf.entries()
    assert len(entries) > 20
    runs = [shelf.get(entry.stem) for entry in entries]
    assert sorted(run.seed for run in runs if run) == list(range(len(entries)))


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
