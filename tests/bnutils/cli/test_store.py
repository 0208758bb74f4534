"""``python -m bnutils store``."""

import json
from typing import Any

import numpy as np
import pytest

from bnutils import cli as command
from bnutils import mlp
from bnutils.store import default_folder, default_store, identity
from tests.bnutils.store.samples import run, task

Printed = pytest.CaptureFixture[str]


def file_runs(seeds: list[int], norm: str | None = None, **changes: Any) -> None:
    """File a group of runs; with a norm it has weights."""
    asked = task(model=mlp(8, norm=norm), **changes)
    kept = {"final": [np.ones(3)]} if norm else {}
    default_store().add(asked, [run(seed, weights=kept) for seed in seeds])


def damage(seeds: tuple[int, ...]) -> None:
    (path,) = (held.path for held in default_store().contents() if held.seeds == seeds)
    path.write_text("")


def lines(capsys: Printed, *arguments: str) -> list[str]:
    assert command.main(["store", *arguments]) == 0
    return capsys.readouterr().out.splitlines()


def test_an_empty_store(capsys: Printed) -> None:
    assert lines(capsys)[0].startswith("0 runs, 0 B of 2 GB, in ")
    assert lines(capsys, "list") == [f"No runs in {default_folder()}"]
    assert lines(capsys, "clear") == [f"Deleted 0 runs from {default_folder()}"]


def test_info_counts_by_model_and_data(capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(
            identity, "present", lambda: {"code": "before", "versions": {}, "format": 2}
        )
        file_runs([0])
    file_runs([0, 1, 2])
    file_runs([0], batch_size=64)
    file_runs([0], "batch")
    file_runs([7, 8], "batch")
    damage((7, 8))
    monkeypatch.setenv("BNUTILS_STORE_LIMIT", "500MB")
    first, second, header, *table = lines(capsys)
    assert first.startswith("7 runs, ")
    assert first.endswith(f" kB of 500 MB, in {default_folder()}")
    assert second == "5 of the present code and package versions, 1 of others, 1 damaged"
    assert header.split() == ["model", "data", "runs"]
    assert [line.split()[-3:] for line in table] == [
        ["digits", "01234567", "1"],
        ["digits", "01234567", "5"],
    ]
    assert all("hidden=(8,)" in line for line in table)


def test_info_as_json(capsys: Printed) -> None:
    file_runs([0, 1], "batch")
    (line,) = lines(capsys, "info", "--json")
    told = json.loads(line)
    assert told["folder"] == str(default_folder())
    assert (told["runs"], told["usable"], told["old"], told["damaged"]) == (2, 2, 0, 0)
    assert told["bytes"] == default_store().size()
    assert told["limit"] == 2 * 10**9
    assert told["by_model"] == [
        {"model": repr(mlp(8, norm="batch")), "data": "digits 01234567", "runs": 2}
    ]


def test_list_has_one_line_for_all_seeds_of_one_setting(capsys: Printed) -> None:
    file_runs([0, 1, 2, 3])
    file_runs([5, 10, 9])
    file_runs([7], "batch")
    rows = json.loads(lines(capsys, "list", "--json")[0])
    assert [row["seeds"] for row in rows] == ["7", "0-3, 5, 9-10"]
    assert [(row["runs"], row["weights"]) for row in rows] == [(1, 1), (7, 0)]
    for row in rows:
        assert (row["data"], row["batch"], row["updates"]) == ("digits 01234567", 32, 10)
        assert (row["optimizer"], row["state"]) == ("adam 0.001", "usable")
    header, *table = lines(capsys, "list")
    assert header.split() == list(rows[0])
    assert len(table) == 2


def test_prune_and_clear(capsys: Printed) -> None:
    for seed in range(3):
        file_runs([seed])
    damage((1,))
    assert lines(capsys, "prune") == [f"Deleted 1 runs from {default_folder()}"]
    assert lines(capsys, "prune", "--json") == ['{"deleted": 0}']
    assert lines(capsys, "clear") == [f"Deleted 2 runs from {default_folder()}"]
    assert lines(capsys, "list") == [f"No runs in {default_folder()}"]


def test_a_wrong_limit_is_one_line_and_exit_2(
    capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BNUTILS_STORE_LIMIT", "plenty")
    assert command.main(["store"]) == 2
    error = capsys.readouterr().err
    assert "BNUTILS_STORE_LIMIT must be a size" in error
    assert error.count("\n") == 1


def test_what_compare_trained_is_listed(capsys: Printed) -> None:
    small = ["--data", "digits", "--hidden", "8", "--seeds", "2", "--updates", "2"]
    assert command.main(["compare", *small]) == 0
    capsys.readouterr()
    rows = json.loads(lines(capsys, "list", "--json")[0])
    assert [(row["seeds"], row["updates"]) for row in rows] == [("0-1", 2)] * 2
    assert all(row["data"].startswith("digits ") for row in rows)
