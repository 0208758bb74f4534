"""The committed table of the atlas: whole, that of its prediction, and trained again in part."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from bnutils import atlas, predictions
from bnutils.atlas import FACTORS, RATES
from bnutils.atlas.design import COMBINATIONS
from bnutils.atlas.table import COLUMNS, HITS, read, write
from bnutils.atlas.training import RUNS, TEST, UPDATES, VALIDATION
from bnutils.errors import FindingMismatch
from bnutils.store import MemoryStore
from bnutils.utils.chapters import Chapter
from tools import atlas_script
from tools.atlas import TABLE

ROOT = Path(__file__).parents[3]
(BLOCK,) = predictions.read(Chapter(ROOT, atlas.NAME))
CLOSE = 1.5  # points by which a mean of four trainings may differ on another machine


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return read(TABLE)


def test_the_table_is_that_of_the_prediction(table: pd.DataFrame) -> None:
    assert list(dict.fromkeys(table["seed"])) == BLOCK.seeds
    assert len(table) == len(BLOCK.seeds) * COMBINATIONS * len(RATES["sgd"])
    assert TABLE.stat().st_size < 100_000
    for name in HITS:
        most = TEST if name.endswith("test") else VALIDATION
        assert table[name].map(len).eq(RUNS).all()
        assert table[name].map(min).ge(0).all()
        assert table[name].map(max).le(most).all()
    for name in ("plain_diverged", "norm_diverged"):
        assert table[name].between(0, RUNS).all()
    assert table["seconds"].gt(0).all()


def test_the_block_says_what_the_design_does() -> None:
    said = BLOCK.block["settings"]
    assert [tuple(said[name]) for name in ("depth", "width", "batch size", "training images")] == [
        FACTORS[name] for name in ("depth", "width", "batch_size", "images")
    ]
    assert (said["trainings"], said["updates"], said["seeds"]) == (RUNS, UPDATES, len(BLOCK.seeds))


def test_what_is_recorded_is_taken_from_the_table_also_in_part(table: pd.DataFrame) -> None:
    some = BLOCK.seeds[3:5]
    found = atlas.recorded(some)
    assert list(dict.fromkeys(found["seed"])) == some
    wanted = table[table["seed"].isin(some)].reset_index(drop=True)
    pd.testing.assert_frame_equal(found, wanted)


def test_a_point_of_the_table_is_trained_again(table: pd.DataFrame) -> None:
    """A small network that learns well; on another machine sums have another order."""
    small = table[(table["depth"] <= 2) & (table["plain_diverged"] == 0)]
    both = small[["plain_test", "norm_test"]].map(sum).min(axis=1)
    one = small.loc[both.idxmax()]
    setting = one[["seed", *FACTORS, "learning_rate"]].to_dict()
    again = atlas.compare(**setting, store=MemoryStore(), progress=False).final()
    for kind, short in (("plain", "plain"), ("batch norm", "norm")):
        there = 100 * sum(one[f"{short}_test"]) / (RUNS * TEST)
        assert abs(100 * again[kind].mean() - there) <= CLOSE, setting


def edited(table: str, change: str) -> str:
    lines = table.splitlines()
    if change == "a setting":
        lines[1] = lines[1].replace(lines[1].split(",")[1], "3", 1)
    if change == "a row less":
        del lines[5]
    if change == "a column":
        lines[0] = lines[0].replace("depth", "layers")
    if change == "no numbers":
        lines[1] = lines[1].replace(" ", "x")
    return "\n".join(lines)


@pytest.mark.parametrize("change", ["a setting", "a row less", "a column", "no numbers", "empty"])
def test_an_edited_table_is_refused(tmp_path: Path, change: str) -> None:
    path = tmp_path / "atlas.csv"
    path.write_text("" if change == "empty" else edited(TABLE.read_text("utf8"), change), "utf8")
    with pytest.raises(FindingMismatch, match=r"must be whole.*python -m tools\.atlas"):
        read(path)


def test_a_table_is_read_as_it_was_written(table: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "atlas.csv"
    write(path, table[COLUMNS].to_dict("records"))
    assert path.read_bytes() == TABLE.read_bytes()


def test_the_committed_script_is_that_of_the_committed_table() -> None:
    assert atlas_script.SCRIPT.read_text("utf8") == atlas_script.script(read(TABLE))
