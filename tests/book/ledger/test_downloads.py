"""The ledger as data says what the records say."""

from __future__ import annotations

import csv
import io
import json
import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from bnsite.ledger import downloads, results
from bnsite.records import Record

from bnutils.predictions import seeds
from tests.book.ledger import small_book

ROOT = Path(__file__).parents[3]
SAME = ("claim", "label", "verdict", "unit", "above", "below", "n", "p", "dissenting", "ahead")
SAME += ("detectable", "image_error", "lost", "demonstration", "effect", "low", "high")
BOOK = results.of_book(ROOT)


def site(root: Path, out: Path) -> Path:
    """What is written for a book."""
    app = SimpleNamespace(builder=SimpleNamespace(format="html"), srcdir=root, outdir=out)
    downloads.write(app, None)
    return out / downloads.FOLDER


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return site(ROOT, tmp_path_factory.mktemp("site"))


def refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def from_json(folder: Path) -> list[dict[str, Any]]:
    held = json.loads((folder / "ledger.json").read_text("utf8"), parse_constant=refuse)
    assert held["columns"].keys() == downloads.COLUMNS.keys()
    return held["results"]


def from_csv(folder: Path) -> list[dict[str, str]]:
    text = (folder / "ledger.csv").read_bytes().decode("utf8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def name_of(row: dict[str, Any]) -> str:
    return f"{row['chapter']}/{row['finding']}.{row['dataset']}"


def test_there_is_a_row_for_each_record(written: Path) -> None:
    files = {f"{p.parents[1].name}/{p.stem}" for p in ROOT.glob("book/*/findings/*.json")}
    assert {record.name for record in BOOK} == files
    for rows in (from_json(written), from_csv(written)):
        assert [name_of(row) for row in rows] == [record.name for record in BOOK]
        assert all(list(row) == list(downloads.COLUMNS) for row in rows)


def test_json_says_what_the_records_say(written: Path) -> None:
    for row, record in zip(from_json(written), BOOK, strict=True):
        assert {name: row[name] for name in SAME} == {name: record.fields[name] for name in SAME}
        assert row["values"] == record.fields["values"]
        assert len(row["seeds"]) == len(row["values"]) == row["n"] + row["lost"]
        before = record.fields["predicted"]
        assert [row["predicted"], row["seal"]] == [before.get("date"), before.get("seal")]
        assert row["expected"] == before.get("expected")
        assert not row["seal"] or row["seeds"] == seeds(row["seal"])


def read(text: str, like: Any) -> Any:
    """What a cell says, as what it should be."""
    if like is None or isinstance(like, str):
        return text or (None if like is None else "")
    return {"true": True, "false": False}[text] if isinstance(like, bool) else type(like)(text)


def test_csv_says_what_json_says(written: Path) -> None:
    for cells, row in zip(from_csv(written), from_json(written), strict=True):
        lists = {name: cells.pop(name).split() for name in ("seeds", "values")}
        assert {name: read(text, row[name]) for name, text in cells.items()} == {
            name: row[name] for name in cells
        }
        assert [int(seed) for seed in lists["seeds"]] == row["seeds"]
        assert [float(value) for value in lists["values"]] == row["values"]


def test_a_seed_without_a_value_is_null_and_nan(tmp_path: Path) -> None:
    folder = site(small_book.write(tmp_path / "source"), tmp_path / "site")
    assert from_json(folder)[0]["values"][-1] is None
    assert math.isnan(float(from_csv(folder)[0]["values"].split()[-1]))


def test_replications_are_counted_where_they_belong(tmp_path: Path) -> None:
    folder = site(small_book.write(tmp_path / "source"), tmp_path / "site")
    for rows in (from_json(folder), from_csv(folder)):
        assert {name_of(row): (int(row["replications"]), int(row["agreeing"])) for row in rows} == {
            "one/gain.mnist": (1, 1),
            "one/gain.digits28": (2, 1),
            "one/sure.synthetic": (0, 0),
            "two/identity.synthetic": (0, 0),
        }


def test_nothing_is_written_after_an_error_or_for_another_builder(tmp_path: Path) -> None:
    app = SimpleNamespace(builder=SimpleNamespace(format="html"), srcdir=ROOT, outdir=tmp_path)
    downloads.write(app, RuntimeError())
    app.builder.format = "latex"
    downloads.write(app, None)
    assert list(tmp_path.iterdir()) == []


def test_a_number_that_json_does_not_know_is_refused() -> None:
    odd = Record(
        "one/gain.mnist", "mnist", small_book.fields("one/gain", "mnist", "undecided", p=math.nan)
    )
    with pytest.raises(ValueError, match="JSON compliant"):
        downloads.as_json([downloads.row(odd, ROOT)])
