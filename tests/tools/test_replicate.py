"""A claim on somebody's own seeds: what is said, what is written, and how it gets onto the card."""

import json
import shutil
from pathlib import Path

import pytest
from bnsite import records

from bnutils import cards
from bnutils.predictions import of_finding, seeds
from tools import labs, replicate

CLAIM = "the-transform/negative-variance"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout with one chapter."""
    shutil.copytree(labs.ROOT / "book" / "the-transform", tmp_path / "book" / "the-transform")
    (tmp_path / "_toc.yml").write_text("  - file: book/the-transform/the-transform\n")
    return tmp_path


def test_a_claim_is_measured_on_the_seeds_of_a_word(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert replicate.main([CLAIM, "ada"], root) == 0
    said = capsys.readouterr().out
    assert "Both have the verdict 'supported'" in said
    assert "no further apart than chance explains" in said
    path = root / "book/the-transform/replications/negative-variance.synthetic.ada.json"
    written = json.loads(path.read_text())
    there = of_finding(root, CLAIM)
    assert there is not None
    monkeypatch.setenv("BNUTILS_WHO", "ada")
    assert written["setting"]["seeds"] == seeds(there[0].seal) != there[0].seeds
    assert written["who"] == "ada"
    (one,) = records.replications(root, CLAIM)
    row = cards.rows([records.read(root, CLAIM).fields, one.fields])
    assert "synthetic data, measured by ada" in row


def test_another_word_gives_other_seeds(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = [seeds("ab" * 31 + "cd", 4)]
    for who in ("ada", "bob"):
        monkeypatch.setenv("BNUTILS_WHO", who)
        seen.append(seeds("ab" * 31 + "cd", 4))
    assert len({tuple(each) for each in seen}) == 3


def test_results_that_differ_are_said_to_differ(root: Path) -> None:
    record = records.read(root, CLAIM).fields
    far = {**record, "values": [value + 0.3 for value in record["values"]]}
    assert "they are no further apart than chance explains" in replicate.compared(record, root)
    assert "they are further apart than chance explains" in replicate.compared(far, root)
    elsewhere = {**record, "dataset": "mnist"}
    assert replicate.compared(elsewhere, root) == "There is no record on mnist to compare it with."


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([CLAIM, "Ada!"], "WHO must be a word"),
        ([CLAIM, "a" * 31], "WHO must be a word"),
        (["nowhere/claim", "ada"], "CLAIM must be <chapter>/<finding>; received 'nowhere/claim'"),
        (["the-transform/output-moments", "ada"], "must be predicted in the chapter's claims.yml"),
    ],
)
def test_bad_words(
    root: Path, words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert replicate.main(words, root) == 2
    assert said in capsys.readouterr().err


def test_a_lab_that_fails_is_said(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replicate, "experiment_cells", lambda lab: [])
    assert replicate.main([CLAIM, "ada"], root) == 1
    assert f"did not state {CLAIM}" in capsys.readouterr().err
