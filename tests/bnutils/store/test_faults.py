"""The store under faults: killed writers, full disks, damaged files, several processes."""

import errno
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bnutils.runs import Run
from bnutils.store import directory as store
from bnutils.store import entries

RUN = Run("", 3, (10, 20), (0.5, 1.0), {"val_loss": (1.0, 0.1 + 0.2)}, diverged=False)
SEEDS = range(3)
WRITES = 2 * len(SEEDS) + 1  # weights, the journal, entries


@pytest.fixture
def shelf(tmp_path: Path) -> store.Store:
    return store.Store(tmp_path / "runs")


def group(shelf: store.Store, value: float = 0.5) -> dict[str, Run]:
    """A few seeds, whose weights can be told from the metrics."""
    weights = {"final": [np.full(3, value), np.zeros((2, 2))]}
    metrics = {"loss": (value,)}
    return {
        shelf.key({"seed": seed}): Run("", seed, (1,), (1.0,), metrics, weights=weights)
        for seed in SEEDS
    }


def found(shelf: store.Store, weights: bool = False) -> dict[str, Run]:
    """What another process would find of the group."""
    other = store.Store(shelf.folder)
    return {key: run for key in group(shelf) if (run := other.get(key, weights))}


def unfinished(shelf: store.Store) -> list[Path]:
    """Journals and what interrupted writes left."""
    return [*shelf.folder.glob(".groups/*"), *shelf.folder.glob("??/.*")]


@pytest.fixture
def at_write(monkeypatch: pytest.MonkeyPatch) -> Callable[[range, BaseException], None]:
    """Let the writes with these numbers fail: ``at_write(range(2, 3), problem)``."""

    def fail(which: range, problem: BaseException) -> None:
        numbers = iter(range(10**6))

        def fsync(_: int) -> None:
            if next(numbers) in which:
                raise problem

        monkeypatch.setattr("os.fsync", fsync)

    return fail


class Killed(BaseException):
    """Stops a process wherever it is."""


@pytest.mark.parametrize("write", range(WRITES + 1))
def test_a_group_is_filed_wholly_or_not_at_all(
    shelf: store.Store, at_write: Callable[..., None], write: int
) -> None:
    """Stopped at each write in turn: from the first entry on, all that the group had is there."""
    at_write(range(write, write + 1), Killed())
    with pytest.raises(Killed) if write < WRITES else nullcontext():
        shelf.put_all(group(shelf))
    expected = group(shelf) if write > len(SEEDS) else {}
    assert found(shelf) == expected
    assert found(shelf, weights=True) == expected
    assert unfinished(shelf) == []


@pytest.mark.parametrize("write", range(WRITES))
def test_runs_that_gain_weights_do_so_together(
    shelf: store.Store, at_write: Callable[..., None], write: int
) -> None:
    before = {key: replace(run, weights={}) for key, run in group(shelf, 0.25).items()}
    shelf.put_all(before)
    at_write(range(write, write + 1), Killed())
    with pytest.raises(Killed):
        shelf.put_all(group(shelf))
    assert found(shelf, weights=True) == (group(shelf) if write > len(SEEDS) else {})


@pytest.mark.parametrize("write", range(WRITES))
@pytest.mark.parametrize("long", [False, True])
def test_a_full_disk_costs_no_finished_group(
    shelf: store.Store, at_write: Callable[..., None], write: int, long: bool
) -> None:
    """It says so; what stands in a journal is found even while the disk takes no more."""
    problem = OSError(errno.ENOSPC, "No space left on device")
    at_write(range(write, 10**6 if long else write + 1), problem)
    with pytest.warns(store.StoreWarning, match=r"cannot be stored.*No space left.*BNUTILS_STORE"):
        shelf.put_all(group(shelf))
    none = write == len(SEEDS) or (long and write < len(SEEDS))
    assert found(shelf) == ({} if none else group(shelf))
    with_weights = [run.seed for run in found(shelf, weights=True).values()]
    assert with_weights == ([] if none else list(SEEDS)[:write])
    assert list(shelf.folder.glob("??/.*")) == []
    at_write(range(0), problem)
    shelf.put_all(group(shelf))
    assert found(shelf, weights=True) == group(shelf)


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    shelf = store.Store(blocked / "runs")
    with pytest.warns(store.StoreWarning, match=r"cannot be stored.*BNUTILS_STORE"):
        shelf.put_all(group(shelf))
    assert found(shelf) == {}


