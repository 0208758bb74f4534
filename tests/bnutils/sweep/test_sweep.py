"""Sweeps: the same numbers everywhere, and no point that stops another."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bnutils import cli as command
from bnutils import sweep
from bnutils.datasets import Dataset, load
from bnutils.engine.threads import at_a_time
from bnutils.models import import_keras, mlp
from bnutils.probes import Probes
from bnutils.schedules import Exponential
from bnutils.store import Store, default_store
from bnutils.store.identity import present
from bnutils.sweep import cluster as on_dask
from bnutils.sweep import running
from bnutils.sweep.processes import Crew, Job
from bnutils.tasks import Arm
from bnutils.training import compare

PROBES = Probes(every=2, examples=100, statistics=("rate",))
EXTRAS: dict[str, Any] = {"probes": PROBES, "weights": True}
GRID = sweep.grid(norm=["none", "batch"], batch_size=100, width=8)
BUDGET: dict[str, Any] = {"updates": 3, "seeds": 2}
WITH_DASK = pytest.mark.skipif(
    find_spec("distributed") is None, reason=f"needs the package {on_dask.DASK}"
)


@dataclass(frozen=True)
class Faulty:
    """An architecture whose training ends as ``way`` says."""

    way: str
    home: int  # the process that must survive

    def __repr__(self) -> str:
        if self.way == "dies" and os.getpid() != self.home:
            os._exit(7)
        return f"Faulty({self.way})"

    def build(self, input_shape: tuple[int, ...], classes: int, seed: int) -> Any:
        if self.way == "interrupts":
            raise KeyboardInterrupt
        if self.way == "raises":
            raise RuntimeError("no such luck")
        keras = import_keras()
        layers = [keras.layers.Flatten(), keras.layers.PReLU(), keras.layers.Dense(classes)]
        return keras.Sequential([keras.Input(input_shape), *layers, keras.layers.Softmax()])


def faulty(way: str) -> sweep.Point:
    return sweep.Point({"norm": way}, Arm(Faulty(way, os.getpid()), batch_size=32))


@pytest.fixture(scope="module")
def data() -> Dataset:
    return load("digits").take(200)


@pytest.fixture(scope="module")
def serial(data: Dataset, tmp_path_factory: pytest.TempPathFactory) -> sweep.Sweep:
    return sweep.run(GRID, data, **BUDGET, store=Store(tmp_path_factory.mktemp("serial")))


def _must_not_train(*_: object) -> Iterator[Any]:
    raise AssertionError("a finished run was trained again")


# --- the points ------------------------------------------------------------------------


def test_a_grid_has_every_combination_once() -> None:
    points = sweep.grid(
        norm=[None, "batch"], batch_size=np.array([16, 32]), learning_rate=[0.1, 0.2], depth=[1, 3]
    )
    table = pd.DataFrame([point.settings for point in points])
    assert len(table.drop_duplicates()) == len(points) == 16
    assert list(table["depth"][:4]) == [1, 3, 1, 3]
    assert set(table["norm"]) == {"none", "batch"}
    assert points[-1].arm == Arm(mlp((128, 128, 128), "batch"), 32, "adam", 0.2)


def test_the_learning_rate_is_listed_where_none_was_given() -> None:
    rates = [point.settings["learning_rate"] for point in sweep.grid(optimizer=["sgd", "adam"])]
    assert rates == [0.01, 0.001] * 2


def test_a_decay_is_listed_only_where_one_is_given() -> None:
    """Points without are named, and dealt to machines, as before there was any."""
    (plain,) = sweep.grid(norm="batch")
    assert list(plain.settings)[-1] == "optimizer"
    decays = sweep.grid(norm="batch", optimizer="adamw", weight_decay=[None, 0, 0.1])
    assert [point.settings["weight_decay"] for point in decays] == [0.004, 0, 0.1]
    assert [point.arm.weight_decay for point in decays] == [None, 0, 0.1]


def test_schedules_are_points_like_rates(data: Dataset) -> None:
    rates = [0.1, Exponential(0.1, 1.1), Exponential(0.1, 0.9)]
    result = sweep.run(sweep.grid("batch", 100, rates, width=8, optimizer="sgd"), data, **BUDGET)
    listed = [one.point.settings["learning_rate"] for one in result.results]
    assert listed == [0.1, *map(repr, rates[1:])]
    assert json.loads(json.dumps(listed)) == listed
    losses = result.to_frame().query("metric == 'loss' and update == 3")["value"]
    assert losses.nunique() == 6
    assert "Exponential" in str(result.summary())


@pytest.mark.parametrize(
    ("axes", "message"),
    [
        ({"norm": "weight"}, "norm must be one of 'none', 'batch', 'layer',.*received 'weight'"),
        ({"norm": "group", "width": 50}, r"groups must divide.*received 4 for \(50,\)"),
        ({"norm": ["batch", "batch"]}, "norm must be one value or several different ones"),
        ({"norm": [None, "none"]}, "different settings"),
        ({"depth": []}, "depth must be one value or several"),
        ({"depth": 0}, "depth must be at least 1; received 0"),
        ({"width": [8, 0]}, "width must be at least 1; received 0"),
        ({"batch_size": 0}, "batch_size must be at least 1; received 0"),
        ({"learning_rate": [0.1, -0.1]}, "learning_rate must be a positive.*-0.1"),
        ({"dropout": 1.0}, "dropout must be in"),
        ({"optimizer": "lion"}, "optimizer must be one of"),
        ({"weight_decay": [0.1, -0.1]}, "weight_decay must be a finite.*-0.1"),
    ],
)
def test_bad_settings_are_known_before_training(
    data: Dataset, axes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        sweep.run(sweep.grid(**axes), data, **BUDGET)


@given(st.sets(st.integers(1, 500), min_size=1, max_size=20), st.integers(1, 8))
def test_parts_are_disjoint_and_complete(sizes: set[int], of: int) -> None:
    points = sweep.grid(batch_size=sorted(sizes))
    parts = [sweep.part(points, (one, of)) for one in range(1, of + 1)]
    assert sorted(str(p) for part in parts for p in part) == sorted(map(str, points))
    assert max(map(len, parts)) - min(map(len, parts)) <= 1
    for part in parts:  # in the order of the grid, whatever the order of the axes
        assert [point for point in points if point in part] == list(part)
    backwards = sweep.part(points[::-1], (1, of))
    assert set(map(str, backwards)) == set(map(str, parts[0]))


@pytest.mark.parametrize("shard", [(0, 2), (3, 2), (1, 0)])
def test_shards_are_counted_from_one(data: Dataset, shard: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="shard"):
        sweep.run(GRID, data, **BUDGET, shard=shard)


# --- one process -----------------------------------------------------------------------


def test_a_sweep_is_what_compare_trains(data: Dataset, serial: sweep.Sweep) -> None:
    expected = compare({str(GRID[1]): GRID[1].arm}, data, **BUDGET)
    assert serial.results[1].runs == expected.runs
    assert [run.seed for run in serial.comparison().runs] == [0, 1] * len(GRID)
    assert not serial.failures


def _extras_are_those_of_compare(result: sweep.Sweep, data: Dataset, folder: Path) -> None:
    """Readings and weights of a sweep with EXTRAS, however it was trained."""
    arms = {str(point): point.arm for point in GRID}
    expected = compare(arms, data, **BUDGET, **EXTRAS, store=Store(folder))
    readings = result.readings()
    assert list(readings["value"]) == list(expected.readings()["value"])
    assert list(readings["norm"].unique()) == ["none", "batch"]
    assert list(readings.columns[-5:]) == ["seed", "update", "statistic", "where", "value"]
    for arm in arms:
        ours, theirs = result.comparison().weights(arm, 1), expected.weights(arm, 1)
        for one, other in zip(ours, theirs, strict=True):
            np.testing.assert_array_equal(one, other)


def test_probes_and_weights_are_those_of_compare(
    data: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sweep.run(GRID, data, **BUDGET, probes=PROBES)  # stored, but without weights
    _extras_are_those_of_compare(sweep.run(GRID, data, **BUDGET, **EXTRAS), data, tmp_path)
    monkeypatch.setattr(running, "in_this_process", _must_not_train)
    _extras_are_those_of_compare(sweep.run(GRID, data, **BUDGET, **EXTRAS), data, tmp_path)


def test_what_does_not_fit_into_the_memory_is_a_failed_point(data: Dataset) -> None:
    result = sweep.run(GRID, data, **BUDGET, memory_gib=1e-6)
    assert [one.error.split(":")[0] for one in result.failures] == ["MemoryBudgetError"] * 2


def test_the_frame_is_tidy(serial: sweep.Sweep) -> None:
    frame = serial.to_frame()
    settings = list(GRID[0].settings)
    assert list(frame.columns) == [*settings, "seed", "epoch", "update", "metric", "value"]
    keys = [*settings, "seed", "update", "metric"]
    assert not frame.duplicated(keys).any()
    assert not frame.isna().any(axis=None)
    assert len(frame) == len(GRID) * 2 * (4 * 3 + 2)
    final = frame[(frame["metric"] == "test_accuracy")].groupby(settings, sort=False)["value"]
    summary = serial.summary().to_frame()
    np.testing.assert_allclose(final.mean(), summary["mean"])
    assert list(summary["seeds"]) == [2] * len(GRID)


def test_what_is_stored_is_not_trained_again(
    data: Dataset, monkeypatch: pytest.MonkeyPatch, serial: sweep.Sweep
) -> None:
    trained: list[tuple[int, ...]] = []
    real = running.in_this_process

    def spy(jobs: list[Job], *rest: Any) -> Any:
        trained.extend(job.seeds for job in jobs)
        return real(jobs, *rest)

    monkeypatch.setattr(running, "in_this_process", spy)
    sweep.run(GRID[:1], data, updates=3, seeds=[1])
    _agree_but_for_rounding(sweep.run(GRID, data, **BUDGET), serial)
    assert trained == [(1,), (0,), (0, 1)]
    sweep.run(GRID, data, updates=3, seeds=[1, 0])
    assert len(trained) == 3


def _agree_but_for_rounding(one: sweep.Sweep, other: sweep.Sweep) -> None:
    """Seeds that were trained alone and those that were trained together."""
    assert [result.point for result in one.results] == [result.point for result in other.results]
    for mine, theirs in zip(one.results, other.results, strict=True):
        for run, expected in zip(mine.runs, theirs.runs, strict=True):
            assert (run.seed, run.updates) == (expected.seed, expected.updates)
            for metric, values in expected.metrics.items():
                np.testing.assert_allclose(run.metrics[metric], values, rtol=1e-4)


def test_shards_with_one_store_make_the_whole(
    data: Dataset, monkeypatch: pytest.MonkeyPatch, serial: sweep.Sweep
) -> None:
    parts = [sweep.run(GRID, data, **BUDGET, shard=(one, 2)) for one in (1, 2)]
    assert [len(part.results) for part in parts] == [1, 1]
    monkeypatch.setattr(running, "in_this_process", _must_not_train)
    assert sweep.run(GRID, data, **BUDGET).results == serial.results


def test_a_failing_point_is_reported_and_the_others_go_on(
    data: Dataset, serial: sweep.Sweep
) -> None:
    too_large = sweep.grid(norm="none", batch_size=201, width=8)
    points = [faulty("raises"), *too_large, faulty("has a layer unknown here"), GRID[0]]
    result = sweep.run(points, data, **BUDGET)
    errors = [one.error for one in result.failures]
    assert errors[0] == "RuntimeError: no such luck"
    assert "batch_size must be at most the 200 examples" in errors[1]
    assert errors[2].startswith("UnsupportedLayer: ")
    assert result.results[3] == serial.results[0]
    assert len(result.summary()) == 1


def test_a_sweep_in_which_all_fails_has_an_empty_frame(data: Dataset) -> None:
    result = sweep.run([faulty("raises")], data, **BUDGET)
    assert len(result.to_frame()) == 0
    with pytest.raises(ValueError, match="needs a point that did not fail"):
        result.summary()


def test_an_interrupted_sweep_keeps_what_is_finished(
    data: Dataset, monkeypatch: pytest.MonkeyPatch, serial: sweep.Sweep
) -> None:
    with pytest.raises(KeyboardInterrupt):
        sweep.run([GRID[0], faulty("interrupts")], data, **BUDGET)
    monkeypatch.setattr(running, "in_this_process", _must_not_train)
    assert sweep.run(GRID[:1], data, **BUDGET).results == serial.results[:1]


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"points": []}, ValueError, "points must be one or more"),
        ({"points": [GRID[0], GRID[0]]}, ValueError, "different settings"),
        ({"points": ["batch"]}, ValueError, "points must be one or more"),
        ({"data": "digits"}, TypeError, "data must be a Dataset"),
        ({"seeds": 0}, ValueError, "seeds must be at least 1; received 0"),
        ({"seeds": [1, 1]}, ValueError, "different numbers"),
        ({"seeds": []}, ValueError, "one or more"),
        ({"updates": 0}, ValueError, "updates must be at least 1"),
        ({"epochs": 1}, ValueError, "exactly one of epochs and updates"),
        ({"memory_gib": 0}, ValueError, "memory_gib must be a positive, finite number"),
        ({"probes": Probes(examples=201)}, ValueError, "examples"),
        ({"workers": 0}, ValueError, "workers must be at least 1"),
        ({"workers": 2, "cluster": "tcp://h:1"}, ValueError, "workers or cluster, not both"),
    ],
)
def test_a_wrong_request(
    data: Dataset, change: dict[str, Any], error: type[Exception], message: str
) -> None:
    settings = {"points": GRID, "data": data, **BUDGET, **change}
    with pytest.raises(error, match=message):
        sweep.run(**settings)


def test_the_bar_shows_points_and_counts_stored_ones(
    data: Dataset, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BNUTILS_PROGRESS", "1")
    for _ in range(2):
        sweep.run([faulty("raises"), *GRID[:1]], data, **BUDGET)
    shown = "".join(capsys.readouterr())
    assert "0/2" in shown
    assert "1/2" in shown


# --- several processes -----------------------------------------------------------------


def test_processes_give_the_same_numbers_and_survive_a_death(
    data: Dataset, serial: sweep.Sweep
) -> None:
    points = [faulty("dies"), *GRID, faulty("raises")]
    result = sweep.run(points, data, **BUDGET, workers=2)
    assert [one.point for one in result.failures] == [points[0], points[-1]]
    died, raised = (one.error for one in result.failures)
    assert died.startswith("TerminatedWorkerError: ")
    assert "EXIT(7)" in died
    assert raised == "RuntimeError: no such luck"
    assert result.results[1:-1] == serial.results
    assert [held.seeds for held in default_store().contents()] == [(0, 1)] * len(GRID)


def _threads() -> str:
    return f"{at_a_time()} at a time, {os.environ['TF_NUM_INTEROP_THREADS']} threads"


def test_each_process_has_its_share_of_the_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("joblib.cpu_count", lambda: 2)
    crew = Crew(2)
    crew.start(5, _threads)
    assert list(crew.finished()) == [(5, "1 at a time, 1 threads")]
    crew.dismiss()


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def _sleep(file: Path) -> str:
    file.write_text(str(os.getpid()))
    signal.pause()
    return "woke up"


def test_processes_end_with_the_sweep(tmp_path: Path) -> None:
    crew, file = Crew(1), tmp_path / "pid"
    crew.start(0, _sleep, file)
    while not (file.exists() and file.read_text()):
        time.sleep(0.01)
    crew.dismiss()
    while is_alive(int(file.read_text())):
        time.sleep(0.01)


KILLED = """
import os, signal, sys, time
from pathlib import Path
from bnutils.sweep.processes import Crew

