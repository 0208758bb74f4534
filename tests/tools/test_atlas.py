"""The table of the atlas is trained piece by piece, and its script says what it says."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from bnutils.atlas import FACTORS, RATES, design
from bnutils.atlas.table import read
from tools import atlas, atlas_script

HITS = {f"{kind}_{part}": (1, 2, 3, 4) for kind in ("plain", "norm") for part in ("val", "test")}
LOST = {"plain_diverged": 0, "norm_diverged": 0, "seconds": 1.5}


def made_up(job: atlas.Job) -> list[dict[str, Any]]:
    seed, combination = job
    rates = RATES[combination["optimizer"]]
    return [{"seed": seed, **combination, "learning_rate": r, **HITS, **LOST} for r in rates]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[atlas.Job]:
    """What is trained; nothing is, and all files are the test's own."""
    done: list[atlas.Job] = []

    def trained(jobs: Sequence[atlas.Job], processes: int) -> Iterator[tuple[atlas.Job, Any]]:
        for job in reversed(jobs):
            done.append(job)
            yield job, made_up(job)

    monkeypatch.setattr(atlas, "trained", trained)
    monkeypatch.setattr(atlas, "PIECES", tmp_path / "pieces")
    monkeypatch.setattr(atlas, "TABLE", tmp_path / "atlas.csv")
    monkeypatch.setattr(atlas, "SCRIPT", tmp_path / "atlas.js")
    return done


def test_all_is_trained_once_and_the_table_is_in_order(asked: list[atlas.Job]) -> None:
    assert atlas.main([]) == 0
    assert len(asked) == 80
    table = read(atlas.TABLE)  # refuses another order
    assert table["norm_test"].tolist() == [(1, 2, 3, 4)] * 560
    assert atlas.SCRIPT.read_text("utf8") == atlas_script.script(table)
    asked.clear()
    assert atlas.main([]) == 0
    assert asked == []


def test_a_run_that_was_stopped_goes_on_where_it_was(
    asked: list[atlas.Job], tmp_path: Path
) -> None:
    jobs = [(seed, one) for seed in (1, 2) for one in design(seed)]
    atlas.complete(jobs[:7], tmp_path, 1)
    first = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.json")}
    assert len(first) == 7
    asked.clear()
    atlas.complete(jobs, tmp_path, 1)
    assert sorted(map(str, asked)) == sorted(map(str, jobs[7:]))
    assert {path: path.stat().st_mtime_ns for path in first} == first


def test_training_in_a_process_of_its_own_gives_the_rows_of_this_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bnutils.atlas.training.UPDATES", 1)
    seed, combination = 1, next(one for one in design(1) if one["depth"] == 1)
    (job, rows), *rest = map(atlas.with_rows, [(seed, combination)])
    assert (job, rest) == ((seed, combination), [])
    assert [row["learning_rate"] for row in rows] == list(RATES[combination["optimizer"]])
    assert all({name: row[name] for name in FACTORS} == combination for row in rows)


def test_a_piece_is_json_that_the_table_takes(asked: list[atlas.Job], tmp_path: Path) -> None:
    job = (1, design(1)[0])
    atlas.complete([job], tmp_path, 1)
    (path,) = tmp_path.glob("*.json")
    assert path == atlas.piece(tmp_path, job)
    assert [row["seed"] for row in json.loads(path.read_text("utf8"))] == [1] * 7


@pytest.mark.parametrize(("low", "wanted"), [(0.001, 1), (-0.001, -1), (0.0, 0), (-0.126, -13)])
def test_what_is_not_0_does_not_become_0_in_the_script(low: float, wanted: int) -> None:
    import pandas as pd

    assert atlas_script._ends(pd.Series({"low": low, "high": 0.0})) == [wanted, 0]