def test_a_folder_that_is_only_read(
    shelf: store.Store, at_write: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a journal that somebody left there, too."""
    at_write(range(WRITES - 1, WRITES), Killed())
    with pytest.raises(Killed):
        shelf.put_all(group(shelf))

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    for name in ("os.utime", "os.fsync", "pathlib.Path.unlink"):
        monkeypatch.setattr(name, refuse)
    assert found(shelf, weights=True) == group(shelf)
    assert len(shelf.entries()) == len(SEEDS) - 1


@pytest.mark.parametrize("damage", [b"", b"{}", b"\xff", b'{"sha256": "0", "content": {}}'])
def test_a_damaged_journal_is_reported_once(
    shelf: store.Store, at_write: Callable[..., None], damage: bytes
) -> None:
    at_write(range(len(SEEDS) + 1, WRITES), Killed())
    with pytest.raises(Killed):
        shelf.put_all(group(shelf))
    (journal,) = shelf.folder.glob(".groups/*.json")
    journal.write_bytes(damage)
    with pytest.warns(store.StoreWarning, match=r"journal .* is damaged.*computed again"):
        assert found(shelf) == {}
    assert found(shelf) == {}


def test_damaged_weights_are_reported_and_not_used(shelf: store.Store) -> None:
    shelf.put_all(group(shelf))
    files = sorted(shelf.folder.glob("??/*.npz"))
    for path in files:
        path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert found(shelf) == group(shelf)
    for key in group(shelf):
        with pytest.warns(store.StoreWarning, match=r"weights .* are damaged.*computed again"):
            assert shelf.get(key, weights=True) is None
    for path in files:  # as when another process makes room
        path.unlink()
    assert found(shelf, weights=True) == {}


def test_a_journal_may_be_finished_while_its_writer_is_at_work(
    shelf: store.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = entries.write_atomically

    def meanwhile(path: Path, content: str | bytes) -> None:
        real(path, content)
        if path.parent.name == ".groups":
            assert found(shelf, weights=True) == group(shelf)
            assert unfinished(shelf) == []

    monkeypatch.setattr(entries, "write_atomically", meanwhile)
    shelf.put_all(group(shelf))
    assert found(shelf, weights=True) == group(shelf)
    assert unfinished(shelf) == []


def test_what_an_interrupted_write_left_is_counted_and_cleared(shelf: store.Store) -> None:
    shelf.put("abc", RUN)
    left = shelf.entries()[0].with_name(".ace.json.1234")
    left.write_text("half of an ent")
    assert shelf.size() > left.stat().st_size
    assert shelf.clear() == 1
    assert not left.exists()


def test_many_writers_of_one_group(shelf: store.Store) -> None:
    """Whose numbers stay is open; that weights belong to their metrics is not."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda value: shelf.put_all(group(shelf, value / 8)), range(24)))
    runs = found(shelf, weights=True)
    assert len(runs) == len(shelf.entries()) == len(SEEDS)
    for run in runs.values():
        np.testing.assert_array_equal(run.weights["final"][0], run.metrics["loss"][0])
    assert unfinished(shelf) == []


def test_reading_while_others_write_and_make_room(shelf: store.Store) -> None:
    """Nothing is reported as damaged, and what is found is right."""
    small = store.Store(shelf.folder, limit=6000)

    def write(start: int) -> None:
        for seed in range(start, start + 40):
            small.put(small.key({"seed": seed}), replace(RUN, seed=seed, weights=weights))
            if seed % 10 == 9:
                small.prune()

    def read(seed: int) -> bool:
        run = shelf.get(shelf.key({"seed": seed}), weights=True)
        return run is None or run == replace(RUN, seed=seed)

    weights = {"final": [np.ones(10)]}
    with ThreadPoolExecutor(4) as pool:
        writers = [pool.submit(write, start) for start in (0, 20)]
        assert all(pool.map(read, [*range(60)] * 10))
        for writer in writers:
            writer.result()
    assert 0 < small.size() < 4 * 6000


KILLED_WRITERS = """
import os, random, signal, sys, time
from pathlib import Path
import numpy as np
from bnutils.runs import Run
from bnutils.store import Store

def write(shelf):
    for start in range(0, 10**6, 5):
        shelf.put_all({
            shelf.key({"seed": seed}): Run(
                "", seed, (1,), (1.0,), {"loss": (0.5,) * 100},
                weights={"final": [np.full(50, float(start))]},
            )
            for seed in range(start, start + 5)
        })

for folder in map(Path, sys.argv[1:]):
    files = random.Random(folder.name).randrange(2, 60)
    child = os.fork()
    if child == 0:
        write(Store(folder))
    while len([*folder.glob("*/*")]) < files:
        time.sleep(0.0005)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
"""


def test_killed_writers_leave_whole_groups(tmp_path: Path) -> None:
    folders = [tmp_path / str(number) for number in range(12)]
    command = [sys.executable, "-c", KILLED_WRITERS, *map(str, folders)]
    subprocess.run(command, check=True, timeout=200)
    for folder in folders:
        shelf = store.Store(folder)
        runs = [shelf.get(shelf.key({"seed": seed}), weights=True) for seed in range(100)]
        there = [run is not None for run in runs]
        assert there == sorted(there, reverse=True)
        assert sum(there) % 5 == 0
        assert all(run.weights["final"][0][0] == run.seed // 5 * 5 for run in runs if run)
        assert sum(there) == len(shelf.entries())


GROUP_SIZE = "bnutils.memory.LARGEST_GROUP"
COMPARISON = f"""
import bnutils, {GROUP_SIZE.rpartition(".")[0]}
{GROUP_SIZE} = 2
data = bnutils.load("digits").take(200)
arms = {{"none": bnutils.mlp(8), "batch": bnutils.mlp(8, norm="batch")}}
result = bnutils.compare(arms, data, updates=4, seeds=3)
"""


def kill_once(stop: Callable[[], bool], code: str) -> int:
    """Run code in a process that is killed as soon as ``stop()`` is true; return its exit code."""
    process = subprocess.Popen([sys.executable, "-c", code])
    while process.poll() is None:
        if stop():
            process.kill()
        time.sleep(0.001)
    return process.returncode


def test_a_killed_comparison_goes_on_and_equals_one_that_was_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(GROUP_SIZE, 2)
    names: dict[str, Any] = {}
    exec(COMPARISON, names)
    whole = names["result"]

    monkeypatch.setenv("BNUTILS_STORE", str(tmp_path / "interrupted"))
    shelf = store.Store(tmp_path / "interrupted")
    assert kill_once(lambda: bool(shelf.entries()), COMPARISON) == -signal.SIGKILL
    assert 0 < len(shelf.entries()) < 6
    exec(COMPARISON, names)
    assert names["result"] == whole
    assert names["result"].to_frame().equals(whole.to_frame())
    assert len(shelf.entries()) == 6
