"""The store under faults: killed writers, full disks, damaged files, several processes."""

import errno
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bnutils.runs import Run
from bnutils.store import Store, StoreWarning
from tests.bnutils.store.samples import group, run, task, weights

TASK = task(weights=True)
SEEDS = range(3)
WRITES = 2  # weights, then the entry


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "runs")


def found(store: Store, weights: bool = False) -> dict[int, Run]:
    """What another process would find of the group."""
    return Store(store.folder).find(task(weights=weights), SEEDS)


def expected(value: float = 0.5) -> dict[int, Run]:
    return {run.seed: run for run in group(SEEDS, value)}


def unfinished(store: Store) -> list[Path]:
    """What interrupted writes left."""
    return list(store.folder.glob("??/.*"))


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
    store: Store, at_write: Callable[..., None], write: int
) -> None:
    """Stopped at each write in turn: all that the group had is there, or nothing."""
    at_write(range(write, write + 1), Killed())
    with pytest.raises(Killed) if write < WRITES else nullcontext():
        store.add(TASK, group(SEEDS))
    there = expected() if write == WRITES else {}
    assert found(store) == there
    assert found(store, weights=True) == there
    assert unfinished(store) == []


@pytest.mark.parametrize("write", range(WRITES))
def test_runs_that_gain_weights_do_so_together(
    store: Store, at_write: Callable[..., None], write: int
) -> None:
    store.add(task(), group(SEEDS, 0.25, keep=False))
    at_write(range(write, write + 1), Killed())
    with pytest.raises(Killed):
        store.add(TASK, group(SEEDS))
    assert found(store, weights=True) == {}
    assert found(store) == expected(0.25)


@pytest.mark.parametrize("write", range(WRITES))
def test_a_full_disk_is_said_and_costs_only_time(
    store: Store, at_write: Callable[..., None], write: int
) -> None:
    problem = OSError(errno.ENOSPC, "No space left on device")
    at_write(range(write, 10**6), problem)
    with pytest.warns(StoreWarning, match=r"cannot be stored.*No space left.*BNUTILS_STORE"):
        store.add(TASK, group(SEEDS))
    assert found(store) == {}
    assert unfinished(store) == []
    at_write(range(0), problem)
    store.add(TASK, group(SEEDS))
    assert found(store, weights=True) == expected()


def test_a_full_disk_leaves_what_was_there(store: Store, at_write: Callable[..., None]) -> None:
    store.add(TASK, group(SEEDS, 0.25))
    at_write(range(10**6), OSError(errno.ENOSPC, "No space left on device"))
    with pytest.warns(StoreWarning, match="No space left"):
        store.add(TASK, group(SEEDS))
    assert found(store, weights=True) == expected(0.25)


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    store = Store(blocked / "runs")
    with pytest.warns(StoreWarning, match=r"cannot be stored.*BNUTILS_STORE"):
        store.add(TASK, group(SEEDS))
    assert found(store) == {}


def test_a_folder_that_is_only_read(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.add(TASK, group(SEEDS))

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    for name in ("os.utime", "os.fsync", "pathlib.Path.unlink"):
        monkeypatch.setattr(name, refuse)
    assert found(store, weights=True) == expected()


def test_damaged_weights_are_reported_and_not_used(store: Store) -> None:
    store.add(TASK, group(SEEDS))
    (path,) = store.folder.glob("??/*.npz")
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert found(store) == expected()
    with pytest.warns(StoreWarning, match=r"weights .* are damaged.*computed again"):
        assert found(store, weights=True) == {}
    path.unlink()  # as when another process makes room
    assert found(store, weights=True) == {}


def test_what_an_interrupted_write_left_is_counted_and_cleared(store: Store) -> None:
    store.add(task(), [run(3)])
    (entry,) = store.entries()
    left = entry.with_name(f".{entry.name}.1234")
    left.write_text("half of an ent")
    assert store.size() == entry.stat().st_size + left.stat().st_size
    assert store.clear() == 1
    assert not left.exists()


def test_many_writers_of_one_group(store: Store) -> None:
    """Whose numbers stay is open; that weights belong to their metrics is not."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda value: store.add(TASK, group(SEEDS, value / 8)), range(24)))
    runs = found(store, weights=True)
    assert len(runs) == len(SEEDS)
    assert len(store.entries()) == 1
    for one in runs.values():
        value = np.float32(one.metrics["val_loss"][-1] / 3)
        np.testing.assert_array_equal(one.weights["final"][1], value)
    assert unfinished(store) == []


def test_reading_while_others_write_and_make_room(store: Store) -> None:
    """Nothing is reported as damaged, and what is found is right."""
    small = Store(store.folder, limit=30_000)

    def write(start: int) -> None:
        for seed in range(start, start + 20):
            small.add(TASK, [run(seed, weights=weights())])
            if seed % 5 == 4:
                small.prune()

    def read(seed: int) -> bool:
        return store.find(TASK, [seed]) in ({}, {seed: run(seed)})

    with ThreadPoolExecutor(4) as pool:
        writers = [pool.submit(write, start) for start in (0, 10)]
        assert all(pool.map(read, [*range(30)] * 3))
        for writer in writers:
            writer.result()
    assert 0 < small.size() < 4 * 30_000


KILLED_WRITERS = """
import os, random, signal, sys, time
from pathlib import Path
import numpy as np
from bnutils.store import Store
from tests.bnutils.store.samples import group, task

def write(store):
    for start in range(0, 10**6, 5):
        store.add(task(weights=True), group(range(start, start + 5), float(start)))

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
    subprocess.run(command, check=True)
    for folder in folders:
        store = Store(folder)
        runs = store.find(TASK, range(5 * len(store.entries()) + 5))
        assert sorted(runs) == list(range(len(runs)))
        assert len(runs) == 5 * len(store.entries())
        for one in runs.values():
            value = np.float32(one.seed // 5 * 5 / 3)
            np.testing.assert_array_equal(one.weights["final"][1], value)


# So little memory that two seeds are trained at a time.
COMPARISON = """
import bnutils
data = bnutils.load("digits").take(200)
arms = {"none": bnutils.mlp(8), "batch": bnutils.mlp(8, norm="batch")}
result = bnutils.compare(arms, data, updates=4, seeds=3, memory_gib=0.003)
"""


# The first group is filed, and with the second it waits to be killed.
INTERRUPTED = f"""
import threading
from bnutils.store import Store
add, first = Store.add, threading.Lock()

def add_one(store, *group):
    if not first.acquire(blocking=False):
        threading.Event().wait()
    add(store, *group)

Store.add = add_one
{COMPARISON}
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
    names: dict[str, Any] = {}
    exec(COMPARISON, names)
    whole = names["result"]

    monkeypatch.setenv("BNUTILS_STORE", str(tmp_path / "interrupted"))
    store = Store(tmp_path / "interrupted")
    assert kill_once(lambda: bool(store.entries()), INTERRUPTED) == -signal.SIGKILL
    assert len(store.entries()) == 1
    exec(COMPARISON, names)
    assert names["result"] == whole
    assert names["result"].to_frame().equals(whole.to_frame())
    assert len(store.entries()) == 4
