"""What was expected beside what came out: right, wrong, a demonstration, not yet measured."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bnsite.ledger import scoring
from bnsite.ledger.words import of_blocks, of_score

from bnutils.utils.chapters import record_path
from tests.book.ledger import small_book


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small_book.write(tmp_path)


def all_calls(root: Path) -> list[scoring.Call]:
    return [call for block in scoring.blocks(root) for call in scoring.calls(root, block)]


def scores(root: Path) -> dict[tuple[str, str], str]:
    return {(call.claim.finding, call.dataset): call.score for call in all_calls(root)}


def change(root: Path, name: str, **changes: object) -> None:
    path = record_path(root, name)
    path.write_text(json.dumps({**json.loads(path.read_text("utf8")), **changes}), "utf8")


def test_each_claim_is_scored_on_each_of_its_data_sets(root: Path) -> None:
    assert scores(root) == {
        ("one/gain", "mnist"): "wrong",
        ("one/gain", "digits28"): "right",
        ("one/sure", "synthetic"): "demonstration",
        ("one/later", ""): "not yet measured",
        ("two/new", "mnist"): "not yet measured",
    }


def test_a_demonstration_is_not_counted_however_it_came_out(root: Path) -> None:
    """Neither for us nor against us; where it is a surprise it is told, and in the sentence too."""
    every = all_calls(root)
    assert [call.claim.finding for call in every if call.is_surprise] == ["one/gain"]
    change(root, "one/sure.synthetic", verdict="contradicted")
    assert scores(root)["one/sure", "synthetic"] == "demonstration"
    every = all_calls(root)
    surprises = [(call.claim.finding, call.score) for call in every if call.is_surprise]
    assert surprises == [("one/gain", "wrong"), ("one/sure", "demonstration")]
    assert of_score(every) == (
        "5 predictions: 1 right, 1 wrong; 0 demonstrations as expected and 1 otherwise, not "
        "counted; 2 not yet measured"
    )


def test_a_record_of_another_block_is_no_result_of_this_one(root: Path) -> None:
    change(root, "one/gain.mnist", predicted={"seal": 64 * "0"})
    assert scores(root)["one/gain", "mnist"] == "not yet measured"


def test_what_turned_out_to_be_a_theorem_is_neither_right_nor_waiting(root: Path) -> None:
    change(root, "one/sure.synthetic", label="theorem", verdict="holds", predicted={})
    assert scores(root)["one/sure", "synthetic"] == "theorem"
    calls = all_calls(root)
    assert [call.claim.finding for call in calls if call.is_surprise] == ["one/gain"]
    assert "1 theorem by now, not counted; 2 not yet measured" in of_score(calls)


def test_the_score_is_a_sentence(root: Path) -> None:
    each = [scoring.calls(root, block) for block in scoring.blocks(root)]
    assert of_score([call for calls in each for call in calls]) == (
        "5 predictions: 1 right, 1 wrong; 1 demonstration as expected, not counted; "
        "2 not yet measured"
    )
    assert of_blocks(each) == "2 blocks, 1 of them not yet measured"