def work(file):
    Path(file).write_text(str(os.getpid()))
    signal.pause()

if __name__ == "__main__":
    Crew(1).start(0, work, sys.argv[1])
    while not (os.path.exists(sys.argv[1]) and Path(sys.argv[1]).read_text()):
        time.sleep(0.01)
    os.kill(os.getpid(), 9)
"""


def test_processes_end_even_if_the_sweep_is_killed(tmp_path: Path) -> None:
    """The output's end is read only when the last process that holds it has ended."""
    code = [sys.executable, "-c", KILLED, str(tmp_path / "pid")]
    assert subprocess.run(code, capture_output=True).returncode == -signal.SIGKILL


# --- a cluster -------------------------------------------------------------------------


LONG = 600  # seconds, for what is to end well, however busy the machine


@pytest.fixture(autouse=True)
def _no_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_dask, "PATIENCE", LONG)
    monkeypatch.setattr(on_dask, "WORKERS_WAIT", LONG)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two worker processes that restart when they die; a task that kills one fails at once."""
    dask, distributed = pytest.importorskip("dask"), pytest.importorskip("distributed")
    quiet = {"distributed.scheduler.allowed-failures": 0, "distributed.nanny.pre-spawn-environ": {}}
    patient = {f"distributed.comm.timeouts.{kind}": f"{LONG} s" for kind in ("connect", "tcp")}
    with (
        dask.config.set({**quiet, **patient}),
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=":0", silence_logs=50
        ) as cluster,
    ):
        yield cluster


def test_a_cluster_gives_the_same_numbers_and_survives_a_death(
    data: Dataset, serial: sweep.Sweep, cluster: Any
) -> None:
    points = [faulty("dies"), *GRID, faulty("raises")]
    result = sweep.run(points, data, **BUDGET, cluster=cluster.scheduler_address)
    assert [one.point for one in result.failures] == [points[0], points[-1]]
    died, raised = (one.error for one in result.failures)
    assert died
    assert raised == "RuntimeError: no such luck"
    assert result.results[1:-1] == serial.results
    assert [held.seeds for held in default_store().contents()] == [(0, 1)] * len(GRID)


def test_probes_and_weights_come_back_from_a_cluster(
    data: Dataset, tmp_path: Path, cluster: Any
) -> None:
    result = sweep.run(GRID, data, **BUDGET, **EXTRAS, cluster=cluster.scheduler_address)
    _extras_are_those_of_compare(result, data, tmp_path)


def test_what_is_stored_needs_no_cluster(data: Dataset, serial: sweep.Sweep) -> None:
    sweep.run(GRID[:1], data, **BUDGET)
    again = sweep.run(GRID[:1], data, **BUDGET, cluster="tcp://nowhere:1")
    assert again.results == serial.results[:1]


def test_a_worker_with_other_packages_trains_nothing(data: Dataset) -> None:
    job = Job(GRID[0].arm, (0,), {"updates": 1})
    asking = {**present(), "code": "another", "surroundings": {"environment": {"TF_X": "1"}}}
    outcome, finished = on_dask._remote(job, data, asking)
    assert "must have the same bnutils, Keras, TensorFlow and settings" in str(outcome)
    assert "this worker has other code and surroundings." in str(outcome)
    assert finished == []


@WITH_DASK
def test_a_scheduler_that_does_not_answer(data: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_dask, "PATIENCE", 0.5)
    with socket.socket() as closed:  # bound, but not listening
        closed.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{closed.getsockname()[1]}"
        with pytest.raises(sweep.ClusterError, match=f"received '{address}'"):
            sweep.run(GRID[:1], data, **BUDGET, cluster=address)


@WITH_DASK
def test_an_address_that_is_none(data: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_dask, "PATIENCE", 0.5)
    with pytest.raises(sweep.ClusterError, match="address of a Dask scheduler"):
        sweep.run(GRID[:1], data, **BUDGET, cluster="smoke://signal")


def test_a_cluster_without_workers(data: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr(on_dask, "WORKERS_WAIT", 0.5)
    with (
        distributed.LocalCluster(
            n_workers=0, threads_per_worker=1, processes=False, dashboard_address=":0"
        ) as empty,
        pytest.raises(sweep.ClusterError, match="must have at least one worker"),
    ):
        sweep.run(GRID[:1], data, **BUDGET, cluster=empty)


def test_without_dask_the_error_names_what_to_install(
    data: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(sweep.ClusterError, match=f'pip install "{on_dask.DASK}"'):
        sweep.run(GRID[:1], data, **BUDGET, cluster="tcp://127.0.0.1:8786")


# --- the command -----------------------------------------------------------------------

SMALL = ["sweep", "--data", "digits", "--width", "8", "--seeds", "2", "--updates", "2"]


def test_the_command_prints_a_table_and_writes_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "all.csv"
    assert command.main([*SMALL, "--batch-size", "64", "100", "--out", str(out)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Test accuracy on digits after")
    assert sum(line.startswith(("none ", "batch ")) for line in lines) == 4
    assert max(map(len, lines)) <= 79
    frame = pd.read_csv(out)
    assert set(frame["batch_size"]) == {64, 100}
    assert set(frame["norm"]) == {"none", "batch"}
    assert set(frame["seed"]) == {0, 1}
    json_out = tmp_path / "all.json"
    assert command.main([*SMALL, "--batch-size", "64", "100", "--out", str(json_out)]) == 0
    whole = json.loads(json_out.read_text())
    assert [row["value"] for row in whole["values"]] == pytest.approx(list(frame["value"]))
    assert whole["failures"] == []


def test_the_command_ends_with_3_if_points_failed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "all.json"
    sizes = ["--norm", "none", "--batch-size", "32", "5000"]
    assert command.main([*SMALL, *sizes, "--out", str(out)]) == 3
    shown = capsys.readouterr()
    assert "1 of 2 points failed" in shown.err
    assert "batch_size must be at most the 1149" in shown.err
    assert "1 point failed, without a row here" in shown.out
    (failure,) = json.loads(out.read_text())["failures"]
    assert failure["batch_size"] == 5000


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--out", "no/such/folder/x.csv"], "in a folder that exists"),
        (["--out", "x.xlsx"], "ending in .csv or .json"),
        (["--shard", "3/2"], "shard must be a pair (i, n) with i in 1..n"),
        (["--depth", "0"], "depth must be at least 1"),
        (["--learning-rate", "-1"], "learning_rate must be a positive"),
        (["--weight-decay", "0.1", "-1"], "weight_decay must be a finite number that is not neg"),
        (["--norm", "batch", "batch"], "norm must be one value or several different ones"),
        (["--workers", "0"], "workers must be at least 1"),
        pytest.param(["--cluster", "nowhere"], "cluster must be the address", marks=WITH_DASK),
    ],
)
def test_a_wrong_request_is_one_line_and_exit_2(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.setattr(on_dask, "PATIENCE", 0.5)
    assert command.main([*SMALL, *arguments]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


@pytest.mark.parametrize("shard", ["1", "a/b", "1/2/3"])
def test_a_shard_is_two_numbers(capsys: pytest.CaptureFixture[str], shard: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        command.main([*SMALL, "--shard", shard])
    assert stopped.value.code == 2
    assert "two whole numbers such as 1/4" in capsys.readouterr().err
