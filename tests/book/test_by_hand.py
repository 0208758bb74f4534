"""What pages say in words of numbers that no role prints."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bnsite.timings import RESULTS, timing

from bnutils.recordings import read_recording
from bnutils.records import read_record
from bnutils.utils.chapters import record_path, recording_path

ROOT = Path(__file__).parents[2]
RATES = "learning-rate-and-initialisation"
PACES = json.loads((ROOT / RESULTS).read_text("utf8"))["records"]


@pytest.mark.parametrize(
    ("race", "setting", "saves"),
    [
        ("2", "depth=2 optimizer=sgd", True),
        ("10", "depth=10 optimizer=sgd", True),
        ("30", "depth=30 optimizer=sgd", False),
        ("10-adam", "depth=10 optimizer=adam", False),
    ],
)
def test_whether_time_is_saved_where_updates_are(race: str, setting: str, saves: bool) -> None:
    """The factor by which updates fall, beside the one by which each of them takes longer."""
    halvings = read_record(record_path(ROOT, f"{RATES}/training-{race}.digits"))
    longer = float(timing(PACES, f"pace {setting} ratio"))
    assert (2 ** halvings["low"] > longer) is saves


def test_by_what_factor_the_updates_fall_at_thirty_layers() -> None:
    halvings = read_record(record_path(ROOT, f"{RATES}/training-30.digits"))
    assert round(2 ** halvings["effect"], 1) == 1.7


def test_how_the_comparisons_at_equal_time_came_out() -> None:
    adam, longer = (
        read_record(record_path(ROOT, f"cost/{name}.digits"))
        for name in ("equal-cost-10-adam", "longer-10")
    )
    assert (adam["n"], adam["dissenting"], round(adam["p"], 3)) == (16, 13, 0.006)
    assert adam["high"] < 0
    *others, most = sorted(longer["values"])
    assert round(most) == 34
    assert sum(others) / len(others) == pytest.approx(0.5, abs=0.05)
    assert round(longer["detectable"]) == 10
    reached = read_recording(recording_path(ROOT, "cost/equal-updates.digits"))
    assert round(100 * reached.final("test_accuracy")["plain, 10 layers, SGD"].min()) == 62
    assert round(100 * 0.99**300) == 5


def test_how_many_plain_networks_survive_a_wrong_gain_in_two_layers() -> None:
    final = read_recording(recording_path(ROOT, f"{RATES}/gains-shallow.digits"))
    reached = final.final("test_accuracy")
    assert [(reached["plain, 0.015625"] < limit).sum() for limit in (0.12, 0.9)] == [7, 7]
    assert (reached[["plain, 4", "plain, 16"]] < 0.4).all(axis=None)


def test_the_narrower_gap_is_the_higher_test_accuracy() -> None:
    test, gap = (
        read_record(record_path(ROOT, f"regularisation-and-placement/{name}.digits"))["values"]
        for name in ("less-overfitting", "smaller-gap")
    )
    assert test == pytest.approx([-one for one in gap])
